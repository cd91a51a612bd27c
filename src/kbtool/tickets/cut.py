"""Signals -> how likely a subject is answered, and where the cut lies: both found from the export and the articles, without labels."""

import math
from dataclasses import dataclass

import numpy as np

from kbtool.tickets.arrays import Flags, Floats

_ROUNDS = 4
_STRENGTH = 5.0
"""Of the pull towards "says nothing" on each signal's weight: it matters on small exports only."""
_PRIOR_GAPS, _PRIOR_TICKETS = 10.0, 50.0
"""What is believed of the share of gaps before any ticket was read, as if of so many tickets so many were gaps."""
_FARTHEST = 100.0
"""No odds need be raised by more."""
_LIMITS = (0.4, 0.5, 0.6, 0.7)
"""The share of titles that are less near to their article, at four places: one alone hangs on chance."""
_MORE = 1.5
"""How many more subjects may be answered than are as near to an article as its title is."""
_MARKED = 10.0
"""Subjects that a pair counts for which a person marked."""
_FAR = 4.0
"""Deviations from the mean that a signal may have."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs signals."""

    mean: Floats
    deviation: Floats
    weights: Floats
    """One for each signal and, last, the constant."""


def learn_judge(present: Floats, hidden: Floats) -> Judge:
    """Return the judge that tells signals with the right article from those without (logistic regression).

    Of the subjects as they are some have no article either: they count the less, round by round, the less they look answered.
    """
    rows = np.vstack([present, hidden])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.clip((rows - mean) / deviation, -_FAR, _FAR)
    design = np.hstack([scaled, np.ones((len(scaled), 1))])
    answers = np.repeat([1.0, 0.0], [len(present), len(hidden)])
    trust, weights = np.ones(len(present)), np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        each = trust / trust.mean()
        weights = _fit(design, answers, np.concatenate([each, each]), weights)
        trust = _sigmoid(design[: len(present)] @ weights)
    return Judge(mean, deviation, weights)


def judge(found: Judge, signals: Floats) -> Floats:
    """Return the evidence that each subject is answered, as a logarithm of odds at even chances."""
    scaled = np.clip((signals - found.mean) / found.deviation, -_FAR, _FAR)
    return np.asarray(np.round(scaled @ found.weights[:-1] + found.weights[-1], 6))


def gap_odds(evidence: Floats, least: float = 0.0) -> float:
    """Return how likely it is that no article answers a subject of which nothing is known: the logarithm of the odds.

    It is the most likely one given the evidence (Saerens et al. 2002), and so high that at least this share of all seems unanswered.
    """
    share = _PRIOR_GAPS / _PRIOR_TICKETS
    for _ in range(100):
        chances = _gap_chance(evidence, _log_odds(share))
        share = float((chances.sum() + _PRIOR_GAPS) / (len(evidence) + _PRIOR_TICKETS))
    low = high = _log_odds(round(share, 6))
    if len(evidence) and _gap_chance(evidence, low).mean() < least:
        high = low + _FARTHEST
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if _gap_chance(evidence, middle).mean() < least else (low, middle)
    return round(high, 6)


def least_gap_share(nearness: Floats, titles: Floats) -> float:
    """Return the share of subjects that no article answers at least, told by how near an article's text lies to what asks for it.

    `nearness`: how near each subject lies to the nearest passage of any article. `titles`: how near each article's title lies to the
    nearest other passage of that article. Customers' words are not quite as near to an article as its title is: half as many again as
    are that near may be answered, and as many more as chance can hide. In a young help center most questions have no article, and
    nothing else tells it: a subject's best article is always nearer than the next one.
    """
    if not len(nearness) or not len(titles):
        return 0.0
    limits = np.quantile(titles, _LIMITS, method="lower")
    near = float(np.mean([(nearness >= limit).mean() / (titles >= limit).mean() for limit in limits]))
    return round(max(0.0, 1 - _MORE * (near + 1 / math.sqrt(len(nearness)))), 6)


def answered_chance(evidence: Floats, odds: float) -> Floats:
    """Return the chance that each subject is answered; `odds` as `gap_odds` gives them."""
    return np.asarray(np.round(1 - _gap_chance(evidence, odds), 5))


def find_cut(chances: Floats, marked: Floats, right: Flags) -> float:
    """Return the chance at or below which a subject counts as unanswered: where the expected F1 of doing so is highest.

    Chances of pairs that a person marked right or wrong count as many subjects each, and as certain: they shift the cut.
    """
    known = np.concatenate([chances, marked])
    gaps = np.concatenate([1 - chances, _MARKED * (1.0 - right)])
    weights = np.concatenate([np.ones(len(chances)), np.full(len(marked), _MARKED)])
    order = np.argsort(known, kind="stable")
    f1 = np.round(2 * np.cumsum(gaps[order]) / (np.cumsum(weights[order]) + gaps.sum()), 9)
    last = np.append(known[order][1:] != known[order][:-1], True) if len(order) else np.zeros(0, bool)  # equals fall on one side
    return float(known[order][last][int(f1[last].argmax())]) if len(order) else 0.0


def _gap_chance(evidence: Floats, odds: float) -> Floats:
    return _sigmoid(odds - evidence)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def _fit(design: Floats, answers: Floats, trust: Floats, start: Floats) -> Floats:
    """Return the weights that explain the answers best, by Newton's method."""
    pull = np.full(design.shape[1], _STRENGTH)
    pull[-1] = 1e-3
    weights = start
    for _ in range(25):
        chance = _sigmoid(design @ weights)
        slope = design.T @ (trust * (answers - chance)) - pull * weights
        curve = (design * (trust * chance * (1 - chance))[:, None]).T @ design + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-10:  # noqa: PLR2004
            break
    return np.asarray(weights)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -500, 500))))


def flags(chances: Floats, cut: float) -> Flags:
    """Tell which chances are at or below the cut."""
    return np.asarray(chances <= cut)
