"""`kbtool review PATH...`: records that a person has checked an article."""

import getpass
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from kbtool.cli.author import git_user
from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import say_json


@click.command("review")
@click.argument("path", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", metavar="NAME", help="Who has checked it; left out, git's user.name, else the name you are logged in with.")
@format_option
@config_option
def command(*, path: tuple[Path, ...], by: str | None, format_: str, config: Path) -> None:
    """Record that a person has read the article at PATH and found it true: the date, the name and a digest of the text.

    It answers with the day by which the article must be checked again.

    \b
    Example:
      kbtool review content/billing/get-a-refund.md
    """
    from kbtool.pipeline.keeping import review_articles

    today = date.today()  # noqa: DTZ011 - the day on the wall of the person who has read it
    person = _person(by, config.parent)
    reviews = review_articles(config, path, person, today=today, here=Path.cwd())
    if format_ == "json":
        say_json({"reviewed": [asdict(review) for review in reviews]})
        return
    for review in reviews:
        again = f"check it again by {review.due}" if review.due else 'nobody said how often: add "review_every: 6 months"'
        click.echo(f"{review.path}: reviewed {review.reviewed} by {review.reviewed_by}; {again}")


def _person(typed: str | None, folder: Path) -> str:
    """Return the name, in one line."""
    name = " ".join((git_user(folder) or _login() if typed is None else typed).split())
    if not name or len(name) > 200 or not name.isprintable():  # noqa: PLR2004 - no name is as long
        raise click.UsageError("Who has checked it? Type --by and a name.")
    return name


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
