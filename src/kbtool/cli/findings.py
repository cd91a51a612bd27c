"""Problems -> lines for a person, JSON for a program."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.words import count, problems_as_json, say_json, style_problem
from kbtool.problems import Problem, printable

if TYPE_CHECKING:  # the help must come at once
    from kbtool.pipeline.checking import CheckResult

_WIDEST = 110


def say_lines(problems: Sequence[Problem], root: Path) -> None:
    """Print a line a problem, with its hint below; on a terminal with the line of the file it is about, too."""
    for problem in problems:
        click.echo(style_problem(problem))
        if sys.stdout.isatty() and (excerpt := _excerpt(problem, root)):
            click.echo(click.style(excerpt, dim=True))


def say_object(problems: Sequence[Problem], root: Path) -> None:  # noqa: ARG001 - the form of every answer
    """Print the problems as one JSON object."""
    say_json({"problems": problems_as_json(problems)})


def say_summary(result: "CheckResult", *, hidden: int) -> None:
    """Print on stderr how much was looked at and how much was found."""
    severities = Counter(problem.severity for problem in result.problems)
    found = [count(severities[kind], kind) for kind in ("error", "warning") if severities[kind]]
    files = len({problem.path for problem in result.problems if problem.path and problem.severity != "hint"})
    place = f" in {count(files, 'file')}" if found else ""
    ideas = f"; {count(hidden, 'hint')} not shown (--hints)" if hidden else ""
    told = f"{', '.join(found) or 'no problems'}{place}{ideas}"
    click.echo(f"{count(result.articles, 'article')} checked: {told}.", err=True)


FORMS: Mapping[str, Callable[[Sequence[Problem], Path], None]] = {"text": say_lines, "json": say_object}
"""How `--format` answers: each prints the problems on stdout; the folder is what their paths start from."""


def _excerpt(problem: Problem, root: Path) -> str:
    """Return the line of the file that a problem is about; empty when there is none."""
    lines = _lines(root / problem.path) if problem.path and problem.line else ()
    if not 0 < problem.line <= len(lines) or not lines[problem.line - 1].strip():
        return ""
    text = printable(lines[problem.line - 1].strip().replace("\t", " "))
    cut = text if len(text) <= _WIDEST else f"{text[:_WIDEST]}..."
    return f"    {problem.line} | {cut}"


@lru_cache(maxsize=4)
def _lines(file: Path) -> tuple[str, ...]:
    try:
        return tuple(file.read_bytes().decode("utf-8", "replace").splitlines())
    except OSError:
        return ()
