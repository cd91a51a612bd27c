"""`kbtool mv OLD NEW`: another place for an article, a topic or a file, and no link or bookmark that breaks."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.diffs import say_diff
from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import count, problems_as_json, say_json, say_problems
from kbtool.problems import printable

if TYPE_CHECKING:  # the help must come at once
    from kbtool.pipeline.moving import MoveResult

_PATH = click.Path(path_type=Path)


@click.command("mv")
@click.argument("old", type=_PATH)
@click.argument("new", type=str)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@format_option
@config_option
def command(*, old: Path, new: str, dry_run: bool, format_: str, config: Path) -> None:
    """Move or rename an article, a topic's folder or a file, from OLD to NEW.

    Every link to and from it is mended, and the old address leads to the new one. Nothing is ever overwritten, and nothing is
    left half-done.

    \b
    Example:
      kbtool mv content/billing/refund.md content/orders/get-a-refund.md
    """
    from kbtool.pipeline.moving import MoveOrder, move_content

    today = date.today()  # noqa: DTZ011 - the day on the wall decides which articles are in lists
    result = move_content(config, MoveOrder(old, new, Path.cwd(), dry_run), today)
    if format_ == "json":
        say_json(_as_json(result, dry_run=dry_run))
        return
    say_problems(result.problems)
    for rewritten in result.rewritten if dry_run else ():
        say_diff(rewritten.path, rewritten.before, rewritten.after)
    would = "would become" if dry_run else "is now"
    click.echo(f"{printable(result.old)} {would} {printable(result.new)}: {_summary(result)}")


def _summary(result: "MoveResult") -> str:
    files = count(len(result.rewritten), "other file changed", "files changed") if result.rewritten else "no file changed"
    redirects = count(len(result.urls), "old address leads on", "old addresses lead on") if result.urls else "the address stays"
    return f"{files}, {redirects}."


def _as_json(result: "MoveResult", *, dry_run: bool) -> dict[str, object]:
    return {
        "old": result.old,
        "new": result.new,
        "dry_run": dry_run,
        "changed": [rewritten.path for rewritten in result.rewritten],
        "redirects": {f"/{old}": f"/{new}" for old, new in result.urls.items()},
        "problems": problems_as_json(result.problems),
    }
