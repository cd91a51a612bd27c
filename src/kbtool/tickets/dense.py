"""Words -> vectors in which texts that mean the same lie near each other, even when they share no word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from kbtool.tickets.arrays import UNIT, Floats, Ints, Matrix, Packed, Units, blocks, packed, products, units
from kbtool.tickets.wordllama import LANGUAGES, word_pieces
from kbtool.tickets.words import Vocabulary

_DIMENSIONS = 100
_TAUGHT = 20_000
"""Texts that the export's own space is learned from."""


@dataclass(frozen=True, slots=True)
class Space:
    """Subjects and articles as vectors."""

    subjects: Packed
    passages: Units
    """Every article's first passage, then every second one, and so on."""
    layers: tuple[int, ...]
    """How many articles have a first passage, how many a second one, and so on."""
    wholes: Units
    """The articles' vectors as one text each."""
    order: Ints
    """Which articles they are, here and in each layer: those with more passages come first."""
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
        pieces, table = word_pieces(texts.words.words)
        counts, trust = texts.words.counts, 3.0
    else:
        counts, table = _learned(texts, sample)
        pieces, trust = None, 1.0

    def sums(rows: slice | Ints) -> Floats:
        return np.asarray((counts[rows] if pieces is None else counts[rows] @ pieces) @ table)

    vectors = _vectors(sums, counts.shape[0], np.asarray([*sample, *range(texts.subjects, end)]))
    order, layers, first = _layered(texts)
    return Space(
        vectors[: texts.subjects],
        vectors[texts.subjects + first].astype(np.float32),
        layers,
        vectors[end:][order].astype(np.float32),
        order,
        trust,
        "wordllama" if known else "the export itself",
    )


def article_similarities(space: Space, subjects: Packed) -> Floats:
    """Return for each subject (row) and article (column) the mean of the similarity to its best passage and to the whole."""
    inverse = np.argsort(space.order)
    found = np.empty((len(subjects), len(space.order)))
    for part in blocks(len(subjects), 2 * len(space.passages)):
        each = products(subjects[part], space.passages)
        best, start = each[:, : space.layers[0]], space.layers[0]
        for layer in space.layers[1:]:
            np.maximum(best[:, :layer], each[:, start : start + layer], out=best[:, :layer])
            start += layer
        best += products(subjects[part], space.wholes)
        found[part] = best.take(inverse, axis=1)
    found /= 2 * UNIT * UNIT
    return found


def _layered(texts: Texts) -> tuple[Ints, tuple[int, ...], Ints]:
    """Return the articles, those with more passages first; how many have a first one, a second one ...; and the passages layer by layer."""
    starts = np.asarray(texts.starts)
    counts = np.diff([*texts.starts, texts.passages])
    order = np.argsort(-counts, kind="stable")
    layers = [order[counts[order] > place] for place in range(int(counts.max(initial=0)))]
    return (
        order,
        tuple(map(len, layers)),
        np.concatenate([starts[layer] + place for place, layer in enumerate(layers)] or [starts]),
    )


def _vectors(sums: Callable[[slice | Ints], Floats], total: int, usual: Ints) -> Packed:
    """Return a vector for each text: the sum of its words', less what the usual ones have in common."""
    first = sums(slice(0, 1))
    common = np.zeros(first.shape[1])
    for part in blocks(len(usual), 4 * first.shape[1]):
        common += _directions(sums(usual[part])).sum(axis=0)
    common = np.round(common / max(1, len(usual)), 6)
    out = np.empty((total, first.shape[1]), np.int16)
    for part in blocks(total, 4 * first.shape[1]):
        out[part] = packed(units(_directions(sums(part)) - common))
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
