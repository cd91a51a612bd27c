"""What a reader of ticket exports takes and gives: the contract of the entry point group `kbtool.ticket_sources`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple, TextIO

from kbtool.extensions import all_of
from kbtool.problems import Problem, Stop, did_you_mean

GROUP = "kbtool.ticket_sources"
"""Each entry point names a function without parameters that returns a tuple of Sources."""

CERTAIN = 10
"""How sure a source is that knows the product by its marks."""

ROLES = ("subject", "id", "created", "status", "tags", "person", "body")
"""What a column can be, as `--columns` names it."""


class Row(NamedTuple):
    """One row or message as an export holds it, before anything is understood."""

    subject: str
    id: str = ""
    created: str = ""
    """As written; which part is the day is decided when the whole column is known."""
    status: str = ""
    tags: tuple[str, ...] = ()
    person: str = ""
    """Whatever tells one requester from another; it is hashed at once."""
    name: str = ""
    """The requester's name, so that it can be taken out of the texts."""
    body: str = ""
    reopened: bool = False
    line: int = 0
    conversation: str = ""
    """Rows with the same one are messages of one ticket; empty: a row is a ticket."""
    inbound: bool = True


class Skipped(NamedTuple):
    """A row that is no ticket."""

    line: int
    reason: str
    """In the plural, to be counted: "broken rows", "pull requests"."""
    message: str = ""
    """What is wrong with a broken row; empty when nothing is."""


Cells = list[str]


class Record(NamedTuple):
    """One record of a table. Without cells it is broken, and the fault says how."""

    line: int
    cells: Cells
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header row was found."""

    columns: tuple[str, ...]
    """As they are written."""
    rows: Callable[[], Iterator[Record]] = field(repr=False)
    """Read what stands below the header row."""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One file, or one member of an archive, or one sheet of a workbook."""

    path: str
    """As the user would type it; a member's name follows its archive's."""
    head: str
    """Its first characters; empty for a sheet."""
    open_bytes: Callable[[], BinaryIO] = field(repr=False)
    open_text: Callable[[], TextIO] = field(repr=False)
    """From the beginning, without the byte order mark, line ends as they are."""
    encoding: str = ""
    table: Table | None = None
    whole: bool = False
    """Whether the head is all of it."""
    flawed: bool = False
    """Whether some bytes are no text in this encoding: each stands as BROKEN."""
    guessed: bool = False
    """Whether the encoding is only the likeliest."""
    seen: tuple[str, ...] = ()
    """The first row of a table that has no subject column."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader is asked for."""

    columns: Mapping[str, str]
    """Role -> column, where the user said so."""
    body: bool
    """Whether bodies are wanted at all: they are large, and private."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of export: how it is told, and how it is read."""

    name: str
    """What `--source` takes."""
    title: str
    """How people call it."""
    tells: Callable[[Content], int] = field(repr=False)
    """How sure it is: 0 not at all, 1 would do, 10 that very product. The surest reads."""
    read: Callable[[Content, Wanted], Iterator[Row | Skipped]] = field(repr=False)
    columns: Callable[[Content, Wanted], Mapping[str, str]] = field(repr=False)
    """Role -> the column or key that it is read from, to be shown."""
    text: bool = True
    """Whether it reads text; if not, the encoding is its own business."""


def all_sources() -> tuple[Source, ...]:
    """Return every source that is installed, sorted by name."""
    return tuple(sorted((source for offer in all_of(GROUP) for source in offer()), key=lambda source: source.name))


def named_source(name: str) -> Source:
    """Return the source of that name. Raises Stop when there is none."""
    known = {source.name: source for source in all_sources()}
    if name not in known:
        hint = did_you_mean(name, known) or f"known are: {', '.join(known)}"
        raise Stop(Problem("", 0, "unknown-source", f'there is no ticket source "{name}"', hint))
    return known[name]
