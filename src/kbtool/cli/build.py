"""`kbtool build`: content/ -> site/."""

import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Literal

import click

from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import count, problems_as_json, progress, say_json, say_problems
from kbtool.lastbuild import BuildResult, last_build, recall


@click.command("build")
@click.option("--strict", is_flag=True, help="Exit with 1 when there is an error or a warning.")
@click.option("--drafts", is_flag=True, help="Build drafts too, marked as such.")
@click.option("--no-search", is_flag=True, help="Leave the search index out.")
@click.option("--hints", is_flag=True, help="Show hints too, not only errors and warnings.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes to use; left out, one per core.")
@format_option
@config_option
def command(*, strict: bool, drafts: bool, no_search: bool, hints: bool, workers: int | None, format_: str, config: Path) -> None:
    """Build the site from the articles.

    Only what changed is made again. The old site stays until the new one is whole; a broken article never
    keeps the others from being built.

    \b
    Example:
      kbtool build --strict
    """
    start = time.perf_counter()
    result = _build(config, drafts=drafts, search=not no_search, workers=workers or os.cpu_count() or 1)
    shown = [problem for problem in result.problems if hints or problem.severity != "hint"]
    if format_ == "json":
        say_json(_as_json(result, time.perf_counter() - start))
    else:
        say_problems(shown)
        click.echo(_summary(result, time.perf_counter() - start))
    if strict and any(problem.severity != "hint" for problem in result.problems):
        sys.exit(1)


def _build(config: Path, *, drafts: bool, search: bool, workers: int) -> BuildResult:
    """Return what the last build said when nothing changed since, else build."""
    today = date.today()  # noqa: DTZ011 - an article expires by the calendar on the wall
    shape = f"{drafts=} {search=}"
    last = recall(last_build(config), config, shape, today)
    if last:
        return last
    from kbtool.pipeline.building import BuildOptions, build_site

    with progress() as show:
        index: Literal["fresh", "none"] = "fresh" if search else "none"
        return build_site(config, BuildOptions(today, shape, drafts=drafts, search=index, workers=workers, progress=show))


def _summary(result: BuildResult, seconds: float) -> str:
    """Return the line that ends a build."""
    place = os.path.relpath(result.output)
    changes = [f"{count(result.written, 'file')} new or changed"] if result.written else []
    changes += [f"{result.removed:,} removed"] if result.removed else []
    severities = [problem.severity for problem in result.problems]
    problems = [count(severities.count(kind), kind) for kind in ("error", "warning") if kind in severities]
    said = "; ".join([", ".join(changes) or "nothing changed", ", ".join(problems) or "no problems"])
    held = f" ({result.held_back:,} held back: drafts, for agents, or with a fault at their top)" if result.held_back else ""
    return f"{count(result.articles, 'article')}{held}, {count(result.pages, 'page')} in {place}{os.sep} after {seconds:.1f} s: {said}."


def _as_json(result: BuildResult, seconds: float) -> dict[str, object]:
    return {
        "articles": result.articles,
        "held_back": result.held_back,
        "pages": result.pages,
        "written": result.written,
        "removed": result.removed,
        "output": str(result.output),
        "seconds": round(seconds, 3),
        "problems": problems_as_json(result.problems),
    }
