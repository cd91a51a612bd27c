"""A library and what moves in it -> where everything will stand, and what every link of today is to lead to then."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kbtool.content.lookup import Lookup, join_path, make_lookup, page_at
from kbtool.content.respell import Place
from kbtool.content.topics import is_topic_page, make_topics
from kbtool.model import Article, Asset, Library
from kbtool.problems import Problem, Stop
from kbtool.urls import asset_url, is_page, page_url


@dataclass(frozen=True, slots=True)
class Prospect:
    """The library before and after a move."""

    old: str
    """The path of the file or the folder that moves, under the content folder."""
    new: str
    before: Lookup
    after: Lookup
    articles: tuple[Article, ...]
    """As they are now, topics' own words among them."""
    urls: Mapping[str, str]
    """The URL of every page and file that will have another one -> that one; a topic that ends leads to the one after it."""

    def path(self, path: str) -> str:
        """Return where a file will stand."""
        if path == self.old:
            return self.new
        return self.new + path[len(self.old) :] if path.startswith(f"{self.old}/") else path

    def moves(self, path: str) -> bool:
        """Tell whether a file will stand elsewhere."""
        return self.path(path) != path

    def url(self, url: str) -> str:
        """Return the URL of what has this one now."""
        return self.urls.get(url, url)

    def place(self, url: str) -> Place:
        """Return what will stand at a URL."""
        path = self.after.pages.get(url)
        if path is None:
            return Place(next((asset.path for asset in self.after.assets.values() if asset.url == url), ""), "")
        return Place(path, url, is_topic=not is_page(path))

    @property
    def taken(self) -> frozenset[str]:
        """The URLs that will be pages or files, and are none now: no old URL can stand there any more."""
        return frozenset((self.after.pages.keys() - self.before.pages.keys()) | (self.after.files - self.before.files))


def foresee_move(library: Library, old: str, new: str, title: str) -> Prospect:
    """Return the library before and after the move. Raises Stop when two pages or files would have one address."""
    articles = (*library.articles, *(topic.article for topic in library.topics if topic.article))
    before = make_lookup(articles, library.topics, library.assets, library.paths)
    prospect = Prospect(old, new, before, before, articles, {})
    later = tuple(_article_at(article, prospect.path(article.path)) for article in articles)
    own = {posixpath.dirname(article.path): article for article in later if is_topic_page(article.path)}
    topics = make_topics((article for article in later if not is_topic_page(article.path)), own, title)
    assets = tuple(_asset_at(asset, prospect.path(asset.path)) for asset in library.assets)
    after = make_lookup(later, topics, assets, frozenset(prospect.path(path) for path in library.paths))
    _refuse_collisions(later, after)
    urls = {article.url: moved.url for article, moved in zip(articles, later, strict=True) if article.url != moved.url}
    urls.update((one.url, other.url) for one, other in zip(library.assets, assets, strict=True) if one.url != other.url)
    for topic in library.topics:
        if topic.url not in after.pages:
            urls[topic.url] = _heir(topic.path, prospect, after)
    return replace(prospect, after=after, urls=urls)


def direct(lookup: Lookup, here: str, target: str) -> str | None:
    """Return the URL of the page or file that a link's address leads to without a redirect; None when there is none."""
    path = target.strip().partition("#")[0]
    joined = join_path(here, path) if path else None
    for meant in (joined, joined.partition("?")[0]) if joined is not None else ():
        asset = lookup.assets.get(meant)
        if asset is None and (url := page_at(lookup, meant)) is not None:
            return url
        if asset := asset or lookup.folded.get(meant.casefold()):
            return asset.url
    return None


def is_exact(lookup: Lookup, here: str, target: str) -> bool:
    """Tell whether a link's address spells a file's path as the file is called, letters' case and all."""
    joined = join_path(here, target.strip().partition("#")[0])
    return joined is not None and (joined in lookup.assets or joined.partition("?")[0] in lookup.assets)


def _article_at(article: Article, path: str) -> Article:
    return article if path == article.path else replace(article, path=path, url=page_url(path))


def _asset_at(asset: Asset, path: str) -> Asset:
    return asset if path == asset.path else replace(asset, path=path, url=asset_url(path))


def _heir(topic: str, prospect: Prospect, after: Lookup) -> str:
    """Return the URL of the topic that takes the place of one that ends: its folder's new one, else that of what left it."""
    places = [prospect.path(topic), posixpath.dirname(prospect.new), posixpath.dirname(topic)]
    return next((url for place in places if (url := page_url(place)) in after.pages), "")


def _refuse_collisions(later: Iterable[Article], after: Lookup) -> None:
    """Raise Stop when what moves would take another page's or file's address."""
    owners: dict[str, str] = {}
    claims = [(article.url, article.path) for article in later if not is_topic_page(article.path)]
    claims += [(asset.url, asset.path) for asset in after.assets.values()]
    claims += [(url, path) for url, path in after.pages.items() if not is_page(path)]
    for url, path in claims:
        other = owners.setdefault(url.rstrip("/"), path)
        if other != path:
            message = f'"{other}" and "{path}" would have one address, "{url}"'
            raise Stop(Problem("", 0, "url-collision", message, "choose another name"))
