"""Blocks of subjects -> the best article of each: of all scores only what that takes is worked out and rounded."""

from dataclasses import dataclass

import numpy as np

from kbtool.tickets.arrays import UNIT, Floats, Ints, Units, cosines
from kbtool.tickets.dense import article_products
from kbtool.tickets.scoring import ASKERS, Scale, Table
from kbtool.tickets.signals import Best
from kbtool.tickets.words import score_words

_PARTS = 1e6
"""Scores are rounded to so many parts of one: of articles that are then equal the first is the best."""
_FEWEST = 3
"""Articles that a row is scored for: where there are fewer, some that do not exist."""


@dataclass(frozen=True, slots=True)
class Tops:
    """The best articles of some subjects."""

    ranked: Best
    """The first article and two scores."""
    similar: Best
    """The first score alone."""
    chosen: Ints


def best_rows(table: Table, part: slice, scale: Scale) -> Tops:
    """Return the best articles of these subjects by the scores that `score_rows` has for each article.

    A row's scores are worked out in millionths and without the constant that all of them share: that is added to the best alone.
    """
    trust = table.space.trust
    subjects = table.space.subjects[part].astype(np.float32)
    words, similar = _raw(table, part, subjects)
    rank, constant = _line(words, scale.words)
    rank, constant = _added(rank, constant, similar / np.float64(2 * UNIT * UNIT), scale.similar, trust)
    ranked = _best_two(rank, constant)
    choice, constant = _added(rank, constant, cosines(subjects, scale.askers).astype(np.float64), scale.asked, trust * ASKERS)
    likeness = np.rint(similar.max(axis=1).astype(np.float64) / (2 * UNIT * UNIT) * _PARTS) / _PARTS
    return Tops(ranked, Best(ranked.article, likeness[:, None]), _first_best(choice, constant)[0])


def _raw(table: Table, part: slice, subjects: Units) -> tuple[Floats, Units]:
    """Return the words' scores and the products of these subjects with all articles, and with some that do not exist when there are few."""
    words, similar = score_words(table.words[part], table.worth), article_products(table.space, subjects)
    for row, article in table.barred:
        if part.start <= row < part.stop:
            words[row - part.start, article], similar[row - part.start, article] = 0.0, -2 * UNIT * UNIT
    missing = ((0, 0), (0, max(0, _FEWEST - words.shape[1])))
    return (np.pad(words, missing), np.pad(similar, missing)) if missing[1][1] else (words, similar)


def _line(scores: Floats, spread: tuple[float, float], weight: float = 1.0) -> tuple[Floats, float]:
    """Write the scores over with standard ones, weighted, less a constant; return both."""
    slope = weight * _PARTS / spread[1]
    scores *= slope
    return scores, -spread[0] * slope


def _added(total: Floats, constant: float, scores: Floats, spread: tuple[float, float], weight: float) -> tuple[Floats, float]:
    """Add the scores, standard and weighted, to the total, which is written over; return it and its constant."""
    each, more = _line(scores, spread, weight)
    total += each
    return total, constant + more


def _best_two(scores: Floats, constant: float) -> Best:
    """Return each row's first article and its two best scores."""
    rows = np.arange(len(scores))
    first, best = _first_best(scores, constant)
    kept = scores[rows, first]
    scores[rows, first] = -np.inf
    second = np.rint(scores.max(axis=1) + constant)
    scores[rows, first] = kept
    return Best(first[:, None], np.stack([best, second], axis=1) / _PARTS)


def _first_best(scores: Floats, constant: float) -> tuple[Ints, Floats]:
    """Return the first article of each row whose score, when it is rounded, is the best; and that score, in millionths."""
    best = np.rint(scores.max(axis=1) + constant)
    return (scores > (best - 0.5 - constant)[:, None]).argmax(axis=1), best
