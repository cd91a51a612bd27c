"""A page of the site -> what its template is given, HTML of articles aside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice

from kbtool.model import Article, Heading, Question
from kbtool.site.assemble import WINDOW
from kbtool.site.feeds import newest
from kbtool.site.pages import Branch, Page, Site

PINNED = 12
RECENT = 6
SHORT = 5
"""Articles of a subtopic that stand on its topic's page."""
FIRST = 5
"""Titles or questions that say what a page is about when nobody has said it."""
ANSWERS = 200
"""Answers on one page of questions; what is beyond is linked to."""


@dataclass(frozen=True, slots=True)
class Node:
    """A topic in the sidebar."""

    branch: Branch
    is_open: bool
    topics: tuple["Node", ...] = ()
    articles: tuple[Article, ...] = ()
    more: int = 0
    """The number of all its articles, when not all are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a page of questions."""

    id: str
    question: Question
    article: Article


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    title: str
    url: str
    asked: tuple[Asked, ...]
    folded: bool
    """The page is long enough: these are links to where the answers are."""


def about(site: Site, page: Page) -> str:
    """Return what a page is about in a sentence or a few titles, for search engines and messengers."""
    if page.article:
        return page.article.summary
    branch = site.branches[page.topic]
    if page.kind == "faq":
        asked = (question.text for article in _asking(site, page) for question in article.questions)
        return " ".join(islice(asked, FIRST))
    if page.kind not in ("home", "topic"):
        return site.center.config.description or page.title
    said = branch.summary if page.topic else site.center.config.description or branch.summary
    titles = chain((site.branches[path].title for path in branch.topics), (article.title for article in branch.articles))
    return said or ", ".join(islice(titles, FIRST))


def _asking(site: Site, page: Page) -> Iterator[Article]:
    """Yield the articles whose questions stand on a page of questions, in order."""
    branches = (site.branches[page.topic],) if page.topic else site.branches.values()
    return (article for branch in branches for article in branch.articles if article.questions)


def sidebar_nodes(site: Site, topic: str, window: int) -> tuple[Node, ...]:
    """Return the tree that the sidebar shows in a topic: all topics at the top, the way to the topic, what stands in it."""
    branch = site.branches[topic]
    way = (*branch.parents, topic)
    return tuple(_node(site, path, way, window) for path in _some(site.branches[""].topics, way))


def _node(site: Site, path: str, way: Sequence[str], window: int) -> Node:
    branch = site.branches[path]
    if path not in way:
        return Node(branch, is_open=False)
    topics = tuple(_node(site, child, way, window) for child in _some(branch.topics, way))
    if path != way[-1]:
        return Node(branch, is_open=True, topics=topics)
    articles, more = sidebar_articles(branch, window)
    return Node(branch, is_open=True, topics=topics, articles=articles, more=more)


def sidebar_articles(branch: Branch, window: int) -> tuple[tuple[Article, ...], int]:
    """Return the part of a topic's articles that the sidebar shows, and the number of all when that is not all."""
    shown = branch.articles[window * WINDOW : (window + 1) * WINDOW]
    return shown, len(branch.articles) if len(shown) < len(branch.articles) else 0


def _some(paths: Sequence[str], way: Sequence[str]) -> tuple[str, ...]:
    """Return the topics that fit, and the one that is open."""
    return tuple(path for place, path in enumerate(paths) if place < WINDOW or path in way)


def contents(headings: Iterable[Heading]) -> tuple[tuple[Heading, tuple[Heading, ...]], ...]:
    """Return the headings of the second level, each with those of the third below it; nothing when there is but one."""
    found: list[tuple[Heading, list[Heading]]] = []
    for heading in headings:
        if heading.level == 2:  # noqa: PLR2004 - h2
            found.append((heading, []))
        elif heading.level == 3 and found:  # noqa: PLR2004 - h3
            found[-1][1].append(heading)
    return tuple((heading, tuple(below)) for heading, below in found) if len(found) > 1 else ()


def trail(site: Site, page: Page) -> tuple[Branch, ...]:
    """Return the topics above a page, from the top: the way back that breadcrumbs show."""
    branch = site.branches[page.topic]
    above = tuple(site.branches[path] for path in branch.parents)
    return above if page.kind == "topic" or not branch.path else (*above, branch)


def pinned(site: Site) -> tuple[Article, ...]:
    """Return the articles that their writers want on the home page."""
    chosen = (article for article in site.listed if article.meta.pinned)
    return tuple(
        sorted(chosen, key=lambda each: (each.meta.order is None, each.meta.order or 0, each.title.casefold(), each.path))
    )[:PINNED]


def recent(site: Site) -> list[Article]:
    """Return the articles that changed last."""
    return newest(site, RECENT)


def groups(site: Site, page: Page) -> tuple[Group, ...]:
    """Return a FAQ page's questions: a topic's by article, those of the whole site by topic."""
    branches = (site.branches[page.topic],) if page.topic else tuple(site.branches.values())
    taken = set[str]()
    found: list[Group] = []
    shown = 0
    for branch in branches:
        asked = tuple(_asked(branch.articles, taken))
        parts = _by_article(asked) if page.topic else [(branch.title, branch.questions or branch.url, asked)] if asked else []
        for title, url, part in parts:
            found.append(Group(title, url, part, folded=shown >= ANSWERS))
            shown += len(part)
    return tuple(found)


def _by_article(asked: Iterable[Asked]) -> list[tuple[str, str, tuple[Asked, ...]]]:
    by_article = groupby(asked, key=lambda each: each.article.path)
    parts = (tuple(part) for _, part in by_article)
    return [(part[0].article.title, part[0].article.url, part) for part in parts]


def _asked(articles: Iterable[Article], taken: set[str]) -> Iterator[Asked]:
    """Yield the articles' questions, each with an id that no other on the page has."""
    for article in articles:
        for question in article.questions:
            ident, number = question.id, 1
            while ident in taken:
                number += 1
                ident = f"{question.id}-{number}"
            taken.add(ident)
            yield Asked(ident, question, article)


def letters(site: Site) -> tuple[tuple[str, tuple[Article, ...]], ...]:
    """Return all listed articles by the first letter of their title; what begins with no letter comes first, under #."""
    ordered = sorted(site.listed, key=lambda article: (_letter(article.title), article.title.casefold(), article.path))
    return tuple((letter, tuple(each)) for letter, each in groupby(ordered, key=lambda article: _letter(article.title)))


def _letter(title: str) -> str:
    first = next((sign for sign in title if sign.isalnum()), "")
    return first.upper()[0] if first.isalpha() else "#"
