"""A git revision -> the files that changed since, and whether a problem elsewhere comes of them."""

import re
import subprocess
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from kbtool.problems import Problem, Stop

_LONGEST = 60
"""Seconds that git may take."""
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from a revision."""

    paths: frozenset[str]
    """Below the help center's folder: what changed, is new, or went; uncommitted and untracked files too."""

    def concern(self, problem: Problem) -> bool:
        """Tell whether a problem is in a changed file, or names one: a link to a file that was deleted stands in another."""
        return problem.path in self.paths or bool(_names(_QUOTED.findall(problem.message)) & _names(self.paths))


def changes_since(root: Path, revision: str) -> Changes:
    """Return what changed in the folder since the revision. Raises Stop when git cannot tell."""
    changed = _git(
        root, revision, "diff", "--name-only", "--no-renames", "-z", "--relative", "--end-of-options", revision, "--", "."
    )
    new = _git(root, revision, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    paths = (changed + new).decode("utf-8", "surrogateescape").split("\0")
    return Changes(frozenset(unicodedata.normalize("NFC", path) for path in paths if path))


def _git(root: Path, revision: str, *arguments: str) -> bytes:
    """Return what git prints. Raises Stop when it is not there, or when it knows neither the folder nor the revision."""
    hint = "name a branch, a tag or a commit that this clone holds; in CI, fetch the whole history (fetch-depth: 0)"
    try:
        command = ["git", "-c", "core.quotePath=false", *arguments]
        done = subprocess.run(command, cwd=root, capture_output=True, check=False, timeout=_LONGEST)  # noqa: S603 - no shell reads it
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Stop(
            Problem("", 0, "no-revision", f"git cannot be asked what changed: {error}", "install git, or leave it out")
        ) from None
    if done.returncode and not _in_repository(root):
        hint = "type the command in the repository that holds the help center, or leave --changed-since out"
        raise Stop(Problem("", 0, "no-revision", "this folder is in no git repository: nobody knows what changed", hint))
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise Stop(Problem("", 0, "no-revision", f'git cannot tell what changed since "{revision}": {said}', hint))
    return done.stdout


def _in_repository(root: Path) -> bool:
    return not subprocess.run(["git", "rev-parse", "--git-dir"], cwd=root, capture_output=True, check=False).returncode  # noqa: S607


def _names(paths: Iterable[str]) -> frozenset[str]:
    """Return the names that paths end with, as a link may spell them: no suffix of an article, no anchor, no percent signs."""
    places = (PurePosixPath(unquote(path.partition("#")[0]).rstrip("/")) for path in paths)
    return frozenset(place.name.removesuffix(".md").casefold() for place in places if place.name)
