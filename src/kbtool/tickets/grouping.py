"""Unanswered subjects -> groups that ask the same."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from kbtool.tickets.arrays import Floats, Ints, Packed, Places, Units, blocks, cosines, units

_MOST = 3000
"""Subjects that are grouped with each other; the others join the nearest group."""
NEAREST = 10
"""Neighbours that a subject's vector is drawn to."""
_SHARE = 4
"""No more than one in so many subjects is a neighbour."""
_SAME = 0.6
"""The mean similarity of two groups from which on they are one."""
_ALIKE = 0.7
"""The same, of subjects that are judged together."""
_ROUND = 1e-6


def group_subjects(vectors: Packed, neighbours: Units, chances: Floats) -> Ints:
    """Return each subject's group, numbered from 0 by its first subject; -1: none.

    `neighbours` is for each subject the sum of its nearest neighbours' vectors. The most likely gaps are grouped first.
    """
    drawn = draw_together(vectors, neighbours)
    order = np.lexsort((np.arange(len(drawn)), chances))
    first, later = np.sort(order[:_MOST]), np.sort(order[_MOST:])
    groups = np.full(len(drawn), -1)
    groups[first] = _linked(drawn[first], _SAME)
    if len(later):
        groups[later] = _joined(drawn, groups, later)
    return _numbered(groups)


def tight_groups(reference: Packed, neighbours: Places) -> Ints:
    """Return the group of each subject of the reference; the groups are small, their members hardly differ."""
    return _linked(draw_together(reference, neighbour_sums(reference, neighbours)), _ALIKE)


def draw_together(vectors: Packed, neighbours: Units) -> Units:
    """Return the vectors, each half-way to the mean of its neighbours."""
    drawn = np.empty(vectors.shape, np.float32)
    for part in blocks(*vectors.shape):
        drawn[part] = units(vectors[part].astype(np.float64) + neighbours[part].astype(np.float64))
    return drawn


def neighbour_sums(reference: Packed, places: Places) -> Units:
    """Return the mean of the vectors of each row's nearest neighbours: of few subjects few, or all would be drawn to one place."""
    nearest = min(NEAREST, max(1, len(reference) // _SHARE))
    sums = np.empty((len(places), reference.shape[1]), np.float32)
    for part in blocks(len(places), nearest * reference.shape[1]):
        sums[part] = np.rint(reference[places[part, :nearest]].mean(axis=1, dtype=np.float64))
    return sums


def _linked(vectors: Units, same: float) -> Ints:
    """Return groups by average linkage: two groups are joined while their members are like each other on the mean."""
    if len(vectors) < 2:  # noqa: PLR2004
        return np.zeros(len(vectors), np.int64)
    distances = 1 - np.minimum(cosines(vectors, vectors), 1)
    np.fill_diagonal(distances, 0)
    tree = linkage(np.round(squareform(distances, checks=False).astype(np.float64), 6), "average")
    return np.asarray(fcluster(tree, 1 - same + _ROUND, "distance"), np.int64)


def _joined(vectors: Units, groups: Ints, later: Ints) -> Ints:
    """Return the nearest group of each of the later ones, -1 where none is near."""
    known = np.unique(groups[groups >= 0])
    middles = units(np.stack([vectors[groups == group].sum(axis=0, dtype=np.float64) for group in known]))
    near = cosines(vectors[later], middles)
    return np.where(near.max(axis=1) >= _SAME, known[near.argmax(axis=1)], -1)


def _numbered(groups: Ints) -> Ints:
    """Return the groups numbered in the order in which they first occur."""
    names: dict[int, int] = {-1: -1}
    for group in groups.tolist():
        names.setdefault(group, len(names) - 1)
    return np.asarray([names[group] for group in groups.tolist()], np.int64)
