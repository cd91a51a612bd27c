"""Problems -> lines for a person, JSON, annotations or SARIF for a program."""

import os
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


def say_annotations(problems: Sequence[Problem], root: Path) -> None:
    """Print the problems as GitHub's log shows them beside the lines."""
    from kbtool.cli.reports import github_lines

    click.echo(github_lines(problems, root, _top()), nl=False)


def say_sarif(problems: Sequence[Problem], root: Path) -> None:
    """Print the problems as one SARIF log, for code scanning."""
    from kbtool import __version__
    from kbtool.cli.reports import sarif_log

    say_json(sarif_log(problems, root, _top(), __version__))


def say_tests(problems: Sequence[Problem], root: Path) -> None:
    """Print the problems as a JUnit report, for hosts that show test results."""
    from kbtool.cli.reports import junit_report

    click.echo(junit_report(problems, root, _top()))


def say_summary(result: "CheckResult", *, hidden: int) -> None:
    """Print on stderr how much was looked at and how much was found."""
    severities = Counter(problem.severity for problem in result.problems)
    found = [count(severities[kind], kind) for kind in ("error", "warning") if severities[kind]]
    files = len({problem.path for problem in result.problems if problem.path and problem.severity != "hint"})
    place = f" in {count(files, 'file')}" if found else ""
    ideas = f"; {count(hidden, 'hint')} not shown (--hints)" if hidden else ""
    told = f"{', '.join(found) or 'no problems'}{place}{ideas}"
    click.echo(f"{count(result.articles, 'article')} checked: {told}.", err=True)
    if result.old or result.gone:
        renew = f"; {count(result.gone, 'other')} found no more (kbtool check --baseline takes them out)" if result.gone else ""
        click.echo(f"{count(result.old, 'finding')} accepted before and not shown{renew}.", err=True)


FORMS: Mapping[str, Callable[[Sequence[Problem], Path], None]] = {
    "text": say_lines,
    "json": say_object,
    "github": say_annotations,
    "sarif": say_sarif,
    "junit": say_tests,
}
"""How `--format` answers: each prints the problems on stdout; the folder is what their paths start from."""


def _top() -> Path:
    """Return the folder that GitHub's paths start from: the checkout in a workflow, elsewhere the folder we are in."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()


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
