"""A folder of files that only this machine may have made -> whether it still is as it was left.

The search index is read with pickle, which runs what it is told to. So an index that came with a repository, an archive or a
copied folder must never be opened, however well it is labelled. A file's inode and the time of its last change of state are
given by the file system and cannot be brought along: they are noted when the folder is made and compared before it is read.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from kbtool.records import decode, encode

_NAME = "stamp.json"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a folder was made from, and with what."""

    maker: str
    """A digest of all that shapes the files beside their sources: programs, versions, settings."""
    sources: dict[str, str]
    """The digest of each source, by its path."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    stamp: Stamp
    files: dict[str, tuple[int, ...]]


def seal(folder: Path, stamp: Stamp) -> None:
    """Note what the folder's files are and what they were made from. Nothing in it may be written afterwards."""
    sealed = _Sealed(stamp, _files(folder))
    (folder / _NAME).write_bytes(encode(sealed))


def read_stamp(folder: Path) -> Stamp | None:
    """Return the folder's stamp if its files are those that were sealed, on this very file system; None on any doubt."""
    try:
        sealed = decode((folder / _NAME).read_bytes(), _Sealed)
        return sealed.stamp if sealed.files == _files(folder) else None
    except (OSError, ValueError):
        return None


def _files(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return of every file in the folder, the stamp aside, what no copy of it can have in common with it."""
    with os.scandir(folder) as entries:
        states = {entry.name: os.lstat(entry.path) for entry in entries if entry.name != _NAME}
    return {
        name: (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_uid)
        for name, state in sorted(states.items())
    }
