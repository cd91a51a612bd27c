"""Options of every command that reads ticket exports, and what they say as one value."""

import gc
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from kbtool.cli.options import Decorator


class _Day(click.DateTime):
    """A day as it is written everywhere: 2026-11-01."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is no day: type it as 2026-11-01.', param, ctx)


_DAY = _Day(["%Y-%m-%d"])
_OPTIONS: tuple[Decorator, ...] = (
    click.option("--since", type=_DAY, metavar="DATE", help="The first day that counts, as 2026-11-01."),
    click.option("--until", type=_DAY, metavar="DATE", help="The last day that counts."),
    click.option("--tag", multiple=True, help="Only tickets with this tag; can be given more than once."),
    click.option("--use-body", is_flag=True, help="Where a subject says nothing, take the first sentence of the message."),
    click.option("--source", metavar="NAME", help="Read the export as this source does, whatever it looks like."),
    click.option("--columns", multiple=True, metavar="ROLE=HEADER", help="Where a column was guessed wrong: subject=Betreff."),
    click.option("--dates", type=click.Choice(["day-first", "month-first"]), help="How to read 03/04/2026, where no date tells."),
)


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the options that say how exports are read; it gets them as one `reading: ReadOptions`."""
    options: Callable[..., Any] = wraps(command)(partial(_with_reading, command))
    for option in reversed(_OPTIONS):
        options = option(options)
    return options


def _with_reading(
    command: Callable[..., Any],
    *,
    since: datetime | None,
    until: datetime | None,
    tag: tuple[str, ...],
    columns: tuple[str, ...],
    **others: Any,  # noqa: ANN401 - what click hands on
) -> object:
    gc.disable()  # tickets do not refer to each other: to look through a million again and again for what does finds nothing
    from kbtool.tickets.export import ReadOptions

    if since and until and since > until:
        raise click.UsageError("--since is a later day than --until.")
    kept = {name: others.pop(name) for name in ("source", "dates", "use_body")}
    reading = ReadOptions(_columns(columns), since=_day(since), until=_day(until), tags=tag, **kept)
    return command(reading=reading, **others)


def spare_exports(exports: Iterable[Path], *outputs: Path | None) -> None:
    """Refuse to write over an export, or two answers into one file."""
    read = {path.resolve() for path in exports}
    if len(written := [path.resolve() for path in outputs if path]) != len({*written} - read):
        raise click.UsageError("--output and --matches must be two files, and no EXPORT.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _columns(given: Iterable[str]) -> dict[str, str]:
    """Return which column is to be read as what."""
    pairs = [text.partition("=") for text in given]
    for role, _, header in pairs:
        if not role or not header:
            raise click.UsageError('--columns is typed as ROLE=HEADER, for example "subject=Betreff".')
    return {role: header for role, _, header in pairs}
