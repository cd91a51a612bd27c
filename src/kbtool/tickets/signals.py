"""Similarities -> what tells a subject that an article answers from one that no article does.

Each signal is worked out twice for a sample of the subjects: as things are, and as if the best article did not exist, for the subject
and for its neighbours. The second shows how subjects without an article look, on this very export and these very articles.
"""

from dataclasses import dataclass

import numpy as np

from kbtool.tickets.arrays import UNIT, Floats, Ints, Packed, Places, Units, blocks, products

NEAREST = 40
"""Neighbours looked at."""
_RINGS = (5, 15, 40)
"""How many of them are averaged: near, usual, wide."""
_DENSITY = 15
_NOBODY = np.iinfo(np.int64).min
"""Stands where a vector has fewer neighbours than that."""
_TURNS = 6
"""So many times the neighbours looked at are the columns among which the best is found in turns."""
_LEAST = -UNIT * UNIT
"""No product of two vectors is lower."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well articles (columns) fit subjects (rows)."""

    rank: Floats
    """Words and meaning together: the best article has the highest."""
    similarity: Floats
    """Meaning alone, in the unit of the neighbours' similarity."""
    choice: Floats
    """The rank, and how like the subject is to those who likely ask for the article: it chooses better, but what is like no article
    at all draws the likely askers to itself, so no signal may use it."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best few of each row."""

    article: Ints
    """The first articles' numbers: two, where the best one may have to be hidden."""
    score: Floats
    """The first scores: three, where the best article may have to be hidden."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The sample of subjects that others are held against."""

    numbers: Ints
    """Which of the subjects."""
    vectors: Packed
    scores: Scores
    ranked: Best
    similar: Best
    density: Floats
    """How near each is to the nearest others."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest of the reference, nearest first."""

    places: Places
    density: Floats


def best_of(scores: Floats) -> Best:
    """Return the best three; of equals the first article."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3] if scores.shape[1] < _FEW else _best_few(scores)
    return Best(order[:, :2].astype(np.int64), np.take_along_axis(scores, order, axis=1))


_FEW = 8


def _best_few(scores: Floats) -> Ints:
    """Return the places of the best three, found in three passes."""
    rest = scores.copy()
    rows = np.arange(len(scores))
    found = []
    for _ in range(3):
        found.append(rest.argmax(axis=1))
        rest[rows, found[-1]] = -np.inf
    return np.stack(found, axis=1)


def find_neighbours(vectors: Packed, reference: Packed, own: Ints) -> Neighbours:
    """Return each vector's neighbours in the reference. `own` is a vector's own place there, -1 for none: nobody is his own neighbour.

    The place stands in the last bits of the number that is sorted by, so that no two are equal and every machine finds the same.
    """
    size = len(reference)
    kept = np.vstack([_nearest_keys(vectors[part], reference, own[part]) for part in blocks(len(vectors), 4 * size)])
    lonely = kept == _NOBODY
    similarity = np.where(lonely, 0, kept // size) / (UNIT * UNIT)
    places = np.where(lonely, 0, size - 1 - kept % size)
    return Neighbours(places.astype(np.int16), similarity[:, :_DENSITY].mean(axis=1))


def _nearest_keys(vectors: Packed, reference: Packed, own: Ints) -> Ints:
    """Return of each vector's products with the reference the highest, highest first, each with its place in its last bits."""
    size = len(reference)
    found = products(vectors, reference)
    inside = np.flatnonzero(own >= 0)
    found[inside, own[inside]] = -np.inf
    nearest = min(NEAREST, max(1, size - 1))
    rows, places = np.divmod(np.flatnonzero(found >= _bound(found, nearest)[:, None]), size)
    starts = np.searchsorted(rows, np.arange(len(found) + 1))
    most = max(nearest, int(np.diff(starts).max(initial=0)))
    keys = np.full((len(found), most), _NOBODY)
    keys[rows, np.arange(len(rows)) - starts[rows]] = found[rows, places].astype(np.int64) * size + (size - 1 - places)
    return np.asarray(np.sort(keys, axis=1)[:, : -nearest - 1 : -1])


def _bound(found: Units, nearest: int) -> Units:
    """Return for each row a number that is not above so many of its products, nor far below: the columns' best in turns tell it soonest."""
    width = max(_TURNS * nearest, 1)
    best = found[:, :width].copy()
    for start in range(width, found.shape[1], width):
        each = found[:, start : start + width]
        np.maximum(best[:, : each.shape[1]], each, out=best[:, : each.shape[1]])
    place = max(0, best.shape[1] - nearest)
    best.partition(place, axis=1)
    return np.maximum(best[:, place], _LEAST)


def read_signals(ranked: Best, similar: Best, near: Neighbours, reference: Reference, *, hide: bool = False) -> Floats:
    """Return a row of signals for each subject; with `hide` as they would be without its best article."""
    rows = np.arange(len(near.places))
    hidden = ranked.article[:, :1] if hide else None
    top = ranked.article[:, int(hide)]
    best = ranked.score[:, int(hide)]
    first = _without(similar, rows[:, None], hidden)[1][:, 0]
    signals = [best, best - ranked.score[:, 1 + hide], first, first - near.density, _ratio(first, near.density)]
    places = near.places.astype(np.int64)
    their_article, their_rank = _without(reference.ranked, places, hidden)
    their_similarity = _without(reference.similar, places, hidden)[1] - reference.density[places]
    columns = (
        their_rank,
        (their_article == top[:, None]).astype(np.float64),
        reference.scores.rank[places, top[:, None]],
        their_similarity,
        reference.scores.similarity[places, top[:, None]] - near.density[:, None],
    )
    signals += [column[:, :ring].mean(axis=1) for column in columns for ring in _RINGS]
    return np.stack(signals, axis=1)


def _without(best: Best, places: Ints, hidden: Ints | None) -> tuple[Ints, Floats]:
    """Return the best article and its score of those at the places, the hidden one left out."""
    if hidden is None:
        return best.article[places, 0], best.score[places, 0]
    second = best.article[places, 0] == hidden
    article = np.where(second, best.article[places, 1], best.article[places, 0])
    return article, np.where(second, best.score[places, 1], best.score[places, 0])


def _ratio(similarity: Floats, density: Floats) -> Floats:
    """Return how much nearer the article is than the neighbours are, as a logarithm."""
    return np.log(np.maximum(similarity, 0.02) / np.maximum(density, 0.02))
