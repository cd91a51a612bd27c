"""A path as a person typed it -> the article that is meant."""

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kbtool.config import HelpCenter
from kbtool.content.scan import SNIPPETS
from kbtool.model import Article, Library
from kbtool.problems import Problem, Stop
from kbtool.urls import is_page


@dataclass(frozen=True, slots=True)
class Picked:
    """An article and its file."""

    article: Article
    file: Path
    """With every link followed: the file that is to be changed."""


def pick_article(typed: Path, center: HelpCenter, library: Library, here: Path) -> Picked:
    """Return the article that a person in the folder `here` means, a topic's own words too. Raises Stop when it is none.

    The path is looked for in that folder first, then in the help center, then in its content folder.
    """
    place = next((file for file in (here / typed, center.root / typed, center.content / typed) if file.exists()), None)
    known = {article.path: article for article in library.articles}
    known.update((topic.article.path, topic.article) for topic in library.topics if topic.article)
    if place is None:
        raise Stop(
            Problem("", 0, "no-such-article", f'there is no file "{typed}"', _nearest(typed, known, center.config.content))
        )
    if place.is_dir():
        raise _not_one(typed, "is a folder", "name each article that you have read")
    try:
        path = unicodedata.normalize("NFC", _below(place, center))
    except ValueError:
        hint = f'name a file in "{center.config.content}"'
        raise _not_one(typed, f'is not in the folder "{center.config.content}"', hint) from None
    if path.startswith(f"{SNIPPETS}/"):
        raise _not_one(typed, "is a snippet", "name the articles that use it")
    if not is_page(path):
        raise _not_one(typed, "is no Markdown file", 'name a file that ends with ".md"')
    if path not in known:
        shown = f"{center.config.content}/{path}"
        told = [problem for problem in library.problems if problem.path == shown]
        raise Stop(*told) if told else _not_one(typed, "is passed over by kbtool", 'its name may not begin with "." or "_"')
    return Picked(known[path], place.resolve())


def _below(place: Path, center: HelpCenter) -> str:
    """Return the file's path under the content folder: as it stands there, or where a link outside leads. Raises ValueError."""
    folder = center.content.resolve()
    beside = place.parent.resolve() / place.name
    return (beside if beside.is_relative_to(folder) else place.resolve()).relative_to(folder).as_posix()


def _nearest(typed: Path, known: dict[str, Article], content: str) -> str:
    names: dict[str, str] = {}
    for path in known:
        names.setdefault(path.rpartition("/")[2], path)
    near = get_close_matches(typed.name, names, n=1, cutoff=0.6)
    return f'did you mean "{content}/{names[near[0]]}"?' if near else f'name a file in "{content}"'


def _not_one(typed: Path, why: str, hint: str) -> Stop:
    return Stop(Problem("", 0, "not-an-article", f'"{typed}" {why}', hint))
