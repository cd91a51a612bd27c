"""taught.csv -> pairs of subject and article that a person marked right or wrong, and how marks are added to it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.tickets.formulas import guard_formula, unguard_formula
from kbtool.tickets.redact import redact, without_marks
from kbtool.tickets.scoring import Taught
from kbtool.tickets.subjects import clean_subject

FILE = "taught.csv"
"""Stands beside kbtool.yml."""
COLUMNS = ("subject", "article", "right")
_YES = frozenset(("yes", "y", "right", "true", "1", "x", "ja", "oui", "s\u00ed", "si", "sim", "da", "tak"))
_NO = frozenset(("no", "n", "wrong", "false", "0", "nein", "non", "n\u00e3o", "nao", "nie"))
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the file, as it may be shown."""

    subject: str
    """Redacted."""
    article: str
    """Its path under the content folder; empty: no article answers it."""
    right: bool
    line: int = 0


def read_marks(file: Path) -> tuple[tuple[Mark, ...], tuple[Problem, ...]]:
    """Return the lines that are marked, and what is wrong with others. Raises Stop when the file cannot be read as such a table."""
    rows = csv.reader(io.StringIO(text := _text(file), newline=""), delimiter=_separator(text))
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
        if missing := [name for name in COLUMNS if name not in header]:
            named = " and ".join(f'"{name}"' for name in missing)
            hint = 'the first line must name "subject", "article" and "right"'
            raise Stop(Problem(file.name, 1, "unknown-column", f'"{file.name}" has no column {named}', hint))
        places = [header.index(name) for name in COLUMNS]
        cells = [(rows.line_num, [row[place].strip() if place < len(row) else "" for place in places]) for row in rows]
    except csv.Error as error:
        raise Stop(Problem(file.name, rows.line_num, "unreadable", f'"{file.name}" cannot be read: {error}')) from error
    read = [_mark(line, *cell, file=file.name) for line, cell in cells if cell[0] and cell[2]]
    return tuple(mark for mark in read if isinstance(mark, Mark)), tuple(mark for mark in read if isinstance(mark, Problem))


def merge_marks(kept: Sequence[Mark], new: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return all marks, sorted; of two for one pair the new one, and only one article can be right for a subject."""
    right = {mark.subject: mark.article for mark in (*kept, *new) if mark.right}
    none = {mark.subject for mark in new if not mark.article}
    marks = {(mark.subject, mark.article): mark for mark in (*kept, *new)}
    lasting = (
        mark
        for mark in marks.values()
        if not mark.right or (right[mark.subject] == mark.article and mark.subject not in none)
        if mark.article or mark.right or mark.subject not in right or mark.subject in none
    )
    return tuple(sorted(lasting, key=lambda mark: (mark.subject, mark.article)))


def as_table(marks: Sequence[Mark]) -> str:
    """Return the file's text, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((guard_formula(mark.subject), guard_formula(mark.article), "yes" if mark.right else "no") for mark in marks)
    return text.getvalue()


def as_taught(marks: Sequence[Mark], articles: Sequence[str], file: str = FILE) -> tuple[tuple[Taught, ...], tuple[Problem, ...]]:
    """Return the marks as matching takes them, and a problem for each that names an article that is not there."""
    known = set(articles)
    there = tuple(mark for mark in marks if not mark.article or mark.article in known)
    taught = (Taught(clean_subject(without_marks(mark.subject)), mark.article, mark.right) for mark in there)
    return tuple(pair for pair in taught if pair.subject), tuple(_missing(marks, known, file))


def _missing(marks: Sequence[Mark], known: set[str], file: str) -> Iterator[Problem]:
    for mark in marks:
        if mark.article and mark.article not in known:
            hint = did_you_mean(mark.article, sorted(known)) or "type the article's path under the content folder"
            message = f'there is no article "{mark.article}"'
            yield Problem(file, mark.line, "unknown-article", message, hint, "warning")


def _mark(line: int, subject: str, article: str, right: str, *, file: str) -> Mark | Problem:
    """Return the mark, or what is wrong with it."""
    answer = right.casefold()
    if answer not in _YES | _NO:
        return Problem(file, line, "wrong-mark", f'"right" must be yes or no, not "{right}"', 'type "yes" or "no"', "warning")
    path = unguard_formula(article).replace("\\", "/").removeprefix("content/")
    if not path and answer in _YES:
        hint = 'name the article, or type "no" where no article answers the subject'
        return Problem(file, line, "wrong-mark", 'a line says "yes" and names no article', hint, "warning")
    return Mark(redact(unguard_formula(subject)), path, answer in _YES, line)


def _separator(text: str) -> str:
    """Return what stands most often in the first line between its parts."""
    first = text.partition("\n")[0]
    counts: Mapping[str, int] = {sign: first.count(sign) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: counts[sign])


def _text(file: Path) -> str:
    """Return the text of a file that a spreadsheet may have saved."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Stop(Problem(file.name, 0, "unreadable", f'"{file.name}" cannot be read: {error.strerror}')) from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    hint = "save it from the spreadsheet as CSV"
    raise Stop(Problem(file.name, 0, "unreadable", f'"{file.name}" is no table in text', hint))
