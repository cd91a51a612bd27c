"""`kbtool stale [EXPORT...]`: the articles that need a person, most needed first."""

import secrets
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.exports import export_options, spare_exports
from kbtool.cli.options import config_option
from kbtool.cli.tables import lines, say_rows, write_file
from kbtool.cli.words import count, progress, say_problems

if TYPE_CHECKING:  # the help must come at once
    from kbtool.tickets.export import ReadOptions
    from kbtool.tickets.needs import StaleReport


@click.command("stale")
@click.argument("export", nargs=-1, type=click.Path(path_type=Path))
@export_options
@click.option("--words-only", is_flag=True, help="Match by words, without the model that knows what words mean.")
@click.option("--write", is_flag=True, help="Put review.json into the site, for programs that remind people.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv", "markdown", "html"]), default="table", show_default=True, help="How to answer.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the answer there and not on stdout.")  # fmt: skip
@config_option
def command(
    *, export: tuple[Path, ...], reading: "ReadOptions", words_only: bool, write: bool, format_: str,
    output: Path | None, config: Path,
) -> None:  # fmt: skip
    """Show which articles need a person, most needed first, and why.

    With a ticket EXPORT it also knows which articles customers still write about.

    \b
    Example:
      kbtool stale tickets.csv
    """
    spare_exports(export, output)
    from kbtool.pipeline.keeping import find_stale_articles, write_review_file
    from kbtool.pipeline.matched import TicketOptions

    today = date.today()  # noqa: DTZ011 - an article is overdue by the calendar on the wall
    with progress() as show:
        options = TicketOptions(today, secrets.token_bytes(16), words_only, show)
        found = find_stale_articles(config, export, reading, options)
    _answer(found.report, format_, output)
    if write and not write_review_file(found):
        click.echo("There is no site yet: review.json will be in the next one that you build.", err=True)


def _answer(report: "StaleReport", format_: str, output: Path | None) -> None:
    """Print the answer, or write it where it was asked for; what was read and what is not known goes to stderr."""
    from kbtool.tickets.export import describe
    from kbtool.tickets.stalereport import COLUMNS, as_csv, as_json, as_markdown, doubts, stale_rows, summarize

    for line in describe(report.export) if report.export else ():
        click.echo(line, err=True)
    say_problems(report.problems)
    for line in (summarize(report), *doubts(report)):
        click.echo(line, err=True)
    forms = {"json": as_json, "csv": as_csv, "markdown": as_markdown, "html": _as_html}
    if output:
        write_file(output, forms[format_](report) if format_ in forms else lines(stale_rows(report)))
    elif format_ in forms:
        click.echo(forms[format_](report), nl=False)
    elif sys.stdout.isatty():
        _show(report)
    else:
        say_rows(COLUMNS, stale_rows(report))


def _show(report: "StaleReport") -> None:
    """Print on a terminal the articles that there is a reason to look at; those never reviewed would push them out of sight."""
    from kbtool.tickets.stalereport import COLUMNS, needed, stale_rows

    some = needed(report)
    say_rows(COLUMNS, stale_rows(some))
    if report.states["stale"] and report.states["unknown"]:
        more = count(report.states["unknown"], "more was", "more were")
        click.echo(f"{more} never reviewed: add --format html --output stale.html to see all", err=True)
    if report.states["fine"] < len(report.articles):
        click.echo('When an article is right again, type "kbtool review" and its path', err=True)


def _as_html(report: "StaleReport") -> str:
    from kbtool.tickets.stalepage import as_html

    return as_html(report)
