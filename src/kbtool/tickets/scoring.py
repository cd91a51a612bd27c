"""Subjects and articles -> how well each fits each: words, meaning, and how those ask who ask for an article."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from kbtool.demand import Postings
from kbtool.model import Article
from kbtool.tickets.arrays import Floats, Ints, Matrix, Units, cosines, units
from kbtool.tickets.dense import Space, Texts, article_similarities, build_space
from kbtool.tickets.embedding import find_embeddings
from kbtool.tickets.passages import article_passages
from kbtool.tickets.signals import Scores
from kbtool.tickets.spelling import mend_words
from kbtool.tickets.words import Vocabulary, article_weights, as_factor, read_words, score_words, stem_words

REFERENCE = 3000
"""Subjects that all others are held against; with fewer, each is."""
_SOFT = 0.3
"""How much worse an article may be, in deviations, and still be a likely one."""
ASKERS = 0.6
"""How much likeness to an article's likely askers counts beside likeness to the article."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A pair that a person marked: this article answers this subject, or does not."""

    subject: str
    """Cleaned."""
    article: str
    """Its path; empty: no article answers it."""
    right: bool


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How tickets are matched."""

    language: str = "en"
    words_only: bool = False
    model: str = ""
    """The model that tells texts of the same meaning; empty: kbtool's own."""
    answered: float | None = None
    """The score from which on a ticket is answered; None: found from the data."""
    unanswered: float | None = None
    """The score up to which a ticket is unanswered; None: found from the data."""
    taught: tuple[Taught, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """Means and deviations of scores in the reference."""

    words: tuple[float, float]
    similar: tuple[float, float]
    askers: Units
    """For each article the middle of those who likely ask for it."""
    asked: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Subjects and articles, ready to be held against each other."""

    words: Matrix
    stems: tuple[str, ...]
    weights: Matrix
    """What each stem (row) is worth in each article (column)."""
    worth: Floats | Matrix
    """The same of the articles' stems alone, which come first, as products are quickest with it."""
    space: Space
    sample: Ints
    barred: tuple[tuple[int, int], ...]
    """Pairs of subject and article that a person marked as wrong."""
    articles: tuple[str, ...]
    """The articles' paths, in the order of the columns."""


def build_table(subjects: Sequence[str], articles: Sequence[Article], postings: Postings, options: MatchOptions) -> Table:
    """Return the table. A subject that was marked as answered by an article is one more passage of it."""
    lists = [_passages(article, options.taught) for article in articles]
    starts = np.cumsum([0, *map(len, lists)])
    passages = [passage for each in lists for passage in each]
    wholes = [f"{article.title} {' '.join(article.meta.keywords)} {article.text}" for article in articles]
    texts = [*subjects, *passages, *wholes]
    vocabulary = _mended(read_words(texts), len(subjects))
    stems, by_word = stem_words(vocabulary.words, postings)
    sample = _sample(subjects)
    given = Texts(texts, vocabulary, by_word, len(subjects), tuple(starts[:-1].tolist()), len(passages))
    embeddings = () if options.words_only else find_embeddings(options.model, options.language)
    space = build_space(given, sample.tolist(), embeddings)
    paths = {path: number for number, path in enumerate(postings.articles)}
    columns = [paths[article.path] for article in articles]
    known = article_weights(postings)[:, columns].tocsr()
    nothing = sparse.csr_array((len(stems) - len(postings.stems), len(columns)))  # what stands in no article is worth nothing
    weights = sparse.vstack([known, nothing], format="csr")
    words = (vocabulary.counts[: len(subjects)] @ by_word).tocsr()
    found = tuple(article.path for article in articles)
    return Table(words, stems, weights, as_factor(known), space, sample, _barred(subjects, articles, options.taught), found)


def _mended(vocabulary: Vocabulary, subjects: int) -> Vocabulary:
    """Return the subjects' words with slips of the finger mended."""
    counts = vocabulary.counts
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    certain = np.bincount(counts.indices[counts.indptr[subjects] :], minlength=counts.shape[1]) > 0
    meant = mend_words(vocabulary.words, holding, certain).astype(counts.indices.dtype)
    mended = sparse.csr_array((counts.data, meant[counts.indices], counts.indptr), shape=counts.shape)
    mended.sum_duplicates()
    return Vocabulary(vocabulary.words, mended)


def reference_scores(table: Table) -> tuple[Scores, Scale]:
    """Return the scores of the reference, and what brings all other scores to the same scale.

    An article's likely askers, each by how likely, tell how customers ask for it: their middle is one more view of it.
    """
    words, similar = _raw(table, table.sample)
    first = _standard(words, _spread(words)) + table.space.trust * _standard(similar, _spread(similar))
    closeness = np.exp((first - first.max(axis=1, keepdims=True)) / (_SOFT * max(float(first.std()), 1e-9)))
    likely = closeness / closeness.sum(axis=1, keepdims=True)
    weights = np.rint(1000 * likely * likely.max(axis=1, keepdims=True))
    askers = units(weights.T @ table.space.subjects[table.sample].astype(np.float64))
    scale = Scale(_spread(words), _spread(similar), askers, _spread(_asked(askers, table, table.sample)))
    return _combined(words, similar, _asked(askers, table, table.sample), scale, table.space.trust), scale


def score_rows(table: Table, rows: Ints, scale: Scale) -> Scores:
    """Return how well each article fits these subjects."""
    words, similar = _raw(table, rows)
    return _combined(words, similar, _asked(scale.askers, table, rows), scale, table.space.trust)


def _asked(askers: Units, table: Table, rows: Ints) -> Floats:
    """Return how like each article's likely askers the subjects are."""
    return cosines(table.space.subjects[rows], askers).astype(np.float64)


def _combined(words: Floats, similar: Floats, asked: Floats, scale: Scale, trust: float) -> Scores:
    """Return the scores; what is given is written over, for these are the largest arrays there are."""
    rank = _standardised(words, scale.words)
    rank += _standardised(similar.copy(), scale.similar, trust)
    choice = _standardised(asked, scale.asked, trust * ASKERS)
    choice += rank
    return Scores(_rounded(rank), _rounded(similar), _rounded(choice))


def _spread(scores: Floats) -> tuple[float, float]:
    """Return the mean and the deviation."""
    return round(float(scores.mean()), 6), max(round(float(scores.std()), 6), 1e-6)


def _standardised(scores: Floats, spread: tuple[float, float], weight: float = 1.0) -> Floats:
    """Write the scores over with standard ones, weighted, and return them."""
    scores -= spread[0]
    scores *= weight / spread[1]
    return scores


def _rounded(scores: Floats) -> Floats:
    """Write the scores over with rounded ones, and return them."""
    scores *= 1e6
    np.rint(scores, out=scores)
    scores /= 1e6
    return scores


def _standard(scores: Floats, spread: tuple[float, float]) -> Floats:
    return (scores - spread[0]) / spread[1]


def _raw(table: Table, rows: Ints) -> tuple[Floats, Floats]:
    """Return the words' scores and the similarities of these subjects to all articles, and to two that do not exist when there are few."""
    words = score_words(table.words[rows], table.worth)
    similar = article_similarities(table.space, table.space.subjects[rows])
    chosen = {int(row): place for place, row in enumerate(rows)} if table.barred else {}
    for row, article in table.barred:
        if row in chosen:
            words[chosen[row], article], similar[chosen[row], article] = 0.0, -1.0
    missing = ((0, 0), (0, max(0, 3 - words.shape[1])))
    return (np.pad(words, missing), np.pad(similar, missing)) if missing[1][1] else (words, similar)


def _passages(article: Article, taught: Sequence[Taught]) -> list[str]:
    more = (pair.subject for pair in taught if pair.right and pair.article == article.path)
    return [*article_passages(article), *more] or [article.path]


def _barred(subjects: Sequence[str], articles: Sequence[Article], taught: Sequence[Taught]) -> tuple[tuple[int, int], ...]:
    rows = {subject: number for number, subject in enumerate(subjects)}
    columns = {article.path: number for number, article in enumerate(articles)}
    wrong = ((pair.subject, pair.article) for pair in taught if not pair.right)
    return tuple(sorted({(rows[row], columns[column]) for row, column in wrong if row in rows and column in columns}))


def _sample(subjects: Sequence[str]) -> Ints:
    """Return the numbers of a sample that depends on the subjects alone, sorted."""
    if len(subjects) <= REFERENCE:
        return np.arange(len(subjects))
    digests = [hashlib.blake2b(subject.encode(), digest_size=8).digest() for subject in subjects]
    return np.sort(np.asarray(sorted(range(len(subjects)), key=digests.__getitem__)[:REFERENCE], np.int64))
