"""Tickets with their best articles -> what they say against an article since it was reviewed, and since it was changed."""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbtool.demand import Match, Ticket
from kbtool.model import Meta
from kbtool.tickets.needs import Finding, Reason, Unknown

FEWEST_PEOPLE = 5
"""So many different people must have asked before tickets speak against an article."""
GROWTH = 2.0
"""So many times its earlier rate an article's tickets must come."""
BEFORE, AFTER = 28, 7
"""Days that an export must hold before and after a review, or the two rates cannot be compared."""
MONTH = 28
"""Days before and after a change that are compared."""
NEVER = "the article was never reviewed"
"""Why there is no time since a review."""
_RISE, _HELPLESS = "tickets-since-review", "update-did-not-help"
_KNOWN = 0.9
"""The share of tickets that must have a date, or a requester, for both to count as known."""


@dataclass(frozen=True, slots=True)
class Window:
    """What of the customers' questions an export shows."""

    first: datetime.date | None
    """The day of the first ticket; None when too few have a date."""
    last: datetime.date | None
    people: bool
    """Whether it says who wrote."""
    reopens: bool = True
    """Whether it says of any ticket that it was opened again."""


def open_window(tickets: Sequence[Ticket]) -> Window:
    """Return the days that the tickets cover, as they show by themselves: an export may begin after the day that was asked for."""
    days = [ticket.created.date() for ticket in tickets if ticket.created]
    known = bool(days) and len(days) >= _KNOWN * len(tickets)
    people = sum(bool(ticket.person) for ticket in tickets) >= _KNOWN * len(tickets)
    return Window(min(days) if known else None, max(days) if known else None, people, any(ticket.reopened for ticket in tickets))


def tickets_by_article(matches: Iterable[Match]) -> Mapping[str, tuple[Ticket, ...]]:
    """Return for each article the tickets that are about it: it answers them, well or weakly, and yet people wrote."""
    found: defaultdict[str, list[Ticket]] = defaultdict(list)
    for match in matches:
        if match.article and match.state != "unanswered":
            found[match.article].append(match.ticket)
    return {path: tuple(tickets) for path, tickets in found.items()}


def rise_since_review(tickets: Sequence[Ticket], meta: Meta, window: Window) -> Finding:
    """Return whether the article's tickets come more than twice as often since it was reviewed, from at least five people.

    The day of the review itself counts neither way.
    """
    if meta.reviewed is None:
        return Unknown(_RISE, NEVER)
    lacking = _lacking(window, meta.reviewed, BEFORE, AFTER, "the review")
    if lacking or window.first is None or window.last is None:
        return Unknown(_RISE, f"not enough data: {lacking}")
    earlier = _between(tickets, window.first, meta.reviewed)
    later = _between(tickets, meta.reviewed + _DAY, window.last + _DAY)
    people = count_people(later)
    before = len(earlier) / (meta.reviewed - window.first).days
    after = len(later) / (window.last - meta.reviewed).days
    if people < FEWEST_PEOPLE or after <= GROWTH * before:
        return None
    words = f"{people} people asked about it since the review on {meta.reviewed}: {_weekly(after)} tickets a week, before {_weekly(before)}"
    return Reason(_RISE, words, _weighed(4, people))


def helplessness_of_update(tickets: Sequence[Ticket], meta: Meta, window: Window) -> Finding:
    """Return whether as many tickets came in the 28 days after the article changed as in the 28 before."""
    if meta.updated is None:
        return Unknown(_HELPLESS, "when the article changed is unknown")
    lacking = _lacking(window, meta.updated, MONTH, MONTH, "the update")
    if lacking:
        return Unknown(_HELPLESS, f"not enough data: {lacking}")
    month = datetime.timedelta(MONTH)
    before = _between(tickets, meta.updated - month, meta.updated)
    after = _between(tickets, meta.updated + _DAY, meta.updated + month + _DAY)
    if count_people(after) < FEWEST_PEOPLE or not before or len(after) < len(before):
        return None
    words = (
        f"the update on {meta.updated} did not help: {len(after)} tickets in the 28 days after, {len(before)} in the 28 before"
    )
    return Reason(_HELPLESS, words, _weighed(4, count_people(after)))


def reopened_tickets(tickets: Sequence[Ticket], meta: Meta, window: Window) -> Finding:
    """Return whether tickets about the article were opened again since it was reviewed."""
    if not window.reopens:
        return Unknown("reopened-tickets", "not enough data: no ticket says that it was opened again")
    again = [ticket for ticket in tickets if ticket.reopened and not _is_settled(ticket, meta.reviewed)]
    if not again:
        return None
    since = f" since the review on {meta.reviewed}" if meta.reviewed else ""
    many = "1 ticket was opened again" if len(again) == 1 else f"{len(again)} tickets were opened again"
    return Reason("reopened-tickets", f"{many}{since}", _weighed(1, len(again)))


def count_people(tickets: Iterable[Ticket]) -> int:
    """Return how many different people wrote; a ticket of nobody known counts for none."""
    return len({ticket.person for ticket in tickets if ticket.person})


_DAY = datetime.timedelta(1)


def _lacking(window: Window, day: datetime.date, before: int, after: int, what: str) -> str:
    """Return in words what the export lacks; nothing when it holds enough."""
    if window.first is None or window.last is None:
        return "the tickets have no dates"
    if not window.people:
        return "the export does not say who wrote"
    if (day - window.first).days < before:
        return f"the export begins on {window.first}, less than {before} days before {what} on {day}"
    if (window.last - day).days < after:
        return f"the export ends on {window.last}, less than {after} days after {what} on {day}"
    return ""


def _between(tickets: Iterable[Ticket], first: datetime.date, end: datetime.date) -> list[Ticket]:
    """Return the tickets from the first day on, up to the day before the end."""
    return [ticket for ticket in tickets if ticket.created and first <= ticket.created.date() < end]


def _is_settled(ticket: Ticket, reviewed: datetime.date | None) -> bool:
    return bool(reviewed and ticket.created and ticket.created.date() <= reviewed)


def _weighed(least: float, number: int) -> float:
    """Return a weight that grows with the logarithm of how many there are."""
    return round(least + math.log2(1 + number / FEWEST_PEOPLE), 3)


def _weekly(daily: float) -> str:
    return f"{7 * daily:.1f}"
