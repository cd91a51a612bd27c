"""Bytes -> text, told from the bytes: a byte order mark, then UTF-8, then cp1252, and never a silent replacement."""

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from kbtool.problems import Stop

BROKEN = "\udcff"
"""Stands for bytes that are no text; strict decoders never give it. A row that holds it is broken."""

LONGEST_LINE = 1 << 20
"""Characters of a line that are read: a cell may have an eighth of them."""

_ENDS = ("\n", "\r")
_PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FEW = 0.1
"""UTF-8 with fewer flaws than this for each letter beyond ASCII is UTF-8 with flaws; with more it is something else."""

codecs.register_error("kbtool-broken", lambda error: (BROKEN, error.end))  # type: ignore[attr-defined] # only decoders ask


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes are text."""

    name: str
    mark: int = 0
    """The length of the byte order mark."""
    guessed: bool = False
    """Whether it is only the likeliest."""
    flawed: bool = False
    """Whether some bytes are no text in it."""


def find_encoding(opener: Callable[[], BinaryIO]) -> Encoding:
    """Return the encoding, having read all of the bytes once."""
    with opener() as stream:
        head = stream.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark), flawed=_flaws(opener, name, len(mark))[0] > 0)
    wide = _unmarked_wide(head)
    if wide:
        return Encoding(wide, guessed=True, flawed=_flaws(opener, wide, 0)[0] > 0)
    flaws, beyond = _flaws(opener, "utf-8", 0)
    if flaws <= beyond * _FEW:
        return Encoding("utf-8", flawed=flaws > 0)
    return Encoding("cp1252", guessed=True, flawed=_flaws(opener, "cp1252", 0)[0] > 0)


def open_as(opener: Callable[[], BinaryIO], encoding: Encoding) -> TextIO:
    """Return the text from its beginning, line ends as they are; bytes that are no text stand as BROKEN."""
    stream = opener()
    try:
        stream.read(encoding.mark)
    except Stop:
        stream.close()
        raise
    return io.TextIOWrapper(stream, encoding.name, "kbtool-broken", newline="")


def read_lines(stream: TextIO) -> Iterator[str]:
    """Yield the lines; of one that is longer than any export's only the beginning, so that no line fills the memory."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(_ENDS):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(_ENDS):
                pass
            line += "\n"
        yield line


def _flaws(opener: Callable[[], BinaryIO], name: str, mark: int) -> tuple[int, int]:
    """Count the places that are no text, and the letters beyond ASCII that are."""
    flaws = beyond = 0
    decoder = codecs.getincrementaldecoder(name)("kbtool-broken")
    with opener() as stream:
        stream.read(mark)
        while True:
            piece = stream.read(_PIECE)
            text = decoder.decode(piece, final=not piece)
            if not text.isascii():
                broken = text.count(BROKEN)
                flaws += broken
                beyond += len(text) - len(text.encode("ascii", "ignore")) - broken
            if not piece:
                return flaws, beyond


def _unmarked_wide(head: bytes) -> str:
    """Return UTF-16's name when every other byte is a NUL, as in Latin letters written so."""
    half = len(head) // 2
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if half > 1 and zeros.count(0) > 0.8 * half and head.count(0) < 1.2 * half:
            return name
    return ""
