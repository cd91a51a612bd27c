"""Words -> vectors in which texts that mean the same lie near each other, even when they share no word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from kbtool.tickets.arrays import UNIT, Floats, Ints, Matrix, Packed, Units, blocks, packed, products, units
from kbtool.tickets.embedding import EXPORT_ITSELF, Embedding
from kbtool.tickets.words import Vocabulary

_TRUST = 3.0
"""How much a model's similarity counts beside the words."""
_DIMENSIONS = 100
_OWN = 0.5
"""How long a vector that the export teaches is beside a model's: what customers say together here, beside what words mean anywhere."""
_AXES = 160
"""Of a vector that are kept: what lies along the others tells hardly anything, and every product would take longer."""
_ENOUGH = 20 * _AXES
"""Texts from which axes can be told; those of fewer would be chance, and hardly save time."""
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

    texts: Sequence[str]
    words: Vocabulary
    stems: Matrix
    """Which word (row) has which stem (column)."""
    subjects: int
    starts: tuple[int, ...]
    passages: int


Sums = Callable[[slice | Ints], Floats]
"""Returns the vectors of some of the texts, of any length."""


def build_space(texts: Texts, sample: Sequence[int], embeddings: Sequence[Embedding]) -> Space:
    """Return the vectors: the models', if there are any, beside those that the export itself teaches, or these alone."""
    end = texts.subjects + texts.passages
    counts, table = _learned(texts, sample)
    views: list[tuple[float, Sums]] = [(len(embeddings) ** -0.5, _modelled(texts, each)) for each in embeddings]
    views.append((_OWN if embeddings else 1.0, lambda rows: np.asarray(counts[rows] @ table)))
    vectors = _vectors(views, counts.shape[0], np.asarray([*sample, *range(texts.subjects, end)]))
    order, layers, first = _layered(texts)
    return Space(
        vectors[: texts.subjects],
        vectors[texts.subjects + first].astype(np.float32),
        layers,
        vectors[end:][order].astype(np.float32),
        order,
        _TRUST if embeddings else 1.0,
        " and ".join(each.name for each in embeddings) or EXPORT_ITSELF,
    )


def article_similarities(space: Space, subjects: Packed) -> Floats:
    """Return for each subject (row) and article (column) the mean of the similarity to its best passage and to the whole."""
    found = np.empty((len(subjects), len(space.order)))
    for part in blocks(len(subjects), 4 * len(space.order)):
        found[part] = article_products(space, subjects[part].astype(np.float32))
    found /= 2 * UNIT * UNIT
    return found


def article_products(space: Space, subjects: Units) -> Units:
    """Return for each subject (row) and article (column) the product with its best passage and, added to it, that with the whole."""
    best = _best_passages(space, subjects)
    best += products(subjects, space.wholes)
    return best.take(np.argsort(space.order), axis=1)


def nearest_passages(space: Space, subjects: Packed) -> Floats:
    """Return for each subject the cosine to the nearest passage of any article."""
    found = np.zeros(len(subjects))
    for part in blocks(len(subjects), 4 * len(space.order)):
        found[part] = _best_passages(space, subjects[part].astype(np.float32)).max(axis=1)
    return found / (UNIT * UNIT)


def title_nearness(space: Space) -> Floats:
    """Return for each article that has more than its title the cosine of the title to the nearest of its other passages."""
    starts = np.cumsum([0, *space.layers]).tolist()
    titles = space.passages[: space.layers[1]] if len(space.layers) > 1 else space.passages[:0]
    best = np.full(len(titles), -np.inf)
    for start, layer in zip(starts[1:], space.layers[1:], strict=False):
        each = np.einsum("ij,ij->i", titles[:layer], space.passages[start : start + layer])
        np.maximum(best[:layer], each, out=best[:layer])
    return best / (UNIT * UNIT)


def _best_passages(space: Space, subjects: Units) -> Units:
    """Return each subject's (row) product with the best passage of each article (column): a layer at a time, so that all stays small."""
    starts = np.cumsum([0, *space.layers])
    best = products(subjects, space.passages[: space.layers[0]])
    room = np.empty(best.size, np.float32)
    for start, layer in zip(starts[1:].tolist(), space.layers[1:], strict=False):
        each = room[: len(subjects) * layer].reshape(len(subjects), layer)  # one place for all: to ask for another takes time
        np.matmul(subjects, space.passages[start : start + layer].T, out=each)
        np.maximum(best[:, :layer], each, out=best[:, :layer])
    return best


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


def _modelled(texts: Texts, embedding: Embedding) -> Sums:
    """Return the model's vectors: sums of the words' pieces, each looked up once, or of whole texts."""
    if embedding.pieces:
        pieces, table = embedding.pieces(texts.words.words)
        return lambda rows: np.asarray((texts.words.counts[rows] @ pieces) @ table)
    chosen = np.asarray(texts.texts, object)
    return lambda rows: embedding.vectors(chosen[rows].tolist())


def _vectors(views: Sequence[tuple[float, Sums]], total: int, usual: Ints) -> Packed:
    """Return a vector for each text: its directions in every view, less what the usual texts have in common, on their main axes."""
    commons = [_common(sums, usual) for _, sums in views]

    def beside(rows: slice | Ints) -> Floats:
        each = (
            length * _directions(_directions(sums(rows)) - common) for (length, sums), common in zip(views, commons, strict=True)
        )
        return units(np.hstack([*each])).astype(np.float64)

    width = sum(map(len, commons))
    axes = _main_axes(beside, usual, width)
    out = np.empty((total, axes.shape[1]), np.int16)
    for part in blocks(total, 4 * width):
        out[part] = packed(units(beside(part) @ axes))
    return out


def _main_axes(vectors: Sums, usual: Ints, width: int) -> Floats:
    """Return the axes (columns) along which the usual texts differ most (principal component analysis).

    The sums are of whole numbers, so that no order of adding changes them.
    """
    if width <= _AXES or len(usual) < _ENOUGH:
        return np.eye(width)
    spread = np.zeros((width, width))
    for part in blocks(len(usual), 4 * width):
        each = vectors(usual[part])
        spread += each.T @ each
    return np.asarray(np.linalg.eigh(spread)[1][:, : -_AXES - 1 : -1])


def _common(sums: Sums, usual: Ints) -> Floats:
    """Return what the usual texts have in common in a view."""
    width = sums(slice(0, 1)).shape[1]
    common = np.zeros(width)
    for part in blocks(len(usual), 4 * width):
        common += _directions(sums(usual[part])).sum(axis=0)
    return np.asarray(np.round(common / max(1, len(usual)), 6))


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
