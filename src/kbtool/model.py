"""The nouns that pass from room to room: frozen values, final when made."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from kbtool.kinds import ArticleType, Audience, Doc, Status
from kbtool.problems import Problem

LINK_MARK = "kb:"
"""In an article's HTML, `href="kb:3"` and `src="kb:3"` stand for the article's link number 3. Whether it has a target
is known only when the whole library is read, so the site puts the address in when it renders the page."""


@dataclass(frozen=True, slots=True)
class Meta:
    """An article's front matter. Every key is optional; a title may also be the file's first heading."""

    title: Annotated[str, Doc("The article's name, as readers see and search it.")] = ""
    summary: Annotated[str, Doc("One or two sentences for lists and search results; left out, the first paragraph serves.")] = ""
    type: Annotated[
        ArticleType | None, Doc("What kind of page it is; left out, the topic's default or the text itself decides.")
    ] = None
    keywords: Annotated[tuple[str, ...], Doc("Customers' own words for it: searched and matched, not shown.")] = ()
    owner: Annotated[str, Doc("Who keeps the article true.")] = ""
    reviewed: Annotated[datetime.date | None, Doc("When a person last checked the article.")] = None
    reviewed_by: Annotated[str, Doc("Who checked it then; kbtool review writes it.")] = ""
    reviewed_text: Annotated[str, Doc("Tells whether the text changed since then; kbtool review writes it.")] = ""
    review_every: Annotated[str, Doc('How often it must be checked: "90 days", "6 months", "1 year".')] = ""
    updated: Annotated[datetime.date | None, Doc("When the text last changed; left out, git is asked.")] = None
    status: Annotated[Status, Doc("published; draft: only in kbtool serve; archived: kept reachable, marked, out of search.")] = (
        "published"
    )
    replacement: Annotated[str, Doc("For an archived article: the article to read instead.")] = ""
    audience: Annotated[Audience, Doc("public; agents: never in a public build.")] = "public"
    aliases: Annotated[tuple[str, ...], Doc("Old paths of this article: each becomes a redirect.")] = ()
    related: Annotated[tuple[str, ...], Doc("Articles to read next, as paths.")] = ()
    order: Annotated[float | None, Doc("Its place in the topic: small numbers first, then by title.")] = None
    pinned: Annotated[bool, Doc("Shown on the home page.")] = False
    expires: Annotated[datetime.date | None, Doc("The last day on which the article is shown in lists.")] = None
    id: Annotated[str, Doc("Its number in a hosted help center, so that old links to it resolve.")] = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an article, for its contents list and for links to it."""

    level: int
    """2 to 6; the title is the only 1."""
    text: str
    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image of an article, as its writer typed it."""

    target: str
    """Percent-decoded, with its #fragment; external addresses are not kept here but stand in the HTML."""
    line: int
    text: str
    """The link's words, or the image's alternative text."""
    image: bool = False


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """A link that leaves the site, for the check that asks whether it still works."""

    target: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under one heading, down to the next heading of the same or a higher level's start: what search shows by itself."""

    id: str
    """The heading's anchor; empty for the words before the first heading."""
    title: str
    text: str
    """The words alone, without the heading."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a FAQ page with its answer."""

    id: str
    text: str
    html: str
    """The answer, with link marks."""
    answer: str
    """The answer's words."""


@dataclass(frozen=True, slots=True)
class Article:
    """A Markdown file, read: final, and independent of every other file."""

    path: str
    """Under the content folder, POSIX, NFC."""
    url: str
    """Relative to the site's root, with a slash at its end."""
    type: ArticleType
    meta: Meta
    title: str
    summary: str
    html: str
    """The body without the title, with link marks."""
    text: str
    """The body's words, for search and matching."""
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    external: tuple[ExternalLink, ...] = ()
    sections: tuple[Section, ...] = ()
    questions: tuple[Question, ...] = ()
    anchors: frozenset[str] = frozenset()
    """Every id in the body that a link may point at."""
    words: int = 0
    wording: str = ""
    """A digest of the text as it is typed, front matter aside: what `reviewed_text` is compared with."""
    sketch: str = ""
    """Digits that are alike when articles' words are: what became of an article is found by it."""
    digest: str = ""
    """Of the file's bytes and of all that shaped its HTML: the same digest, the same article."""
    hushed: tuple[str, ...] = ()
    """Rules that the article turns off for itself: `<!-- kbtool: off RULE -->`."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A folder of articles. The home is the topic with the empty path."""

    path: str
    """The folder under content; empty for the content folder itself."""
    url: str
    title: str
    article: Article | None
    """The folder's index.md, if it has one: the topic's own words."""
    parent: str | None
    """The path of the topic it stands in; None for the home."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file beside the articles that is copied as it is."""

    path: str
    url: str
    file: Path
    size: int
    mtime_ns: int
    width: int = 0
    """Pixels; 0 when it is no image or its size cannot be read."""
    height: int = 0


@dataclass(frozen=True, slots=True)
class Library:
    """All that the content folder holds."""

    articles: tuple[Article, ...]
    """Sorted by path; topics' index.md are not among them."""
    topics: tuple[Topic, ...]
    """Sorted by path, the home first; only folders with an article somewhere below."""
    assets: tuple[Asset, ...]
    paths: frozenset[str]
    """Every file seen, readable or not."""
    targets: Mapping[str, tuple[str, ...]]
    """For each article's path (topics' index.md too) what its links resolve to, number by number: a site URL with its
    #fragment, an outside address for an old link that an article's `id` does not answer, or "" when nothing is there."""
    redirects: Mapping[str, str]
    """Old URL -> the URL that took its place, both relative to the site's root."""
    problems: tuple[Problem, ...]
    """Those of the articles and those that only the whole shows, sorted."""
    signposts: Mapping[str, str] = field(default_factory=dict)
    """What links of the header, the footer and the contact lead to that are typed as files' paths: as typed -> a URL of the site."""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of the site, before it is anywhere. A page that need not be rendered again has no content."""

    path: str
    """Under the output folder, POSIX."""
    key: str
    """A digest of all that decides the content: the same key, the same bytes."""
    content: bytes | Path | None = field(repr=False)
    """The bytes, the file to copy, or None: "as it was"."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What the browser's search knows of one page, or of one question of a FAQ page."""

    url: str
    """With its #fragment for a question."""
    title: str
    topic: str
    """The topic's title, to filter by."""
    keywords: tuple[str, ...]
    summary: str
    sections: tuple[Section, ...]
    topic_url: str = ""
    """Where the topic's page is, for a reader whose question nothing answers."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that `kbtool search` found."""

    article: str
    """The path under the content folder."""
    title: str
    url: str
    score: float
    """BM25F, higher is better; comparable within one answer only."""
    words: tuple[str, ...]
    """The query's words that matched, most telling first."""
