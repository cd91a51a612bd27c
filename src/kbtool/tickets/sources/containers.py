"""A path -> the files in it: the file itself, what gzip packed, or the members of a zip, none of them larger than is sane."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from kbtool.problems import Problem, Stop

HEAD = 1 << 16
_LARGEST = 64 << 30
_RATIO = 250
"""DEFLATE reaches 1032; a real export stays below 50."""
_HARMLESS = 64 << 20
"""Below this size a ratio says nothing."""
_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file, packed or not."""

    path: str
    open: Callable[[], BinaryIO] = field(repr=False)
    """From its beginning. Reading raises Stop when the packing is damaged or grows beyond measure."""
    head: bytes = field(repr=False)
    whole: bool
    """Whether the head is all of it."""


def open_members(file: Path, shown: str) -> Iterator[Member]:
    """Yield the file, or what is packed in it, by name. Raises Stop when it cannot be read."""
    size = _size(file, shown)
    member = _member(shown, lambda: cast("BinaryIO", file.open("rb")))
    if member.head.startswith(b"\x1f\x8b"):
        member = _member(shown, lambda: _Bounded(gzip.GzipFile(file), size, shown))
    if member.head.startswith(b"PK\x03\x04") and not is_workbook(member):
        yield from _unzipped(member, shown, size)
    else:
        yield member


def is_workbook(member: Member) -> bool:
    """Tell whether it is a spreadsheet's file: those are zips too, but for the old .xls."""
    if member.head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return True
    first = member.head[:4096]
    office = b"[Content_Types].xml" in first or b"xl/" in first or b"_rels/.rels" in first
    return first.startswith(b"PK\x03\x04") and (office or b"application/vnd.oasis.opendocument.spreadsheet" in first)


def read_all(member: Member, largest: int) -> bytes:
    """Return all bytes. Raises Stop when there are more than can be held in memory."""
    with member.open() as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise Stop(_too_large(member.path, f"it is larger than {largest >> 20} MB"))
    return data


def check_archive(data: bytes, shown: str, visit: Callable[[str, bytes], None]) -> None:
    """Unpack every member in pieces, handing on each, so that nobody else has to trust the sizes that stand in it."""
    with _zip(io.BytesIO(data), shown) as archive:
        for info in archive.infolist():
            with _Bounded(_opened(archive, info, shown), len(data), shown) as stream:
                while piece := stream.read(1 << 20):
                    visit(info.filename, piece)


def _size(file: Path, shown: str) -> int:
    try:
        if file.is_dir():
            hint = "name the files in it, for example with /*.csv at its end"
            raise Stop(Problem(shown, 0, "no-export", f'"{shown}" is a folder', hint))
        size = file.stat().st_size
        if not size:
            raise Stop(Problem(shown, 0, "empty-export", f'"{shown}" is empty: 0 bytes', "export the tickets again"))
        with file.open("rb"):
            return size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "no such file"
        raise Stop(Problem(shown, 0, "no-export", f'"{shown}" cannot be read: {reason}', "check the path")) from None


def _member(path: str, opener: Callable[[], BinaryIO]) -> Member:
    with opener() as stream:
        head = stream.read(HEAD + 1)
    return Member(path, opener, head[:HEAD], len(head) <= HEAD)


def _unzipped(outer: Member, shown: str, size: int) -> Iterator[Member]:
    with outer.open() as stream, _zip(stream, shown) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _is_leftover(info.filename)]
        if len(infos) > _MEMBERS:
            raise Stop(_too_large(shown, f"it holds {len(infos)} files"))
        if not infos:
            raise Stop(Problem(shown, 0, "empty-export", f'"{shown}" holds no files', "export the tickets again"))
        for info in sorted(infos, key=lambda info: info.filename):
            path = f"{shown}/{info.filename}"

            def opened(info: zipfile.ZipInfo = info, path: str = path) -> BinaryIO:
                return _unpacking(outer, info, size, path)

            yield _member(path, opened)


def _unpacking(outer: Member, info: zipfile.ZipInfo, size: int, path: str) -> BinaryIO:
    """Return a member's bytes, its archive opened for it alone: members can be read in any order, and late."""
    stream = outer.open()
    try:
        archive = _zip(stream, path)
        return _Bounded(_opened(archive, info, path), size, path, archive)
    except Stop:
        stream.close()
        raise


def _is_leftover(name: str) -> bool:
    """Tell whether a member is what an operating system leaves behind."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _zip(stream: BinaryIO | io.BytesIO, shown: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Stop(_damaged(shown, error)) from None


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(info))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, UnicodeError) as error:
        if info.flag_bits & 1:
            message = f'"{shown}" is locked with a password'
            raise Stop(Problem(shown, 0, "broken-export", message, "unpack it, and give kbtool what was in it")) from None
        raise Stop(_damaged(shown, error)) from None


def _damaged(shown: str, error: Exception) -> Problem:
    reason = str(error).rstrip(".") or type(error).__name__
    return Problem(shown, 0, "broken-export", f'"{shown}" is damaged: {reason}', "export the tickets again")


def _too_large(shown: str, reason: str) -> Problem:
    return Problem(shown, 0, "export-too-large", f'"{shown}" is not read: {reason}', "unpack it, or export fewer tickets at once")


class _Bounded(io.RawIOBase, BinaryIO):
    """A packed file that tells of damage as a problem, and does not grow without end."""

    def __init__(self, packed: BinaryIO | gzip.GzipFile, size: int, shown: str, archive: zipfile.ZipFile | None = None) -> None:
        """Read from `packed`, of which the disk holds `size` bytes; it stands in the archive."""
        self._packed, self._size, self._shown, self._read, self._archive = packed, size, shown, 0, archive

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, count: int | None = -1, /) -> bytes:
        """Return the next bytes, and all that are left when no count is given."""
        if count is None or count < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        try:
            piece = self._packed.read(count)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise Stop(_damaged(self._shown, error)) from None
        self._read += len(piece)
        if self._read > _LARGEST or self._read > max(_HARMLESS, _RATIO * self._size):
            raise Stop(_too_large(self._shown, f"unpacked it is more than {_RATIO} times as large"))
        return piece

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seekable(self) -> bool:
        """Tell whether a zip may be read from within it."""
        return self._packed.seekable()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._packed.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._packed.tell()

    def close(self) -> None:
        """Close what is packed too."""
        self._packed.close()
        if self._archive:
            stream = self._archive.fp
            self._archive.close()
            if stream:
                stream.close()
        super().close()
