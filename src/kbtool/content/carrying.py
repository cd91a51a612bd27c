"""A move and new bytes of files -> the disk, all of it or nothing, even when the machine stops in the middle.

Everything is written beside the articles first, then a journal that says what is to be done, then it is done. What stops before the
journal stands has changed nothing; what stops after it is undone at once or, when even that could not be, completed by the next run.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbtool.problems import Problem, Stop

_FOLDER, _JOURNAL = "move", "journal.json"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is to hold other bytes."""

    before: Path
    """Where it stands before the move."""
    after: Path
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class _Journal:
    old: Path
    new: Path
    folders: tuple[Path, ...]
    """Those that are made for it, the outermost first."""
    changes: tuple[Change, ...]


def carry_out(root: Path, cache: Path, move: tuple[Path, Path], changes: tuple[Change, ...]) -> None:
    """Move the file or folder and put the bytes in their places. Raises Stop when that cannot be; everything is then as it was."""
    folders = tuple(reversed([folder for folder in move[1].parents if not folder.exists()]))
    journal = _Journal(*move, folders, changes)
    try:
        for change in changes:
            if not os.access(change.before, os.W_OK):
                raise PermissionError(13, "it may not be changed", str(change.before))
        _do(journal, root, cache)
    except OSError as error:
        hint = "everything is as it was; make room or rights, and type the command again"
        name = Path(error.filename or move[0]).name
        what = f'"{name}" cannot be moved or written: {error.strerror or error}'
        raise Stop(Problem("", 0, "cannot-write", what, hint)) from error


def _do(journal: _Journal, root: Path, cache: Path) -> None:
    """Do what the journal says, or undo it; the journal stays only when neither could be done."""
    try:
        _write_journal(journal, root, cache)
        _forward(journal, root)
    except BaseException:
        _back(journal, root)
        shutil.rmtree(cache / _FOLDER, ignore_errors=True)
        raise
    shutil.rmtree(cache / _FOLDER, ignore_errors=True)


def complete_move(root: Path, cache: Path) -> bool:
    """Complete a move that was cut off; tell whether there was one. A file that was changed since is left as it is."""
    folder = cache / _FOLDER
    if not (folder / _JOURNAL).is_file():
        return False
    journal = _read_journal(root, folder)
    if journal:
        try:
            _forward(journal, root)
        except OSError as error:
            message = f"a move was cut off, and cannot be completed: {error.strerror or error}"
            raise Stop(Problem("", 0, "cannot-write", message, f'make room or rights, or delete "{folder}"')) from error
    shutil.rmtree(folder, ignore_errors=True)
    return journal is not None


def _forward(journal: _Journal, root: Path) -> None:
    journal.new.parent.mkdir(parents=True, exist_ok=True)
    _rename(journal.old, journal.new, root)
    for change in journal.changes:
        _put(change.after, change.new, (change.old, change.new))


def _back(journal: _Journal, root: Path) -> None:
    """Undo what was done so far."""
    _rename(journal.new, journal.old, root)
    for change in journal.changes:
        _put(change.before, change.old, (change.old, change.new))
    for folder in reversed(journal.folders):
        with suppress(OSError):
            folder.rmdir()


def _rename(old: Path, new: Path, root: Path) -> None:
    """Give the file or folder its new place, for git too where it knows it; do nothing when it is there already."""
    if not os.path.lexists(old) or (os.path.lexists(new) and not old.samefile(new)):
        return
    command = ("git", "-C", str(root), "mv", "--", str(old), str(new))
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, check=False, capture_output=True, timeout=_LONGEST, stdin=subprocess.DEVNULL)  # noqa: S603
    if os.path.lexists(old) and any(entry.name == old.name for entry in old.parent.iterdir()):
        old.rename(new)


def _put(file: Path, content: bytes, expected: tuple[bytes, bytes]) -> None:
    """Let the file hold the bytes, whole or not at all; what somebody else wrote meanwhile stays."""
    place = file.resolve() if file.is_symlink() else file
    try:
        now = place.read_bytes()
    except FileNotFoundError:
        return
    if now == content or now not in expected:
        return
    fresh = place.with_name(f".{place.name[:40]}.{os.getpid()}.new")
    try:
        fresh.write_bytes(content)
        shutil.copymode(place, fresh)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _write_journal(journal: _Journal, root: Path, cache: Path) -> None:
    folder = cache / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = []
    for number, change in enumerate(journal.changes):
        (folder / f"{number}.old").write_bytes(change.old)
        (folder / f"{number}.new").write_bytes(change.new)
        files.append([_below(change.before, root), _below(change.after, root)])
    folders = [_below(made, root) for made in journal.folders]
    notes = {"old": _below(journal.old, root), "new": _below(journal.new, root), "folders": folders, "files": files}
    fresh = folder / f"{_JOURNAL}.new"
    fresh.write_text(json.dumps(notes), encoding="utf-8")
    fresh.replace(folder / _JOURNAL)


def _read_journal(root: Path, folder: Path) -> _Journal | None:
    """Return the journal; None when it is damaged or names what is not in the help center."""
    try:
        notes: Mapping[str, Any] = json.loads((folder / _JOURNAL).read_bytes())
        changes = tuple(
            Change(
                _at(root, before),
                _at(root, after),
                (folder / f"{number}.old").read_bytes(),
                (folder / f"{number}.new").read_bytes(),
            )
            for number, (before, after) in enumerate(notes["files"])
        )
        places = (_at(root, str(notes["old"])), _at(root, str(notes["new"])))
        return _Journal(*places, tuple(_at(root, made) for made in notes["folders"]), changes)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _at(root: Path, path: str) -> Path:
    """Return a path of the journal. Raises ValueError when it leaves the help center."""
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError(path)
    return root / path


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
