"""`kbtool check --fix`: what was mended, or would be."""

import os
from datetime import date
from pathlib import Path

import click

from kbtool.cli.diffs import say_diff
from kbtool.cli.words import count, progress


def mend_and_say(
    config: Path, paths: tuple[Path, ...], *, since: str, rules: tuple[str, ...], workers: int | None, dry_run: bool
) -> None:
    """Mend what is safe in the articles that the check looks at; in a dry run, print a diff and write nothing."""
    from kbtool.pipeline.checking import CheckOptions
    from kbtool.pipeline.mending import mend_content

    today = date.today()  # noqa: DTZ011 - as for the check that follows
    with progress() as show:
        options = CheckOptions(
            today, rules, paths, Path.cwd(), since=since, workers=workers or os.cpu_count() or 1, progress=show
        )
        found = mend_content(config, options, dry_run=dry_run)
    for mended in found if dry_run else ():
        say_diff(mended.path, mended.before, mended.after)
    faults = sum(len(mended.mends) for mended in found)
    would = "would be mended" if dry_run else "mended"
    click.echo(f"{count(faults, 'fault')} {would} in {count(len(found), 'file')}." if found else "Nothing to mend.", err=True)
