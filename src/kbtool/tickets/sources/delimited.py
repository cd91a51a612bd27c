"""Delimited text -> records, each with its line; a broken record takes no other with it."""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from kbtool.tickets.sources.source import Cells, Record
from kbtool.tickets.sources.text import BROKEN

DELIMITERS = (",", ";", "\t", "|")

_RECORDS = 20
_TRIES = 1000
"""How many broken records are taken apart line by line; a file with more is hopeless, and must not take all day."""


def obeyed_delimiter(head: str) -> str:
    r"""Return the delimiter that an Excel line names, or an empty string.

    >>> obeyed_delimiter("sep=;\nSubject;Id")
    ';'
    """
    first = head.lstrip().partition("\n")[0].strip().strip('"')
    return first[4:5] if first.lower().startswith("sep=") and len(first) == len("sep=;") else ""


def first_records(head: str, delimiter: str, *, whole: bool) -> list[Record]:
    """Return the first records of a text of which only the head may be there."""
    lines = head.splitlines(keepends=True)
    found: list[Record] = []
    for record in read_records(lines if whole or len(lines) < 2 else lines[:-1], delimiter, 0):  # noqa: PLR2004 - the last is cut
        found.append(record)
        if len(found) == _RECORDS:
            break
    return found


def regularity(records: list[Record]) -> tuple[float, int]:
    """Return which share of the records has the commonest number of cells, and that number."""
    widths = Counter(len(record.cells) for record in records if any(record.cells))
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total(), width


def read_records(lines: Iterable[str], delimiter: str, width: int, *, start: int = 0, needed: int = 0) -> Iterator[Record]:
    """Yield the records that stand after the first `start` lines.

    With a width, a record that does not fit it is broken: it has more cells that say something, or fewer than `needed`.
    When one takes up several lines, a quotation mark was not closed, and only its first line is given up.
    """
    feed = _Feed(iter(lines))
    for _ in range(start):
        next(feed, None)
    reader, line, tries = csv.reader(feed, delimiter=delimiter), start + 1, 0
    taken = feed.taken
    while True:
        taken.clear()
        try:
            cells, fault = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], str(error)
        many = len(taken)
        if many == 1 and len(cells) == width and not (fault or feed.cut):
            yield Record(line, cells)  # as nearly all are
            line += 1
            continue
        if width:
            fault = fault or _misfit(cells, width, needed) or ("a quotation mark is never closed" if feed.cut else "")
        if fault and many > 1 and tries < _TRIES:
            tries += 1
            fault = "a quotation mark is never closed"
            feed.give_back()
            many = 1
        yield Record(line, [] if fault else cells, fault)
        line += many


def _misfit(cells: Cells, width: int, needed: int) -> str:
    """Say why a record is not one of the table; it is empty or a footer's when it has no or one cell that says something."""
    if len(cells) == width:
        return ""
    if len(cells) > width and any(cells[width:]):
        return f"{len(cells)} cells where the header has {width}"
    if len(cells) < needed and sum(map(bool, cells)) > 1:
        return f"{len(cells)} cells where the header has {width}"
    return ""


def is_flawed(cells: Cells) -> bool:
    """Tell whether some bytes of a record were no text."""
    return any(BROKEN in cell for cell in cells)


class _Feed:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        """Feed these lines."""
        self._lines = lines
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.cut = False
        """Whether the lines ended while a record was being read."""

    def __iter__(self) -> Iterator[str]:
        """Return itself: it is read once."""
        return self

    def __next__(self) -> str:
        """Return the next line."""
        if self._back:
            line = self._back.popleft()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                self.cut = bool(self.taken)
                raise
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """Take back all lines but the first."""
        self._back.extendleft(reversed(self.taken[1:]))
        self.cut = False
