"""Links typed as whole addresses, or meant so -> what is wrong with those that lead to this very site, to one's own computer, or nowhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from kbtool.content.claims import RESERVED
from kbtool.content.lookup import Lookup, anchor_at, join_path, page_at
from kbtool.content.redirects import Redirects
from kbtool.model import Article
from kbtool.problems import Problem, Severity, did_you_mean
from kbtool.settings import Config

_WEB = re.compile(r"(https?):(/*)(.*)", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(r"[^\s@<>\"/]+@[^\s@<>\"/]+\.[^\s@<>\"/.]+")
_LOCAL = re.compile(r"localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1", re.IGNORECASE)
_OWN = RESERVED | {"assets", "faq"}
_MOST_HINTS = 20
"""So often is looked for what was meant: each time all pages' addresses are compared, and a site that moved has thousands of links."""

Fault = tuple[str, str, str, Severity]
"""Rule, message, hint and severity."""


@dataclass(frozen=True, slots=True)
class _Site:
    """The site that the articles stand on."""

    base: SplitResult
    lookup: Lookup
    redirects: Redirects
    tries: Iterator[int]
    """One for each time that there is time to look for what was meant."""

    def meant(self, typed: str, known: Iterable[str]) -> str:
        return did_you_mean(typed, known) if next(self.tries, None) is not None else ""


def check_whole_addresses(articles: Iterable[Article], lookup: Lookup, redirects: Redirects, config: Config) -> Iterator[Problem]:
    """Yield a problem for each link of the articles to a whole address that no reader gets anywhere by."""
    site = _Site(urlsplit(config.url), lookup, redirects, iter(range(_MOST_HINTS)))
    for article in articles:
        for link in article.external:
            web = _WEB.match(link.target)
            fault = _fault(link.target, web, site) if web else None
            if fault:
                rule, message, hint, severity = fault
                yield Problem(f"{config.content}/{article.path}", link.line, rule, message, hint, severity)


def meant_address(typed: str) -> str:
    """Return a hint for a path that leads nowhere and looks like an address of the web or of a person; empty for any other.

    >>> meant_address("www.crumb.example/a")
    'type "https://www.crumb.example/a"'
    """
    if typed.lower().startswith("www."):
        return f'type "https://{typed}"'
    return f'type "mailto:{typed}"' if _MAIL.fullmatch(typed) else ""


def _fault(target: str, web: re.Match[str], site: _Site) -> Fault | None:
    if web[2] != "//" or not web[3]:
        return "dead-link", f'link to "{target}", which is no address', f'type "{web[1].lower()}://{web[3]}"', "error"
    try:
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if _LOCAL.fullmatch(host):
        return _local(target, parts, site.lookup)
    root = site.base.path.rstrip("/")
    below = parts.path == root or parts.path.startswith(f"{root}/")
    if site.base.hostname and (host, port) == (site.base.hostname, site.base.port) and below:
        return _own(target, parts.path[len(root) :], parts.fragment, site)
    return None


def _local(target: str, parts: SplitResult, lookup: Lookup) -> Fault:
    """Return that the address is one of the reader's own computer: that of a preview when an article stands there."""
    path = join_path("", unquote(parts.path))
    url = page_at(lookup, path) if path else None
    message = f'link to "{target}" leads to the reader\'s own computer'
    if url is not None:
        return "local-link", message, f'link to the file instead: "/{lookup.pages[url]}"', "warning"
    return "local-link", message, "if it is what readers are to type, put it between backticks; else link to the file", "hint"


def _own(target: str, path: str, fragment: str, site: _Site) -> Fault | None:
    """Return what is wrong with an address of this site; its own pages, and what its server may hold beside them, are none of ours."""
    lookup = site.lookup
    joined = join_path("", unquote(path))
    if joined is None or joined.partition("/")[0] in _OWN or joined.endswith("/faq"):
        return None
    url = page_at(lookup, joined)
    if url is None and (joined in lookup.assets or joined in lookup.files or site.redirects.at(joined) is not None):
        return None
    if url is None:
        near = site.meant(f"{joined}/", lookup.pages)
        hint = near or "link to the article's file instead"
        return "dead-link", f'link to "{target}", which is not on this site', hint, "warning"
    if anchor_at(lookup, url, unquote(fragment)) is None:
        there = lookup.articles.get(url)
        near = site.meant(unquote(fragment), there.anchors if there else ())
        return "dead-anchor", f'link to "{target}": the page has no "#{fragment}"', near, "warning"
    return None
