"""`kbtool gaps EXPORT --draft N`: a topic becomes a draft."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.options import Decorator

if TYPE_CHECKING:  # the help must come at once
    from kbtool.tickets.report import GapReport

draft_option: Decorator = click.option(
    "--draft",
    type=click.IntRange(1),
    metavar="N",
    help="Write topic N as a draft article with the questions asked; answer with its path.",
)


def say_draft(config: Path, report: "GapReport", number: int) -> None:
    """Write the draft and print its path."""
    from kbtool.cli.author import git_user
    from kbtool.pipeline.drafting import draft_topic

    click.echo(os.path.relpath(draft_topic(config, report, number, owner=git_user(config.parent))))
