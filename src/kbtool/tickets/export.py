"""What reading ticket exports takes and gives, and how it is told in three lines."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtool.demand import Ticket
from kbtool.problems import Problem
from kbtool.tickets.dates import DateOrder


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user said about the exports."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Role -> column, where kbtool's guess is wrong."""
    source: str | None = None
    """The name of the source that reads, whatever the content looks like."""
    dates: DateOrder | None = None
    """Which part of 01/02/2026 is the day, where no date of the column says."""
    timezone: str = "UTC"
    """Where a date without a zone was written."""
    use_body: bool = False
    """Whether the first sentence of the body stands in for a subject that says nothing, and bodies are kept."""
    since: datetime.date | None = None
    until: datetime.date | None = None
    """The last day that counts."""
    tags: tuple[str, ...] = ()
    """Only tickets with any of these; all, when there are none."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one text, table or sheet."""

    path: str
    format: str
    """The product or the kind of file."""
    encoding: str
    delimiter: str
    """Empty when it is no delimited text."""
    columns: Mapping[str, str]
    """Role -> the column or key it was read from."""
    read: int
    """Rows that hold something."""
    kept: int
    """Tickets."""
    dropped: Mapping[str, int]
    """Why rows are no tickets, in the plural -> how many; the commonest first."""
    silent: int
    """Tickets among those kept whose subject says nothing."""
    first: datetime.datetime | None
    last: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class TicketExport:
    """All exports, read."""

    tickets: tuple[Ticket, ...]
    """Sorted by moment, then by id: the same whatever the order of the files."""
    understood: tuple[Understood, ...]
    problems: tuple[Problem, ...]
    names: Mapping[str, int] = field(default_factory=dict, repr=False)
    """The words of the requesters' names, in small letters -> in how many names: to take them out of others' subjects, and for nothing else."""


def describe(export: TicketExport) -> tuple[str, str, str]:
    """Return what was understood in three lines: the files, the columns, the rows."""
    known = export.understood
    formats = Counter(f"{one.format}{_manner(one)}" for one in known)
    files = "; ".join(f"{manner} ({count} files)" if count > 1 else manner for manner, count in sorted(formats.items()))
    columns = dict.fromkeys(f'{role} "{column}"' for one in known for role, column in one.columns.items())
    return f"read as {files}", f"columns: {', '.join(columns)}", _rows(export)


def _rows(export: TicketExport) -> str:
    known, tickets = export.understood, len(export.tickets)
    dropped = sum((Counter(one.dropped) for one in known), Counter[str]())
    dropped["tickets that came twice"] += sum(one.kept for one in known) - tickets
    less = ", ".join(
        f"{reason} {count:,}" for reason, count in sorted(dropped.items(), key=lambda one: (-one[1], one[0])) if count
    )
    silent = sum(not ticket.subject for ticket in export.tickets)
    days = [ticket.created for ticket in export.tickets if ticket.created]
    parts = (
        f"rows: {sum(one.read for one in known):,}",
        f"tickets: {tickets:,}",
        f"from {min(days):%Y-%m-%d} to {max(reversed(days)):%Y-%m-%d}" if days else "",
        f"subjects that say nothing: {silent:,}" if silent else "",
        f"left out: {less}" if less else "",
    )
    return "; ".join(filter(None, parts))


def _manner(one: Understood) -> str:
    signs = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
    between = f", {signs.get(one.delimiter, repr(one.delimiter))}" if one.delimiter else ""
    return f", {one.encoding}{between}" if one.encoding else between
