"""`kbtool check [PATH...]`: what a reader will trip over."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbtool.cli.findings import FORMS, say_summary
from kbtool.cli.options import config_option
from kbtool.cli.visits import say_visits
from kbtool.cli.words import progress
from kbtool.problems import Problem

if TYPE_CHECKING:  # the help must come at once
    from kbtool.outside.manners import Manners
    from kbtool.pipeline.checking import CheckResult

_PATH = click.Path(path_type=Path)
_EXTERNAL = "external-link"


@click.command("check")
@click.argument("path", nargs=-1, type=_PATH)
@click.option("--strict", is_flag=True, help="Exit with 1 when there is an error or a warning.")
@click.option("--hints", is_flag=True, help="Show hints too, not only errors and warnings.")
@click.option("--rule", "rules", multiple=True, metavar="NAME", help="Only what this rule finds; can be given more than once.")
@click.option("--stdin", "stdin", type=_PATH, metavar="PATH", help="Check the text on stdin as if it were saved at PATH.")
@click.option("--tickets", multiple=True, type=_PATH, metavar="EXPORT", help="Hold the articles against this ticket export, too.")
@click.option("--external", is_flag=True, help="Ask other sites whether the links to them still work; each at most once a day.")
@click.option(
    "--changed-since", "since", metavar="REV", help="Only files that changed since this git revision, and what they broke."
)
@click.option("--baseline", is_flag=True, help="Accept what is found now, so that only new findings are told from now on.")
@click.option(
    "--fix", is_flag=True, help="Mend what is safe to mend, then check: numbers, indents, links' spelling, dates, spaces."
)
@click.option("--dry-run", is_flag=True, help="With --fix: show what would be mended, and change nothing.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the answer there and not on stdout."
)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes to use; left out, one per core.")
@click.option("--format", "format_", type=click.Choice([*FORMS]), default="text", show_default=True, help="How to answer.")
@config_option
def command(
    *, path: tuple[Path, ...], strict: bool, hints: bool, rules: tuple[str, ...], stdin: Path | None,
    tickets: tuple[Path, ...], external: bool, since: str | None, baseline: bool, fix: bool, dry_run: bool, output: Path | None,
    workers: int | None, format_: str, config: Path,
) -> None:  # fmt: skip
    """Show what a reader will trip over, in all articles or in those at PATH.

    Exits with 1 when there is an error. Levels are set in kbtool.yml under "checks".

    \b
    Example:
      kbtool check --strict
      kbtool check content/billing
    """
    if baseline and (path or rules or stdin or since):
        raise click.UsageError("--baseline accepts all that is found: leave PATH, --rule, --stdin and --changed-since out.")
    _refuse_what_asks_nobody(external, rules, stdin)
    _refuse_what_mends_nothing(fix=fix, dry_run=dry_run, unfit=bool(baseline or stdin), shown=bool(output or format_ != "text"))
    if fix:
        from kbtool.cli.fixing import mend_and_say

        mend_and_say(config, path, since=since or "", rules=rules, workers=workers, dry_run=dry_run)
        if dry_run:
            return
    result = _check(
        config,
        path,
        stdin,
        since=since or "",
        rules=rules,
        tickets=tickets,
        external=external,
        workers=workers,
        baseline="renew" if baseline else "obey",
    )
    wanted = hints or bool(rules)
    shown = [problem for problem in result.problems if wanted or problem.severity != "hint" or problem.rule == _EXTERNAL]
    _answer(shown, result.root, format_, output)
    say_summary(result, hidden=len(result.problems) - len(shown))
    if result.outside:
        say_visits(result.outside)
    grave = ("error", "warning") if strict else ("error",)
    if any(problem.severity in grave for problem in result.problems):
        sys.exit(1)


def _answer(problems: Sequence[Problem], root: Path, format_: str, output: Path | None) -> None:
    """Print the problems, or write them where that was asked for."""
    if output is None:
        FORMS[format_](problems, root)
        return
    from kbtool.cli.tables import write_file

    with redirect_stdout(StringIO()) as said:
        FORMS[format_](problems, root)
    write_file(output, said.getvalue())


def _refuse_what_asks_nobody(external: bool, rules: tuple[str, ...], stdin: Path | None) -> None:
    """Refuse options that leave nobody to be asked, or the only rule that asks without leave to."""
    if external and stdin:
        raise click.UsageError("--external asks other sites, which takes too long while you write: leave it or --stdin out.")
    if external and rules and _EXTERNAL not in rules:
        raise click.UsageError(f"--external asks for the rule {_EXTERNAL}: name it with --rule, too, or leave one of them out.")
    if _EXTERNAL in rules and not external:
        raise click.UsageError(f"--rule {_EXTERNAL} asks other sites: add --external.")


def _refuse_what_mends_nothing(*, fix: bool, dry_run: bool, unfit: bool, shown: bool) -> None:
    """Refuse options that do not go with mending."""
    if fix and unfit:
        raise click.UsageError("--fix mends the files on the disk: leave --stdin and --baseline out, or mend first.")
    if dry_run and not fix:
        raise click.UsageError("--dry-run shows what --fix would mend: add --fix.")
    if dry_run and shown:
        raise click.UsageError("--dry-run shows the changes as text on stdout: leave --format and --output out.")


def _manners() -> "Manners":
    from kbtool.outside.manners import Manners  # who asks nobody needs none

    return Manners()


def _check(
    config: Path,
    paths: tuple[Path, ...],
    stdin: Path | None,
    *,
    workers: int | None,
    external: bool,
    **asked: Any,  # noqa: ANN401 - CheckOptions' own
) -> "CheckResult":
    import os
    import secrets

    from kbtool.pipeline.checking import CheckOptions, check_content

    today = date.today()  # noqa: DTZ011 - an article is overdue by the calendar on the wall
    with progress() as show:
        options = CheckOptions(
            today,
            paths=paths,
            unsaved={stdin: sys.stdin.buffer.read()} if stdin else {},
            here=Path.cwd(),
            manners=_manners() if external else None,
            salt=secrets.token_bytes(16),
            workers=workers or os.cpu_count() or 1,
            progress=show,
            **asked,
        )
        return check_content(config, options)
