"""Front matter and settings -> the day by which an article must be checked again."""

import calendar
import datetime
import re

from kbtool.config import Config
from kbtool.model import Meta

_INTERVAL = re.compile(r"\s*(\d{1,5})\s*(day|week|month|year)s?\s*", re.IGNORECASE)


def review_due(meta: Meta, folder: str, config: Config) -> datetime.date | None:
    """Return the last day on which the article counts as checked; None when nobody said when it was or how often it must be.

    How often: the article says, else the nearest topic above it that `kbtool.yml` gives a default, else `kbtool.yml` itself.
    """
    interval = meta.review_every or _topic_interval(folder, config) or config.review_every
    return add_interval(meta.reviewed, interval) if meta.reviewed else None


def add_interval(day: datetime.date, interval: str) -> datetime.date | None:
    """Return the day that much later, or None when the interval is none that is understood or leads beyond the calendar.

    >>> add_interval(datetime.date(2024, 11, 30), "3 months")
    datetime.date(2025, 2, 28)
    >>> add_interval(datetime.date(2024, 2, 29), "1 year")
    datetime.date(2025, 2, 28)
    >>> add_interval(datetime.date(2024, 1, 1), "90 days")
    datetime.date(2024, 3, 31)
    """
    match = _INTERVAL.fullmatch(interval)
    if not match:
        return None
    number, unit = int(match[1]), match[2].lower()
    try:
        if unit in ("day", "week"):
            return day + datetime.timedelta(days=number * (7 if unit == "week" else 1))
        return _add_months(day, number * (12 if unit == "year" else 1))
    except (OverflowError, ValueError):
        return None


def _add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _topic_interval(folder: str, config: Config) -> str:
    """Return what the nearest topic says, from the article's own upwards."""
    path = folder
    while path:
        defaults = config.topics.get(path)
        if defaults and defaults.review_every:
            return defaults.review_every
        path = path.rpartition("/")[0]
    return ""
