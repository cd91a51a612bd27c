"""How commands speak: problems and progress on stderr, answers on stdout, colour only where a person looks."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from kbtool.problems import Problem

_REDRAWN, _EACH = 0.1, 10.0
"""Seconds between two pictures of a bar, and between two lines where there is none."""
_SHOWN = 3
"""So many problems with the same words are shown, in as many places: a thousand articles may share a key that is not known here."""
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def say_problems(problems: Iterable[Problem]) -> None:
    """Print the problems on stderr, severities in colour on a terminal (NO_COLOR is obeyed); of those with the same words only the first few."""
    problems = tuple(problems)
    alike = Counter(map(_words, problems))
    told: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        words = _words(problem)
        told[words] += 1
        if told[words] <= _SHOWN or alike[words] <= _SHOWN + 1:
            click.echo(style_problem(problem), err=True)
        elif told[words] == alike[words]:
            click.echo(f"{alike[words] - _SHOWN:,} more places with [{problem.rule}] {problem.message}", err=True)


def _words(problem: Problem) -> tuple[str, ...]:
    return problem.rule, problem.message, problem.hint


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
    """Give a function (stage, done, total) that draws a bar on a terminal, and elsewhere says a line now and then of what takes long."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        tasks: dict[str, TaskID] = {}
        drawn = 0.0

        def show(stage: str, done: int, total: int) -> None:
            nonlocal drawn
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total or None)
            bar.update(tasks[stage], completed=done, total=total or None)
            if time.monotonic() - drawn > _REDRAWN or done == total:
                drawn = time.monotonic()
                bar.refresh()

        yield show


class _Lines:
    """Says how far a long work is, in a line each time that some seconds have passed."""

    def __init__(self) -> None:
        """Begin to count the seconds."""
        self._said = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say it, if it is time."""
        if time.monotonic() - self._said < _EACH:
            return
        self._said = time.monotonic()
        whole = f" of {total:,}" if total else ""
        click.echo(f"{stage}: {done:,}{whole}" if total != 1 else stage, err=True)
