"""What is asked of the articles: by a person in words, by customers in their tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import load_config
from kbtool.content.index import search_articles
from kbtool.content.ranking import SearchAnswer
from kbtool.content.reader import read_content
from kbtool.pipeline.progress import Progress, silent
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
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


@dataclass(frozen=True, slots=True)
class GapOptions:
    """How tickets are held against the articles, beside how they are read."""

    today: date
    salt: bytes
    """Makes the requesters' hashes those of this run alone."""
    min_tickets: int = 3
    """So many must ask the same to be a topic."""
    words_only: bool = False
    progress: Progress = silent


def find_gaps(config: Path, exports: Sequence[Path], reading: "ReadOptions", options: GapOptions) -> "GapReport":
    """Exports, content/ -> what customers ask that no article answers. Raises Stop when no ticket can be read."""
    _demand_ticket_packages()
    from kbtool.content.postings import read_postings  # noqa: PLC0415 - a build needs nothing of this, and SciPy's import is long
    from kbtool.tickets.matching import match_tickets  # noqa: PLC0415
    from kbtool.tickets.reading import read_tickets  # noqa: PLC0415
    from kbtool.tickets.report import GapReport  # noqa: PLC0415
    from kbtool.tickets.scoring import MatchOptions  # noqa: PLC0415
    from kbtool.tickets.topics import find_topics  # noqa: PLC0415

    options.progress("Reading tickets", 0, 1)
    export = read_tickets(exports, reading, options.salt)
    options.progress("Reading tickets", 1, 1)
    with only_one(cache_folder(config)):
        center = load_config(config)
        language = center.config.language
        progress = partial(options.progress, "Reading articles")
        library = read_content(center, cache=center.cache, workers=1, today=options.today, progress=progress)
        postings = read_postings(library, folder=center.cache / "index", language=language)
    options.progress("Matching", 0, 1)
    matched = match_tickets(export.tickets, library, postings, MatchOptions(language, options.words_only))
    matches, topics = find_topics(matched, library, postings, least=options.min_tickets)
    options.progress("Matching", 1, 1)
    return GapReport(export, matches, topics, matched.space.model, matched.cut, matched.sure)


def _demand_ticket_packages() -> None:
    """Raise Stop when what only tickets need is not installed."""
    missing = [name for name in ("numpy", "scipy", "tokenizers", "wordllama") if find_spec(name) is None]
    if missing:
        named = ", ".join(f'"{name}"' for name in missing)
        message = f"{named} is needed to read tickets; type: pip install 'kbtool[tickets]'"
        raise Stop(Problem("", 0, "missing-package", message))
