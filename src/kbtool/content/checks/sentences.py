"""An article's blocks -> its sentences, each with its line."""

import re
from collections.abc import Iterable, Iterator

from sentencex import segment

from kbtool.content.checks.records import Sentence
from kbtool.content.markdown import Block

_KINDS = frozenset(("paragraph", "cell"))
_WORD = re.compile(r"\S*[^\W_]\S*")


def split_sentences(blocks: Iterable[Block], language: str) -> Iterator[Sentence]:
    """Yield every sentence of running text and of list items; headings, code and what a snippet brings are none."""
    for block in blocks:
        if block.kind in _KINDS and not block.reused:
            place = 0
            for part in segment(language, block.text):
                text = " ".join(part.split())
                lead = len(part) - len(part.lstrip())
                if text:
                    line = block.line + block.text.count("\n", 0, place + lead)
                    yield Sentence(text, line, block, count_words(text))
                place += len(part)


def count_words(text: str) -> int:
    """Return how many words a reader reads: signs alone are none.

    >>> count_words("Open the app - then wait"), count_words("`...` and ->")
    (5, 1)
    """
    return len(_WORD.findall(text))
