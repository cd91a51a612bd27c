"""A link's target -> the address that is asked, or nothing where nobody is to be asked; and how it may be shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from kbtool.address import holds_secret
from kbtool.model import Library

_SCHEMES = ("http", "https")
_NOBODYS = frozenset(
    {
        *("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "test", "example", "invalid", "onion"),
        *("example.com", "example.net", "example.org", "home.arpa"),
    }
)
"""Names that lead nowhere, or elsewhere in each network: RFC 2606, 6761, 6762, 7686 and 8375, and what offices use in their place."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is asked, and who is not."""

    own: str = ""
    """The help center's own address: what is below it need not be published yet."""
    ask: tuple[str, ...] = ()
    """Hosts that are asked although they are private or below `own`; `*` stands for anything."""
    skip: tuple[str, ...] = ()
    """Hosts, or beginnings of addresses, that are never asked."""

    def holds(self, address: str) -> bool:
        """Tell whether somebody is to be asked for the address."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if any(_names(one, host, address) for one in self.skip):
            return False
        if any(_names(one, host, address) for one in self.ask):
            return True
        return not (is_private(host) or _is_below(parts, self.own))


@dataclass(frozen=True, slots=True)
class Outward:
    """A link that leaves the site, where it stands."""

    path: str
    """The article's, under the content folder."""
    line: int
    target: str
    """As it was typed."""
    address: str
    """As it is asked."""


def links_outside(library: Library, reach: Reach) -> Iterator[Outward]:
    """Yield the links of all articles for which somebody is to be asked, archived articles aside: nobody looks after those."""
    topics = (topic.article for topic in library.topics if topic.article)
    for article in (*library.articles, *topics):
        for link in article.external if article.meta.status != "archived" else ():
            address = asked_address(link.target)
            if address and reach.holds(address):
                yield Outward(article.path, link.line, link.target, address)


def asked_address(target: str) -> str:
    """Return the address without its anchor and without a user's name and password; nothing for what is not of the web.

    >>> asked_address("https://me:secret@Help.example.org:443/a b#fees"), asked_address("//cdn.net/x"), asked_address("tel:1")
    ('https://help.example.org/a%20b', 'https://cdn.net/x', '')
    """
    try:
        parts = urlsplit(f"https:{target}" if target.startswith("//") else target.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or not host:
        return ""
    named = f"[{host}]" if ":" in host else host
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    place = named if usual else f"{named}:{port}"
    return urlunsplit((parts.scheme, place, parts.path.replace(" ", "%20") or "/", parts.query.replace(" ", "%20"), ""))


def shown(target: str) -> str:
    """Return the address as it may be printed: no user's name, no password, no query that holds a key.

    >>> shown("https://me:secret@files.org/a?token=abc#b"), shown("https://files.org/a?page=2")
    ('https://files.org/a?...', 'https://files.org/a?page=2')
    """
    try:
        parts = urlsplit(target)
        secret = holds_secret(target) or any("://" in value for _, value in parse_qsl(parts.query) if holds_secret(value))
    except ValueError:
        return "an address that cannot be read"
    place = parts.netloc.rpartition("@")[2]
    plain = parts._replace(netloc=place)
    return urlunsplit(plain._replace(query="...", fragment="") if secret and parts.query else plain)


def is_private(host: str) -> bool:
    """Tell whether a host is of this computer or this network, or a name that nobody has.

    >>> is_private("192.168.0.1"), is_private("wiki"), is_private("shop.example.com"), is_private("kbtool.org")
    (True, True, True, False)
    """
    try:
        return not ip_address(host.partition("%")[0]).is_global
    except ValueError:
        pass
    labels = host.rstrip(".").lower().split(".")
    return len(labels) == 1 or bool(_NOBODYS & {labels[-1], ".".join(labels[-2:])}) or _is_odd_number(labels)


def _is_odd_number(labels: list[str]) -> bool:
    """Tell whether the parts are an IP address in one of the spellings that only some programs know, such as 0x7f.1."""
    return re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)", labels[-1]) is not None


def _is_below(parts: SplitResult, own: str) -> bool:
    if not own:
        return False
    ours = urlsplit(own)
    folder = ours.path.rstrip("/")
    same = (ours.hostname, ours.port) == (parts.hostname, parts.port)
    return same and (parts.path.rstrip("/") == folder or parts.path.startswith(f"{folder}/"))


def _names(pattern: str, host: str, address: str) -> bool:
    """Tell whether what stands in the settings means this host or address."""
    if "://" in pattern:
        return address.startswith(pattern) or fnmatch(address, pattern)
    return host == pattern.strip("[]") if ":" in pattern else fnmatch(host, pattern.lower())
