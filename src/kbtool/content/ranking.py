"""Articles' scores, stem by stem -> the hits, best first."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kbtool.model import Article, Hit


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a search found."""

    hits: tuple[Hit, ...]
    """Best first."""
    suggestion: str = ""
    """The query as it was probably meant, when words of it stand in no article; else empty."""


def asked_for(by_stem: Mapping[str, float], words: Mapping[str, str]) -> dict[str, float]:
    """Return the scores of the stems that were asked for."""
    return {stem: by_stem[stem] for stem in words.values() if stem in by_stem}


def rank_hits(
    found: Mapping[str, Mapping[str, float]], words: Mapping[str, str], articles: Mapping[str, Article], limit: int
) -> tuple[Hit, ...]:
    """Return the best hits. A score counts for the share of what the query asked that the article has, rare words more than common."""
    counts = {stem: sum(stem in by_word for by_word in found.values()) for stem in words.values()}
    telling = {stem: math.log(1 + len(articles) / count) for stem, count in counts.items() if count}
    asked = sum(telling.values()) or 1.0

    def hit(path: str, by_word: Mapping[str, float]) -> Hit:
        score = sum(by_word.values()) * sum(telling[stem] for stem in by_word) / asked
        matched = sorted((word for word, stem in words.items() if stem in by_word), key=lambda word: -by_word[words[word]])
        return Hit(path, articles[path].title, articles[path].url, round(score, 3), tuple(matched))

    hits = (hit(path, by_word) for path, by_word in found.items())
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.article))[: max(limit, 0)])
