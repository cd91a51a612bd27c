"""Articles that answer the same question: told by the runs of words that they share."""

import re
from collections.abc import Iterator

from kbtool.content.checks.records import Manuscript, Placed, Shelf
from kbtool.model import Article

_WORD = re.compile(r"\w+")


def sketch(article: Article) -> tuple[int, ...]:
    """Return what the article has in common with near-duplicates."""
    return ()


def gather_facts(manuscript: Manuscript) -> tuple[tuple[str, str], ...]:
    """Return the article's facts."""
    return ()


def find_duplicates(shelf: Shelf) -> Iterator[Placed]:
    """Yield nothing yet."""
    yield from ()
