"""Words: the team's own, short forms, dates, and words that lose their meaning with time or on another screen."""

import re
from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript
from kbtool.content.checks.titles import title_line
from kbtool.content.checks.vocabulary import KNOWN_ACRONYMS
from kbtool.content.markdown import Block
from kbtool.terms import Use, find_uses

_ACRONYM = re.compile(r"(?<![\w./@&+-])([A-Z][A-Z0-9]{1,5})(s?)(?![\w@&]|[./+-]\w)")
_EXPLAINED = re.compile(
    r"\(([A-Z][A-Z0-9]{1,5})s?\)|\b([A-Z][A-Z0-9]{1,5})s? \((?=[^)]*[a-z])|\b([A-Z][A-Z0-9]{1,5})s?,? (?:stands for|means|is short for)\b"
)
_SHOUTED = re.compile(
    r"NOTE|TIP|WARNING|CAUTION|IMPORTANT|NOT|NEVER|ALWAYS|ONLY|MUST|AND|OR|ON|OFF|RED|GREEN|BLUE|TODO|TBD|TBA|FIXME|X{2,}"
)
_PART_OF_NAME = re.compile(r"(?:\b[A-Z][\w-]*[ -])\Z")
_NEAR = 60
"""So many characters beside a short form are looked at: a long paragraph may hold thousands of them."""
_DATE = re.compile(r"(?<![\w./:-])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\w/]|[.:-]\d)")
_SOON_WRONG = re.compile(
    r"\b(?:recently|nowadays|at the moment|at present|as of now|in the near future|(?:our|the brand)[ -]new"
    r"|currently(?! (?:\w+ed|running|being|using|in|on|shown|set|active|open|signed|logged|connected|visible)\b))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|whether|while)\b", re.IGNORECASE)
_MONTHS = 12
_SIDE = re.compile(r"above|below|left|right", re.IGNORECASE)
_ON_SCREEN = re.compile(
    r"\b(?:(?:see|shown|listed|described|mentioned|explained|as|the \w+|steps|image|picture|table|figure|screenshot|instructions?|section|list|example|"
    r"link|links|code|video) (?:below|above)\b(?! (?:the|a|an|your|it|this|that|them|\d))|(?:on|to|at|in) the (?:far |lower |upper |top |bottom )?"
    r"(?:right|left)(?:-hand)?(?: side| corner| hand side)?\b(?! (?:way|track|time|place|order|direction|path|port|board|button|one)\b))",
    re.IGNORECASE,
)


def check_terms(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield each place where the team says something else."""
    terms = manuscript.setup.terms
    if not terms:
        return
    for use in find_uses(manuscript.article.title, terms):
        yield _use(use, title_line(manuscript))
    for block in _prose(manuscript):
        if not (block.kind == "heading" and block.level == 1):
            for use in find_uses(block.text, terms):
                yield _use(use, block.line + block.text.count("\n", 0, use.start))


def check_acronyms(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the short forms that nobody explains, each where it stands first."""
    known = {*KNOWN_ACRONYMS, *(word.upper() for word in manuscript.setup.glossary)}
    known.update(part for term in manuscript.setup.terms for part in term.say.upper().split())
    whole = "\n".join((manuscript.article.title, *(block.text for block in manuscript.blocks)))
    known.update(name for groups in _EXPLAINED.findall(whole) for name in groups if name)
    known.update(re.findall(r"^\*\[([^\]]+)\]:", manuscript.source, re.MULTILINE))
    words = {*whole.split()}
    for block in _prose(manuscript):
        if block.kind != "paragraph" or block.text.isupper():
            continue
        for found in _ACRONYM.finditer(block.text):
            name = found[1]
            if name not in known and name.isalpha() and not _is_name(found, block) and name.lower() not in words:
                known.add(name)
                line = block.line + block.text.count("\n", 0, found.start())
                hint = f'write it out at first: "... ({name})"; or explain it in the glossary of kbtool.yml'
                yield Finding(line, f'"{name}" is not spelled out', hint)


def check_dates(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the dates that are another day in another country, and words that are wrong some day."""
    for block in _prose(manuscript):
        for found in _DATE.finditer(block.text) if "/" in block.text else ():
            first, second = int(found[1]), int(found[2])
            if 0 < first <= _MONTHS and 0 < second <= _MONTHS and first != second:
                hint = "write the month as a word: 3 April 2025"
                yield Finding(_line(block, found.start()), f'"{found[0]}" is one day in America and another in Europe', hint)
        if block.kind != "heading" and not _CONDITION.search(block.text):
            for found in _SOON_WRONG.finditer(block.text):
                hint = "say since when, or leave it out: nobody knows when the article is read"
                yield Finding(_line(block, found.start()), f'"{found[0]}" is not true for long', hint, "hint")


def check_positions(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the words that say where something stands on a screen: on a phone, or read aloud, it is elsewhere."""
    for block in _prose(manuscript):
        for found in _ON_SCREEN.finditer(block.text) if _SIDE.search(block.text) else ():
            hint = "name the thing, or link to it: a phone and a screen reader show it elsewhere"
            yield Finding(_line(block, found.start()), f'"{" ".join(found[0].split())}" says where something stands', hint)


def _is_name(found: re.Match[str], block: Block) -> bool:
    """Tell whether the short form is part of a product's name or a button's, or a word that is shouted."""
    before, after = block.text[max(0, found.start() - _NEAR) : found.start()], block.text[found.end() : found.end() + _NEAR]
    beside = _PART_OF_NAME.search(before) and not before.rstrip().endswith(".")
    labelled = any(found[0] in label for label in block.labels)
    return bool(beside or re.match(r"[ -](?:[A-Z]|\d)", after) or labelled or _SHOUTED.fullmatch(found[1]))


def _use(use: Use, line: int) -> Finding:
    said = " ".join(use.found.split())
    if use.old:
        return Finding(line, f'"{said}" is now called "{use.term.say}"', use.term.why or f'write "{use.term.say}"')
    return Finding(line, f'"{said}" is to be avoided: say "{use.term.say}"', use.term.why)


def _prose(manuscript: Manuscript) -> Iterator[Block]:
    """Yield the blocks that hold words of this file."""
    return (block for block in manuscript.blocks if block.kind in ("paragraph", "cell", "heading") and not block.reused)


def _line(block: Block, place: int) -> int:
    return block.line + block.text.count("\n", 0, place)
