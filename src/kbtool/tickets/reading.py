"""Ticket exports -> tickets, and what was understood of each file: told from its content, and private from the first row on."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from kbtool.demand import Ticket
from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.tickets.dates import read_dates
from kbtool.tickets.drafts import Draft, drafting
from kbtool.tickets.export import ReadOptions, TicketExport, Understood
from kbtool.tickets.redact import redact, without_marks
from kbtool.tickets.sources.contents import open_contents
from kbtool.tickets.sources.source import CERTAIN, ROLES, Content, Skipped, Source, Wanted, all_sources, named_source
from kbtool.tickets.strangers import learn_names
from kbtool.tickets.threads import group_messages, instant

Progress = Callable[[int, int], None]

_TOLD = 5000
"""Rows between two words of how many there were."""
_SHOWN = 5
"""So many broken rows of a file are told one by one."""
_BROKEN = "broken rows"


def read_tickets(
    paths: Sequence[Path], options: ReadOptions, salt: bytes, progress: Progress = lambda _done, _total: None
) -> TicketExport:
    """Return every ticket of the exports. Raises Stop when an option is wrong or no file can be read.

    `progress` is told how many rows are read, and of how many: 0 while nobody knows.

    The salt makes the requesters' hashes those of this run: no one can tell from them who it was.
    """
    names: set[str] = set()
    reading = _Reading(options, _zone(options.timezone), _checked_source(options), salt, progress, names)
    told: list[Problem] = []
    understood: list[Understood] = []
    tickets: list[tuple[str, Ticket]] = []
    for path in sorted(set(paths)):
        for content, source in _chosen(path, reading, told):
            try:
                known, found, problems = _read(content, source, reading)
            except Stop as stop:
                told.extend(stop.problems)
                continue
            understood.append(known)
            tickets.extend((source.name, ticket) for ticket in found)
            told.extend(problems)
    return replace(_whole(tickets, understood, told), names=learn_names(names))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What holds for every file of a run."""

    options: ReadOptions
    zone: ZoneInfo
    source: Source | None
    salt: bytes
    progress: Progress
    names: set[str]
    """The requesters' names, as they are found."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, LookupError):
        hint = 'type it as "Europe/Berlin" or "UTC"'
        raise Stop(Problem("", 0, "unknown-timezone", f'there is no time zone "{name}"', hint)) from None


def _checked_source(options: ReadOptions) -> Source | None:
    for role in options.columns:
        if role not in ROLES:
            hint = did_you_mean(role, ROLES) or f"a column can be: {', '.join(ROLES)}"
            raise Stop(Problem("", 0, "unknown-column", f'no column can be the "{role}"', hint))
    return named_source(options.source) if options.source else None


def _chosen(path: Path, reading: _Reading, told: list[Problem]) -> list[tuple[Content, Source]]:
    """Return what can be read of a file, each with the source that reads it, and tell what cannot.

    Where one member of an archive is a product's tickets, others of no product are its contacts and the like.
    """
    found: list[tuple[Content, Source, int]] = []
    told_here: list[Problem] = []
    try:
        for content in open_contents(path, path.as_posix(), reading.options.columns):
            try:
                if isinstance(content, Stop):
                    raise content
                found.append((content, *((reading.source, CERTAIN) if reading.source else _surest(content))))
            except Stop as stop:
                told_here.extend(stop.problems)
    except Stop as stop:
        told_here.extend(stop.problems)
    sure = max((certainty for *_, certainty in found), default=0)
    told.extend(replace(one, severity="hint") if one.rule == "no-subject-column" and found else one for one in told_here)
    for content, _, certainty in found:
        if certainty < CERTAIN <= sure:
            hint = "name it by itself if it holds tickets"
            message = f'"{content.path}" is left out: other files of the archive are the tickets'
            told.append(Problem(content.path, 0, "not-an-export", message, hint, "hint"))
    return [(content, source) for content, source, certainty in found if certainty >= CERTAIN or sure < CERTAIN]


def _surest(content: Content) -> tuple[Source, int]:
    sure, source = max(((source.tells(content), source) for source in all_sources()), key=lambda one: (one[0], one[1].name))
    if sure:
        return source, sure
    hint = f"name it with --columns subject=NAME; the columns are: {_named(content.seen)}"
    raise Stop(Problem(content.path, 0, "no-subject-column", f'"{content.path}" has no column of subjects', hint))


def _named(seen: Sequence[str]) -> str:
    """Return the columns' names. Where the first row is no head but a ticket, nothing private is said."""
    shown = [(name.strip(), redact(name)) for name in seen[:20] if name.strip()]
    if any(without_marks(safe) != safe for _, safe in shown):
        return "unknown, for its first row is no row of names"
    return ", ".join(f'"{safe}"' for _, safe in shown) or "none"


