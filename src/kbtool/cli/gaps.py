"""`kbtool gaps EXPORT...`: what customers ask and no article answers."""

import secrets
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kbtool.cli.options import config_option
from kbtool.cli.words import progress, say_problems
from kbtool.problems import Problem, Stop

if TYPE_CHECKING:  # the help must come at once
    from kbtool.tickets.report import GapReport

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("gaps")
@click.argument("export", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--since", type=_DAY, metavar="DATE", help="The first day that counts, as 2026-11-01.")
@click.option("--until", type=_DAY, metavar="DATE", help="The last day that counts.")
@click.option("--tag", multiple=True, help="Only tickets with this tag; can be given more than once.")
@click.option("--min-tickets", type=click.IntRange(1), default=3, show_default=True, help="So many must ask the same.")
@click.option("--use-body", is_flag=True, help="Where a subject says nothing, take the first sentence of the message.")
@click.option("--words-only", is_flag=True, help="Match by words, without the model that knows what words mean.")
@click.option("--source", metavar="NAME", help="Read the export as this source does, whatever it looks like.")
@click.option("--columns", multiple=True, metavar="ROLE=HEADER", help="Where a column was guessed wrong: subject=Betreff.")
@click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How to read 03/04/2026, where no date tells.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "markdown"]), default="table", show_default=True, help="How to answer.")  # fmt: skip
@click.option("--output", type=_FILE, metavar="FILE", help="Write the answer there and not on stdout.")
@click.option("--matches", type=_FILE, metavar="FILE", help="Write each ticket's best article there, as CSV.")
@click.option(
    "--fail-over", type=click.IntRange(1), metavar="N", help="Exit with 1 when N people or more ask what no article answers."
)
@config_option
def command(
    *, export: tuple[Path, ...], since: datetime | None, until: datetime | None, tag: tuple[str, ...], min_tickets: int,
    use_body: bool, words_only: bool, source: str | None, columns: tuple[str, ...],
    dates: Literal["day-first", "month-first"] | None, format_: str, output: Path | None, matches: Path | None,
    fail_over: int | None, config: Path,
) -> None:  # fmt: skip
    """Show what customers ask in the tickets of EXPORT and no article answers, the most asked first.

    Nothing leaves this machine, and no name or address stands in the answer.

    \b
    Example:
      kbtool gaps tickets.csv --since 2026-11-01
    """
    _spare_exports(export, output, matches)
    from kbtool.pipeline.asking import GapOptions, find_gaps
    from kbtool.tickets.export import ReadOptions, describe

    first, last = since and since.date(), until and until.date()
    reading = ReadOptions(_columns(columns), source, dates, use_body=use_body, since=first, until=last, tags=tag)
    today = date.today()  # noqa: DTZ011 - an article expires by the calendar on the wall
    with progress() as show:
        options = GapOptions(today, secrets.token_bytes(16), min_tickets, words_only, show)
        report = find_gaps(config, export, reading, options)
    for line in describe(report.export):
        click.echo(line, err=True)
    say_problems(report.export.problems)
    _answer(report, format_, output, matches)
    if fail_over is not None and any(topic.people >= fail_over for topic in report.topics):
        sys.exit(1)


def _answer(report: "GapReport", format_: str, output: Path | None, matches: Path | None) -> None:
    """Print the answer, or write it where it was asked for; the line that sums it up goes to stderr."""
    from kbtool.tickets.report import as_csv, as_json, as_markdown, matches_as_csv, summarize, topic_rows

    if matches:
        _write(matches, matches_as_csv(report.matches))
    click.echo(summarize(report), err=True)
    if format_ == "table" and not output and sys.stdout.isatty():
        _say_table(topic_rows(report))
        return
    forms = {"json": as_json, "csv": as_csv, "markdown": as_markdown}
    text = forms[format_](report) if format_ in forms else _lines(topic_rows(report))
    if output:
        _write(output, text)
    else:
        click.echo(text, nl=False)


def _columns(given: Iterable[str]) -> dict[str, str]:
    """Return which column is to be read as what."""
    pairs = [text.partition("=") for text in given]
    for role, _, header in pairs:
        if not role or not header:
            raise click.UsageError('--columns is typed as ROLE=HEADER, for example "subject=Betreff".')
    return {role: header for role, _, header in pairs}


def _spare_exports(exports: Iterable[Path], *outputs: Path | None) -> None:
    """Refuse to write over an export."""
    read = {path.resolve() for path in exports}
    if len(written := [path.resolve() for path in outputs if path]) != len({*written} - read):
        raise click.UsageError("--output and --matches must be two files, and no EXPORT.")


def _write(file: Path, text: str) -> None:
    """Put the text into the file: all of it, or nothing."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(file)
    except OSError as error:
        hint = "name a file in a folder that is there and that you may write to"
        raise Stop(Problem(str(file), 0, "cannot-write", f'"{file}" cannot be written: {error.strerror}', hint)) from error


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join("\t".join(" ".join(part.split()) for part in row) + "\n" for row in rows)


def _say_table(rows: Sequence[Sequence[str]]) -> None:
    """Print a table for a person."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kbtool.tickets.report import COLUMNS

    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, overflow="fold", justify="right" if name in ("People", "Tickets") else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    if rows:
        Console().print(table)
