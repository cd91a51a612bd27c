"""An article's text -> where in it each of its links is typed.

A finder proposes every place that may hold a link's address, then the parser itself is the judge: with a mark in the place of each
address, the marks that come out as links' targets tell which place belongs to which link. So code, comments and whatever else only
looks like a link is never taken for one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal

from markdown_it.helpers import parseLinkDestination

from kbtool.content.markdown.destinations import kind_of, parse_destination
from kbtool.content.markdown.raw import ADDRESSES, ATTRIBUTE, TAG
from kbtool.content.markdown.records import MarkdownOptions
from kbtool.content.markdown.render import render_markdown

_INLINE = re.compile(r"\]\([ \t\r\n]*")
_DEFINITION = re.compile(
    r"^(?:[ \t>]|[-*+][ \t]|\d+[.)][ \t])*\[(?!\^)(?:[^\[\]\\\n]|\\.)+\]:[ \t]*(?:\r?\n[ \t>]*)?(?=[^\s\[])", re.MULTILINE
)
_ANGLES = re.compile(r"<((?:[^<>\r\n\\]|\\.)*)>")
_MARK = "kbtool-mark-{}-here"
_MARKED = re.compile(r"kbtool-mark-(\d+)-here")


@dataclass(frozen=True, slots=True)
class Span:
    """Where an address is typed."""

    start: int
    end: int
    form: Literal["bare", "angles", "html"]
    typed: str


def locate_links(text: str, start: int, options: MarkdownOptions) -> Mapping[int, Span]:
    """Return where the links into the site are typed, by their numbers in the article's `links`.

    `start` is where the body begins in the text; places are those of the text, whose line ends may be of any kind. A link that
    comes from a snippet, or from a variable, is not there.
    """
    spans = list(_candidates(text, start))
    marked, place = [], start
    for number, span in enumerate(spans):
        marked += [text[place : span.start], _MARK.format(number)]
        place = span.end
    body = "".join((*marked, text[place:])).replace("\r\n", "\n").replace("\r", "\n")
    found = render_markdown(body, "", 1, options, None).links
    numbers = ((number, _MARKED.fullmatch(link.target)) for number, link in enumerate(found))
    return {number: spans[int(mark[1])] for number, mark in numbers if mark}


def _candidates(text: str, start: int) -> Iterator[Span]:
    """Yield every place that may hold the address of a link into the site; none within another."""
    last = start
    for span in sorted((*_inline(text, start), *_definitions(text, start), *_tags(text, start)), key=lambda one: one.start):
        if span.start >= last and _leads_inside(span):
            yield span
            last = span.end


def _leads_inside(span: Span) -> bool:
    address = unescape(span.typed).strip()
    return bool(address) and not address.startswith("#") and kind_of(address) == "internal"


def _inline(text: str, start: int) -> Iterator[Span]:
    for opening in _INLINE.finditer(text, start):
        yield from _destination(text, opening.end(), spaced=True)


def _definitions(text: str, start: int) -> Iterator[Span]:
    for opening in _DEFINITION.finditer(text, start):
        yield from _destination(text, opening.end(), spaced=False)


def _destination(text: str, place: int, *, spaced: bool) -> Iterator[Span]:
    angles = _ANGLES.match(text, place)
    if angles:
        yield Span(*angles.span(1), "angles", angles[1])
        return
    parse = parse_destination if spaced else parseLinkDestination
    found = parse(text, place, len(text))
    if found.ok and found.pos > place:
        yield Span(place, found.pos, "bare", text[place : found.pos])


def _tags(text: str, start: int) -> Iterator[Span]:
    for tag in TAG.finditer(text, start):
        wanted = "src" if tag[2].lower() == "iframe" else ADDRESSES.get(tag[2].lower())
        for attribute in ATTRIBUTE.finditer(text, *tag.span(3)):
            if attribute[2] and attribute[1].lower() == wanted:
                quoted = attribute[2][0] in "\"'"
                first, last = attribute.span(2)
                yield Span(first + quoted, last - quoted, "html", text[first + quoted : last - quoted])
