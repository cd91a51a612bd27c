"""Library -> Site: which pages there are, what each shows, and a digest of all that shapes it."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from kbtool.config import HelpCenter
from kbtool.model import Article, Library
from kbtool.review import review_due
from kbtool.site.keys import Keys
from kbtool.site.pages import Branch, Neighbours, Page, PageKind, Site
from kbtool.site.related import MOST, related_articles
from kbtool.site.theme import Theme
from kbtool.site.topics import folder_of, grow_branches
from kbtool.site.visible import is_shown, live_redirects, live_targets, place_finder, published_assets

WINDOW = 40
"""Articles of one topic that the sidebar shows at once."""

_FIXED: tuple[tuple[str, str, PageKind], ...] = (
    ("search/", "search/index.html", "search"),
    ("a-z/", "a-z/index.html", "a-z"),
    ("404.html", "404.html", "not-found"),
)

_TITLES = {"search": "Search", "a-z": "All articles from A to Z", "not-found": "Page not found"}


def assemble_site(library: Library, center: HelpCenter, theme: Theme, *, drafts: bool, today: datetime.date) -> Site:
    """Return the site of these articles.

    `drafts` is for the writers' preview: drafts and agents' articles are then part of it, marked. Everything else depends on
    `today` in one way: an article past its last day stands in no list.
    """
    center = _with_signposts(center, library.signposts)
    shown = tuple(article for article in library.articles if is_shown(article, drafts=drafts))
    listed = tuple(article for article in shown if _is_listed(article, today))
    own = {topic.path: topic.article for topic in library.topics if topic.article and is_shown(topic.article, drafts=drafts)}
    retired = [article for article in shown if not _is_listed(article, today)]
    branches = _with_questions(grow_branches(library.topics, listed, own, retired), {article.url for article in shown})
    assets = published_assets(library, (*shown, *own.values()), center.config)
    urls = _urls(shown, branches)
    targets = live_targets(library, (*shown, *own.values()), urls | assets.keys())
    expiries = [each.meta.expires for each in shown if each.meta.expires and each.meta.expires >= today]
    redirects = live_redirects(library.redirects, urls, assets.keys())
    until = min(expiries, default=None)
    site = Site(
        center,
        (),
        shown,
        listed,
        branches,
        targets,
        assets,
        redirects,
        drafts,
        until,
        theme.problems,
    )
    return replace(site, pages=tuple(_pages(site, theme)))


def _with_signposts(center: HelpCenter, urls: Mapping[str, str]) -> HelpCenter:
    """Return the help center whose header, footer and contact have URLs where files' paths were typed."""
    if not urls:
        return center
    config = center.config
    header, footer = (
        tuple(replace(each, url=urls.get(each.url, each.url)) for each in part) for part in (config.header, config.footer)
    )
    contact = replace(config.contact, url=urls.get(config.contact.url, config.contact.url))
    return replace(center, config=replace(config, header=header, footer=footer, contact=contact))


def _is_listed(article: Article, today: datetime.date) -> bool:
    """Tell whether the article stands in lists: neither archived nor past its last day."""
    expires = article.meta.expires
    return article.meta.status != "archived" and not (expires and expires < today)


def _with_questions(branches: Mapping[str, Branch], taken: set[str]) -> dict[str, Branch]:
    """Return the branches, those with FAQ questions with the URL of their FAQ page; an article of that URL goes before it."""
    found: dict[str, Branch] = {}
    taken = taken | {branch.url for branch in branches.values()}
    anywhere = any(article.questions for branch in branches.values() for article in branch.articles)
    for path, branch in branches.items():
        has = anywhere if not path else any(article.questions for article in branch.articles)
        url = f"{branch.url}faq/"
        found[path] = replace(branch, questions=url) if has and url not in taken else branch
    return found


def _urls(shown: Iterable[Article], branches: Mapping[str, Branch]) -> frozenset[str]:
    """Return the URL of every page."""
    topics = chain.from_iterable((branch.url, branch.questions) for branch in branches.values())
    return frozenset(chain((url for url, _, _ in _FIXED), topics, (article.url for article in shown))) | {""}


def _pages(site: Site, theme: Theme) -> Iterator[Page]:
    """Yield every page; of two at one place the article's or topic's goes before the site's own."""
    keys = Keys(site, theme.digest)
    say = theme.words.gettext
    places = set[str]()
    for page in chain(_article_pages(site, keys), _topic_pages(site, keys, say), _own_pages(keys, say)):
        if page.path not in places:
            places.add(page.path)
            yield page


def _article_pages(site: Site, keys: Keys) -> Iterator[Page]:
    """Yield a page for each article."""
    find = place_finder(site.articles)
    related = related_articles(site.listed)
    beside = {path: near for branch in site.branches.values() for path, near in _neighbours(branch.articles)}
    for article in site.articles:
        topic = folder_of(article.path)
        while topic not in site.branches:
            topic = folder_of(topic)
        near = replace(
            beside.get(article.path, Neighbours()),
            related=_related(article, find(article, article.meta.related), related),
            replacement=next(iter(find(article, (article.meta.replacement,))), None),
        )
        due = review_due(article.meta, folder_of(article.path), site.center.config)
        key = keys.article(article, topic, near, due)
        yield Page(article.url, f"{article.url}index.html", "article", article.title, key, topic, article, due, near)


def _related(article: Article, chosen: Sequence[Article], found: Mapping[str, Sequence[Article]]) -> tuple[Article, ...]:
    """Return the articles that the writer chose, then those found, up to a handful."""
    more = (each for each in found.get(article.path, ()) if article.meta.status != "archived")
    unique = {each.path: each for each in chain(chosen, more) if each.path != article.path}
    return tuple(unique.values())[: max(MOST, len(chosen))]


def _neighbours(articles: Sequence[Article]) -> Iterator[tuple[str, Neighbours]]:
    """Yield for each article of a topic those before and after it, and its part of the sidebar."""
    for number, article in enumerate(articles):
        before = articles[number - 1] if number else None
        after = articles[number + 1] if number + 1 < len(articles) else None
        yield article.path, Neighbours(before, after, window=number // WINDOW)


def _topic_pages(site: Site, keys: Keys, say: Callable[[str], str]) -> Iterator[Page]:
    """Yield the home, a page for each topic, and the pages of questions."""
    for branch in site.branches.values():
        kind: PageKind = "topic" if branch.path else "home"
        title = branch.title if branch.path else site.center.config.title
        yield Page(branch.url, f"{branch.url}index.html", kind, title, keys.topic(branch), branch.path)
        if branch.questions:
            url = branch.questions
            asked = ": ".join(filter(None, (say("Frequently asked questions"), branch.path and branch.title)))
            yield Page(url, f"{url}index.html", "faq", asked, keys.questions(branch), branch.path)


def _own_pages(keys: Keys, say: Callable[[str], str]) -> Iterator[Page]:
    """Yield the pages that every site has."""
    for url, path, kind in _FIXED:
        yield Page(url, path, kind, say(_TITLES[kind]), keys.own(kind))
