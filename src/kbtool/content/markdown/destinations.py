"""Where a link leads: to this site, outside, or nowhere that is safe."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal, Protocol
from urllib.parse import unquote

from markdown_it import MarkdownIt, helpers
from markdown_it.common.normalize_url import normalizeLink

Kind = Literal["internal", "external", "unsafe"]

_OUTSIDE = (
    "http https mailto tel sms sip sips xmpp irc ircs ftp ftps sftp ssh news nntp geo webcal magnet bitcoin callto skype "
    "facetime facetime-audio whatsapp tg signal slack zoommtg msteams vscode ms-settings x-apple.systempreferences itms-apps "
    "itms-services market arduino-ide steam spotify"
)
OUTSIDE = frozenset(_OUTSIDE.split())
"""The schemes of links that leave the site. Whatever is not listed here is not linked: a list of bad ones is never complete."""

SAFE_DATA = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=]*\Z", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_RUNS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028\u2029\ufeff]+")
_PLAIN = re.compile(r"(?:https?://[a-z0-9.-]+(?::\d+)?(?=[/?#]|\Z))?[\w./?=&;,~+:@!()#-]*\Z", re.ASCII)
_SIMPLE = re.compile(r"[\w/:.#?=,~+%@!;$'*-]+(?=\))", re.ASCII)
_BARE = re.compile(r"[^()<>\n]*(?:\([^()\n]*\)[^()<>\n]*)*")
_TITLE = re.compile(r"\s+(?:\"[^\"]*\"|'[^']*')\s*\Z")
_LOOKS_LIKE_A_PATH = re.compile(r"[/#]|\.\w{1,10}(?:#|\Z)|\{\{.*\}\}")
_LONGEST_ADDRESS = 2000


def kind_of(href: str, *, image: bool = False) -> Kind:
    """Tell where an address leads. What is no known scheme and no path is unsafe, however it is spelt.

    >>> kind_of("../refund.md"), kind_of("https://example.com/"), kind_of("JavaScript:alert(1)")
    ('internal', 'external', 'unsafe')
    """
    scheme = _SCHEME.match(href)
    if href.startswith("//"):
        return "external"
    if not scheme:
        return "unsafe" if _RUNS.match(_INVISIBLE.sub("", unquote(href))) else "internal"
    if scheme[1].lower() in OUTSIDE or (image and SAFE_DATA.match(href)):
        return "external"
    return "unsafe"


def readable(href: str) -> str:
    """Return an address as its writer sees the file: percent-decoded where that gives text.

    >>> readable("My%20refund.md#fees")
    'My refund.md#fees'
    """
    return unquote(href, errors="replace") if "%" in href else href


def as_people_write_them(md: MarkdownIt) -> None:
    """Let link destinations have spaces without angle brackets, and take the short way where nothing needs encoding."""
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkLabel=helpers.parseLinkLabel,
        parseLinkTitle=helpers.parseLinkTitle,
        parseLinkDestination=parse_destination,
    )
    md.normalizeLink = _normalize  # type: ignore[method-assign]
    md.validateLink = _any  # type: ignore[method-assign] # links.py leaves out what is not safe, and says so


class _Destination(Protocol):
    """What markdown-it's own parser of destinations returns."""

    ok: bool
    pos: int
    str: str


@dataclass(slots=True)
class _Simple:
    """The same, for an address that needs no parser."""

    ok: bool
    pos: int
    str: str


def _normalize(url: str) -> str:
    return url if _PLAIN.match(url) else normalizeLink(url)


def _any(url: str) -> bool:  # noqa: ARG001 - the form of markdown-it
    return True


def parse_destination(source: str, start: int, end: int) -> _Destination:
    """Return CommonMark's destination, or a path with spaces up to the closing parenthesis where CommonMark finds no link."""
    simple = _SIMPLE.match(source, start, end)
    if simple:
        return _Simple(ok=True, pos=simple.end(), str=simple[0])
    found = helpers.parseLinkDestination(source, start, end)
    after = found.pos if found.ok else start
    if source.startswith("<", start) or (found.ok and source.startswith(")", after)) or _opening(source, start) != "(":
        return found
    path = _with_spaces(source, start, end)
    if path:
        found.ok, found.pos, found.str = True, start + len(path), path
    return found


def _opening(source: str, start: int) -> str:
    """Return the character before the spaces before a destination."""
    while start > 0 and source[start - 1] in " \t\n":
        start -= 1
    return source[start - 1 : start]


def _with_spaces(source: str, start: int, end: int) -> str:
    """Return the path up to the closing parenthesis or the link's title; empty when it does not look like one."""
    bare = _BARE.match(source, start, min(end, start + _LONGEST_ADDRESS))
    if not bare or not source.startswith(")", bare.end()):
        return ""
    title = _TITLE.search(bare[0])
    path = bare[0][: title.start()] if title else bare[0].rstrip()
    return path if " " in path and _LOOKS_LIKE_A_PATH.search(path) else ""


def fill_address(href: str, variables: Mapping[str, str]) -> str:
    """Return an address with its `{{ name }}` filled in, encoded anew."""
    filled = re.sub(r"\{\{\s*([\w.-]+)\s*\}\}", lambda match: variables.get(match[1], match[0]), unquote(href))
    return normalizeLink(filled)
