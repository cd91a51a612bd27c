"""How commands speak: problems and progress on stderr, answers on stdout, colour only where a person looks."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from kbtool.problems import Problem

_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def say_problems(problems: Iterable[Problem]) -> None:
    """Print each problem on stderr, its severity in colour on a terminal (NO_COLOR is obeyed)."""
    for problem in problems:
        click.echo(style_problem(problem), err=True)


def style_problem(problem: Problem) -> str:
    """Return the problem's lines with its severity in colour; click takes the colour out where no person looks."""
    mark = f"{problem.severity}: "
    before, _, after = str(problem).partition(mark)
    return before + click.style(mark, fg=_COLOURS[problem.severity], bold=True) + after


def say_json(value: object) -> None:
    """Print the value as JSON on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Return the problems as JSON objects."""
    return [asdict(problem) for problem in problems]


def count(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun.

    >>> count(1, "page"), count(2, "page"), count(0, "entry", "entries")
    ('1 page', '2 pages', '0 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (stage, done, total) that draws a bar on a terminal, and is silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)
            if done % 25 == 0 or done == total:
                bar.refresh()

        yield show
