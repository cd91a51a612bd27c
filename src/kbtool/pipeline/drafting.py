"""A topic of `kbtool gaps` -> a draft article with what people asked, beside the nearest article."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kbtool.config import load_config
from kbtool.problems import Problem, Stop
from kbtool.starter import NewArticle, new_draft

if TYPE_CHECKING:  # its imports take long
    from kbtool.tickets.report import GapReport


def draft_topic(config: Path, report: "GapReport", number: int, *, owner: str) -> Path:
    """Return the path of the new draft for the topic of this number, counted from 1. Raises Stop when there is no such topic.

    It stands in the folder of the nearest article, and never over a file that is there.
    """
    from kbtool.tickets.outline import draft_type, outline  # noqa: PLC0415 - what matches tickets takes long to import

    if not 1 <= number <= len(report.topics):
        there = f"the topics are 1 to {len(report.topics)}" if report.topics else "every question that many ask has an article"
        raise Stop(Problem("", 0, "no-such-topic", f'there is no topic "{number}"', there))
    topic = report.topics[number - 1]
    folder = PurePosixPath(topic.article).parent.as_posix() if topic.article else "."
    place = "" if folder == "." else folder
    article = NewArticle(draft_type(topic), topic.suggested_title, place, owner, topic.lacks)
    return new_draft(load_config(config), article, outline(topic))
