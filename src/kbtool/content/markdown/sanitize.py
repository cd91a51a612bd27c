"""HTML that holds raw HTML -> the same, balanced and reduced to what is safe."""

import re
from functools import lru_cache

import nh3

from kbtool.content.markdown import allowed
from kbtool.content.markdown.destinations import kind_of
from kbtool.content.markdown.video import PLAYERS
from kbtool.model import LINK_MARK

_MARK = re.compile(rf"{LINK_MARK}\d{{1,6}}\Z")
_WHOLE_NUMBER = re.compile(r"\d{1,5}\Z")
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_NUMBERS = frozenset(("width", "height", "colspan", "rowspan", "start", "span"))
_ROLES = frozenset(("note", "region", "group", "img", "list", "listitem", "presentation", "none"))


def sanitize(html: str) -> str:
    """Return the HTML as a browser would read it, with the safe tags and attributes alone."""
    return _EMPTY.sub("", _cleaner().clean(html))


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(allowed.TAGS),
        clean_content_tags=set(allowed.DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in allowed.ATTRIBUTES.items()},
        attribute_filter=_filter,
        link_rel=None,
        url_schemes={LINK_MARK.rstrip(":"), *allowed.SCHEMES},
    )


def _filter(tag: str, attribute: str, value: str) -> str | None:
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
