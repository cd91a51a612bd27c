"""Article -> the passages that a question is compared with; the best one counts."""

import html
import re
from collections.abc import Iterable

from kbtool.model import Article

_BLOCK = re.compile(r"</?(?:p|li|ul|ol|td|th|tr|table|h[1-6]|dt|dd|div|section|pre|blockquote|summary|details|br|hr)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_MOST = 24
"""Passages of one article; a longer article has longer ones."""


def article_passages(article: Article) -> tuple[str, ...]:
    """Return the title, the keywords, the summary and the paragraphs, without repetitions; the title first."""
    heads = (article.title, *article.meta.keywords, article.meta.summary)
    return tuple(dict.fromkeys(text for text in (*heads, *_joined(_paragraphs(article.html))) if text))


def _paragraphs(markup: str) -> list[str]:
    """Return the texts between the marks of blocks."""
    texts = (_SPACE.sub(" ", html.unescape(_TAG.sub("", part))).strip() for part in _BLOCK.split(markup))
    return [text for text in texts if text]


def _joined(paragraphs: list[str]) -> Iterable[str]:
    """Return the paragraphs, neighbours joined where there are too many."""
    step = -(-len(paragraphs) // _MOST) or 1
    return (" ".join(paragraphs[start : start + step]) for start in range(0, len(paragraphs), step))
