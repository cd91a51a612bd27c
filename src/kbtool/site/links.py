"""An article's HTML with link marks -> the HTML of its page: addresses, image sizes, and words where nothing is left to lead to."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from kbtool.model import LINK_MARK, Asset
from kbtool.site.visible import OUTSIDE
from kbtool.urls import relative_url

_ATTRIBUTES = r'(?:[^>"]|"[^"]*")*?'
_MARKS = re.compile(rf'<img\b({_ATTRIBUTES})\ssrc="{LINK_MARK}(\d+)"({_ATTRIBUTES})>|\s(href|src|poster)="{LINK_MARK}(\d+)"')
_NOT_IN_URL = re.compile(r"[\s\"<>`\\^{|}\[\]]")
_TAG = re.compile(rf"<[a-zA-Z]{_ATTRIBUTES}>")
_NAMES = re.compile(r'\s(id|for|name|headers|aria-labelledby|aria-describedby|aria-controls|href(?==\"#))="(#?)([^"]+)"')
_ALT = re.compile(r'\salt="([^"]*)"')
_HIGHEST, _NARROWEST = 640, 240
"""Pixels: a picture that is higher than a screen is shown smaller, as long as it can be made out."""


def fill_links(marked: str, url: str, targets: Sequence[str], assets: Mapping[str, Asset], missing: Callable[[str], str]) -> str:
    """Return the HTML with an address for each mark.

    `url` is the page's. `missing` makes what stands where an image is missing, out of its escaped alternative text. A link to
    nothing keeps its words and loses its address.
    """
    if LINK_MARK not in marked:
        return marked

    def address(number: str) -> str:
        index = int(number)
        target = targets[index] if index < len(targets) else ""
        if not target or target.startswith(OUTSIDE):
            return target
        path, mark, fragment = relative_url(url, target).partition("#")
        return path + mark + _NOT_IN_URL.sub(lambda sign: quote(sign[0]), fragment)

    def filled(match: re.Match[str]) -> str:
        before, image, after, attribute, link = match.groups()
        found = address(image or link)
        if link is not None:
            return f' {attribute}="{html.escape(found)}"' if found else ""
        if not found:
            alt = _ALT.search(f"{before}{after}")
            return missing(alt[1] if alt else "")
        asset = assets.get(targets[int(image)])
        return f'<img{before} src="{html.escape(found)}"{_size(asset, before + after)}{after}>'

    return _MARKS.sub(filled, marked)


def apart(text: str, prefix: str) -> str:
    """Return the HTML with a prefix to each id and to what refers to it, so that it can stand in a page beside other articles'.

    >>> apart('<a id="note" href="#top">id="note"</a>', "why--")
    '<a id="why--note" href="#why--top">id="note"</a>'
    """
    if ' id="' not in text and ' name="' not in text:
        return text
    return _TAG.sub(lambda tag: _NAMES.sub(lambda match: _prefixed(match, prefix), tag[0]), text)


def _prefixed(match: re.Match[str], prefix: str) -> str:
    """Return an attribute with a prefix to each of the ids in it."""
    return f' {match[1]}="{match[2]}{" ".join(prefix + ident for ident in match[3].split())}"'


def _size(asset: Asset | None, attributes: str) -> str:
    """Return an image's width and height as attributes, unless its writer gave one."""
    if not asset or not asset.width or " width=" in attributes or " height=" in attributes:
        return ""
    share = min(1.0, max(_HIGHEST / asset.height, _NARROWEST / asset.width)) if asset.height else 1.0
    return f' width="{round(asset.width * share)}" height="{round(asset.height * share)}"'
