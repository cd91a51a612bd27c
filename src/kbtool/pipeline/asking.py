"""What is asked of the articles: by a person in words, by customers in their tickets."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import load_config
from kbtool.content.index import search_articles
from kbtool.content.ranking import SearchAnswer
from kbtool.content.reader import read_content
from kbtool.pipeline.matched import TicketOptions, match_exports
from kbtool.places import cache_folder
from kbtool.publish.lock import only_one

if TYPE_CHECKING:  # a search needs none of it, and its imports take longer than a search
    from kbtool.tickets.export import ReadOptions
    from kbtool.tickets.report import GapReport


def search_library(config: Path, query: str, *, today: date, limit: int) -> SearchAnswer:
    """Return the articles that a customer would find."""
    with only_one(cache_folder(config)):
        center = load_config(config)
        library = read_content(center, cache=center.cache, workers=1, today=today)
        index, settings = center.cache / "index", center.config
        return search_articles(library, query, folder=index, language=settings.language, limit=limit, synonyms=settings.synonyms)


def find_gaps(
    config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions, *, min_tickets: int = 3
) -> "GapReport":
    """Exports, content/ -> what customers ask that no article answers. Raises Stop when no ticket can be read.

    What fewer than `min_tickets` ask is in no topic.
    """
    found = match_exports(config, exports, reading, options)
    from kbtool.tickets.overview import look_over  # noqa: PLC0415 - a search needs nothing of this, and SciPy's import is long
    from kbtool.tickets.report import GapReport  # noqa: PLC0415
    from kbtool.tickets.topics import find_topics  # noqa: PLC0415

    options.progress("Finding topics", 0, 1)
    matched = found.matched
    matches, topics = find_topics(matched, found.library, found.postings, least=min_tickets)
    overview = look_over(matched, found.library, found.postings)
    options.progress("Finding topics", 1, 1)
    return GapReport(found.export, matches, topics, matched.space.model, matched.cut, matched.sure, overview)
