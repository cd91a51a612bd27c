"""Subjects and postings -> how well each article's words fit each subject: Whoosh's own BM25F, for all subjects in one product."""

import re
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import numpy.typing as npt
from scipy import sparse

from kbtool.demand import FieldPostings, Postings
from kbtool.tickets.arrays import Floats, Ints, Matrix

_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001 - both apostrophes stand in words
_K1, _B = 1.2, 0.75
"""As Whoosh sets them."""
_ROOM = 8_000_000
"""Numbers of a table that may hold its zeros: 64 MB."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct words of many texts, as they are written but in small letters."""

    words: tuple[str, ...]
    """Sorted."""
    counts: Matrix
    """How often each word (column) stands in each text (row)."""


def read_words(texts: Sequence[str]) -> Vocabulary:
    """Return the texts' words. A word is looked at once, however many texts hold it."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    found, ends = array("i"), array("q", [0])
    for text in texts:
        found.extend(map(numbers.__getitem__, _WORD.findall(text.lower().replace("’", "'"))))  # noqa: RUF001
        ends.append(len(found))
    words = sorted(numbers)
    places = np.empty(len(words), np.int32)
    places[[numbers[word] for word in words]] = np.arange(len(words), dtype=np.int32)
    return Vocabulary(tuple(words), _counted(places[np.asarray(found, np.int32)], np.asarray(ends), len(words)))


def stem_words(words: Sequence[str], postings: Postings) -> tuple[tuple[str, ...], Matrix]:
    """Return the stems of the words, those of the articles first, and which word (row) has which of them (column)."""
    split = [tuple(postings.stems_of(word)) for word in words]
    places = {stem: place for place, stem in enumerate(postings.stems)}
    for stem in sorted(set(chain.from_iterable(split)) - places.keys()):
        places[stem] = len(places)
    ends = np.cumsum([0, *map(len, split)])
    columns = np.fromiter((places[stem] for stem in chain.from_iterable(split)), np.int32, int(ends[-1]))
    return tuple(places), _counted(columns, ends, len(places))


def _counted(columns: npt.NDArray[np.int32], ends: Ints, width: int) -> Matrix:
    """Return how often each number stands in each row; a row's numbers end where the next one's begin."""
    kind = np.int32 if len(columns) < np.iinfo(np.int32).max else np.int64
    ones = np.ones(len(columns), np.float32)
    matrix = sparse.csr_array((ones, columns.astype(kind, copy=False), ends.astype(kind)), shape=(len(ends) - 1, width))
    matrix.sum_duplicates()
    return matrix


def article_weights(postings: Postings) -> Matrix:
    """Return what each stem (row) is worth in each article (column): the sum over the fields of BM25, as Whoosh's BM25F computes it.

    A subject's stem counts once for each time it stands in it.
    """
    shape = (len(postings.stems), len(postings.articles))
    total = sparse.csr_array(shape)
    for field in postings.fields:
        stems, articles = _numbers(field.stems), _numbers(field.articles)
        total = total + sparse.coo_array((_bm25(field, stems, articles, shape), (stems, articles)), shape=shape).tocsr()
    return total


def as_factor(weights: Matrix) -> Floats | Matrix:
    """Return the weights as products are quickest with them: with every zero, if there is room for these."""
    return weights.toarray() if weights.shape[0] * weights.shape[1] <= _ROOM else weights


def score_words(words: Matrix, worth: Floats | Matrix) -> Floats:
    """Return what each row of words is worth in each article. Both kinds of factor add the same numbers in the same order."""
    found = words[:, : worth.shape[0]] @ worth
    return found.toarray() if sparse.issparse(found) else np.asarray(found)


def _bm25(field: FieldPostings, stems: Ints, articles: Ints, shape: tuple[int, int]) -> Floats:
    """Return the worth of each posting. The idf is Whoosh's: log(N / (df + 1)) + 1."""
    counts, lengths = np.asarray(field.counts, np.float64), np.asarray(field.lengths, np.float64)
    idf = np.log(shape[1] / (np.bincount(stems, minlength=shape[0]) + 1)) + 1
    average = max(counts.sum() / max(1, shape[1]), 1e-9)
    saturated = counts * (_K1 + 1) / (counts + _K1 * ((1 - _B) + _B * lengths[articles] / average))
    return np.asarray(field.weight * idf[stems] * saturated, np.float64)


def _numbers(values: Sequence[int]) -> Ints:
    return np.asarray(values, np.int64)
