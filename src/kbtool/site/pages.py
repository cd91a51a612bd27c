"""What a site consists of before it is rendered."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kbtool.config import HelpCenter
from kbtool.model import Article, Asset
from kbtool.problems import Problem

PageKind = Literal["home", "topic", "article", "faq", "search", "a-z", "not-found"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic as readers see it: what it holds, in their order."""

    path: str
    url: str
    title: str
    words: Article | None
    """The topic's own words, when they may be shown."""
    parents: tuple[str, ...]
    """The paths of the topics above it, from the top; the home is not among them."""
    topics: tuple[str, ...]
    """The paths of its subtopics."""
    articles: tuple[Article, ...]
    """Those that stand in lists."""
    count: int
    """How many articles there are in it and below."""
    questions: str
    """The URL of its FAQ page, or empty."""
    retired: tuple[Article, ...] = ()
    """What a topic shows that holds nothing else: articles that stand in no other list."""

    @property
    def summary(self) -> str:
        """What the topic is about, in a sentence, if it says."""
        return self.words.summary if self.words else ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a reader of an article may go next."""

    previous: Article | None = None
    next: Article | None = None
    related: tuple[Article, ...] = ()
    replacement: Article | None = None
    window: int = 0
    """Which part of a long topic's articles the sidebar shows."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site: where it goes, what it shows, and a digest of all that shapes it."""

    url: str
    path: str
    """Of the file, under the output folder."""
    kind: PageKind
    title: str
    key: str
    topic: str = ""
    """The topic it is or stands in, by its path."""
    article: Article | None = None
    due: datetime.date | None = None
    """The last day on which the article counts as checked."""
    neighbours: Neighbours = Neighbours()


@dataclass(frozen=True, slots=True)
class Site:
    """All that is to be published, settled but not yet rendered."""

    center: HelpCenter
    pages: tuple[Page, ...]
    articles: tuple[Article, ...]
    """Those that have a page in this build; topics' own words are not among them."""
    listed: tuple[Article, ...]
    """Those of them that stand in lists and on the home page: neither archived nor past their last day."""
    branches: Mapping[str, Branch]
    """The topics that have a page, by path; the home is the empty path."""
    targets: Mapping[str, tuple[str, ...]]
    """For each shown article's path what its links lead to in this build, number by number: a URL, or "" for nowhere."""
    assets: Mapping[str, Asset]
    """The files that are copied, by URL."""
    redirects: Mapping[str, str]
    """Old URL -> URL, for those that lead to something in this build."""
    drafts: bool
    valid_until: datetime.date | None
    """The last day on which the same content gives the same site; None: for ever."""
    problems: tuple[Problem, ...] = ()

    @property
    def searchable(self) -> tuple[Article, ...]:
        """The articles that search may find."""
        return tuple(each for each in self.listed if each.meta.status == "published" and each.meta.audience == "public")
