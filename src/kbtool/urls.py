"""Paths and URLs: a page's URL is a function of its file's path alone."""

import posixpath
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

PAGE_SUFFIXES = (".md", ".markdown")

_DROPPED = re.compile(r"['\u2019\u02bc`\"\u201c\u201d]")
_NOT_WORD = re.compile(r"[^\w]+")


@lru_cache(maxsize=10_000)
def slug(text: str) -> str:
    """Return the text as one URL segment: lower case, words joined by hyphens, letters of every script kept.

    >>> slug("Returns & Refunds")
    'returns-refunds'
    >>> slug("Can't log in?")
    'cant-log-in'
    >>> slug("Über uns")
    'über-uns'
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFC", _NOT_WORD.sub("-", _DROPPED.sub("", folded))).strip("-_")


def is_page(path: str) -> bool:
    """Tell whether a file under the content folder is an article or a topic's own words."""
    return path.lower().endswith(PAGE_SUFFIXES)


@lru_cache(maxsize=10_000)
def page_url(path: str) -> str:
    """Return a Markdown file's or a folder's URL, relative to the site's root, with a slash at its end.

    >>> page_url("billing/Get a refund.md")
    'billing/get-a-refund/'
    >>> page_url("billing/index.md")
    'billing/'
    >>> page_url("index.md")
    ''
    """
    stem = path
    if is_page(path):
        stem = path[: path.rindex(".")]
        folder, name = posixpath.split(stem)
        stem = folder if name.lower() == "index" else stem
    return "".join(f"{slug(part)}/" for part in stem.split("/") if part)


def asset_url(path: str) -> str:
    """Return the URL of a file that is copied beside the pages.

    >>> asset_url("Store Support/img/Refund button (1).PNG")
    'store-support/img/refund-button-1.png'
    """
    folder, name = posixpath.split(path)
    stem, dot, suffix = name.rpartition(".")
    clean = f"{slug(stem)}.{slug(suffix)}" if dot and stem else slug(name)
    return page_url(folder) + clean


def relative_url(here: str, there: str) -> str:
    """Return the link from one URL of the site to another, both relative to its root; a #fragment is kept.

    >>> relative_url("billing/refund/", "billing/prices/#fees")
    '../prices/#fees'
    >>> relative_url("billing/refund/", "")
    '../../'
    >>> relative_url("", "billing/")
    'billing/'
    >>> relative_url("a/", "a/")
    './'
    """
    target, mark, fragment = there.partition("#")
    if target == here and mark:
        return f"#{fragment}"
    return _relative_path(here[: here.rfind("/") + 1], target) + mark + fragment


@lru_cache(maxsize=10_000)
def _relative_path(folder: str, target: str) -> str:
    """Return the way from a folder, which ends with a slash or is empty, to a path."""
    behind, ahead = folder.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(behind), len(ahead) - 1) and behind[shared] == ahead[shared]:
        shared += 1
    return quote_path("../" * (len(behind) - shared) + "/".join(ahead[shared:])) or "./"


def absolute_url(base: str, url: str) -> str:
    """Return a site URL under the configured public address, percent-encoded (RFC 3986).

    >>> absolute_url("https://help.example/en", "über/")
    'https://help.example/en/%C3%BCber/'
    """
    path, mark, fragment = url.partition("#")
    return base.rstrip("/") + "/" + quote_path(path) + mark + quote(fragment, safe="-._~!$&'()*+,;=:@/?")


@lru_cache(maxsize=10_000)
def quote_path(path: str) -> str:
    """Percent-encode a path, slashes aside."""
    return quote(path, safe="/-._~!$&'()*+,;=:@")
