"""Articles, topics and files -> an index that says what a path, as people type it, stands for."""

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from kbtool.model import Article, Asset, Topic
from kbtool.urls import is_page, page_url, slug

_HTML = re.compile(r"\.html?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is where: every way to look up a page or a file."""

    pages: Mapping[str, str]
    """URL -> the article's path, or the folder of a topic."""
    articles: Mapping[str, Article]
    """URL -> the article there, topics' own words included."""
    ids: Mapping[str, str]
    """An article's number in a hosted help center -> its URL."""
    assets: Mapping[str, Asset]
    """By path."""
    folded: Mapping[str, Asset]
    """By path without regard to case."""
    files: frozenset[str]
    """The URLs of the assets."""
    seen: frozenset[str]
    """Every file of the folder, readable or not."""
    names: Mapping[str, Sequence[str]]
    """The slug of a file's name, without its ending -> the paths of all that are called so."""
    folders: Mapping[str, Sequence[str]]
    """A folder's path -> those slugs of the files in it."""


def make_lookup(articles: Iterable[Article], topics: Iterable[Topic], assets: Iterable[Asset], seen: frozenset[str]) -> Lookup:
    """Return the index; `articles` has the topics' own among them."""
    pages = {article.url: article.path for article in articles} | {topic.url: topic.path for topic in topics}
    by_path = {asset.path: asset for asset in assets}
    names: dict[str, list[str]] = {}
    folders: dict[str, list[str]] = {}
    for path in (*pages.values(), *by_path):
        names.setdefault(_name(path), []).append(path)
        folders.setdefault(posixpath.dirname(path), []).append(_name(path))
    return Lookup(
        pages,
        {article.url: article for article in articles},
        {article.meta.id: article.url for article in articles if article.meta.id},
        by_path,
        {path.casefold(): asset for path, asset in by_path.items()},
        frozenset(asset.url for asset in by_path.values()),
        seen,
        names,
        folders,
    )


def join_path(here: str, typed: str) -> str | None:
    """Return the path that is meant by one typed in the file `here`, under the content folder; None when it climbs out of it.

    >>> join_path("billing/refund.md", "../shipping/returns.md")
    'shipping/returns.md'
    >>> join_path("billing/refund.md", "/shipping/")
    'shipping'
    """
    text = unicodedata.normalize("NFC", typed.replace("\\", "/"))
    parts = [] if text.startswith("/") else posixpath.dirname(here).split("/")
    parts = [part for part in parts if part]
    for part in text.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def page_at(lookup: Lookup, path: str) -> str | None:
    """Return the URL of the article or topic that a path stands for: with or without its ending, in any case, or as its URL."""
    stem = path if is_page(path) else _HTML.sub("", path)
    if posixpath.basename(stem).lower() == "index":
        stem = posixpath.dirname(stem)
    url = page_url(stem)
    return url if url in lookup.pages else None


def anchor_at(lookup: Lookup, url: str, fragment: str) -> str | None:
    """Return the anchor of the page as it is spelt there; None when the page has no such anchor.

    Other programs make anchors a little differently, so letters' case and signs between words do not matter.
    """
    if fragment in ("", "top") or fragment.startswith(":~:"):
        return fragment
    article = lookup.articles.get(url)
    if article is None:
        return None
    if fragment in article.anchors:
        return fragment
    return _by_slug(article.anchors).get(slug(fragment)) or _by_letters(article.anchors).get(_letters(fragment))


@lru_cache(maxsize=200)
def _by_slug(anchors: frozenset[str]) -> Mapping[str, str]:
    return {slug(anchor): anchor for anchor in sorted(anchors, reverse=True)}


@lru_cache(maxsize=200)
def _by_letters(anchors: frozenset[str]) -> Mapping[str, str]:
    """Return the anchors by their letters and digits alone; those that share them are left out: nobody knows which is meant."""
    counts = Counter(map(_letters, anchors))
    return {key: anchor for anchor in anchors if counts[key := _letters(anchor)] == 1}


def _letters(anchor: str) -> str:
    return "".join(filter(str.isalnum, slug(anchor)))


def nearest(lookup: Lookup, here: str, path: str) -> str:
    """Return a hint that names what was probably meant by a path that leads nowhere, as it would be typed in `here`.

    That is a file of the same name elsewhere, else one with a similar name in the same folder, else a page with a similar one.
    """
    folder = posixpath.dirname(path)
    key = _name(path)
    wider = () if _is_file(path) else _page_names(lookup)
    for known in ({key}, lookup.folders.get(folder, ()), wider):
        near = get_close_matches(key, [name for name in known if name in lookup.names], n=1, cutoff=0.75)
        if near:
            found = min(lookup.names[near[0]], key=lambda other: _distance(path, other))
            return f'did you mean "{posixpath.relpath(found or ".", posixpath.dirname(here) or ".")}"?'
    return ""


def _page_names(lookup: Lookup) -> Iterator[str]:
    return (_name(path) for path in lookup.pages.values())


def _is_file(path: str) -> bool:
    return bool(posixpath.splitext(path)[1]) and not is_page(path)


def _distance(path: str, other: str) -> tuple[bool, bool, str]:
    """Order candidates: one with the same ending first, then one in the same folder."""
    return posixpath.splitext(path)[1] != posixpath.splitext(other)[1], posixpath.dirname(path) != posixpath.dirname(other), other


def _name(path: str) -> str:
    return slug(posixpath.splitext(posixpath.basename(path))[0])
