"""Path -> what kind of file it is, and the headers it is served with: our own table, the same on every machine."""

import re
from enum import IntEnum

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, max-age=0, must-revalidate"
MINUTES = "public, max-age=300"
AN_HOUR = "public, max-age=3600"

_HASHED = re.compile(
    r"assets/(?:.*/)?[^/]*\.[0-9a-f]{8,64}\.[^/.]+"
    r"|pagefind/(?:fragment|index|filter)/[^/]+_[0-9a-f]{7,64}\.pf_\w+"
    r"|pagefind/pagefind\.[\w-]+_[0-9a-f]{7,64}\.pf_meta"
)
_ENTRY = re.compile(
    r"(?:index|404)\.html|[^/]+\.(?:xml|txt|json|webmanifest)|_redirects|_headers|\.htaccess|CNAME|\.nojekyll|pagefind/[^/]+"
)


class Phase(IntEnum):
    """When a file goes up: each phase is whole before the next begins, so that nothing leads to what is not there yet."""

    ASSETS = 1
    """What pages show and load, and the search index's parts."""
    NEW_PAGES = 2
    """Nothing that is online leads to them yet."""
    PAGES = 3
    ENTRIES = 4
    """What leads to pages: the home, topics, the search's entry, sitemap, feed, robots."""


def is_page_file(path: str) -> bool:
    """Tell whether readers see the file as a page."""
    return path.endswith((".html", ".htm"))


def is_hashed(path: str) -> bool:
    """Tell whether the name changes with the content, so that a copy of it is true for ever.

    >>> is_hashed("assets/plain.43c9b1323c.js"), is_hashed("pagefind/fragment/en_7b7639d.pf_fragment"), is_hashed("img/a.png")
    (True, True, False)
    """
    return _HASHED.fullmatch(path) is not None


def is_entry(path: str, topics: frozenset[str]) -> bool:
    """Tell whether a file leads to others: it comes last. `topics` are the folders that have pages below them."""
    return not is_hashed(path) and (
        _ENTRY.fullmatch(path) is not None or (is_page_file(path) and path.rpartition("/")[0] in topics)
    )


def cache_control(path: str) -> str:
    """Return the value of the Cache-Control header.

    >>> cache_control("billing/index.html")
    'public, max-age=0, must-revalidate'
    """
    if is_hashed(path):
        return FOREVER
    if is_page_file(path):
        return ASK_AGAIN
    return MINUTES if _ENTRY.fullmatch(path) else AN_HOUR


def topic_folders(paths: frozenset[str]) -> frozenset[str]:
    """Return the folders of pages that have other pages below them.

    >>> sorted(topic_folders(frozenset({"index.html", "a/index.html", "a/b/index.html"})))
    ['', 'a']
    """
    folders = {path.rpartition("/")[0] for path in paths if path.endswith("/index.html") or path == "index.html"}
    return frozenset(folder.rpartition("/")[0] for folder in folders if folder)
