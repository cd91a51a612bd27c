"""A folder in a git repository -> the day on which each of its files last changed."""

import datetime
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kbtool.records import decode, encode

_LONGEST = 60
"""Seconds that git may take; without an answer no day is known."""
_COMMAND = ("git", "-c", "log.showSignature=false", "log", "--relative", "--name-only", "-z", "--format=%x01%H %as", "--", ".")


@dataclass(frozen=True, slots=True)
class _History:
    """What git said, and of which commit."""

    head: str
    folder: str
    days: dict[str, datetime.date]


def read_history(content: Path, cache: Path | None) -> Mapping[str, datetime.date]:
    """Return the day of each file's last commit, by its path under the folder; nothing outside a repository or without git.

    git is asked once for a commit: the answer is kept in the cache folder. A shallow clone does not know when its
    oldest commit's files changed, and they are left out.
    """
    git = _git_folder(content)
    head = _head(git) if git else ""
    if git is None or not head:
        return {}
    memory = cache / "history.json" if cache else None
    known = _recall(memory)
    if known and (known.head, known.folder) == (head, str(content)):
        return known.days
    answer = _ask(content)
    if answer is None:
        return {}
    history = _History(head, str(content), dict(_days(answer, git)))
    if memory:
        with suppress(OSError):
            memory.parent.mkdir(parents=True, exist_ok=True)
            memory.write_bytes(encode(history))
    return history.days


def is_shallow(content: Path) -> bool:
    """Tell whether the folder's repository is a clone that does not hold its whole history."""
    git = _git_folder(content)
    return git is not None and bool(_text(_common(git) / "shallow"))


def history_marks(root: Path) -> tuple[Path, ...]:
    """Return the files that change whenever the folder's repository has a new commit or another one is checked out."""
    git = _git_folder(root)
    if git is None:
        return ()
    common = _common(git)
    reference = _text(git / "HEAD").removeprefix("ref:").strip()
    branch = (common / reference,) if reference.startswith("refs/") else ()
    return (git / "HEAD", *branch, common / "packed-refs")


def committed_file(file: Path) -> bytes | None:
    """Return the file as the commit checked out has it; None where it has none, or there is no repository."""
    if _git_folder(file.parent) is None:
        return None
    try:
        command = ("git", "show", f"HEAD:./{file.name}")
        return subprocess.run(command, cwd=file.parent, capture_output=True, timeout=_LONGEST, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None


def _git_folder(folder: Path) -> Path | None:
    """Return the repository's own folder, following the file that stands for it in a worktree or a submodule."""
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        if git.is_dir():
            return git
        if git.is_file():
            return parent / _text(git).removeprefix("gitdir:").strip()
    return None


def _common(git: Path) -> Path:
    """Return the folder that a worktree shares with its repository."""
    return git / (_text(git / "commondir") or ".")


def _head(git: Path) -> str:
    """Return the id of the commit checked out, empty when there is none yet."""
    head = _text(git / "HEAD")
    if not head.startswith("ref:"):
        return head
    reference, common = head.removeprefix("ref:").strip(), _common(git)
    packed = (line.partition(" ") for line in _text(common / "packed-refs").splitlines())
    return _text(common / reference) or next((id_ for id_, _, name in packed if name == reference), "")


def _ask(content: Path) -> bytes | None:
    """Return what git says of the folder's files; None when it says nothing."""
    try:
        return subprocess.run(_COMMAND, cwd=content, capture_output=True, timeout=_LONGEST, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None


def _days(answer: bytes, git: Path) -> Iterator[tuple[str, datetime.date]]:
    """Yield each file with the day of the newest commit that changed it."""
    unknowing = set(_text(_common(git) / "shallow").split())
    seen: set[str] = set()
    commit, day = "", ""
    for part in answer.decode("utf-8", "replace").split("\0"):
        entry = part.lstrip("\n")
        if entry.startswith("\x01"):
            commit, _, day = entry[1:].partition(" ")
        elif entry and entry not in seen:
            seen.add(entry)
            if commit not in unknowing:
                yield unicodedata.normalize("NFC", entry), datetime.date.fromisoformat(day.strip())


def _recall(memory: Path | None) -> _History | None:
    with suppress(OSError, ValueError):
        return decode(memory.read_bytes(), _History) if memory else None
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
