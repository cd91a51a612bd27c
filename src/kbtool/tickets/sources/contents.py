"""A path -> what can be read in it: texts and tables, told by their content and never by their names."""

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from kbtool.problems import Problem, Stop
from kbtool.tickets.sources.containers import Member, is_workbook, open_members
from kbtool.tickets.sources.delimited import DELIMITERS, first_records, obeyed_delimiter, read_records, regularity
from kbtool.tickets.sources.html_tables import looks_like_html, read_rows
from kbtool.tickets.sources.roles import find_header, places_of
from kbtool.tickets.sources.signatures import TABLE
from kbtool.tickets.sources.source import Content, Record, Table
from kbtool.tickets.sources.text import Encoding, find_encoding, open_as, read_lines
from kbtool.tickets.sources.workbooks import read_sheets

HEADER_WITHIN = 10
"""A preamble is shorter than this many rows."""

_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"RIFF", "an image or a film"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3", "a database"),
    (b"!BDN", "an Outlook archive"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROLS_IN_TEXT = 0.01
_TABLES = (".csv", ".tsv", ".tab", ".xls", ".xlsx")
_MANY_CELLS = 3


def open_contents(file: Path, shown: str, chosen: Mapping[str, str]) -> Iterator[Content | Stop]:
    """Yield every text, table and sheet. `chosen` is role -> column, where the user said so.

    Raises Stop when the file cannot be read. What is wrong with one member of an archive keeps no other from being read:
    it is yielded as the Stop that it is.
    """
    for member in open_members(file, shown):
        try:
            if is_workbook(member):
                yield from _sheets(member, chosen)
            else:
                yield _text(member, chosen)
        except Stop as stop:
            yield stop


def _sheets(member: Member, chosen: Mapping[str, str]) -> Iterator[Content]:
    tables: list[Content] = []
    seen: tuple[str, ...] = ()
    for name, records in read_sheets(member):
        at = find_header(records[:HEADER_WITHIN], chosen)
        seen = seen or next((tuple(record.cells) for record in records if any(record.cells)), ())
        if at is not None:
            columns = tuple(records[at].cells)
            path = member.path if not tables else f"{member.path}/{name}"
            table = Table(columns, lambda rows=records[at + 1 :]: iter(rows))  # type: ignore[misc] # bound now, not later
            tables.append(_content(member, path, table=table))
    yield from tables or [_content(member, member.path, seen=seen or ("",))]


def _content(member: Member, path: str, *, table: Table | None = None, seen: tuple[str, ...] = ()) -> Content:
    return Content(path, "", member.open, lambda: io.StringIO(""), encoding="spreadsheet", table=table, seen=seen)


def _text(member: Member, chosen: Mapping[str, str]) -> Content:
    kind = next((kind for magic, kind in _KINDS if member.head.startswith(magic)), "")
    encoding = find_encoding(member.open) if not kind else Encoding("")
    head = "" if kind else _head(member, encoding)
    if kind or len(_CONTROL.findall(head)) > len(head) * _CONTROLS_IN_TEXT:
        raise Stop(_no_export(member.path, kind or "no text"))
    if not head.strip():
        raise Stop(Problem(member.path, 0, "empty-export", f'"{member.path}" holds nothing', "export the tickets again"))
    content = Content(
        member.path,
        head,
        member.open,
        lambda: open_as(member.open, encoding),
        encoding.name,
        whole=member.whole,
        flawed=encoding.flawed,
        guessed=encoding.guessed,
    )
    return _html(content, chosen) if looks_like_html(head) else _delimited(content, chosen)


def _no_export(path: str, kind: str) -> Problem:
    hint = "export the tickets as CSV, XLSX, JSON or mbox"
    return Problem(path, 0, "not-an-export", f'"{path}" is {kind}, not a ticket export', hint)


def _head(member: Member, encoding: Encoding) -> str:
    decoder = codecs.getincrementaldecoder(encoding.name)("kbtool-broken")
    return decoder.decode(member.head[encoding.mark :], final=member.whole)


def _html(content: Content, chosen: Mapping[str, str]) -> Content:
    records = list(islice(read_rows(content.open_text()), HEADER_WITHIN))
    at = find_header(records, chosen)
    if at is None:
        return replace(content, seen=tuple(records[0].cells) if records else ("",))
    rows = Table(tuple(records[at].cells), lambda: islice(read_rows(content.open_text()), at + 1, None))
    return replace(content, table=rows)


def _delimited(content: Content, chosen: Mapping[str, str]) -> Content:
    obeyed = obeyed_delimiter(content.head)
    best: tuple[int, float, int, str, int, list[Record]] | None = None
    for delimiter in [obeyed] if obeyed else DELIMITERS:
        records = first_records(content.head, delimiter, whole=content.whole)
        at = find_header(records[bool(obeyed) : HEADER_WITHIN], chosen)
        if at is not None:
            at += bool(obeyed)
            rank = (len(places_of(tuple(records[at].cells), TABLE, chosen)), *regularity(records[at:]))
            if best is None or rank > best[:3]:
                best = (*rank, delimiter, at, records)
    if best is None:
        return replace(content, seen=_seen(content, obeyed))
    *_, delimiter, at, records = best
    return replace(content, table=_table(content, records, at, delimiter, chosen))


def _table(content: Content, records: list[Record], at: int, delimiter: str, chosen: Mapping[str, str]) -> Table:
    columns = tuple(records[at].cells)
    after = records[at + 1].line if at + 1 < len(records) else 0
    lines = sum(1 for _ in io.StringIO(content.head, newline=""))
    start = after - 1 if after else lines - (not content.whole)  # what follows the header is longer than the head, or nothing
    needed = places_of(columns, TABLE, chosen)["subject"][0] + 1

    def rows() -> Iterator[Record]:
        with content.open_text() as stream:
            yield from read_records(read_lines(stream), delimiter, len(columns), start=start, needed=needed)

    return Table(columns, rows, delimiter)


def _seen(content: Content, obeyed: str) -> tuple[str, ...]:
    """Return the first row's cells when the text is a table all the same, but none that has a subject."""
    named = PurePosixPath(content.path).suffix.lower() in _TABLES
    for delimiter in [obeyed] if obeyed else DELIMITERS:
        records = [record for record in first_records(content.head, delimiter, whole=content.whole) if any(record.cells)]
        share, width = regularity(records)
        if width > 1 and ((named and share > 1 / 2) or (share == 1 and width >= _MANY_CELLS and len(records) > 1)):
            return tuple(records[0].cells)
    return ()
