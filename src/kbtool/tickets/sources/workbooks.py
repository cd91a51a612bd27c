"""A spreadsheet's file -> the rows of its sheets, each cell as text."""

import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

from kbtool.problems import Problem, Stop
from kbtool.tickets.sources.containers import Member, check_archive, read_all
from kbtool.tickets.sources.source import Record

_LARGEST = 300 << 20
_CELLS = 60_000_000
_PLACE = re.compile(rb'\br="([A-Za-z]{1,3})(\d{1,7})"')


def read_sheets(member: Member) -> Iterator[tuple[str, list[Record]]]:
    """Yield each sheet's name and rows. Raises Stop when the file is no workbook, is damaged or holds too much."""
    calamine = _library(member.path)
    data = read_all(member, _LARGEST)
    if data.startswith(b"PK"):
        _check_size(data, member.path)
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        for name in workbook.sheet_names:
            yield name, [Record(line, [_text(cell) for cell in row]) for line, row in enumerate(_rows(workbook, name), 1)]
    except (calamine.CalamineError, ValueError, OSError, OverflowError, TypeError) as error:
        raise Stop(_damaged(member.path, error)) from None
    except BaseException as error:  # a panic in the library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Stop(_damaged(member.path, error)) from None


def _rows(workbook: Any, name: str) -> list[list[Any]]:  # noqa: ANN401 - the library's own
    rows: list[list[Any]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _library(shown: str) -> Any:  # noqa: ANN401 - a module
    try:
        import python_calamine  # noqa: PLC0415 - spreadsheets are read with an extra package only
    except ModuleNotFoundError:
        message, hint = f'"{shown}" is a spreadsheet', "type: pip install 'kbtool[tickets]', or export the tickets as CSV"
        raise Stop(Problem(shown, 0, "missing-package", message, hint)) from None
    return python_calamine


def _damaged(shown: str, error: BaseException) -> Problem:
    reason = str(error).split("\n", 1)[0].rstrip(".") or type(error).__name__
    return Problem(shown, 0, "broken-export", f'"{shown}" cannot be read as a spreadsheet: {reason}', "export the tickets as CSV")


def _check_size(data: bytes, shown: str) -> None:
    """Stop at a sheet with one cell far away: the library would make room for all between."""
    tails: dict[str, bytes] = {}
    widest: dict[str, int] = {}
    longest: dict[str, int] = {}

    def visit(name: str, piece: bytes) -> None:
        if not name.lower().endswith(".xml") or "sheet" not in name.lower():
            return
        for column, row in _PLACE.findall(tails.get(name, b"") + piece):
            widest[name] = max(widest.get(name, 0), _column(column))
            longest[name] = max(longest.get(name, 0), int(row))
        tails[name] = piece[-32:]

    check_archive(data, shown, visit)
    for name, width in widest.items():
        if width * longest[name] > _CELLS:
            message = f'"{shown}" is not read: a sheet goes from A1 to column {width}, row {longest[name]}'
            raise Stop(Problem(shown, 0, "export-too-large", message, "delete the cells outside of the table, or export CSV"))


def _column(letters: bytes) -> int:
    """Return a column's number.

    >>> _column(b"AB")
    28
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """Return a cell as a person reads it, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 - exact up to there
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat()
    return str(cell)