def _read(content: Content, source: Source, reading: _Reading) -> tuple[Understood, list[Ticket], list[Problem]]:
    wanted = Wanted(reading.options.columns, reading.options.use_body)
    columns = source.columns(content, wanted)
    dropped: Counter[str] = Counter()
    problems: list[Problem] = []
    drafts: list[Draft] = []
    draft = drafting(reading.options, reading.salt)
    count = 0
    for number, row in enumerate(source.read(content, wanted)):
        if not number % _TOLD:
            reading.progress(number, 0)
        if isinstance(row, Skipped):
            count += row.reason != "footer rows"
            dropped[row.reason] += 1
            if row.reason == _BROKEN and dropped[_BROKEN] <= _SHOWN:
                hint = "mend the line, or export again; the other rows are read"
                problems.append(Problem(content.path, row.line, "broken-row", row.message, hint, "warning"))
            continue
        count += 1
        if row.name:
            reading.names.add(row.name)
        made = draft(row)
        if isinstance(made, str):
            dropped[made] += 1
        else:
            drafts.append(made)
    reading.progress(count, count)
    if not count:
        raise Stop(Problem(content.path, 0, "empty-export", f'"{content.path}" has no tickets', "export the tickets again"))
    moments = _moments(content, drafts, reading, problems)
    tickets = list(_tickets(drafts, moments, reading, dropped))
    if content.guessed and source.text:
        problems.append(_guessed(content))
    known = Understood(
        content.path,
        source.title,
        content.encoding if source.text else "",
        content.table.delimiter if content.table else "",
        columns,
        count,
        len(tickets),
        dict(sorted(dropped.items(), key=lambda one: (-one[1], one[0]))),
        sum(not ticket.subject for ticket in tickets),
        min((ticket.created for ticket in tickets if ticket.created), default=None),
        max((ticket.created for ticket in tickets if ticket.created), default=None),
    )
    return known, tickets, problems


def _guessed(content: Content) -> Problem:
    message = f'"{content.path}" is not UTF-8; it was read as {content.encoding}'
    return Problem(content.path, 0, "guessed-encoding", message, "if letters look wrong, export it as UTF-8", "warning")


def _moments(
    content: Content, drafts: Sequence[Draft], reading: _Reading, problems: list[Problem]
) -> Sequence[datetime.datetime | None]:
    dates = read_dates([draft.created for draft in drafts], reading.options.dates, reading.zone)
    if dates.doubtful:
        message = f'"{content.path}" does not say whether the day or the month comes first in its dates'
        hint = "type --dates day-first or --dates month-first"
        problems.append(Problem(content.path, 0, "ambiguous-dates", message, hint, "warning"))
    if dates.unread:
        message = f'"{redact(dates.unread[:1000])[:40]}" is no date that kbtool knows'
        hint = "the ticket counts, without its date; name another column with --columns created=NAME"
        problems.append(Problem(content.path, 0, "unknown-date", message, hint, "warning"))
    return dates.moments


def _tickets(
    drafts: Sequence[Draft], moments: Sequence[datetime.datetime | None], reading: _Reading, dropped: Counter[str]
) -> Iterator[Ticket]:
    """Yield the tickets of the days asked for; the messages of a conversation are one."""
    alone = (pair for pair in zip(drafts, moments, strict=True) if not pair[0].conversation)
    every = not reading.options.since and not reading.options.until
    for draft, moment in chain(alone, group_messages(drafts, moments, dropped)):
        if every or _is_asked(moment, reading):
            yield Ticket(
                draft.id, draft.subject, draft.shown, moment, draft.status, draft.tags, draft.person, draft.body, draft.reopened
            )
        else:
            dropped["tickets of other days"] += 1


def _is_asked(moment: datetime.datetime | None, reading: _Reading) -> bool:
    """Tell whether the day is one of those that were asked for."""
    since, until = reading.options.since, reading.options.until
    if moment is None:
        return False
    day = moment.astimezone(reading.zone).date()
    return (since is None or since <= day) and (until is None or day <= until)


def _whole(tickets: list[tuple[str, Ticket]], understood: Sequence[Understood], told: Iterable[Problem]) -> TicketExport:
    """Put all files together, each ticket once."""
    problems = tuple(sorted(set(told)))
    if not understood:
        raise Stop(*(problems or (Problem("", 0, "no-export", "no export was given", "name the file with the tickets"),)))
    tickets.sort(key=_order)
    once: list[Ticket] = []
    before: tuple[str, str, str] = ("", "", "")
    for source, ticket in tickets:
        same = (source, ticket.id, ticket.shown)
        if not ticket.id or same != before:
            once.append(ticket)
        before = same
    if not once:
        raise Stop(*problems, _nothing_left(understood))
    return TicketExport(tuple(once), tuple(understood), problems)


def _order(one: tuple[str, Ticket]) -> tuple[object, ...]:
    source, ticket = one
    return (instant(ticket.created), source, ticket.id.zfill(20), ticket.shown, ticket.status, ticket.tags, ticket.person)


def _nothing_left(understood: Sequence[Understood]) -> Problem:
    dropped = sum((Counter(one.dropped) for one in understood), Counter[str]())
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in dropped.most_common())
    hint = "give an export of more days, or leave out --since, --until and --tag"
    return Problem(understood[0].path, 0, "empty-export", f"no ticket is left: {reasons}", hint)
