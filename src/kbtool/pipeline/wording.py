"""Exports, content/ -> whether customers' words find the articles: the keywords that they lack, and what the site's search shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import load_config
from kbtool.content.amend import Amendment, amend_article, as_yaml
from kbtool.content.pick import pick_article
from kbtool.content.reader import read_content
from kbtool.content.rewrite import rewrite_files
from kbtool.filler import filler_words
from kbtool.pipeline.matched import TicketOptions, match_exports
from kbtool.places import cache_folder
from kbtool.problems import Problem
from kbtool.publish.lock import only_one
from kbtool.site.replay import replay_search

if TYPE_CHECKING:  # what needs no tickets needs none of it, and its imports take long
    from kbtool.tickets.export import ReadOptions, TicketExport
    from kbtool.tickets.keywords import KeywordLine
    from kbtool.tickets.replayed import ReplayReport


@dataclass(frozen=True, slots=True)
class Keywords:
    """What articles' keywords lack."""

    export: "TicketExport"
    lines: tuple["KeywordLine", ...]


def suggest_keywords(config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions) -> Keywords:
    """Return the words that customers use for what an article answers, and that the article lacks."""
    found = match_exports(config, exports, reading, options)
    from kbtool.tickets.keywords import find_keywords  # noqa: PLC0415 - a build needs nothing of this
    from kbtool.tickets.tongues import strange_words  # noqa: PLC0415

    filler = {*filler_words(found.center.config.language), *strange_words(found.postings.tongues)}
    lines = find_keywords(found.matched.matches, found.library.articles, found.postings.stems_of, filler)
    return Keywords(found.export, lines)


def ready_line(line: "KeywordLine") -> str:
    """Return the article's keywords as they may stand in its front matter."""
    texts = (*line.keywords, *(word.word for word in line.words))
    return f"keywords: [{', '.join(map(as_yaml, texts))}]"


def apply_keywords(config: Path, lines: Sequence["KeywordLine"], options: TicketOptions) -> tuple[str, ...]:
    """Write the words into the articles, every other byte as it was; return the articles. Raises Stop, with nothing written."""
    with only_one(cache_folder(config)):
        center = load_config(config)
        library = read_content(center, cache=center.cache, workers=1, today=options.today)
        contents: dict[Path, bytes] = {}
        for line in lines:
            file = pick_article(center.content / line.article, center, library, center.content).file
            words = {"keywords": tuple(word.word for word in line.words)}
            shown = f"{center.config.content}/{line.article}"
            contents[file] = amend_article(file.read_bytes(), shown, Amendment(additions=words, after="keywords"))
        rewrite_files(contents)
    return tuple(line.article for line in lines)


def replay_subjects(config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions) -> "ReplayReport":
    """Return what the built site's own search shows for every subject that an article answers. Raises Stop when it cannot be asked."""
    found = match_exports(config, exports, reading, options)
    from kbtool.tickets.replayed import FIRST, ReplayReport, covered_subjects, judge_answers  # noqa: PLC0415 - as above

    covered, left_out = covered_subjects(found.matched.matches)
    options.progress("Asking the site's search", 0, 1)
    questions = [one.subject for one in covered]
    replay = replay_search(found.center.output, found.center.config.language, questions, most=FIRST)
    options.progress("Asking the site's search", 1, 1)
    urls = {article.path: article.url for article in found.library.articles}
    behind = {one.article for one in covered if not (found.center.output / urls[one.article] / "index.html").is_file()}
    problems = (_behind(len(behind)),) if behind else ()
    return ReplayReport(found.export, judge_answers(covered, replay.pages, urls), left_out, replay.runner, problems)


def _behind(number: int) -> Problem:
    message = f"the built site has no page of {number} of the articles that were asked for"
    return Problem("", 0, "site-behind", message, 'type "kbtool build", and ask again', "warning")
