"""How commands show an answer of rows: a table for a person, lines for a program, or a file that is whole or not there."""

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import click

from kbtool.problems import Problem, Stop

Rows = Sequence[Sequence[str]]


def say_rows(columns: Sequence[str], rows: Rows, *, right: Collection[str] = ()) -> None:
    """Print a table on a terminal, with the columns `right` flush right; elsewhere a line a row, its parts between tabs."""
    if not sys.stdout.isatty():
        click.echo(lines(rows), nl=False)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name in right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    if rows:
        Console().print(table)


def lines(rows: Iterable[Sequence[str]]) -> str:
    r"""Return a line for each row, its parts between tabs.

    >>> lines([("one", "two  words")])
    'one\ttwo words\n'
    """
    return "".join("\t".join(" ".join(part.split()) for part in row) + "\n" for row in rows)


def write_file(file: Path, text: str) -> None:
    """Put the text into the file: all of it, or nothing."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(file)
    except OSError as error:
        hint = "name a file in a folder that is there and that you may write to"
        raise Stop(Problem(str(file), 0, "cannot-write", f'"{file}" cannot be written: {error.strerror}', hint)) from error
