"""HTML that holds raw HTML -> the same, balanced and reduced to what is safe."""

import re

import nh3

from kbtool.content.markdown import allowed
from kbtool.content.markdown.destinations import kind_of
from kbtool.content.markdown.repair import repair
from kbtool.content.markdown.video import PLAYERS
from kbtool.model import LINK_MARK

_MARK = re.compile(rf"{LINK_MARK}\d{{1,6}}\Z")
_WHOLE_NUMBER = re.compile(r"\d{1,5}\Z")
_EMPTY = re.compile(r"<p>\s*</p>\n?|<a (?![^<>]*\bid=)[^<>]*>\s*</a>")
_TAGS, _WITH_CONTENT = set(allowed.TAGS), set(allowed.DROPPED_WITH_CONTENT)
_ATTRIBUTES = {tag: set(names) for tag, names in allowed.ATTRIBUTES.items()}
_SCHEMES = {LINK_MARK.rstrip(":"), *allowed.SCHEMES}
_NUMBERS = frozenset(("width", "height", "colspan", "rowspan", "start", "span"))
_ROLES = frozenset(("note", "region", "group", "img", "list", "listitem", "presentation", "none"))


def sanitize(html: str) -> str:
    """Return the HTML as a browser would read it, with the safe tags and attributes alone.

    A tag that is not closed comes back in the blocks that follow it: its id does not, nor the links without words.
    """
    seen: set[str] = set()

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute != "id":
            return _kept(tag, attribute, value)
        if value in seen:
            return None
        seen.add(value)
        return value

    cleaner = nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel=None,
        url_schemes=_SCHEMES,
    )
    return repair(_EMPTY.sub("", cleaner.clean(html)))


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Return the value to write; None where there is none that is safe and valid."""
    if attribute in ("href", "src"):
        safe = _MARK.match(value) or value.startswith("#") or kind_of(value, image=tag == "img") == "external"
        return value if safe else None
    if attribute in _NUMBERS:
        return value if _WHOLE_NUMBER.match(value) else None
    if attribute == "data-video":
        return value if PLAYERS.match(value) else None
    if attribute == "role":
        return value if value in _ROLES else None
    if attribute == "tabindex":
        return value if value in ("0", "-1") else None
    return value
