"""What keeps articles true: who checked them, and which need it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kbtool.config import HelpCenter, load_config
from kbtool.content.pick import Picked, pick_article
from kbtool.content.reader import read_content
from kbtool.content.reviewing import review_article
from kbtool.content.rewrite import rewrite_files
from kbtool.model import Library
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one
from kbtool.review import review_due


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
