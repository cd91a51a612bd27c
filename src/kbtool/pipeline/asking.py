"""What is asked of the articles: by a person in words, by customers in their tickets."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import load_config
from kbtool.content.index import search_articles
from kbtool.content.ranking import SearchAnswer
from kbtool.content.reader import read_content
from kbtool.pipeline.matched import TicketOptions, demand_ticket_packages, match_exports
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one

if TYPE_CHECKING:  # a search needs none of it, and its imports take longer than a search
    from kbtool.tickets.explaining import Explanation
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


def explain_subject(
    config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions, subject: str
) -> "tuple[Explanation, tuple[Problem, ...]]":
    """Return why the subject, among the tickets of the exports, is answered or not. Raises Stop when it says nothing."""
    demand_ticket_packages()
    from kbtool.tickets.explaining import asking, explain  # noqa: PLC0415

    asked = asking(subject)
    found = match_exports(config, exports, reading, options, (asked,))
    explanation = explain(asked, found.matched, found.library, found.postings)
    if explanation is None:
        hint = "type a question as a customer would, and see that there is an article"
        raise Stop(Problem("", 0, "empty-subject", f'nothing can be told of the subject "{asked.shown}"', hint))
    return explanation, found.export.problems


def read_lesson(config: Path, file: Path) -> "tuple[Path, str, int, tuple[Problem, ...]]":
    """Return taught.csv's path, its text with the file's marks in it, how many these are, and what is wrong with them."""
    demand_ticket_packages()
    from kbtool.tickets.taught import FILE, as_table, merge_marks, read_marks  # noqa: PLC0415

    kept_file = config.resolve().parent / FILE
    kept, problems = read_marks(kept_file) if kept_file.is_file() else ((), ())
    new, wrong = read_marks(file)
    return kept_file, as_table(merge_marks(kept, new)), len(new), (*problems, *wrong)
