"""Aliases and kbtool.yml's redirects -> the old URLs of the site, each with the URL that took its place."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from kbtool.content.claims import RESERVED, unfit_name
from kbtool.content.lookup import Lookup, anchor_at, join_path, page_at
from kbtool.model import Article
from kbtool.places import CONFIG_NAME
from kbtool.problems import Problem, Severity
from kbtool.settings import Config
from kbtool.urls import is_page, page_url

_FILE = re.compile(r"[^/]\.[A-Za-z0-9]{1,5}$")
_UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\\#]")


@dataclass(slots=True)
class Redirects:
    """Every old URL."""

    urls: dict[str, str] = field(default_factory=dict)
    """Old URL -> the URL that took its place."""
    keys: dict[str, str] = field(default_factory=dict)
    """The same by the old URL as links may spell it."""
    problems: list[Problem] = field(default_factory=list)

    def at(self, path: str) -> str | None:
        """Return the URL that took the place of what a path stood for."""
        return self.keys.get(_key(path))


def make_redirects(articles: Iterable[Article], lookup: Lookup, config: Config) -> Redirects:
    """Return the redirects of all articles' aliases, of their numbers and of the configuration; what is wrong with one leaves it out."""
    redirects = Redirects()
    articles = tuple(articles)
    for article in articles:
        for alias in article.meta.aliases:
            _add(redirects, lookup, config, _Old(alias, f"{config.content}/{article.path}", 1, article.url))
    _add_configured(redirects, lookup, config)
    for path in own_patterns(config.old_urls, config.url):
        for article in articles:
            old = _Old(path.replace("{id}", article.meta.id), f"{config.content}/{article.path}", 1, article.url)
            if article.meta.id and next(_faults(redirects, lookup, config, old), None) is None:
                _add(redirects, lookup, config, old)
    return redirects


def own_patterns(patterns: Iterable[str], base: str) -> Iterator[str]:
    """Yield the paths of a former help center that stood where the site stands now, each with {id} in it and nothing left open.

    What follows the number is open in most (the title), and goes. A page cannot stand at an address with more that is open.

    >>> list(own_patterns(("http://a.example/help/articles/{id}-*", "https://a.example/hc/*/{id}"), "https://a.example/help/"))
    ['articles/{id}']
    """
    here = base.rpartition("://")[2].rstrip("/")
    for pattern in patterns:
        place = re.sub(r"\{id\}-?\*+$", "{id}", pattern.rpartition("://")[2])
        if here and "*" not in place and place.casefold().startswith(f"{here.casefold()}/"):
            yield place[len(here) + 1 :]


@dataclass(frozen=True, slots=True)
class _Old:
    """An old path as it was typed, and where."""

    typed: str
    file: str
    line: int
    url: str
    """What took its place."""


def _add(redirects: Redirects, lookup: Lookup, config: Config, old: _Old) -> None:
    problem = next(_faults(redirects, lookup, config, old), None)
    if problem:
        redirects.problems.append(problem)
        return
    url = old_url(old.typed, config.url)
    redirects.urls[url] = old.url
    redirects.keys[_key(url)] = old.url


def _faults(redirects: Redirects, lookup: Lookup, config: Config, old: _Old) -> Iterator[Problem]:
    url = old_url(old.typed, config.url)
    if ".." in unquote(old.typed).replace("\\", "/").split("/"):
        yield _problem(old, f'the old path "{old.typed}" climbs out of the site', "", "outside-content")
    if "://" in url or _UNFIT.search(url) or not url.strip("/") or unfit_name(url):
        hint = 'type a path of this site, such as "billing/old-name.md"'
        yield _problem(old, f'"{old.typed}" cannot be an old path', hint)
    if url.rstrip("/").casefold() in RESERVED or url.startswith("pagefind/"):
        yield _problem(old, f'the old path "{old.typed}" is one of the site\'s own', "")
    live = f"/{url}".casefold().removesuffix("/index.html").strip("/")
    live = f"{live}/" if live else ""
    if live == old.url:
        yield _problem(old, f'the old path "{old.typed}" is the article\'s own', "delete it", severity="warning")
    elif live in lookup.pages:
        there = lookup.pages[live] or "index.md"
        yield _problem(old, f'the old path "{old.typed}" is that of "{there}", which is there', "delete it")
    if url in lookup.files:
        yield _problem(old, f'the old path "{old.typed}" is that of a file which is there', "delete it")
    other = redirects.at(url)
    if other is not None and other != old.url:
        yield _problem(old, f'the old path "{old.typed}" already leads to "{other}"', "delete one of the two")


