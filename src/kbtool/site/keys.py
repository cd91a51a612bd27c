"""All that shapes a page -> its key: the same key, the same bytes."""

import datetime
from collections.abc import Iterable
from hashlib import blake2b

from kbtool import __version__
from kbtool.model import Article
from kbtool.site.pages import Branch, Neighbours, PageKind, Site


class Keys:
    """Makes the keys of one site's pages; what many pages share is digested once."""

    def __init__(self, site: Site, theme: str) -> None:
        """Digest what shapes every page: the look, the settings, the topics at the top, and kbtool itself."""
        self._site = site
        home = site.branches[""]
        tops = [(site.branches[path].url, site.branches[path].title) for path in home.topics]
        brand = site.center.config.brand
        pictures = (brand.logo, brand.logo_dark, brand.favicon, brand.share_image)
        logos = [asset for asset in site.assets.values() if asset.path in pictures]
        shape = (__version__, theme, site.center.config, site.drafts, home.questions, tops)
        self._shape = _digest((*shape, [(logo.url, logo.width, logo.height) for logo in logos]))
        self._images = {asset.url: (asset.width, asset.height) for asset in site.assets.values() if asset.width}
        self._sidebars: dict[str, str] = {}

    def article(self, article: Article, topic: str, near: Neighbours, due: datetime.date | None) -> str:
        """Return the key of an article's page."""
        links = tuple(_name(each) for each in (near.previous, near.next, near.replacement, *near.related))
        return _digest((self.sidebar(topic), self._content(article), topic, links, len(near.related), near.window, due))

    def topic(self, branch: Branch) -> str:
        """Return the key of a topic's page, or of the home."""
        words = self._content(branch.words) if branch.words else ""
        listed = [(article.url, article.title, article.summary) for article in branch.articles or branch.retired]
        below = [self._card(self._site.branches[path]) for path in branch.topics]
        return _digest((self.sidebar(branch.path), words, listed, below, self._news() if not branch.path else ()))

    def questions(self, branch: Branch) -> str:
        """Return the key of a page of questions."""
        articles = branch.articles if branch.path else self._site.listed
        asked = [self._content(article) for article in articles if article.questions]
        order = [(each.url, each.title, each.questions) for each in self._site.branches.values()] if not branch.path else ()
        return _digest((self.sidebar(branch.path), "questions", asked, order))

    def own(self, kind: PageKind) -> str:
        """Return the key of a page that every site has."""
        listed = [(article.url, article.title) for article in self._site.listed] if kind == "a-z" else ()
        return _digest(
            (self._shape, kind, listed, [self._card(self._site.branches[path]) for path in self._site.branches[""].topics])
        )

    def sidebar(self, topic: str) -> str:
        """Return a digest of what the sidebar shows in a topic; it covers what shapes every page."""
        if topic not in self._sidebars:
            branch = self._site.branches[topic]
            path = [self._site.branches[each] for each in (*branch.parents, topic)]
            below = [(each.url, each.title, [_title(self._site.branches[child]) for child in each.topics]) for each in path]
            listed = [(article.url, article.title) for article in branch.articles]
            self._sidebars[topic] = _digest((self._shape, below, listed, branch.questions))
        return self._sidebars[topic]

    def _content(self, article: Article) -> str:
        """Return what shapes an article's own part of a page, links and images included."""
        meta = article.meta
        targets = self._site.targets.get(article.path, ())
        sizes = [self._images[target] for target in targets if target in self._images]
        return repr((article.digest, article.url, article.title, article.summary, article.type, meta, targets, sizes))

    def _card(self, branch: Branch) -> tuple[object, ...]:
        """Return what a list of topics shows of one."""
        first = [(article.url, article.title) for article in branch.articles]
        below = [self._site.branches[path].title for path in branch.topics]
        return branch.url, branch.title, branch.summary, branch.count, first, below

    def _news(self) -> list[object]:
        """Return what the home page shows of all articles."""
        return [_dated(article) for article in self._site.listed if article.meta.pinned or article.meta.updated]


def content_key(content: bytes) -> str:
    """Return the key of a file whose content is at hand."""
    return blake2b(content, digest_size=12).hexdigest()


def _title(branch: Branch) -> tuple[str, str]:
    return branch.url, branch.title


def _name(article: Article | None) -> tuple[str, str] | None:
    return (article.url, article.title) if article else None


def _dated(article: Article) -> tuple[object, ...]:
    return article.url, article.title, article.meta.pinned, article.meta.updated


def _digest(parts: Iterable[object]) -> str:
    """Return a digest of the parts' notations; equal values have equal ones."""
    return blake2b(repr(tuple(parts)).encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()
