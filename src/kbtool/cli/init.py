"""`kbtool init`: a help center to begin with."""

import os
import shlex
from datetime import date
from pathlib import Path

import click

from kbtool.cli.author import git_user
from kbtool.cli.words import count


@click.command("init")
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--title", default="", help="The help center's name; left out, the folder's name.")
def command(*, folder: Path, title: str) -> None:
    """Start a help center: settings, one article of each type, and a workflow for CI.

    Files that are there already are kept as they are.

    \b
    Example:
      kbtool init my-help
    """
    from kbtool.starter import start_help_center, title_from

    today = date.today()  # noqa: DTZ011 - the day on the wall of the person who types
    started = start_help_center(folder, title or title_from(folder.resolve()), today, git_user(folder))
    for path in started.made:
        click.echo(f"  made  {path}", err=True)
    for path in started.kept:
        click.echo(f"  kept  {path} (it was there already)", err=True)
    made = count(len(started.made), "file") if started.made else "Nothing"
    click.echo(f"{made} made in {os.path.relpath(folder)}{os.sep}; now type:", err=True)
    click.echo("\n".join(_next_commands(folder)))


def _next_commands(folder: Path) -> tuple[str, str]:
    """Return what to type next."""
    if folder.resolve() == Path.cwd():
        return "kbtool serve", "kbtool build"
    return f"cd {_quoted(os.path.relpath(folder))}", "kbtool serve"


def _quoted(path: str) -> str:
    """Return the path as it can be pasted into the shell of this system."""
    return f'"{path}"' if os.name == "nt" else shlex.quote(path)
