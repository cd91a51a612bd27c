"""`kbtool gaps --teach` and `--why`: what a person marked is kept, and why a subject is answered or not is told."""

from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click

from kbtool.cli.tables import write_file
from kbtool.cli.wording import Request
from kbtool.cli.words import count, say_problems

_FILE = click.Path(dir_okay=False, path_type=Path)


def teaching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command both options. What is to be taught is kept before the command runs; it gets `why`."""
    options: Callable[..., Any] = wraps(command)(partial(_taught_first, command))
    options = click.option("--why", metavar="SUBJECT", help="Tell why this subject is answered or not, among these tickets.")(
        options
    )
    teach = "Keep the pairs of subject and article that are marked yes or no in the column right of this CSV file."
    return click.option("--teach", type=_FILE, metavar="FILE", help=teach)(options)


def say_why(request: Request, subject: str) -> None:
    """Print or write why the subject is answered or not."""
    from kbtool.pipeline.asking import explain_subject
    from kbtool.tickets.explained import as_json, as_words

    if request.format not in ("table", "json"):
        raise click.UsageError("--why answers as table or json.")
    found, problems = explain_subject(request.config, request.exports, request.reading, request.options, subject)
    say_problems(problems)
    text = as_json(found) if request.format == "json" else as_words(found)
    if request.output:
        write_file(request.output, text)
    else:
        click.echo(text, nl=False)


def _taught_first(command: Callable[..., Any], *, teach: Path | None, config: Path, **others: Any) -> object:  # noqa: ANN401 - what click hands on
    if teach:
        from kbtool.pipeline.asking import read_lesson

        kept, text, number, problems = read_lesson(config, teach)
        say_problems(problems)
        write_file(kept, text)
        click.echo(f'{count(number, "mark")} kept in "{kept.name}"', err=True)
    return command(config=config, **others)
