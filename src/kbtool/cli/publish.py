"""`kbtool publish [TARGET]`: the site, on its host."""

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import count, problems_as_json, progress, say_json, say_problems

if TYPE_CHECKING:  # the help must come at once
    from collections.abc import Callable

    from kbtool.pipeline.building import BuildOptions
    from kbtool.pipeline.progress import Progress
    from kbtool.pipeline.sending import Outcome, PublishOptions
    from kbtool.publish.plan import PublishPlan
    from kbtool.publish.verify import Verified

_SHOWN = 20


@click.command("publish")
@click.argument("target", required=False, default="")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@click.option("--max-delete", metavar="SHARE", help="Stop when this share of the pages would go away: 20%.")
@click.option("--no-build", is_flag=True, help="Send the site as it was built last.")
@click.option("--verify", is_flag=True, help="Look at the site's public address afterwards, and say what the world sees.")
@click.option("--older", is_flag=True, help="Publish even when the host has a site of a later commit.")
@format_option
@config_option
def command(
    *, target: str, dry_run: bool, yes: bool, max_delete: str | None, no_build: bool, verify: bool, older: bool, format_: str,
    config: Path,
) -> None:  # fmt: skip
    """Build the site and bring it to TARGET: a name from targets: in kbtool.yml, or a URL.

    Only what changed is sent. Readers see the old site or the new one, never a page whose parts are missing, and nothing
    is deleted that kbtool did not put there.

    \b
    Example:
      kbtool publish file:///var/www/help --dry-run
    """
    from kbtool.pipeline.sending import publish_site

    share = _share(max_delete)
    asks = not yes and not dry_run and format_ == "text" and sys.stdin.isatty() and sys.stderr.isatty()

    def agree(plan: "PublishPlan", place: str) -> bool:
        if format_ == "text":
            _say_plan(plan, place)
        return plan.nothing_to_do or not asks or click.confirm("Publish this?", default=True, err=True)

    with progress() as show:
        options = replace(_options(share, agree, show, build=not no_build), dry_run=dry_run, verify=verify, older=older)
        outcome = publish_site(config, target, options)
    seen = outcome.verified.problems if outcome.verified else ()
    say_problems((*outcome.problems, *seen))
    if format_ == "json":
        say_json(_as_json(outcome))
    else:
        click.echo(_summary(outcome, dry_run=dry_run))
    if seen:
        sys.exit(1)


def surroundings() -> tuple[dict[str, str], Path]:
    """Return the environment and the user's folder, where credentials are."""
    return dict(os.environ), Path.home()


def _options(share: str, agree: "Callable[[PublishPlan, str], bool]", show: "Progress", *, build: bool) -> "PublishOptions":
    """Return how to publish."""
    from kbtool.pipeline.sending import PublishOptions

    return PublishOptions(*surroundings(), _building(show) if build else None, share, agree=agree, progress=show)


def _building(show: "Progress") -> "BuildOptions":
    """Return how to build; sending alone needs nothing of it."""
    from kbtool.pipeline.building import BuildOptions

    today = date.today()  # noqa: DTZ011 - an article expires by the calendar on the wall
    return BuildOptions(today, "drafts=False search=True", workers=os.cpu_count() or 1, progress=show)


def _share(text: str | None) -> str:
    """Return the share as it was typed. Raises UsageError when it is none."""
    from kbtool.share import read_share

    try:
        return str(read_share(text)) if text is not None else ""
    except ValueError:
        raise click.UsageError(f'--max-delete takes a share such as 20%, not "{text}"') from None


def _say_plan(plan: "PublishPlan", place: str) -> None:
    """Print what is going to happen, on stderr: the long lists cut short."""
    lines = [f"{upload.reason:8} {upload.path}" for upload in plan.uploads]
    lines += [f"{'delete':8} {path}" for path in plan.deletes]
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}", err=True)
    if len(lines) > _SHOWN:
        click.echo(f"  and {len(lines) - _SHOWN:,} more", err=True)
    foreign = f", {count(len(plan.foreign), 'file')} there that kbtool did not put there: left alone" if plan.foreign else ""
    sends = (
        f"{count(len(plan.uploads), 'file')} to send ({_size(plan.size)}), {plan.kept:,} to keep, {len(plan.deletes):,} to delete"
    )
    click.echo(f"{place}: {sends}{foreign}.", err=True)


def _summary(outcome: "Outcome", *, dry_run: bool) -> str:
    """Return the line that ends a publish."""
    if outcome.plan.nothing_to_do:
        seen = (
            f" {count(outcome.verified.asked, 'address', 'addresses')} looked at: {_seen(outcome.verified)}."
            if outcome.verified
            else ""
        )
        return f"{outcome.place} is up to date: {count(outcome.kept, 'file')} kept, nothing sent after {outcome.seconds:.1f} s.{seen}"
    if not outcome.done:
        return "Nothing was sent: this was a dry run." if dry_run else "Nothing was sent."
    did = f"{count(outcome.sent, 'file')} sent ({_size(outcome.bytes)}), {outcome.kept:,} kept, {outcome.deleted:,} deleted"
    seen = (
        f" {count(outcome.verified.asked, 'address', 'addresses')} looked at: {_seen(outcome.verified)}."
        if outcome.verified
        else ""
    )
    return f"Published to {outcome.place}: {did} after {outcome.seconds:.1f} s.{seen}"


def _seen(verified: "Verified") -> str:
    return f"{len(verified.problems):,} not as sent" if verified.problems else "all as sent"


def _size(size: int) -> str:
    """Return bytes as people read them.

    >>> _size(812), _size(23_000_000)
    ('812 bytes', '23.0 MB')
    """
    for unit, one in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= one:
            return f"{size / one:,.1f} {unit}"
    return count(size, "byte")


def _as_json(outcome: "Outcome") -> dict[str, object]:
    plan = outcome.plan
    return {
        "version": 1,
        "target": outcome.place,
        "done": outcome.done,
        "release": plan.manifest.release,
        "sent": outcome.sent,
        "kept": outcome.kept,
        "deleted": outcome.deleted,
        "bytes": outcome.bytes,
        "seconds": round(outcome.seconds, 3),
        "uploads": [
            {"path": one.path, "reason": one.reason, "bytes": one.size, "phase": one.phase.name.lower()} for one in plan.uploads
        ],
        "deletes": list(plan.deletes),
        "waiting": list(plan.waiting),
        "foreign": list(plan.foreign),
        "verified": outcome.verified.asked if outcome.verified else None,
        "problems": problems_as_json((*outcome.problems, *(outcome.verified.problems if outcome.verified else ()))),
    }
