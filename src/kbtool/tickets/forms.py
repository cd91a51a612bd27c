"""What the answers about tickets share, whatever they say: cells, counts, and what was understood of an export."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain

from kbtool.kinds import Json
from kbtool.tickets.export import Understood
from kbtool.tickets.formulas import guard_formula


def as_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV; a text that a spreadsheet would work out has an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def guarded_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of texts, out of which a spreadsheet can work nothing, as CSV.

    The writer of CSV weighs each letter: a row that needs no quotation marks is spared it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    commas = len(header) - 1
    for row in chain((header,), rows):
        line = ",".join(row)
        if line.count(",") > commas or '"' in line or "\n" in line or "\r" in line:
            writer.writerow(row)
        else:
            text.write(f"{line}\n")
    return text.getvalue()


def count(number: int, one: str, many: str) -> str:
    """Return the number with its noun.

    >>> count(1, "person", "people"), count(2000, "person", "people")
    ('1 person', '2,000 people')
    """
    return f"{number:,} {one if number == 1 else many}"


def percent(part: int, whole: int) -> str:
    """Return the part in hundredths of the whole.

    >>> percent(1, 3)
    '33 %'
    """
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def plain(text: str) -> str:
    r"""Return the text in one line, so that Markdown shows it as it is.

    >>> print(plain("a *b* <c>"))
    a \*b\* \<c>
    """
    return re.sub(r"([\\`*_\[\]<&#|~])", r"\\\1", " ".join(text.split()))


def code(path: str) -> str:
    """Return a path as Markdown shows it letter by letter."""
    return f"`{path.replace('`', '')}`"


def understood_as_json(one: Understood) -> Json:
    """Return what was understood of one text, table or sheet."""
    return {
        "path": one.path,
        "format": one.format,
        "encoding": one.encoding,
        "columns": dict(one.columns),
        "rows": one.read,
        "tickets": one.kept,
        "left_out": dict(one.dropped),
        "first": one.first.date().isoformat() if one.first else None,
        "last": one.last.date().isoformat() if one.last else None,
    }
