"""Front matter with dates in other forms than 2026-03-01 -> the bytes with those that can only mean one day in this form."""

import datetime
import re
from collections.abc import Iterator

from kbtool.content.amend import Amendment, amend_article, front_matter, plain_key
from kbtool.content.fixes.sheet import read_sheet
from kbtool.yamlnodes import read_layout

_KEYS = frozenset({"reviewed", "updated", "expires", "lastmod", "date", "last_reviewed_on"})
_MONTHS = (
    "jan january januar janvier enero gennaio januari janeiro",
    "feb february februar février febrero febbraio februari fevereiro",
    "mar march märz mars marzo maart março",
    "apr april avril abril aprile",
    "may mai mayo maggio mei maio",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet julio luglio julho",
    "aug august août agosto augustus",
    "sep sept september septembre septiembre settembre setembro",
    "oct october oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre diciembre dicembre dezembro",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º|er)?(?: de)?[ -]([^\W\d_]{3,10})\.?,?(?: de)?[ -](\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_MOST = 12


def mend_dates(data: bytes, path: str) -> tuple[bytes, tuple[int, ...]]:
    """Return the article with its dates in the form that is read, and the lines of the file that changed.

    Raises Stop as `amend_article` does.
    """
    found = tuple(_wrong_dates(read_sheet(data).head))
    if not found:
        return data, ()
    data = amend_article(data, path, Amendment({key: value for key, value, _ in found}))
    return data, tuple(line for _, _, line in found)


def certain_day(text: str) -> datetime.date | None:
    """Return the only day that a text can mean; None when it can mean two, or none, or is in a form that is read already.

    >>> certain_day("2026/3/1"), certain_day("1 March 2026"), certain_day("31/12/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), datetime.date(2026, 12, 31))
    >>> certain_day("3/4/2026"), certain_day("2026-03-01"), certain_day("31 June 2026")
    (None, None, None)
    """
    text = " ".join(text.split())
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            return datetime.date(int(match[1]), int(match[3]), int(match[4]))
        if match := _YEAR_LAST.fullmatch(text):
            return _numbered(int(match[1]), int(match[3]), int(match[4]), dotted=match[2] == ".")
        if match := _DAY_MONTH.fullmatch(text):
            return datetime.date(int(match[3]), _NUMBERS[match[2].lower()], int(match[1]))
        if match := _MONTH_DAY.fullmatch(text):
            return datetime.date(int(match[3]), _NUMBERS[match[1].lower()], int(match[2]))
    except (ValueError, KeyError):
        return None
    return None


def _numbered(first: int, second: int, year: int, *, dotted: bool) -> datetime.date | None:
    """Return the day of two numbers and a year: with slashes, Europe and America read them differently; nobody does with dots."""
    if dotted or first > _MOST or first == second:
        return datetime.date(year, second, first)
    return datetime.date(year, first, second) if second > _MOST else None


def _wrong_dates(head: str) -> Iterator[tuple[str, str, int]]:
    """Yield each key with a date to be mended, its value as YAML has it in the quotes that it had, and its line."""
    place = front_matter(head)
    typed = head[slice(*place)] if place else ""
    layout = read_layout(typed) if typed else None
    seen: set[str] = set()
    for entry in layout.entries if layout else ():
        key = plain_key(str(entry.key))
        if key not in _KEYS or key in seen or entry.kind != "text":
            continue
        seen.add(key)
        value = typed[entry.start : entry.end].strip()
        quote = value[0] if value[:1] in ("'", '"') and value[:1] == value[-1:] else ""
        day = certain_day(value.strip(quote) if quote else value)
        if day:
            before = head[: (place or (0, 0))[0]] + typed[: entry.start]
            yield key, f"{quote}{day.isoformat()}{quote}", 1 + len(re.findall(r"\r\n|\n|\r", before))
