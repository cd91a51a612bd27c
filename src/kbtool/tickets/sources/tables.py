"""Tables -> rows: one reader, told by the table of signatures what to expect."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial

from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.tickets.formulas import unguard_formula
from kbtool.tickets.sources.delimited import is_flawed
from kbtool.tickets.sources.roles import places_of
from kbtool.tickets.sources.signatures import NAMES, REOPENS, SIGNATURES, TABLE, Signature, plain_name
from kbtool.tickets.sources.source import CERTAIN, Cells, Content, Row, Skipped, Source, Table, Wanted

_POSSIBLE = 5
_REMEMBERED = 4096
"""Lists of tags, which come again and again."""
_LIST = re.compile(r"[,;|]")
_WORDS = re.compile(r"[,;|\s]")


def sources() -> tuple[Source, ...]:
    """Return a source for each product's table, and one for any other."""
    return tuple(
        Source(
            signature.name, signature.title, partial(_tells, signature), partial(_rows, signature), partial(_columns, signature)
        )
        for signature in (*SIGNATURES, TABLE)
    )


def _tells(signature: Signature, content: Content) -> int:
    if content.table is None:
        return 0
    if signature is TABLE:
        return _POSSIBLE
    names = {plain_name(column) for column in content.table.columns}
    fits = next((other for other in SIGNATURES if any(told <= names for told in other.tells)), None)
    return CERTAIN if fits is signature else 0


def _columns(signature: Signature, content: Content, wanted: Wanted) -> Mapping[str, str]:
    table = _table(content, signature)
    places = _places(table, signature, wanted, content.path)
    return {role: table.columns[found[0]] for role, found in places.items() if role != "body" or wanted.body}


def _table(content: Content, signature: Signature) -> Table:
    if content.table is None:
        hint = "leave --source out, or name the column with --columns subject=NAME"
        raise Stop(
            Problem(content.path, 0, "not-an-export", f'"{content.path}" is no table as {signature.title} makes them', hint)
        )
    return content.table


def _places(table: Table, signature: Signature, wanted: Wanted, path: str) -> dict[str, tuple[int, ...]]:
    known = {plain_name(column): column for column in table.columns}
    for column in wanted.columns.values():
        if plain_name(column) not in known:
            hint = did_you_mean(column, table.columns) or f"there are: {', '.join(table.columns)}"
            raise Stop(Problem(path, 0, "unknown-column", f'"{path}" has no column "{column}"', hint))
    return places_of(table.columns, signature, wanted.columns)


def _rows(signature: Signature, content: Content, wanted: Wanted) -> Iterator[Row | Skipped]:
    """Yield each record as a row; empty ones are left out, and those below the table are its footer."""
    table = _table(content, signature)
    read = _reader(table, signature, _places(table, signature, wanted, content.path), body=wanted.body)
    below = False
    for line, cells, fault in table.rows():
        if fault or (content.flawed and is_flawed(cells)):
            yield Skipped(line, "broken rows", fault or f"bytes that are not {content.encoding.upper()}")
            continue
        filled = sum(map(bool, cells))
        if filled > 1 or (filled and len(table.columns) == 1):
            below = False
            yield read(line, cells)
        elif not filled:
            below = True
        elif below or len(cells) < len(table.columns):
            below = True
            yield Skipped(line, "footer rows")
        else:
            yield read(line, cells)


class _reader:  # noqa: N801 - a function with a memory, called once a row
    """Cells -> a row, with all that is the same for every row worked out once."""

    def __init__(self, table: Table, signature: Signature, places: Mapping[str, tuple[int, ...]], *, body: bool) -> None:
        """Know which cell is what."""
        names = [plain_name(column) for column in table.columns]
        self._subject = places["subject"][0]
        self._id, self._created, self._status = (places.get(role, (-1,))[0] for role in ("id", "created", "status"))
        self._body = places.get("body", (-1,))[0] if body else -1
        self._tags, self._person = places.get("tags", ()), places.get("person", ())
        self._all_tags = signature.all_tags or len({names[at] for at in self._tags}) == 1 < len(self._tags)
        self._split = _WORDS if signature.name.startswith("zendesk") else _LIST
        self._names = tuple(names.index(name) for name in NAMES if name in names)
        self._reopens = next((names.index(name) for name in REOPENS if name in names), -1)
        self._closed = names.index(signature.closed) if signature.closed in names else -1
        self._conversation = names.index(signature.conversation) if signature.conversation in names else -1
        self._direction = names.index("direction") if "direction" in names else -1
        self._width = len(names)
        self._listed = lru_cache(_REMEMBERED)(self._in_list)

    def __call__(self, line: int, cells: Cells) -> Row:
        """Return the row."""
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        return Row(
            unguard_formula(cells[self._subject]),
            unguard_formula(cells[self._id]).strip() if self._id >= 0 else "",
            cells[self._created].strip() if self._created >= 0 else "",
            self._status_of(cells),
            self._tags_of(cells) if self._tags else (),
            self._person_of(cells),
            self._name_of(cells) if self._names else "",
            unguard_formula(cells[self._body]) if self._body >= 0 else "",
            self._reopens >= 0 and cells[self._reopens].strip() not in ("", "0", "0.0", "false", "no"),
            line,
            cells[self._conversation] if self._conversation >= 0 else "",
            not (self._direction >= 0 and cells[self._direction].strip().casefold().startswith("out")),
        )

    def _status_of(self, cells: Cells) -> str:
        if self._status >= 0:
            return cells[self._status]
        return ("solved" if cells[self._closed].strip() else "open") if self._closed >= 0 else ""

    def _tags_of(self, cells: Cells) -> tuple[str, ...]:
        """Return the labels of every column where each has one, else those in the first column's list."""
        if self._all_tags:
            return tuple(cells[at].strip() for at in self._tags if cells[at].strip())
        text = cells[self._tags[0]]
        return self._listed(text) if text else ()

    def _in_list(self, text: str) -> tuple[str, ...]:
        return tuple(tag for tag in map(str.strip, self._split.split(unguard_formula(text))) if tag)

    def _person_of(self, cells: Cells) -> str:
        for at in self._person:
            if cells[at]:
                return cells[at]
        return ""

    def _name_of(self, cells: Cells) -> str:
        for at in self._names:
            if cells[at] and "@" not in cells[at]:
                return cells[at]
        return ""
