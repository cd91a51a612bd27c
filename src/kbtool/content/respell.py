"""A link as it was typed and where it is to lead now -> the link as its writer would type it."""

import posixpath
import re
from dataclasses import dataclass
from html import escape

from kbtool.content.markdown.spans import Span
from kbtool.urls import is_page, page_url

_UNFIT = re.compile(r"[\s()<>\"'\\%{}`|^\x00-\x1f\x7f]")
_TAIL = re.compile(r"[?#].*", re.DOTALL)
_HTML = re.compile(r"\.html?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """What a link leads to."""

    path: str
    """The file's under the content folder; a topic's is its folder, without regard to its index.md."""
    url: str
    """Of the page; empty for a file that is no page, and for the home."""
    is_topic: bool = False


def respell_link(span: Span, target: str, here: str, place: Place) -> str:
    """Return what takes the place of an address: the same form, ending, kind of path, anchor and query, for the new place.

    `target` is the address as the parser reads it, `here` the path of the article that holds the link.
    """
    path = _TAIL.sub("", target)
    tail = _TAIL.search(span.typed)
    return _in_form(respell_path(path, here, place), span, "%" in span.typed) + (tail[0] if tail else "")


def respell_path(typed: str, here: str, place: Place) -> str:
    """Return the new path in the style of the one that was typed.

    >>> respell_path("../billing/refund", "shipping/costs.md", Place("money/refund.md", "money/refund/"))
    '../money/refund'
    >>> respell_path("/billing/refund/", "a.md", Place("money/Get back.md", "money/get-back/"))
    '/money/get-back/'
    """
    new = _styled(typed, place)
    if typed.startswith(("/", "\\")):
        return f"/{new.lstrip('/')}"
    way = posixpath.relpath(new.rstrip("/") or ".", posixpath.dirname(here) or ".")
    slash = "/" if new.endswith("/") or (way.endswith("..") or (way == "." and typed.endswith("/"))) else ""
    lead = "./" if typed.startswith("./") and not way.startswith(".") else ""
    return lead + way + slash


def _styled(typed: str, place: Place) -> str:
    """Return the place's path with the ending that was typed."""
    name = posixpath.basename(typed)
    slash = "/" if typed.endswith("/") else ""
    if place.is_topic:
        if posixpath.splitext(name)[0].lower() == "index":
            return posixpath.join(place.path, name)
        return f"{place.path}{slash}"
    if not is_page(place.path) or is_page(typed):
        return place.path
    stem = place.path[: place.path.rindex(".")]
    if _HTML.search(typed):
        return stem + (_HTML.search(typed) or [""])[0]
    return page_url(place.path) if slash else stem


def _in_form(path: str, span: Span, encoded: bool) -> str:  # noqa: FBT001 - how the old one was typed
    if span.form == "html":
        return escape(path.replace("%", "%25").replace(" ", "%20"))
    if span.form == "angles" and not encoded:
        return re.sub(r"([<>\\])", r"\\\1", path.replace("%", "%25"))
    return _UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), path)
