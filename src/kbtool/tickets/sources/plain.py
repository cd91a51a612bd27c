"""Plain text -> rows: a subject a line."""

from collections.abc import Iterator, Mapping

from kbtool.tickets.sources.source import Content, Row, Skipped, Source, Wanted
from kbtool.tickets.sources.text import BROKEN, read_lines


def sources() -> tuple[Source, ...]:
    """Return the source that reads what no other reads."""
    return (Source("text", "plain text", _tells, _rows, _columns),)


def _tells(content: Content) -> int:
    return int(content.table is None and not content.seen)


def _columns(content: Content, wanted: Wanted) -> Mapping[str, str]:
    del content, wanted
    return {"subject": "each line"}


def _rows(content: Content, wanted: Wanted) -> Iterator[Row | Skipped]:
    """Yield a row for each line, but for comments and blank lines."""
    del wanted
    with content.open_text() as stream:
        for number, line in enumerate(read_lines(stream), 1):
            text = line.strip()
            if BROKEN in text:
                yield Skipped(number, "broken rows", f"bytes that are not {content.encoding.upper()}")
            elif text and not text.startswith("#"):
                yield Row(text, id=str(number), line=number)
