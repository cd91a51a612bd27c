"""Folders -> topics, and what holds for all the articles in one."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kbtool.kinds import ArticleType
from kbtool.model import Article, Topic
from kbtool.problems import Problem, did_you_mean
from kbtool.settings import Config
from kbtool.urls import page_url


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for an article that does not say otherwise."""

    type: ArticleType | None = None
    owner: str = ""
    review_every: str = ""
    """As its topic says, or one above it."""
    by_type: tuple[tuple[str, str], ...] = ()
    """How often articles of each type must be checked that the topic says nothing of."""
    otherwise: str = ""
    """How often all others must be."""

    def interval(self, kind: ArticleType) -> str:
        """Return how often an article of the type must be checked that does not say itself."""
        return self.review_every or dict(self.by_type).get(kind) or self.otherwise


def is_topic_page(path: str) -> bool:
    """Tell whether a page is a topic's own words."""
    stem, _, _ = posixpath.basename(path).rpartition(".")
    return stem.lower() == "index"


def topic_defaults(folder: str, config: Config, words: Mapping[str, Article]) -> Defaults:
    """Return what the folder's articles inherit: kbtool.yml's `topics`, then the folder's index.md, then the folder above.

    `words` holds the topics' own articles by folder. What the home's index.md says holds for the home alone.
    """
    named = {_folder_key(name): defaults for name, defaults in config.topics.items()}
    said: list[Defaults] = []
    while folder:
        if (typed := named.get(_folder_key(folder))) is not None:
            said.append(Defaults(typed.type, typed.owner, typed.review_every))
        if (page := words.get(folder)) is not None:
            said.append(Defaults(page.meta.type, page.meta.owner, page.meta.review_every))
        folder = posixpath.dirname(folder)
    return Defaults(
        next((one.type for one in said if one.type), None),
        next((one.owner for one in said if one.owner), ""),
        next((one.review_every for one in said if one.review_every), ""),
        tuple(sorted((kind, defaults.review_every) for kind, defaults in config.types.items() if defaults.review_every)),
        config.review_every,
    )


def make_topics(articles: Iterable[Article], words: Mapping[str, Article], title: str) -> tuple[Topic, ...]:
    """Return the home, called `title` unless its index.md says otherwise, and every folder with an article at or below it."""
    folders = {"", *words}
    for article in articles:
        folders.add(posixpath.dirname(article.path))
    for folder in tuple(folders):
        above = folder
        while above:
            above = posixpath.dirname(above)
            folders.add(above)
    return tuple(_topic(folder, words.get(folder), title) for folder in sorted(folders))


def unknown_topics(config: Config, folders: Iterable[str], path: str) -> tuple[Problem, ...]:
    """Return a problem for each of kbtool.yml's topics that no folder answers to."""
    known = {_folder_key(folder): folder for folder in folders}
    return tuple(
        Problem(path, 0, "unknown-topic", f'there is no topic "{name}"', did_you_mean(name, known.values()), "warning")
        for name in config.topics
        if _folder_key(name) not in known
    )


def folder_title(folder: str) -> str:
    """Return a folder's or a file's name as a title.

    >>> folder_title("Store Support/getting-started")
    'Getting started'
    """
    name = posixpath.basename(folder)
    spaced = name if " " in name else name.replace("-", " ").replace("_", " ")
    return spaced.strip()[:1].upper() + spaced.strip()[1:]


def _topic(folder: str, words: Article | None, home: str) -> Topic:
    title = words.title if words and words.title else folder_title(folder) if folder else home
    return Topic(folder, page_url(folder), title, words, posixpath.dirname(folder) if folder else None)


def _folder_key(folder: str) -> str:
    return folder.strip("/").casefold()
