"""A column of dates as help desks write them -> moments; which part is the day is decided for the whole column."""

import datetime
import email.utils
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

DateOrder = Literal["day-first", "month-first"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janv janvier ene enero gennaio gen januari jänner",
            "feb february februar févr février fevr febrero fev fevereiro febbraio februari",
            "mar march mär märz mrz mars marzo março maart",
            "apr april avr avril abr abril aprile",
            "may mai mayo maio mag maggio mei maj",
            "jun june juni juin junio junho giu giugno",
            "jul july juli juil juillet julio julho lug luglio",
            "aug august août aout ago agosto augustus augusti",
            "sep sept september septembre septiembre set setembro settembre",
            "oct october okt oktober octobre octubre out outubro ott ottobre",
            "nov november novembre noviembre novembro",
            "dec december dez dezember déc décembre dic diciembre dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = r"(?:[\s,T]{1,3}(?:at\s)?(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s{0,2}([ap]\.?\s?m\.?)?)?"
_ZONE = r"(?:\s{0,2}(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_NUMBERS = re.compile(rf"(\d{{1,4}})([/.-])\s?(\d{{1,2}})\2\s?(\d{{2,4}}){_CLOCK}{_ZONE}", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})[\s/.-]{{1,3}}([^\W\d_]{{3,10}})[\s/.,-]{{1,3}}(\d{{2,4}}){_CLOCK}{_ZONE}", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"([^\W\d_]{{3,10}})[\s.]{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}}){_CLOCK}{_ZONE}", re.IGNORECASE)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s{1,2}")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d{1,17})?")
_ZERO = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_LONGEST = 80
_CENTURY = 100
_TURN = 70
"""Two digits below are years of this century."""
_MONTHS_IN_YEAR = 12
_SECONDS, _MILLISECONDS, _DAY = (9, 10), (12, 13), 8


@dataclass(frozen=True, slots=True)
class Dates:
    """A column, read."""

    moments: tuple[datetime.datetime | None, ...]
    """With their zones; None where nothing or no date stands."""
    doubtful: bool
    """Whether no date of the column, nor the caller, says which part is the day."""
    unread: str
    """The first text that is no date, or an empty string."""


def read_dates(texts: Sequence[str], order: DateOrder | None, zone: ZoneInfo) -> Dates:
    """Return a moment for each text. A first part over 12 anywhere makes the column day-first, a second one month-first."""
    known: dict[str, datetime.datetime | _Numbers | None] = {}
    found = [known[text] if text in known else known.setdefault(text, _read(text)) for text in texts]
    open_ones = [one for one in known.values() if isinstance(one, _Numbers)]
    doubtful, order = _order(open_ones, order)
    moments = tuple(_moment(one, order, zone) for one in found)
    unread = next((text for text, moment in zip(texts, moments, strict=True) if moment is None and text.strip()), "")
    return Dates(moments, doubtful, unread)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A date of which the first or the second part is the day."""

    first: int
    second: int
    rest: datetime.datetime
    """The year and the time of day; its month and day say nothing."""
    sign: str
    half: bool
    """Whether it has AM or PM."""


def _order(open_ones: Sequence[_Numbers], asked: DateOrder | None) -> tuple[bool, DateOrder]:
    day_first = sum(one.first > _MONTHS_IN_YEAR for one in open_ones)
    month_first = sum(one.second > _MONTHS_IN_YEAR for one in open_ones)
    if day_first != month_first:
        return False, "day-first" if day_first > month_first else "month-first"
    if asked or not open_ones:
        return False, asked or "day-first"
    if all(one.sign == "." for one in open_ones):
        return False, "day-first"  # nobody writes months first with full stops
    return True, "month-first" if all(one.half for one in open_ones) else "day-first"


def _moment(one: "datetime.datetime | _Numbers | None", order: DateOrder, zone: ZoneInfo) -> datetime.datetime | None:
    if isinstance(one, _Numbers):
        day, month = (one.first, one.second) if order == "day-first" else (one.second, one.first)
        try:
            one = one.rest.replace(month=month, day=day)
        except ValueError:
            return None
    return one.replace(tzinfo=zone) if one is not None and one.tzinfo is None else one


def _read(text: str) -> "datetime.datetime | _Numbers | None":
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if text.isascii() and text.isdigit():
            return _number(text)
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            return _written(text)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _number(text: str) -> datetime.datetime | None:
    """Return the moment of an epoch in seconds or milliseconds, of YYYYMMDD, or of a spreadsheet's day."""
    if len(text) in _SECONDS:
        return datetime.datetime.fromtimestamp(int(text), datetime.UTC)
    if len(text) in _MILLISECONDS:
        return datetime.datetime.fromtimestamp(int(text) / 1000, datetime.UTC)
    if len(text) == _DAY:
        return datetime.datetime.fromisoformat(text)
    return _ZERO + datetime.timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


def _written(text: str) -> "datetime.datetime | _Numbers | None":
    if _SERIAL.fullmatch(text):
        return _ZERO + datetime.timedelta(seconds=round(float(text) * 86400))
    text = " ".join(text.split())
    text = text[weekday.end() :] if (weekday := _WEEKDAY.match(text)) else text
    if found := _NUMBERS.fullmatch(text):
        return _numbers(found)
    if found := _DAY_MONTH.fullmatch(text):
        return _named(found[1], found[2], found[3], found.groups()[3:])
    if found := _MONTH_DAY.fullmatch(text):
        return _named(found[2], found[1], found[3], found.groups()[3:])
    if text[-5:-4] in ("+", "-") or text.endswith((")", "GMT", "UTC")):
        return email.utils.parsedate_to_datetime(text)
    return None


def _numbers(found: re.Match[str]) -> "datetime.datetime | _Numbers | None":
    first, sign, second, third, *clock = found.groups()
    if len(first) > 2:  # noqa: PLR2004 - the year stands first
        return _timed(int(first), int(second), int(third), clock)
    if len(third) == 3:  # noqa: PLR2004 - no year has three digits
        return None
    rest = _timed(_year(third), 1, 1, clock)
    return _Numbers(int(first), int(second), rest, sign, half=bool(clock[3]))


def _named(day: str, month: str, year: str, clock: Sequence[str | None]) -> datetime.datetime | None:
    name = month.casefold()
    number = _MONTHS.get(name) or _MONTHS.get(name[:3])
    return _timed(_year(year), number, int(day), clock) if number else None


def _year(text: str) -> int:
    """Return the year, of this century when its two digits say nothing else."""
    year = int(text)
    return year if year >= _CENTURY else year + (2000 if year < _TURN else 1900)


def _timed(year: int, month: int, day: int, clock: Sequence[str | None]) -> datetime.datetime:
    hour, minute, second, half, zone = clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return datetime.datetime(year, month, day, hours, int(minute or 0), int(second or 0), tzinfo=_offset(zone))


def _offset(zone: str | None) -> datetime.tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return datetime.UTC
    digits = zone[1:].replace(":", "")
    ahead = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return datetime.timezone(-ahead if zone[0] == "-" else ahead)
