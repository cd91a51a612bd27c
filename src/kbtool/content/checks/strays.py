"""Signs that were probably meant as formatting, and that readers see as they were typed."""

import re
from collections.abc import Iterator

from kbtool.content.checks.records import Finding, Manuscript

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})(.*)")
_FRONT = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
_NO_TEXT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(pre|code|script|style)\b.*?(?:</\1>|\Z)|(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\2(?!`)|^(?: {4}|\t)[^\n]*",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]+)\]:", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\]\\])\[(?!\^)[^\]\[\n]+\]\[(?!\^)([^\]\[\n]+)\](?![\[(])")
_ROW = re.compile(r" {0,3}\|.*\|[ \t]*")
_DASHES = re.compile(r"[ \t|:-]+")
_KINDS = tuple(
    (re.compile(expression, re.MULTILINE | re.IGNORECASE), what, hint)
    for expression, what, hint in (
        (
            r"(?<![!\\])\[[^\]\[\n]+\][ \t]+\((?:https?://|[\w./-]+\.(?:md|html)\b)[^)\s]*\)",
            "is no link: a space parts its words and its address",
            'delete the space before "("',
        ),
        (
            r"!\[[^\]\[\n]*\][ \t]+\([^)\s]+\.(?:png|jpe?g|gif|svg|webp)\)",
            "is no picture: a space parts its words and its file",
            'delete the space before "("',
        ),
        (r"^ {0,3}#{2,6}[^\s#\\][^\n]*", "is no heading: a space is missing", 'put a space behind the last "#"'),
        (r"(?<![\w*\\])\*\*[^\s*][^*\n]*[ \t]\*\*(?=\w)", "is not bold: a space stands before its end", 'put the space behind the "**"'),
        (r"^ {0,3}(?:[•·▪◦‣][ \t]*|o\t[ \t]*)\S[^\n]*", "is no list: its sign is that of a word processor", 'begin the line with "- "'),
        (
            r"^ {0,3}>[ \t]?\[!(?:note|tip|important|warning|caution)\][ \t]*[^\s\n][^\n]*",
            "is no notice: its text stands in the same line",
            'begin the text in the next line, with "> "',
        ),
        (
            r"^ {0,3}>[ \t]?\[!(?!(?:note|tip|important|warning|caution)\])\w+\]",
            "is no notice that is known",
            "take NOTE, TIP, IMPORTANT, WARNING or CAUTION",
        ),
    )
)  # fmt: skip
_LONGEST = 60

_Mark = tuple[int, str, str]
"""Where it is in the text, what is wrong with it, and what to do."""


def check_marks(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield what was probably meant as formatting; code is let alone."""
    text, unclosed = _without_code(_FRONT.sub(_emptied, manuscript.source))
    if unclosed:
        yield Finding(
            unclosed, "the code that begins here has no end: all that follows is shown as code", 'put a line "```" below it'
        )
    before, line = 0, 1
    for place, message, hint in sorted((*_marks(text), *_references(text))):
        line += text.count("\n", before, place)  # from the one before: there may be thousands in a long text
        before = place
        yield Finding(line, message, hint)
    yield from _tables(text)


def _marks(text: str) -> Iterator[_Mark]:
    for kind, what, hint in _KINDS:
        for found in kind.finditer(text):
            yield found.start(), f'"{_short(found[0])}" {what}', hint


def _references(text: str) -> Iterator[_Mark]:
    known = {name.casefold() for name in _DEFINITION.findall(text)}
    for found in _REFERENCE.finditer(text):
        if found[1].casefold() not in known:
            hint = f'put the address in round brackets, or add a line "[{found[1]}]: " with it'
            yield found.start(), f'"{_short(found[0])}" is no link: nothing is called "{found[1]}"', hint


def _tables(text: str) -> Iterator[Finding]:
    lines = ["", *text.split("\n"), ""]
    for at in range(1, len(lines) - 1):
        begins = _ROW.fullmatch(lines[at]) and not _ROW.fullmatch(lines[at - 1])
        if begins and _ROW.fullmatch(lines[at + 1]) and not _DASHES.fullmatch(lines[at + 1]):
            yield Finding(at, "this is no table: its second line has no dashes", 'put a line such as "|---|---|" below the first')


def _without_code(text: str) -> tuple[str, int]:
    """Return the text with empty lines in the place of code, and the line of a fence that nobody closed, else 0."""
    lines, mark, opened = text.split("\n"), "", 0
    for at, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if mark or fence:
            lines[at] = ""
        if fence and not mark:
            mark, opened = fence[1], at + 1
        elif fence and fence[1].startswith(mark) and not fence[2].strip():
            mark = ""
    return _NO_TEXT.sub(_emptied, "\n".join(lines)), opened if mark else 0


def _emptied(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _short(text: str) -> str:
    line = text.strip()
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"
