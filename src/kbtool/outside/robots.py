"""A host's robots.txt -> what we may look at there, and how long to wait in between."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from kbtool.web import AGENT, Response

_MOST_BYTES = 512_000
"""RFC 9309 wants at least 500 kibibytes to be read, and says that a file on a host that fails forbids all of it."""
_LONGEST_DELAY = 10
_HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_SPOILT, _REFUSALS = 500, 400

Ask = Callable[[str, str, int], Awaitable[Response]]
"""Method, address, and the most bytes that are wanted of the body."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host wishes of robots."""

    parser: RobotFileParser | None = None
    """None: it has no wishes."""
    closed: str = ""
    """Why nothing may be looked at; empty when something may."""

    def forbid(self, address: str) -> str:
        """Return why the address may not be looked at; nothing when it may."""
        if self.closed:
            return self.closed
        return "" if self.parser is None or self.parser.can_fetch(AGENT, address) else "robots.txt"

    @property
    def delay(self) -> float:
        """Seconds between two looks, ten at most."""
        return float(min(self.parser.crawl_delay(AGENT) or 0, _LONGEST_DELAY)) if self.parser else 0.0


async def read_robots(address: str, ask: Ask, may_follow: Callable[[str], bool]) -> Robots:
    """Return the wishes of the host that the address is on. Raises what `ask` raises."""
    place = urljoin(address, "/robots.txt")
    for _ in range(_HOPS):
        response = await ask("GET", place, _MOST_BYTES)
        there = response.headers.get("location", "")
        if response.status not in _REDIRECTS or not there:
            break
        place = urljoin(place, there)
        if not may_follow(place):
            return Robots()
    if response.status >= _SPOILT or response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Robots(closed=f"robots.txt: {response.status}")
    if response.status >= _REFUSALS or response.status in _REDIRECTS or "content-encoding" in response.headers:
        return Robots()
    return Robots(_parsed(response.content, address))


def _parsed(content: bytes, address: str) -> RobotFileParser | None:
    """Return the file's rules. What is no text is no rules."""
    parser = RobotFileParser(urljoin(address, "/robots.txt"))
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    try:
        parser.parse(text.splitlines())
    except (ValueError, IndexError):
        return None
    return parser if urlsplit(address).hostname else None
