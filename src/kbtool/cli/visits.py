"""What other sites said -> lines on stderr."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kbtool.outside.visited import Visited


def say_visits(visited: "Visited") -> None:
    """Print how many links to other sites answer, and what became of the others."""
    if visited.forgot:
        click.echo('What was known of other sites (".kbtool/external.json") could not be read: it is begun anew.', err=True)
    if not visited.reached:
        click.echo("No other site could be reached, so nothing is said about links to them. Is this computer online?", err=True)
    if said := _said(visited):
        click.echo(f"Links to other sites: {said}.", err=True)
    if not visited.kept:
        click.echo("The answers could not be written into .kbtool: the next time all are asked again.", err=True)


def _said(visited: "Visited") -> str:
    new, unknown = visited.new_dead, sum(visited.unknown.values())
    still = "it still is" if new == 1 else "they still are"
    reasons = ", ".join(f"{reason}: {number:,}" for reason, number in visited.unknown.items())
    each = (
        (visited.answering, "answers" if visited.answering == 1 else "answer"),
        (visited.dead, "dead on two days"),
        (new, f"dead today, told if {still} on another day"),
        (unknown, f"not checked ({reasons})"),
    )
    return "; ".join(f"{number:,} {words}" for number, words in each if number)
