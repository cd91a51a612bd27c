"""Lines that end with spaces which nobody sees -> the lines without them."""

from collections.abc import Iterator, Sequence

from kbtool.content.fixes.sheet import Change, Edit
from kbtool.content.markdown import Token

_WORDS = frozenset({"inline", "hr", "snippet"})


def trailing_spaces(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Change]:
    """Yield a change for each line whose last spaces and tabs mean nothing: no line break, no code, no HTML."""
    kept = {*_verbatim(tokens), *_breaks(lines, tokens)}
    for number, line in enumerate(lines):
        bare = line.rstrip(" \t")
        if bare != line and number not in kept and not bare.endswith("\\"):
            yield Change(rule="trailing-spaces", edits=(Edit(number, len(bare), len(line), ""),))


def _verbatim(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the lines of code and HTML, and of whatever a plugin reads its own way."""
    for token in tokens:
        if token.nesting == 0 and token.map and token.type not in _WORDS:
            yield from range(*token.map)


def _breaks(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the lines within a paragraph that end with two spaces: there, the page's line ends too."""
    for token in tokens:
        if token.type == "inline" and token.map:
            first, last = token.map
            yield from (number for number in range(first, min(last, len(lines)) - 1) if lines[number].endswith("  "))
