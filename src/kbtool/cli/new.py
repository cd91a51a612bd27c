"""`kbtool new`: an article from its template."""

import os
from pathlib import Path

import click

from kbtool.cli.author import git_user
from kbtool.cli.options import config_option
from kbtool.kinds import ArticleType
from kbtool.places import find_config
from kbtool.problems import Stop


def _topics(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Return the topics that begin with what was typed, for the Tab key."""
    from kbtool.config import load_config
    from kbtool.starter import topic_folders

    try:
        return [topic for topic in topic_folders(load_config(find_config(Path.cwd()))) if topic.startswith(typed)]
    except Stop:
        return []


@click.command("new")
@click.argument("kind", metavar="TYPE", type=click.Choice(["faq", "instructions", "troubleshooting", "article"]))
@click.argument("title", metavar="TITLE")
@click.option(
    "--in",
    "topic",
    default="",
    metavar="TOPIC",
    shell_complete=_topics,
    help="The topic's folder; left out, the content folder itself.",
)
@config_option
def command(*, kind: ArticleType, title: str, topic: str, config: Path) -> None:
    """Make an article from the template of its TYPE: faq, instructions, troubleshooting or article.

    It prints the path. The article is a draft until you delete its line "status: draft".

    \b
    Example:
      kbtool new instructions "Change your address" --in orders
    """
    from kbtool.config import load_config
    from kbtool.starter import NewArticle, new_article

    center = load_config(config)
    article = NewArticle(kind, title, topic, git_user(center.root))
    click.echo(os.path.relpath(new_article(center, article)))
