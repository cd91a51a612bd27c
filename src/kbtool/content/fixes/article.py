"""An article's bytes and what is wrong with it -> the bytes with what is safe mended, and every other byte as it was."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kbtool.content.amend import Amendment, amend_article
from kbtool.content.fixes.dates import mend_dates
from kbtool.content.fixes.indents import list_indents, lists_joined
from kbtool.content.fixes.links import link_spelling, links_lead
from kbtool.content.fixes.numbers import list_numbers
from kbtool.content.fixes.proof import blocks_of, same_page, same_words, settle
from kbtool.content.fixes.sheet import Change, Sheet, read_sheet, sheet_bytes
from kbtool.content.fixes.spaces import trailing_spaces
from kbtool.content.frontmatter import read_source
from kbtool.content.lookup import Lookup
from kbtool.content.markdown import MarkdownOptions, Token
from kbtool.content.wording import digest_wording
from kbtool.encoding import decode_text
from kbtool.kinds import ArticleType
from kbtool.problems import Problem, Stop

FIX_RULES = (
    "wrong-value",
    "wrong-case",
    "dead-link",
    "missing-file",
    "outside-content",
    "broken-list",
    "list-numbers",
    "trailing-spaces",
)
"""The rules whose faults may be mended."""
_MOST_ROUNDS = 40
"""Each may join one more piece of a list; nobody breaks one list in more pieces."""
_LONGEST = 1_000_000
"""Characters of a text that is mended: what is longer is no article, and would be rendered many times."""
_NUMBERED = re.compile(r"^[ \t>*+-]*\d{1,9}[.)](?:[ \t]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Desk:
    """What must be known about the help center."""

    lookup: Lookup
    options: MarkdownOptions


@dataclass(frozen=True, slots=True)
class Task:
    """The article that is to be mended."""

    path: str
    """Under the content folder."""
    told: tuple[Problem, ...]
    """What is wrong with it, as far as others told."""
    allowed: frozenset[str]
    """The rules whose faults may be mended."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that was mended."""

    rule: str
    line: int
    """Of the file."""


def fix_article(data: bytes, task: Task, desk: Desk) -> tuple[bytes, tuple[Mend, ...]]:
    """Return the article mended, and what was. A second time, there is nothing to mend.

    What readers see stays the same, but for links that lead somewhere now and lists that are whole. Raises Stop for what is no text.
    """
    text = decode_text(data, task.path)
    source = read_source(text, task.path)
    if source.body != read_sheet(data).body or any(problem.rule == "too-large" for problem in source.problems):
        return data, ()
    data, days = _dated(data, task.path) if "wrong-value" in task.allowed else (data, ())
    dated = tuple(Mend("wrong-value", line) for line in days)
    sheet = read_sheet(data)
    mended, changes = _mended(sheet, task, desk, source.meta.type)
    if not changes:
        return data, dated
    fresh = sheet_bytes(mended)
    if source.meta.reviewed_text == digest_wording(source.body):
        fresh = _still_reviewed(fresh, task.path, digest_wording(mended.body))
    return fresh, (*dated, *(Mend(change.rule, sheet.first_line + change.line) for change in changes))


def _still_reviewed(data: bytes, path: str, digest: str) -> bytes:
    """Return the article with the digest of the text that was reviewed: readers see what they saw then."""
    if digest.encode() in data:
        return data
    with suppress(Stop):
        return amend_article(data, path, Amendment({"reviewed_text": digest}))
    return data


def _dated(data: bytes, path: str) -> tuple[bytes, tuple[int, ...]]:
    """Return the article with its dates mended; as it is where its front matter cannot safely be changed."""
    with suppress(Stop):
        return mend_dates(data, path)
    return data, ()


def _mended(sheet: Sheet, task: Task, desk: Desk, kind: ArticleType | None) -> tuple[Sheet, tuple[Change, ...]]:
    """Return the body mended: links first, then what is one list, its numbers, and spaces.

    Right numbers may show that what follows is the same list, and a list made whole may have other numbers: so in turns.
    """
    if sum(map(len, sheet.lines)) > _LONGEST:
        return sheet, ()
    sheet, done = _linked(sheet, task, desk)
    for _ in range(_MOST_ROUNDS):
        known = len(done)
        if _NUMBERED.search(sheet.body):
            sheet, joined = _joined(sheet, desk, kind) if "broken-list" in task.allowed else (sheet, ())
            sheet, numbered = _settled(sheet, list_numbers, desk, kind) if "list-numbers" in task.allowed else (sheet, ())
            done += (*joined, *numbered)
        if "trailing-spaces" in task.allowed and any(line[-1:] in (" ", "\t") for line in sheet.lines):
            sheet, trimmed = _settled(sheet, trailing_spaces, desk, kind)
            done += trimmed
        if len(done) == known:
            break
    return sheet, done


def _linked(sheet: Sheet, task: Task, desk: Desk) -> tuple[Sheet, tuple[Change, ...]]:
    told = [problem for problem in task.told if problem.rule in task.allowed]
    meant = dict(link_spelling(sheet, task.path, told, desk.lookup, desk.options))
    if not meant:
        return sheet, ()
    return settle(sheet, [*meant], lambda changed: links_lead(changed, task.path, meant, desk.options))


def _joined(sheet: Sheet, desk: Desk, kind: ArticleType | None) -> tuple[Sheet, tuple[Change, ...]]:
    tokens = blocks_of(sheet, desk.options)
    changes = [*list_indents(sheet.lines, tokens)]
    if not changes:
        return sheet, ()
    alike = same_words(sheet, desk.options, kind)
    return settle(sheet, changes, lambda changed: alike(changed) and lists_joined(tokens, blocks_of(changed, desk.options)))


def _settled(
    sheet: Sheet, fix: Callable[[Sequence[str], Sequence[Token]], Iterator[Change]], desk: Desk, kind: ArticleType | None
) -> tuple[Sheet, tuple[Change, ...]]:
    changes = [*fix(sheet.lines, blocks_of(sheet, desk.options))]
    return settle(sheet, changes, same_page(sheet, desk.options, kind)) if changes else (sheet, ())
