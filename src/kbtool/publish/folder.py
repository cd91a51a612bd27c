"""OutputFile* -> a folder: whole or not at all, and nothing touched that stays as it was."""

import filecmp
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kbtool.model import OutputFile
from kbtool.places import SITE_MARK
from kbtool.problems import Problem, Stop
from kbtool.publish.swap import bring_in, recover

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
        return {path: key for path, (key, *stat) in notes.items() if _stat(f"{folder}/{path}") == stat}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file of the site that is where it belongs."""

    path: str
    key: str
    written: bool
    """False: it was there before."""


Deliver = Callable[[OutputFile], Delivered]
"""Puts one file into the site that is being made; forked processes may do so, too, each its own files."""


def publish_folder(outputs: Iterable[OutputFile], folder: Path, memory: Path, kept: Mapping[str, str]) -> Change:
    """Make the folder hold these files and no others, in one step: see `publish_by`."""
    return publish_by(lambda deliver: (deliver(output) for output in outputs), folder, memory, kept)


def publish_by(
    send: Callable[[Deliver], Generator[Delivered, None, None]], folder: Path, memory: Path, kept: Mapping[str, str]
) -> Change:
    """Make the folder hold the files that `send` delivers and no others, in one step.

    `kept` is what `kept_keys` said: a file without content must be there. The new site is made in a second folder, and when all
    of it stands, the two change places. The second folder is the site before the last, kept beside the memory, so that little is
    to do when little changed. Raises Stop when the folder is not kbtool's or cannot be written; the old site is then untouched.
    """
    recover(folder)
    _refuse_foreign(folder)
    with _told_as_problem(folder), _second_folder(folder, memory) as second:
        before = _files(folder)
        place = _Place(second, folder, kept, folder.is_dir())
        with closing(send(place.deliver)) as deliveries:  # no process may write here any more when this ends
            delivered = {each.path: each for each in deliveries}
        keys = {path: each.key for path, each in delivered.items()}
        written = {path for path, each in delivered.items() if each.written}
        removed = tuple(sorted(before.keys() - keys.keys() - {SITE_MARK}))
        if written or removed or SITE_MARK not in before:
            _finish(second, folder, before, keys.keys(), written)
        _note(memory, folder, keys)
    return Change(tuple(sorted(written)), len(keys) - len(written), removed)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a new site is made."""

    second: Path
    folder: Path
    kept: Mapping[str, str]
    anything: bool
    """Whether there is a site already."""
    made: dict[str, bool] = field(default_factory=dict)
    """The folders that are there for certain, each with whether it was made just now, so that nothing can be in the way."""

    def deliver(self, output: OutputFile) -> Delivered:
        """Write the file unless the site already has it."""
        same = output.content is None or self.kept.get(output.path) == output.key
        if same or (self.anything and _equal(output, self.folder / output.path)):
            return Delivered(output.path, output.key, written=False)
        _make_way(self.second, output.path, self.made)
        _write(output, f"{self.second}/{output.path}")
        return Delivered(output.path, output.key, written=True)


def _finish(second: Path, folder: Path, before: Mapping[str, int], keys: AbstractSet[str], written: AbstractSet[str]) -> None:
    """Let the second folder hold what stays too, and nothing that goes; then let it and the site change places."""
    made: dict[str, bool] = {}
    there = _files(second)
    for path in keys - written:
        if path not in before or there.get(path) != before[path]:
            _make_way(second, path, made)
            _link(f"{folder}/{path}", f"{second}/{path}")
    for path in there.keys() - keys - {SITE_MARK}:
        _remove(second, path)
    (second / SITE_MARK).write_text(_MARK_TEXT, encoding="utf-8")
    bring_in(second, folder)


def _make_way(folder: Path, path: str, made: dict[str, bool]) -> None:
    """Make the folder that the file stands in, and remove what stands in its place.

    A file is never written over: it may be the very file that the site shows.
    """
    parent, _, _ = path.rpartition("/")
    if _make_folder(folder, parent, made):
        return
    place = f"{folder}/{path}"
    if os.path.isdir(place):  # noqa: PTH112 - strings, as there are thousands
        shutil.rmtree(place)
    elif os.path.lexists(place):
        os.unlink(place)  # noqa: PTH108


def _make_folder(folder: Path, path: str, made: dict[str, bool]) -> bool:
    """Make the folder unless it is there; a file in its place goes. Return whether it is new, and so empty but for this build's."""
    if not path:
        return False
    if path not in made:
        _make_folder(folder, path.rpartition("/")[0], made)
        made[path] = _make_one(f"{folder}/{path}")
    return made[path]


def _make_one(folder: str) -> bool:
    """Make the folder, whose own folder is there; return whether it was not. Another process may make it just now."""
    try:
        os.mkdir(folder)  # noqa: PTH102 - strings, as there are thousands
    except FileExistsError:
        if os.path.isdir(folder):  # noqa: PTH112
            return False
        with suppress(OSError):
            os.unlink(folder)  # noqa: PTH108
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    return True


def _remove(folder: Path, path: str) -> None:
    """Delete the file, and the folders above it that are empty then."""
    with suppress(OSError):
        (folder / path).unlink()
        for above in (folder / path).relative_to(folder).parents:
            if above != Path():
                (folder / above).rmdir()


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
def _second_folder(folder: Path, memory: Path) -> Iterator[Path]:
    """Give the folder that the new site is made in: the last one that was replaced, or an empty one.

    It stays beside the memory for the next time; when that is another file system, it stands beside the site and goes at the end.
    """
    shutil.rmtree(folder.with_name(f".{folder.name}.kbtool-new"), ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    stays = folder.parent.stat().st_dev == memory.parent.stat().st_dev
    second = memory.with_name(f"{memory.stem}-before") if stays else folder.with_name(f".{folder.name}.kbtool-new")
    second.mkdir(exist_ok=True)
    try:
        yield second
    except BaseException:
        shutil.rmtree(second, ignore_errors=True)
        raise
    if not stays:
        shutil.rmtree(second, ignore_errors=True)


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
    if folder.is_dir() and not (folder / SITE_MARK).is_file() and any(folder.iterdir()):
        hint = "empty it yourself, or choose another one with output: in kbtool.yml"
        raise Stop(Problem("", 0, "not-ours", f'the folder "{folder.name}" was not made by kbtool, so it is not replaced', hint))


def _files(folder: Path) -> dict[str, int]:
    """Return every file below the folder, as a path under it, with its inode: the same inode, the same file."""
    found: dict[str, int] = {}
    folders = [""] if folder.is_dir() else []
    while folders:
        lead = folders.pop()
        with os.scandir(f"{folder}/{lead}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{lead}{entry.name}/")
                else:
                    found[lead + entry.name] = entry.inode()
    return found


def _note(memory: Path, folder: Path, keys: Mapping[str, str]) -> None:
    """Write down what stands in the folder, for `kept_keys`. A note that cannot be written only costs time."""
    notes = {path: [key, *_stat(f"{folder}/{path}")] for path, key in keys.items()}
    with suppress(OSError):
        temporary = memory.with_name(f"{memory.name}.new")
        temporary.write_text(json.dumps(notes, separators=(",", ":")), encoding="utf-8")
        temporary.replace(memory)


def _stat(file: str) -> list[int]:
    try:
        state = os.stat(file)  # noqa: PTH116 - a third faster than Path.stat, and there are thousands
    except OSError:
        return []
    return [state.st_size, state.st_mtime_ns]
