"""Articles -> for each the few that readers of it may want next, by the rare words that they share."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kbtool.model import Article

MOST = 4
"""Related articles that are shown."""

_WORD = re.compile(r"[^\W_]{3,}")
_ENOUGH = 0.3
"""What articles of different topics must share at least: a word of three articles, or two words of six."""
_COMMON = 40
"""A word in more titles than these tells nothing, and keeping it would cost the square of their number."""


def related_articles(articles: Sequence[Article]) -> dict[str, tuple[Article, ...]]:
    """Return for each article's path the articles that share most of its rare title words and keywords, best first.

    A word counts the more the fewer articles have it. The cost grows with the number of articles, not with its square.
    """
    words = [_words(article) for article in articles]
    rare = _rare(words)
    places = [(article.path.rpartition("/")[0], article.path) for article in articles]
    return {
        article.path: tuple(articles[other] for other in _best(number, words[number], rare, places))
        for number, article in enumerate(articles)
    }


def _rare(words: Sequence[tuple[str, ...]]) -> dict[str, tuple[list[int], float]]:
    """Return for each word that several articles have, though not many, their numbers and what it counts."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(words):
        for word in own:
            if len(found := having[word]) <= _COMMON:
                found.append(number)
    most = min(_COMMON, max(3, len(words) // 8))
    return {word: (found, 1 / len(found)) for word, found in having.items() if 1 < len(found) <= most}


def _best(
    number: int, words: Iterable[str], rare: Mapping[str, tuple[list[int], float]], places: Sequence[tuple[str, str]]
) -> list[int]:
    """Return the numbers that share most with this one; those of the same topic first when they share as much."""
    scores: dict[int, float] = defaultdict(float)
    for word in words:
        if known := rare.get(word):
            found, counts = known
            for other in found:
                scores[other] += counts
    scores.pop(number, None)
    topic = places[number][0]
    ranked = []
    for other, score in scores.items():
        folder, path = places[other]
        if score >= _ENOUGH or folder == topic:
            ranked.append((-round(score, 6), folder != topic, path, other))
    return [other for *_, other in sorted(ranked)[:MOST]]


def _words(article: Article) -> tuple[str, ...]:
    """Return the words of title and keywords, each once, in order."""
    text = " ".join((article.title, *article.meta.keywords)).casefold()
    return tuple(dict.fromkeys(_WORD.findall(text.replace("'", "").replace("\u2019", ""))))
