"""`kbtool gaps EXPORT...`: what customers ask and no article answers."""

import secrets
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.drafts import draft_option, say_draft
from kbtool.cli.exports import export_options, spare_exports
from kbtool.cli.options import config_option
from kbtool.cli.tables import lines, say_rows, write_file
from kbtool.cli.teaching import say_why, teaching_options
from kbtool.cli.wording import Request, WordingChoice, answer_wording, wording_options
from kbtool.cli.words import progress, say_problems

if TYPE_CHECKING:  # the help must come at once
    from kbtool.tickets.export import ReadOptions
    from kbtool.tickets.report import GapReport

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("gaps")
@click.argument("export", nargs=-1, required=True, type=click.Path(path_type=Path))
@export_options
@click.option("--min-tickets", type=click.IntRange(1), default=3, show_default=True, help="So many must ask the same.")
@click.option("--words-only", is_flag=True, help="Match by words, without the model that knows what words mean.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "markdown", "html"]), default="table", show_default=True, help="How to answer.")  # fmt: skip
@click.option("--output", type=_FILE, metavar="FILE", help="Write the answer there and not on stdout.")
@click.option("--matches", type=_FILE, metavar="FILE", help="Write each ticket's best article there, as CSV.")
@click.option(
    "--fail-over", type=click.IntRange(1), metavar="N", help="Exit with 1 when N people or more ask what no article answers."
)
@draft_option
@wording_options
@teaching_options
@config_option
def command(
    *, export: tuple[Path, ...], reading: "ReadOptions", min_tickets: int, words_only: bool, format_: str,
    output: Path | None, matches: Path | None, fail_over: int | None, draft: int | None, wording: WordingChoice,
    why: str | None, config: Path,
) -> None:  # fmt: skip
    """Show what customers ask in the tickets of EXPORT and no article answers, the most asked first.

    Nothing leaves this machine, and no name or address stands in the answer.

    \b
    Example:
      kbtool gaps tickets.csv --since 2026-11-01
    """
    spare_exports(export, output, matches)
    from kbtool.pipeline.asking import find_gaps
    from kbtool.pipeline.matched import TicketOptions
    from kbtool.tickets.export import describe

    today = date.today()  # noqa: DTZ011 - an article expires by the calendar on the wall
    with progress() as show:
        options = TicketOptions(today, secrets.token_bytes(16), words_only, show)
        request = Request(config, export, reading, options, format_, output)
        if wording:
            answer_wording(wording, request)
            return
        if why is not None:
            say_why(request, why)
            return
        report = find_gaps(config, export, reading, options, min_tickets=min_tickets)
    for line in describe(report.export):
        click.echo(line, err=True)
    say_problems(report.export.problems)
    _sum_up(report, matches)
    if output or not draft:
        _answer(report, format_, output)
    if draft:
        say_draft(config, report, draft)
    if fail_over is not None and any(topic.people >= fail_over for topic in report.topics):
        sys.exit(1)


def _sum_up(report: "GapReport", matches: Path | None) -> None:
    """Write each ticket's match where it was asked for, and say in a line on stderr what was found."""
    from kbtool.tickets.report import cautions, matches_as_csv, summarize

    if matches:
        write_file(matches, matches_as_csv(report.matches))
    for line in (summarize(report), *cautions(report)):
        click.echo(line, err=True)


def _answer(report: "GapReport", format_: str, output: Path | None) -> None:
    """Print the answer, or write it where it was asked for."""
    from kbtool.tickets.report import COLUMNS, as_csv, as_json, as_markdown, next_steps, topic_rows

    forms = {"json": as_json, "csv": as_csv, "markdown": as_markdown, "html": _as_html}
    if output:
        write_file(output, forms[format_](report) if format_ in forms else lines(topic_rows(report)))
    elif format_ in forms:
        click.echo(forms[format_](report), nl=False)
    elif sys.stdout.isatty():
        rows = [(f"{number}", *row) for number, row in enumerate(topic_rows(report), 1)]
        say_rows(("No.", *COLUMNS), rows, right=("No.", "People", "Tickets"))
        for line in next_steps(report):
            click.echo(line, err=True)
    else:
        say_rows(COLUMNS, topic_rows(report))


def _as_html(report: "GapReport") -> str:
    from kbtool.tickets.page import as_html

    return as_html(report)
