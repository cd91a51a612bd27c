"""What other sites said -> lines on stderr."""

import click

from kbtool.cli.words import count
from kbtool.outside.visited import Visited


def say_visits(visited: Visited) -> None:
    """Print how many links to other sites answer, and what became of the others."""
    if visited.forgot:
        click.echo('What was known of other sites (".kbtool/external.json") could not be read: it is begun anew.', err=True)
    if not visited.reached:
        click.echo("No other site could be reached, so nothing is said about links to them. Is this computer online?", err=True)
    if said := _said(visited):
        click.echo(f"Links to other sites: {said}.", err=True)
    if not visited.kept:
        click.echo("The answers could not be written into .kbtool: the next time all are asked again.", err=True)


def _said(visited: Visited) -> str:
    dead, new = visited.dead, visited.new_dead
    unknown = sum(visited.unknown.values())
    reasons = ", ".join(f"{reason}: {number:,}" for reason, number in visited.unknown.items())
    each = (
        f"{visited.answering:,} answer" if visited.answering else "",
        f"{dead:,} dead" if dead else "",
        f"{count(new, 'link')} did not answer today, told if they still do not on another day" if new else "",
        f"{unknown:,} not checked ({reasons})" if unknown else "",
    )
    return "; ".join(part for part in each if part)
