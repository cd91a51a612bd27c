"""Days of tickets -> how many came in each week, and whether more and more come."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from kbtool.demand import Match

Span = tuple[datetime.date, datetime.date]
"""The first and the last day of an export."""

FEWEST_FOR_TREND = 5
"""Tickets from which on more and more of them is a trend."""

SHORTEST_TREND = 14
"""Days of an export from which on there is a trend to speak of."""


def days_of(matches: Iterable[Match]) -> tuple[datetime.date, ...]:
    """Return the days of the tickets that have one, in the tickets' order."""
    return tuple(match.ticket.created.date() for match in matches if match.ticket.created)


def span_of(days: Sequence[datetime.date]) -> Span | None:
    """Return the first and the last day; None when there is none."""
    return (min(days), max(days)) if days else None


def monday_of(day: datetime.date) -> datetime.date:
    """Return the Monday of a day's week.

    >>> monday_of(datetime.date(2026, 11, 22))
    datetime.date(2026, 11, 16)
    """
    return day - datetime.timedelta(day.weekday())


def mondays_in(span: Span) -> tuple[datetime.date, ...]:
    """Return the Monday of every week of the span, the weeks without a ticket too."""
    first, last = map(monday_of, span)
    return tuple(first + datetime.timedelta(7 * week) for week in range((last - first).days // 7 + 1))


def count_weeks(days: Sequence[datetime.date], span: Span | None) -> tuple[tuple[datetime.date, int], ...]:
    """Return how many of the days stand in each week of the span, by its Monday; nothing when no day is known."""
    counts = Counter[datetime.date]()
    for day, number in Counter(days).items():
        counts[monday_of(day)] += number
    return tuple((monday, counts[monday]) for monday in mondays_in(span)) if span and days else ()


def growth(days: Sequence[datetime.date], span: Span | None) -> float:
    """Return the tickets of the later half of the span for each of the earlier half, one added to both: few tickets are no trend.

    1 when nothing is known, or when there are too few to tell. Halves are of days and not of weeks, for an export seldom begins on a Monday and ends on a Sunday.
    """
    if len(days) < FEWEST_FOR_TREND or not span or (span[1] - span[0]).days + 1 < SHORTEST_TREND:
        return 1.0
    counts = Counter(days)
    later = sum(number for day, number in counts.items() if (day - span[0]) > (span[1] - day))
    earlier = sum(number for day, number in counts.items() if (day - span[0]) < (span[1] - day))
    return (1 + later) / (1 + earlier)
