"""`kbtool gaps --keywords` and `--replay`: whether customers' words find the articles."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbtool.cli.options import Decorator
from kbtool.cli.tables import lines, say_rows, write_file
from kbtool.cli.words import count, say_problems

if TYPE_CHECKING:  # the help must come at once
    from kbtool.pipeline.matched import TicketOptions
    from kbtool.tickets.export import ReadOptions, TicketExport


class _Share(click.ParamType):  # type: ignore[type-arg, unused-ignore] # generic from click 8.2 on
    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's
        from kbtool.share import read_share

        try:
            return read_share(str(value))
        except ValueError:
            self.fail(f'"{value}" is no share. Type it as 80% or 0.8.', param, ctx)


_OPTIONS: tuple[Decorator, ...] = (
    click.option("--keywords", is_flag=True, help="Show for each article the customers' words that it lacks, as a line to add."),
    click.option("--apply", is_flag=True, help="With --keywords: write the lines into the articles."),
    click.option("--replay", is_flag=True, help="Ask the built site's own search what customers asked, and show what it misses."),
    click.option("--fail-under", type=_Share(), metavar="SHARE", help="With --replay: exit with 1 when it finds fewer, as 80%."),
)


@dataclass(frozen=True, slots=True)
class WordingChoice:
    """What was asked for beside the gaps."""

    keywords: bool
    apply: bool
    replay: bool
    fail_under: float | None

    def __bool__(self) -> bool:
        """Tell whether it is something."""
        return self.keywords or self.replay


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read, and how it is to be answered."""

    config: Path
    exports: tuple[Path, ...]
    reading: "ReadOptions"
    options: "TicketOptions"
    format: str
    output: Path | None


def wording_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command these options; it gets them as one `wording: WordingChoice`, which is false when none was typed."""
    options: Callable[..., Any] = wraps(command)(partial(_with_wording, command))
    for option in reversed(_OPTIONS):
        options = option(options)
    return options


def _with_wording(
    command: Callable[..., Any], *, keywords: bool, apply: bool, replay: bool, fail_under: float | None, **others: object
) -> object:
    if keywords and replay:
        raise click.UsageError("--keywords and --replay are two questions: ask one at a time.")
    if apply and not keywords:
        raise click.UsageError("--apply writes what --keywords shows: type both.")
    if fail_under is not None and not replay:
        raise click.UsageError("--fail-under is about --replay: type both.")
    return command(wording=WordingChoice(keywords, apply, replay, fail_under), **others)


def answer_wording(wording: WordingChoice, request: Request) -> None:
    """Answer what was asked for, and exit with 1 when search finds too little."""
    if request.format == "html":
        raise click.UsageError("--keywords and --replay answer as table, json, csv or markdown.")
    if wording.keywords:
        _answer_keywords(request, write=wording.apply)
    elif _answer_replay(request) < (wording.fail_under or 0):
        sys.exit(1)


def _answer_keywords(request: Request, *, write: bool) -> None:
    from kbtool.pipeline.wording import apply_keywords, ready_line, suggest_keywords
    from kbtool.tickets import keywordreport as report

    found = suggest_keywords(request.config, request.exports, request.reading, request.options)
    _say_export(found.export, report.summarize(found.lines))
    forms = {
        "json": lambda: report.as_json(found.lines, ready_line, found.export),
        "csv": lambda: report.as_csv(found.lines),
        "markdown": lambda: report.as_markdown(found.lines, ready_line),
    }
    _say(request, forms.get(request.format), report.COLUMNS, report.keyword_rows(found.lines, ready_line))
    if write:
        written = apply_keywords(request.config, found.lines, request.options)
        click.echo(f"Written into {count(len(written), 'article')}; build the site, and its search finds them.", err=True)


def _answer_replay(request: Request) -> float:
    """Say what search misses; return the share that it finds."""
    from kbtool.pipeline.wording import replay_subjects
    from kbtool.tickets import replayed

    report = replay_subjects(request.config, request.exports, request.reading, request.options)
    _say_export(report.export, replayed.summarize(report))
    say_problems(report.problems)
    forms = {
        "json": lambda: replayed.as_json(report),
        "csv": lambda: replayed.as_csv(report),
        "markdown": lambda: replayed.as_markdown(report),
    }
    _say(request, forms.get(request.format), replayed.COLUMNS, replayed.replay_rows(report))
    return report.share


def _say_export(export: "TicketExport", summary: str) -> None:
    from kbtool.tickets.export import describe

    for line in describe(export):
        click.echo(line, err=True)
    say_problems(export.problems)
    click.echo(summary, err=True)


def _say(request: Request, form: Callable[[], str] | None, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    if request.output:
        write_file(request.output, form() if form else lines(rows))
    elif form:
        click.echo(form(), nl=False)
    else:
        say_rows(columns, rows, right=("People", "Tickets"))
