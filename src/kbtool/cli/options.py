"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kbtool.places import find_config

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _found(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    return (value or find_config(Path.cwd())).resolve()


config_option: Decorator = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_found,
    help="The help center's kbtool.yml; left out, the nearest one upwards.",
)

format_option: Decorator = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json prints JSON alone on stdout.",
)
