"""An address -> what the world sees there, and where it leads."""

import html
import re
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_TIMEOUT = 20
_STEPS = 5
"""So many redirects are followed: to HTTPS, to a slash at the end, to the page."""
_MOVED = range(300, 400)
_REFRESH = re.compile(rb"""<meta\s+http-equiv=["']?refresh["']?\s+content=["']?\s*\d+\s*;\s*url=([^"'>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is at an address."""

    url: str
    status: int
    body: bytes
    type: str = ""
    cache: str = ""
    location: str = ""
    """Where a redirect says that it leads, as it says it."""


def fetch(url: str) -> Seen:
    """Return what is at an address, whatever the status; no redirect is followed. Raises OSError and http.client.HTTPException."""
    asked = Request(url, headers={"User-Agent": "kbtool", "Cache-Control": "no-cache"})  # noqa: S310 - kbtool.yml's url is http or https
    try:
        with build_opener(_Stay).open(asked, timeout=_TIMEOUT) as answer:
            kind, cache = answer.headers.get("Content-Type", ""), answer.headers.get("Cache-Control", "")
            return Seen(url, answer.status, answer.read(), kind, cache)
    except HTTPError as answer:
        with answer:
            return Seen(url, answer.code, b"", location=answer.headers.get("Location", "") or "")


def follow(url: str, site_url: str) -> Seen:
    """Return what a reader ends at who opens an address: a host's redirects and small pages that lead on are followed.

    Other sites are not asked: a redirect that leads to one is returned as it is. Raises what `fetch` raises.
    """
    seen = fetch(url)
    for _ in range(_STEPS):
        to = leads_to(seen)
        if not to or not _beside(to, site_url):
            break
        seen = fetch(urldefrag(to).url)
    return seen


def leads_to(seen: Seen) -> str:
    """Return the address to which an answer leads on, empty when it is an end."""
    if seen.status in _MOVED:
        return urljoin(seen.url, seen.location) if seen.location else ""
    found = _REFRESH.search(seen.body[:4096])
    return urljoin(seen.url, html.unescape(found[1].decode("utf-8", "replace")).strip()) if found else ""


def same_address(one: str, other: str) -> bool:
    """Tell whether two addresses are one to a reader, however they are percent-encoded.

    >>> same_address("https://help.example/%C3%BCber/#top", "https://help.example/über/")
    True
    """
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower(), unquote(parts.path), parts.query


def _beside(url: str, site_url: str) -> bool:
    """Tell whether an address is at the site's own host; it may be HTTP that leads to HTTPS."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname == urlsplit(site_url).hostname


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it would be told as the page."""

    def redirect_request(self, *_arguments: object) -> None:
        """Return nothing to follow."""
