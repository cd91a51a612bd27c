"""`kbtool import SOURCE`: articles that another tool kept."""  # noqa: N999 - a command's file is called as the command is

from dataclasses import asdict
from pathlib import Path

import click

from kbtool.cli.options import config_option, format_option
from kbtool.cli.words import count, say_json, say_problems


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--into",
    metavar="FOLDER",
    default="",
    help="The folder of the content that the articles go to; left out, the content folder.",
)
@format_option
@config_option
def command(*, source: Path, into: str, format_: str, config: Path) -> None:
    """Bring articles in from SOURCE: a JSON export of Zendesk, Help Scout Docs or Intercom, a MkDocs folder, or HTML pages.

    Nothing is fetched and nothing is overwritten. What could not be carried is listed.

    \b
    Example:
      kbtool import zendesk-articles.json --into support
    """
    from kbtool.pipeline.importing import import_content

    result = import_content(config, source, into)
    if format_ == "json":
        say_json(asdict(result))
        return
    say_problems(result.problems)
    click.echo(f"{count(len(result.articles), 'article')} and {count(result.files, 'file')} from {result.tool}.")
    for pattern in result.old_urls:
        click.echo(f'To let old links lead on, add "{pattern}" to old_urls in kbtool.yml.')