def old_url(typed: str, base: str = "") -> str:
    """Return the URL of an old path: of a Markdown file what its URL was, of anything else the path itself.

    >>> old_url("billing/Old name.md")
    'billing/old-name/'
    >>> old_url("/hc/en-us/articles/12-Refunds")
    'hc/en-us/articles/12-Refunds/'
    >>> old_url("/about.html")
    'about.html'
    """
    text = _without_base(unicodedata.normalize("NFC", unquote(typed.strip())), base)
    path = "/".join(part for part in text.split("/") if part not in ("", ".")) if "://" not in text else text
    if is_page(path) or " " in path:
        return page_url(path)
    return path if _FILE.search(path) else f"{path}/"


def _add_configured(redirects: Redirects, lookup: Lookup, config: Config) -> None:
    configured = {_key(old_url(old, config.url)): new for old, new in config.redirects.items()}
    for typed in config.redirects:
        url, reason = _end(typed, configured, redirects, lookup, config)
        old = _Old(typed, CONFIG_NAME, 0, url or "")
        if url is None:
            redirects.problems.append(_problem(old, f'the redirect of "{typed}" {reason}', "name an article, as a path"))
            continue
        _add(redirects, lookup, config, old)
        if reason:
            message = f'the redirect of "{typed}" leads to {reason}, which leads on to "{url}"'
            redirects.problems.append(_problem(old, message, f'name "{url}" itself: each step can break', severity="warning"))


def _end(
    typed: str, configured: Mapping[str, str], redirects: Redirects, lookup: Lookup, config: Config
) -> tuple[str | None, str]:
    """Return the URL at the end of a chain of redirects and the first step between, or None and what is wrong with it."""
    step = ""
    seen = {_key(old_url(typed, config.url))}
    new = config.redirects[typed]
    while True:
        path, _, fragment = _without_base(new, config.url).partition("#")
        joined = join_path("", unquote(path))
        if joined is None or "://" in path or path.startswith("//"):
            return None, f'leads out of the site, to "{new}"'
        url = page_at(lookup, joined)
        if url is None and joined in lookup.assets:
            url = lookup.assets[joined].url
        if url is None and (url := redirects.at(joined)) is not None:
            step = step or f'"{new}"'
        if url is not None:
            anchor = anchor_at(lookup, url, fragment)
            return (f"{url}#{anchor}" if anchor else url), step
        key = _key(old_url(joined))
        if key in seen:
            return None, "leads back to itself"
        if key not in configured:
            return None, f'leads to "{new}", which is not there'
        seen.add(key)
        step = step or f'"{new}"'
        new = configured[key]


def _without_base(address: str, base: str) -> str:
    """Return an address of this site as a path, anything else as it is."""
    return address.removeprefix(base.rstrip("/")) if base and address.startswith(base.rstrip("/") + "/") else address


def _key(path: str) -> str:
    """Return what two spellings of one old path have in common."""
    return page_url(re.sub(r"\.html?$", "", path.strip("/"), flags=re.IGNORECASE)).strip("/")


def _problem(old: _Old, message: str, hint: str, rule: str = "redirect", severity: Severity = "error") -> Problem:
    return Problem(old.file, old.line, rule, message, hint, severity)
