"""`kbtool rollback [TARGET]`: the release before, back on its host."""

from pathlib import Path

import click

from kbtool.cli.options import config_option
from kbtool.cli.publish import surroundings
from kbtool.cli.words import progress


@click.command("rollback")
@click.argument("target", required=False, default="")
@config_option
def command(*, target: str, config: Path) -> None:
    """Bring back the release before, at TARGET: a name from targets: in kbtool.yml, or a URL.

    \b
    Example:
      kbtool rollback file:///var/www/help
    """
    from kbtool.pipeline.sending import PublishOptions, rollback_site

    with progress() as show:
        place, release = rollback_site(config, target, PublishOptions(*surroundings(), None, progress=show))
    click.echo(f"{place} shows the release {release} again.")
