"""Words -> vectors in which texts that mean the same lie near each other, even when they share no word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from kbtool.tickets.arrays import UNIT, Floats, Matrix, Units, blocks, units
from kbtool.tickets.wordllama import LANGUAGES, word_vectors
from kbtool.tickets.words import Vocabulary

_DIMENSIONS = 100
_TAUGHT = 20_000
"""Texts that the export's own space is learned from."""


@dataclass(frozen=True, slots=True)
class Space:
    """Subjects and articles as vectors."""

    subjects: Units
    passages: Units
    starts: tuple[int, ...]
    """For each article the number of its first passage."""
    wholes: Units
    """The articles' vectors as one text each."""
    trust: float
    """How much a similarity in this space counts beside the words."""
    model: str
    """What made the vectors."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All that is given a vector: subjects, then passages article by article, then each article as a whole."""

    words: Vocabulary
    stems: Matrix
    """Which word (row) has which stem (column)."""
    subjects: int
    starts: tuple[int, ...]
    passages: int


def build_space(texts: Texts, sample: Sequence[int], *, language: str, words_only: bool) -> Space:
    """Return the vectors: a model's that the package ships where it knows the language, else those that the export itself teaches."""
    known = language.partition("-")[0].lower() in LANGUAGES and not words_only
    end = texts.subjects + texts.passages
    if known:
        counts, table, trust = texts.words.counts, word_vectors(texts.words.words), 3.0
    else:
        counts, table = _learned(texts, sample)
        trust = 1.0
    vectors = _vectors(counts, table, [*sample, *range(texts.subjects, end)])
    return Space(
        vectors[: texts.subjects],
        vectors[texts.subjects : end],
        texts.starts,
        vectors[end:],
        trust,
        "wordllama" if known else "the export itself",
    )


def article_similarities(space: Space, subjects: Units) -> Floats:
    """Return for each subject (row) and article (column) the mean of the similarity to its best passage and to the whole."""
    passages = space.passages @ subjects.T
    starts = np.asarray(space.starts)
    counts = np.diff([*space.starts, len(passages)])
    best = passages[starts]
    for place in range(1, int(counts.max())):
        longer = np.flatnonzero(counts > place)
        best[longer] = np.maximum(best[longer], passages[starts[longer] + place])
    return np.asarray((best + space.wholes @ subjects.T).T, np.float64) / (2 * UNIT * UNIT)


def _vectors(counts: Matrix, table: Floats, usual: Sequence[int]) -> Units:
    """Return a vector for each text: the sum of its words', less what the usual ones have in common."""
    common = _directions(counts[np.asarray(usual)] @ table).mean(axis=0)
    common = np.round(common, 6)
    out = np.empty((counts.shape[0], table.shape[1]), np.float32)
    for part in blocks(counts.shape[0], table.shape[1] * 2):
        out[part] = units(_directions(counts[part] @ table) - common)
    return out


def _directions(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.sqrt(np.square(vectors).sum(axis=1, keepdims=True)), 1e-9))


def _learned(texts: Texts, sample: Sequence[int]) -> tuple[Matrix, Floats]:
    """Return the texts' weighted stems, and each stem's place in the space of what stands together (latent semantic analysis)."""
    counts = (texts.words.counts @ texts.stems).tocsr()
    chosen = [*sample[:_TAUGHT], *range(texts.subjects, texts.subjects + texts.passages)]
    taught = counts[np.asarray(chosen)]
    idf = np.log((len(chosen) + 1) / (np.bincount(taught.indices, minlength=counts.shape[1]) + 1))
    counts.data = 1 + np.log(counts.data)
    weighted = (counts @ sparse.diags_array(idf)).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = (sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ weighted).tocsr()
    taught = weighted[np.asarray(chosen)]
    dimensions = min(_DIMENSIONS, min(taught.shape) - 1)
    if dimensions < 1:
        return weighted, np.eye(weighted.shape[1])
    *_, directions = svds(taught, k=dimensions, v0=np.ones(min(taught.shape)))
    return weighted, np.asarray(directions.T)
