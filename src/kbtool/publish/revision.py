"""Which commit a help center is at, and whether the host's is a later one."""

import subprocess
from pathlib import Path

from kbtool.problems import Problem, Stop

_PATIENCE = 20
"""Seconds for git to answer."""


def revision_of(root: Path) -> str:
    """Return the commit that the folder is at; empty when there is none, or no git."""
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD")[1]


def refuse_older(root: Path, revision: str, at_host: str, place: str) -> None:
    """Raise Stop when the host has a commit that this one does not come from: a later site, or another branch's.

    A commit that this clone does not know, as a shallow one, says nothing.
    """
    if not revision or not at_host or revision == at_host or _git(root, "cat-file", "-e", f"{at_host}^{{commit}}")[0] != 0:
        return
    if _git(root, "merge-base", "--is-ancestor", at_host, revision)[0] != 1:
        return
    message = f'"{place}" has a site of commit {at_host[:8]}, which {revision[:8]} does not contain'
    hint = "bring your branch up to date; to put this site there all the same, add --older"
    raise Stop(Problem("", 0, "older-than-host", message, hint))


def _git(root: Path, *arguments: str) -> tuple[int, str]:
    """Return git's exit code and what it prints; a machine without git has no commits."""
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, and names of commits
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the user's git
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 128, ""
    return answer.returncode, answer.stdout.strip() if answer.returncode == 0 else ""
