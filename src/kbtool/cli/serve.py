"""`kbtool serve`: the site in the browser, following every save."""

from datetime import date
from pathlib import Path

import click

from kbtool.cli.options import config_option


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="The port; left out, the first free one from 8000.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine: drafts are for nobody else.")
@config_option
def command(*, port: int | None, host: str, config: Path) -> None:
    """Show the site in the browser, drafts too, and again within a moment of every save.

    What is wrong is shown here and over the page; the last good site stays until it is mended. Ctrl-C ends it.

    \b
    Example:
      kbtool serve --port 8080
    """
    from kbtool.pipeline.building import serve_site

    serve_site(config, date.today, host=host, port=port, announce=click.echo)
