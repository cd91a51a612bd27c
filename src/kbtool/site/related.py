"""Articles -> for each the few that readers of it may want next, by the rare words that they share."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kbtool.model import Article

MOST = 4
"""Related articles that are shown."""

_WORD = re.compile(r"[^\W_]{3,}")
_APOSTROPHE = re.compile(r"['\u2019]")
_ENOUGH = 0.3
"""What articles of different topics must share at least: a word of three articles, or two words of six."""
_COMMON = 40
"""A word in more titles than these tells nothing, and keeping it would cost the square of their number."""


def related_articles(articles: Sequence[Article]) -> dict[str, tuple[Article, ...]]:
    """Return for each article's path the articles that share most of its rare title words and keywords, best first.

    A word counts the more the fewer articles have it. The cost grows with the number of articles, not with its square.
    """
    words = {article.path: _words(article) for article in articles}
    having = _having(articles, words)
    rare = {word: found for word, found in having.items() if 1 < len(found) <= min(_COMMON, max(3, len(articles) // 8))}
    by_path = {article.path: article for article in articles}
    return {path: tuple(by_path[each] for each in _best(path, words[path], rare)) for path in words}


def _having(articles: Iterable[Article], words: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return for each word the paths of the articles that have it; no more than make it common."""
    having: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        for word in words[article.path]:
            if len(having[word]) <= _COMMON:
                having[word].append(article.path)
    return having


def _best(path: str, words: Iterable[str], rare: Mapping[str, list[str]]) -> list[str]:
    """Return the paths that share most with this one; those of the same topic first when they share as much."""
    scores: dict[str, float] = defaultdict(float)
    for word in words:
        found = rare.get(word, ())
        for other in found:
            scores[other] += 1 / len(found)
    scores.pop(path, None)
    folder = path.rpartition("/")[0]
    near = {other for other in scores if other.rpartition("/")[0] == folder}
    enough = (other for other, score in scores.items() if score >= _ENOUGH or other in near)
    return sorted(enough, key=lambda other: (-round(scores[other], 6), other not in near, other))[:MOST]


def _words(article: Article) -> tuple[str, ...]:
    """Return the words of title and keywords, each once, in order."""
    text = " ".join((article.title, *article.meta.keywords)).casefold()
    return tuple(dict.fromkeys(_WORD.findall(_APOSTROPHE.sub("", text))))
