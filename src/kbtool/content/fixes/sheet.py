"""An article's bytes <-> its lines, each with the line end that it has."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from kbtool.content.amend import front_matter
from kbtool.encoding import byte_order

_BREAK = re.compile(r"\r\n|\n|\r")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")


class Edit(NamedTuple):
    """What takes the place of a part of a line."""

    line: int
    """The body's first line is 0."""
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Edits that are made together or not at all."""

    rule: str
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        """The first line that it changes, counted in the body."""
        return min(edit.line for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article as it is typed: put together again, it is the same bytes."""

    mark: bytes
    encoding: str
    head: str
    """The front matter with its dashes."""
    lines: tuple[str, ...]
    """Of the body, without their ends."""
    ends: tuple[str, ...]

    @property
    def body(self) -> str:
        r"""The body with its line ends as "\n", as the parser reads it."""
        return "".join(line + ("\n" if end else "") for line, end in zip(self.lines, self.ends, strict=True))

    @property
    def first_line(self) -> int:
        """The line of the file in which the body begins."""
        return 1 + len(_BREAK.findall(self.head))

    def changed(self, changes: Iterable[Change]) -> Self:
        """Return the sheet with the changes, none of which may overlap."""
        lines = [*self.lines]
        for edit in sorted((edit for change in changes for edit in change.edits), reverse=True):
            lines[edit.line] = lines[edit.line][: edit.start] + edit.text + lines[edit.line][edit.end :]
        return replace(self, lines=tuple(lines))


def read_sheet(data: bytes) -> Sheet:
    """Return the lines of a file that `decode_text` reads."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    place = front_matter(raw)
    closing = _CLOSING.match(raw, place[1]) if place else None
    head = raw[: closing.end()] if closing else ""
    lines, ends = _split(raw[len(head) :])
    return Sheet(mark, encoding, head, tuple(lines), tuple(ends))


def sheet_bytes(sheet: Sheet) -> bytes:
    """Return the file's bytes."""
    body = "".join(line + end for line, end in zip(sheet.lines, sheet.ends, strict=True))
    return sheet.mark + (sheet.head + body).encode(sheet.encoding)


def _split(text: str) -> tuple[Sequence[str], Sequence[str]]:
    ends = _BREAK.findall(text)
    lines = _BREAK.split(text)
    return (lines, [*ends, ""]) if lines[-1] else (lines[:-1], ends)
