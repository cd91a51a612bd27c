"""Links as people type them -> URLs of the site, and a problem for each that leads nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from kbtool.content.lookup import Lookup, anchor_at, join_path, nearest, page_at
from kbtool.content.oldurls import old_url_id
from kbtool.content.redirects import Redirects, make_redirects
from kbtool.content.signposts import check_signposts, signpost_urls
from kbtool.content.whole import check_whole_addresses, meant_address
from kbtool.model import Article, Link
from kbtool.problems import Problem, Severity, did_you_mean
from kbtool.settings import Config

_MOST_HINTS = 100
"""Looking for what was meant is slow; a moved folder has one cause and thousands of dead links."""


@dataclass(frozen=True, slots=True)
class Links:
    """What the links of all articles lead to."""

    targets: Mapping[str, tuple[str, ...]]
    """By the article's path, link by link: a site URL, an outside address, or "" where nothing is."""
    redirects: Mapping[str, str]
    signposts: Mapping[str, str]
    """What kbtool.yml's own links lead to that are typed as files."""
    problems: tuple[Problem, ...]


def resolve_links(articles: Iterable[Article], lookup: Lookup, config: Config, root: Path) -> Links:
    """Return what every link of the articles, topics' own among them, leads to, and what is wrong with those of kbtool.yml in `root`.

    A link to a file that was seen but could not be read is no further problem: the file has its own.
    """
    articles = tuple(articles)
    redirects = make_redirects(articles, lookup, config)
    resolver = _Resolver(lookup, redirects, config, redirects.problems.copy())
    targets = {article.path: tuple([resolver.target(link, article) for link in article.links]) for article in articles}
    whole = check_whole_addresses(articles, lookup, redirects, config)
    signposts = signpost_urls(config, lookup, redirects)
    problems = (*resolver.problems, *whole, *check_signposts(config, root, lookup, redirects))
    return Links(targets, redirects.urls, signposts, problems)


def settle_mentions(articles: Iterable[Article], lookup: Lookup, name: str) -> tuple[tuple[Article, ...], tuple[Problem, ...]]:
    """Return the articles with `related` and `replacement` as paths under the content folder, those that lead nowhere left out."""
    settled, problems = [], []
    for article in articles:
        if not (article.meta.related or article.meta.replacement):
            settled.append(article)
            continue
        paths = {
            typed: _mentioned(typed, article, lookup) for typed in (*article.meta.related, article.meta.replacement) if typed
        }
        for typed, path in paths.items():
            if path is None:
                hint = nearest(lookup, article.path, join_path(article.path, typed) or typed)
                words = f'the front matter names "{typed}", which is not there'
                problems.append(Problem(f"{name}/{article.path}", 1, "dead-link", words, hint))
        related = tuple(path for typed in article.meta.related if (path := paths.get(typed)) is not None)
        meta = replace(article.meta, related=related, replacement=paths.get(article.meta.replacement) or "")
        digest = blake2b(repr((article.digest, related, meta.replacement)).encode(), digest_size=16).hexdigest()
        settled.append(replace(article, meta=meta, digest=digest))
    return tuple(settled), tuple(problems)


def _mentioned(typed: str, article: Article, lookup: Lookup) -> str | None:
    """Return the path of the article or topic meant, looked for beside the article first, then from the content folder."""
    for start in (article.path, ""):
        path = join_path(start, typed)
        url = None if path is None else page_at(lookup, path)
        if url is not None:
            return lookup.articles[url].path if url in lookup.articles else lookup.pages[url]
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """A link and the article it stands in."""

    article: Article
    link: Link

    @property
    def words(self) -> str:
        """The link in a problem's words."""
        return f'{"image" if self.link.image else "link to"} "{self.link.target}"'


@dataclass(slots=True)
class _Resolver:
    lookup: Lookup
    redirects: Redirects
    config: Config
    problems: list[Problem]
    hints: int = 0

    def target(self, link: Link, article: Article) -> str:
        """Return where the link leads, and keep the problem when that is nowhere."""
        at = _Place(article, link)
        path, _, fragment = link.target.strip().partition("#")
        if path.lower().startswith(("http://", "https://", "//")):
            return self.old_address(at, path, fragment)
        if not link.target.strip():
            rule, what = ("missing-file", "picture") if link.image else ("dead-link", "link")
            self.tell(at, rule, f'the {what} "{link.text}" has no address', "type where it leads between the parentheses")
            return ""
        if not path:
            return self.with_anchor(at, article.url, fragment)
        joined = join_path(article.path, path)
        if joined is None:
            hint = f'links may lead only to files in "{self.config.content}"'
            self.tell(at, "outside-content", f"{at.words} climbs out of the content folder", hint)
            return ""
        for meant in (joined, joined.partition("?")[0]):
            found = self.inside(at, meant, fragment)
            if found is not None:
                return found
        near = meant_address(path) or (nearest(self.lookup, article.path, joined) if self.may_hint() else "")
        self.tell(at, "missing-file" if link.image else "dead-link", f"{at.words}, which is not there", near)
        return ""

    def inside(self, at: _Place, path: str, fragment: str) -> str | None:
        """Return the URL of the page or the file, empty for one that could not be read, None when there is none."""
        asset = self.lookup.assets.get(path)
        url = page_at(self.lookup, path) if asset is None else None
        if asset is None and url is None:
            url = self.redirects.at(path)
        if url is not None:
            return self.with_anchor(at, url, fragment)
        if asset is None and (asset := self.lookup.folded.get(path.casefold())):
            words = f'{at.words} differs in case from "{asset.path}"'
            self.tell(at, "wrong-case", words, "type it as the file is called: most servers mind", "warning")
        if asset is not None:
            return f"{asset.url}#{fragment}" if fragment else asset.url
        return "" if path in self.lookup.seen or f"{path}.md" in self.lookup.seen else None

    def old_address(self, at: _Place, path: str, fragment: str) -> str:
        """Return the URL of the article with the old address's number, or the address itself when none has it."""
        number = old_url_id(path, self.config.old_urls)
        url = self.lookup.ids.get(number) if number else None
        if url is not None:
            return self.with_anchor(at, url, fragment)
        if number is not None:
            hint = f'no article has "id: {number}"' if number else ""
            self.tell(at, "old-link", f"{at.words} still leads to the former help center", hint, "hint")
        return at.link.target

    def with_anchor(self, at: _Place, url: str, fragment: str) -> str:
        """Return the URL with its anchor; the page alone when it has no such anchor."""
        anchor = anchor_at(self.lookup, url, fragment)
        if anchor is None:
            there = self.lookup.articles.get(url)
            near = did_you_mean(fragment, there.anchors if there else ()) if self.may_hint() else ""
            where = "this article" if url == at.article.url else f'"{there.path if there else self.lookup.pages[url]}"'
            self.tell(at, "dead-anchor", f'link to "#{fragment}", which is not in {where}', near)
        return f"{url}#{anchor}" if anchor else url

    def may_hint(self) -> bool:
        """Tell whether there is time to look for what was meant."""
        self.hints += 1
        return self.hints <= _MOST_HINTS

    def tell(self, at: _Place, rule: str, message: str, hint: str, severity: Severity = "error") -> None:
        """Keep the problem."""
        path = f"{self.config.content}/{at.article.path}"
        self.problems.append(Problem(path, at.link.line, rule, message, hint, severity))
