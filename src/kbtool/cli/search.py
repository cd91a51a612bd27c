"""`kbtool search QUERY`: the articles that answer it."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import say_json
from kbtool.model import Hit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Articles to show at most.")
@format_option
@config_option
def command(*, query: tuple[str, ...], limit: int, format_: str, config: Path) -> None:
    """Show the articles that have the words of QUERY, best first, with their scores and the words that matched.

    The search box of the site is another program: it may show other articles, and in another order.

    \b
    Example:
      kbtool search how do I get my money back
    """
    from kbtool.pipeline.asking import search_library

    asked = " ".join(query)
    answer = search_library(config, asked, today=date.today(), limit=limit)  # noqa: DTZ011 - the day on the wall
    if format_ == "json":
        say_json({"query": asked, **asdict(answer)})
        return
    if answer.hits:
        _say_hits(answer.hits)
    else:
        click.echo(f'No article was found for "{asked}".', err=True)
    if answer.suggestion:
        click.echo(f'Did you mean "{answer.suggestion}"?', err=True)


def _say_hits(hits: Sequence[Hit]) -> None:
    """Print a table on a terminal; elsewhere a line a hit, its parts between tabs."""
    rows = [(f"{hit.score:.1f}", hit.title, hit.article, ", ".join(hit.words)) for hit in hits]
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(" ".join(part.split()) for part in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    table.add_column("Score", justify="right")
    for name in ("Title", "Article", "Words that matched"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(part) for part in row))
    Console().print(table)
