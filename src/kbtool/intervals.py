"""Lengths of time as people type them, such as "6 months" -> days of the calendar."""

import calendar
import datetime
import re

INTERVAL_HINT = 'type a number and days, weeks, months or years, such as "6 months"'

_INTERVAL = re.compile(r"\s*(\d{1,5})\s*(day|week|month|year)s?\s*", re.IGNORECASE)


def is_interval(text: str) -> bool:
    """Tell whether the text is a length of time that is understood."""
    return _INTERVAL.fullmatch(text) is not None


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
