"""HTML -> the rows of its tables: what some help desks call .xls is a web page."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TextIO

from kbtool.tickets.sources.source import Cells, Record

_PIECE = 1 << 16


def looks_like_html(head: str) -> bool:
    """Tell whether a text is a web page with a table in it."""
    start = head.lstrip()[:64].lower()
    return start.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<body", "<style")) and "<t" in head.lower()


def read_rows(stream: TextIO) -> Iterator[Record]:
    """Yield every table row of the page, each with its line."""
    parser = _Rows()
    with stream:
        while piece := stream.read(_PIECE):
            parser.feed(piece)
            yield from parser.done()
    parser.close()
    yield from parser.done()


class _Rows(HTMLParser):
    """Gathers rows as they end."""

    def __init__(self) -> None:
        """Start outside of any table."""
        super().__init__(convert_charrefs=True)
        self._finished: list[Record] = []
        self._cells: Cells | None = None
        self._text: list[str] | None = None
        self._line = 0

    def done(self) -> list[Record]:
        """Return the rows that ended since the last call."""
        finished, self._finished = self._finished, []
        return finished

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell; what was not closed before ends here."""
        del attrs
        if tag == "tr":
            self._end_row()
            self._cells, self._line = [], self.getpos()[0]
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Keep what stands in a cell."""
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        """End the page."""
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cells is not None and self._text is not None:
            self._cells.append("".join(self._text).strip())
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self._finished.append(Record(self._line, self._cells))
        self._cells = None
