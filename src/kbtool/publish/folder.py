"""OutputFile* -> a folder: whole or not at all, and nothing touched that stays as it was."""

import filecmp
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kbtool.model import OutputFile
from kbtool.problems import Problem, Stop
from kbtool.publish.swap import bring_in, recover

MARK = ".kbtool-site"
"""The file that says: kbtool made this folder, and may replace it."""

_MARK_TEXT = "kbtool made this folder and replaces it whole at every build. Keep nothing of your own in it.\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What a build did to a folder, in paths under it."""

    written: tuple[str, ...]
    kept: int
    """How many files stayed as they were, modification time and all."""
    removed: tuple[str, ...]


def kept_keys(folder: Path, memory: Path) -> dict[str, str]:
    """Return the key of every file in the folder that is still what the last build put there.

    `memory` is the file in which `publish_folder` noted keys, sizes and times; without it, or when it is damaged, nothing is known.
    """
    try:
        notes = json.loads(memory.read_bytes())
        return {path: key for path, (key, *stat) in notes.items() if _stat(folder / path) == stat}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def publish_folder(outputs: Iterable[OutputFile], folder: Path, memory: Path, kept: Mapping[str, str]) -> Change:
    """Make the folder hold these files and no others, in one step.

    `kept` is what `kept_keys` said: a file without content must be there. The new site is made beside the old one, from links to
    what stays and from what is new; only when all of it stands, the two change places. Raises Stop when the folder is not
    kbtool's or cannot be written; the old site is then untouched.
    """
    recover(folder)
    _refuse_foreign(folder)
    with _told_as_problem(folder), _beside(folder) as staging:
        keys, written = _fill(staging, folder, outputs, kept)
        before = set(_paths(folder)) - {MARK}
        removed = tuple(sorted(before - keys.keys()))
        if written or removed or not (folder / MARK).is_file():
            _finish(staging, folder, keys.keys() - set(written))
        _note(memory, folder, keys)
    return Change(tuple(sorted(written)), len(keys) - len(written), removed)


def _fill(staging: Path, folder: Path, outputs: Iterable[OutputFile], kept: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Write what is new into the staging folder. Return every file's key, and the paths that were written."""
    keys: dict[str, str] = {}
    written: set[str] = set()
    made = {""}
    anything = folder.is_dir()
    for output in outputs:
        keys[output.path] = output.key
        same = output.content is None or kept.get(output.path) == output.key
        if not same and not (anything and _equal(output, folder / output.path)):
            _make_parent(staging, output.path, made)
            _write(output, f"{staging}/{output.path}")
            written.add(output.path)
    return keys, written


def _finish(staging: Path, folder: Path, stays: Iterable[str]) -> None:
    """Link what stays into the staging folder, and let it and the site change places."""
    made = {""}
    for path in stays:
        _make_parent(staging, path, made)
        _link(f"{folder}/{path}", f"{staging}/{path}")
    (staging / MARK).write_text(_MARK_TEXT, encoding="utf-8")
    bring_in(staging, folder)


def _make_parent(folder: Path, path: str, made: set[str]) -> None:
    """Make the folder that the file stands in, once."""
    parent, _, _ = path.rpartition("/")
    if parent not in made:
        os.makedirs(f"{folder}/{parent}", exist_ok=True)  # noqa: PTH103 - strings, as there are thousands
        made.add(parent)


def _link(there: str, here: str) -> None:
    """Make the same file stand here too; copy it, times included, where the file system has no links."""
    try:
        os.link(there, here)
    except OSError:
        shutil.copy2(there, here)


def _equal(output: OutputFile, file: Path) -> bool:
    """Tell whether the file already holds these bytes."""
    try:
        if isinstance(output.content, Path):
            return filecmp.cmp(output.content, file, shallow=False)
        return file.read_bytes() == output.content
    except OSError:
        return False


def _write(output: OutputFile, file: str) -> None:
    """Write or copy the file, whose folder is there."""
    if isinstance(output.content, Path):
        shutil.copyfile(output.content, file)
        return
    with open(file, "wb") as stream:  # noqa: PTH123 - strings, as there are thousands
        stream.write(output.content or b"")


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give an empty folder on the same file system; what is in it at the end goes."""
    staging = folder.with_name(f".{folder.name}.kbtool-new")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _told_as_problem(folder: Path) -> Iterator[None]:
    """Turn a full disk and missing rights into a problem that says so."""
    try:
        yield
    except OSError as error:
        hint = "the site is as it was before; make room or rights and build again"
        what = f'"{error.filename or folder}" cannot be written: {error.strerror or error}'
        raise Stop(Problem("", 0, "cannot-write", what, hint)) from error


def _refuse_foreign(folder: Path) -> None:
    """Raise Stop unless the folder is absent, empty or marked as ours."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Stop(
            Problem(
                "", 0, "not-ours", f'the output "{folder.name}" is no folder', "choose another one with output: in kbtool.yml"
            )
        )
    if folder.is_dir() and not (folder / MARK).is_file() and any(folder.iterdir()):
        hint = "empty it yourself, or choose another one with output: in kbtool.yml"
        raise Stop(Problem("", 0, "not-ours", f'the folder "{folder.name}" was not made by kbtool, so it is not replaced', hint))


def _paths(folder: Path) -> Iterator[str]:
    """Yield every file below the folder, as a path under it."""
    start = len(str(folder)) + 1
    for parent, _, names in os.walk(folder):
        lead = parent[start:].replace(os.sep, "/")
        yield from (f"{lead}/{name}" if lead else name for name in names)


def _note(memory: Path, folder: Path, keys: Mapping[str, str]) -> None:
    """Write down what stands in the folder, for `kept_keys`. A note that cannot be written only costs time."""
    notes = {path: [key, *_stat(folder / path)] for path, key in keys.items()}
    with suppress(OSError):
        temporary = memory.with_name(f"{memory.name}.new")
        temporary.write_text(json.dumps(notes, separators=(",", ":")), encoding="utf-8")
        temporary.replace(memory)


def _stat(file: Path) -> list[int]:
    try:
        state = os.stat(file)  # noqa: PTH116 - a third faster than Path.stat, and there are thousands
    except OSError:
        return []
    return [state.st_size, state.st_mtime_ns]
