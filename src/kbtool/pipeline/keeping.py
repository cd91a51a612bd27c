"""What keeps articles true: who checked them, and which need it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.config import HelpCenter, load_config
from kbtool.content.history import is_shallow, read_history
from kbtool.content.pick import Picked, pick_article
from kbtool.content.reader import read_content
from kbtool.content.reviewing import review_article
from kbtool.content.rewrite import rewrite_files
from kbtool.model import Library
from kbtool.pipeline.matched import TicketOptions, match_exports
from kbtool.pipeline.reviewfile import NotedPage, ReviewNotes, keep_notes, review_file
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.addition import add_file
from kbtool.publish.lock import only_one
from kbtool.review import review_due
from kbtool.site.visible import is_shown
from kbtool.terms import read_terms
from kbtool.tickets.needs import StaleReport
from kbtool.tickets.stale import Demand, Standards, find_stale, without_git_days
from kbtool.tickets.stalereport import for_bots

if TYPE_CHECKING:
    from kbtool.tickets.export import ReadOptions


@dataclass(frozen=True, slots=True)
class Review:
    """An article that was recorded as checked."""

    path: str
    """As it is typed from the help center's folder."""
    reviewed: date
    reviewed_by: str
    due: date | None
    """By when it must be checked again; None when nobody said how often."""


def review_articles(config: Path, paths: Sequence[Path], person: str, *, today: date, here: Path) -> tuple[Review, ...]:
    """Record that the person has checked the articles today. Raises Stop, with nothing changed, when one of them is none.

    Paths are those of files, from the folder `here`, from the help center's or from its content folder.
    """
    with only_one(cache_folder(config)):
        center = load_config(config)
        library = read_content(center, cache=center.cache, workers=1, today=today)
        picked = _picked(paths, center, library, here)
        contents: dict[Path, bytes] = {}
        for one in picked:
            contents[one.file] = review_article(_read(one, center), _shown(one, center), today, person)
        rewrite_files(contents)
    return tuple(
        Review(_shown(one, center), today, person, review_due(replace(one.article.meta, reviewed=today), "", center.config))
        for one in picked
    )


def _picked(paths: Sequence[Path], center: HelpCenter, library: Library, here: Path) -> tuple[Picked, ...]:
    """Return the articles, each once. Raises Stop with what is wrong with each path."""
    picked: dict[Path, Picked] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            one = pick_article(path, center, library, here)
            picked[one.file] = one
        except Stop as stop:
            problems.extend(stop.problems)
    if problems:
        raise Stop(*problems)
    return tuple(picked.values())


def _read(one: Picked, center: HelpCenter) -> bytes:
    try:
        return one.file.read_bytes()
    except OSError as error:
        shown = _shown(one, center)
        raise Stop(Problem(shown, 0, "unreadable", f'"{shown}" cannot be read: {error.strerror}')) from error


def _shown(one: Picked, center: HelpCenter) -> str:
    return f"{center.config.content}/{one.article.path}"


@dataclass(frozen=True, slots=True)
class Staleness:
    """What `kbtool stale` found, and what it was found in."""

    report: StaleReport
    center: HelpCenter
    library: Library


def find_stale_articles(config: Path, exports: Sequence[Path], reading: "ReadOptions", options: TicketOptions) -> Staleness:
    """content/ and, where they are given, exports -> the articles that need a person. Without exports no ticket package is needed."""
    demand: Demand | None = None
    if exports:
        found = match_exports(config, exports, reading, options)
        center, library = found.center, found.library
        demand = Demand(found.export, found.matched.matches)
    else:
        with only_one(cache_folder(config)):
            center = load_config(config)
            library = read_content(center, cache=center.cache, workers=1, today=options.today)
    vocabulary = read_terms(center.root)
    problems = [*vocabulary.problems, *(demand.export.problems if demand else ())]
    undated = ""
    if is_shallow(center.content):
        undated = 'this is a shallow clone: type "git fetch --unshallow"'
        hint = 'type "git fetch --unshallow"; in CI, let the checkout fetch the whole history (fetch-depth: 0)'
        message = "when articles changed is unknown: this is a shallow clone"
        problems.append(Problem("", 0, "shallow-clone", message, hint, "warning"))
        judged = without_git_days(library, read_history(center.content, center.cache))
    else:
        judged = library
    standards = Standards(center.config, options.today, vocabulary.terms, undated)
    report = find_stale(judged, standards, demand)
    return Staleness(replace(report, problems=tuple(problems)), center, library)


def write_review_file(found: Staleness) -> bool:
    """Put review.json into the site and into those that are built after it; tell whether there is a site already."""
    center = found.center
    about = for_bots(found.report, center.config.url)
    articles = (*found.library.articles, *(topic.article for topic in found.library.topics if topic.article))
    digests = {article.path: article.digest for article in articles}
    judged = zip(found.report.articles, about.pop("pages"), strict=True)
    notes = ReviewNotes(about, tuple(NotedPage(one.path, digests[one.path], page) for one, page in judged))
    with only_one(center.cache):
        try:
            keep_notes(notes, center.cache)
        except OSError as error:
            message = f'"{center.cache.name}/review.json" cannot be written: {error.strerror or error}'
            raise Stop(Problem("", 0, "cannot-write", message, "make room or rights, and type the command again")) from error
        shown = (article for article in articles if is_shown(article, drafts=False))
        output = review_file(notes, shown)
        return output is not None and add_file(output, center.output)
