"""A changed article and what it was -> whether readers see the same: no fix stays whose page differs otherwise than is meant."""

from collections.abc import Callable, Sequence
from itertools import repeat

from kbtool.content.fixes.sheet import Change, Sheet
from kbtool.content.markdown import Markdown, MarkdownOptions, Token, parse_blocks, render_markdown
from kbtool.kinds import ArticleType

_MOST_TRIES = 40
"""Articles rendered to find the changes that must not be made: more doubt than that, and the rest stays as it is."""

Holds = Callable[[Sheet], bool]


def settle(sheet: Sheet, changes: Sequence[Change], holds: Holds) -> tuple[Sheet, tuple[Change, ...]]:
    """Return the sheet with as many of the changes as `holds` allows, and these: all of them, or else what halves of them can be."""
    tries = repeat(None, _MOST_TRIES)

    def put(settled: tuple[Change, ...], wanted: Sequence[Change]) -> tuple[Change, ...]:
        if not wanted or next(tries, "no more") == "no more":
            return settled
        if holds(sheet.changed((*settled, *wanted))):
            return (*settled, *wanted)
        if len(wanted) == 1:
            return settled
        middle = len(wanted) // 2
        return put(put(settled, wanted[:middle]), wanted[middle:])

    settled = put((), changes)
    return sheet.changed(settled), settled


def same_page(sheet: Sheet, options: MarkdownOptions, kind: ArticleType | None) -> Holds:
    """Return what tells whether a changed sheet gives the very same page."""
    before = _rendered(sheet, options, kind)

    def holds(changed: Sheet) -> bool:
        after = _rendered(changed, options, kind)
        return after.html == before.html and _leads(after) == _leads(before)

    return holds


def same_words(sheet: Sheet, options: MarkdownOptions, kind: ArticleType | None) -> Holds:
    """Return what tells whether a changed sheet gives a page of the same words, headings and links, however they are framed."""
    before = _rendered(sheet, options, kind)

    def holds(changed: Sheet) -> bool:
        after = _rendered(changed, options, kind)
        shown = [
            (one.title, one.text, one.headings, one.sections, one.anchors, one.hushed, _leads(one)) for one in (before, after)
        ]
        return shown[0] == shown[1]

    return holds


def blocks_of(sheet: Sheet, options: MarkdownOptions) -> list[Token]:
    """Return the body's tokens, without what snippets bring: their lines are the body's."""
    return parse_blocks(sheet.body, options)


def _rendered(sheet: Sheet, options: MarkdownOptions, kind: ArticleType | None) -> Markdown:
    return render_markdown(sheet.body, "", 1, options, kind)


def _leads(markdown: Markdown) -> tuple[object, ...]:
    return (markdown.links, markdown.external)
