"""Tickets and library -> which article answers each ticket best, and whether it is good enough."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kbtool.model import Article, Library, Match, MatchState, Postings, Ticket
from kbtool.tickets.arrays import Floats, Ints, Matrix, blocks
from kbtool.tickets.cut import answered_chance, find_cut, gap_share, judge, learn_judge
from kbtool.tickets.dense import Space, Texts, article_similarities, build_space
from kbtool.tickets.passages import article_passages
from kbtool.tickets.signals import Reference, Scores, best_of, find_neighbours, read_signals
from kbtool.tickets.words import article_weights, read_words, stem_words

REFERENCE = 4000
"""Subjects that all others are held against; with fewer, each is."""
_SMOOTH = 0.4
"""How much of a subject's evidence is its neighbours'."""
_CIRCLE = 15
_SURE = 0.8
"""The chance from which on a ticket counts as answered and not as weak."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A pair that a person marked: this article answers this subject, or does not."""

    subject: str
    """Cleaned."""
    article: str
    right: bool


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How tickets are matched."""

    language: str = "en"
    words_only: bool = False
    answered: float | None = None
    """The score from which on a ticket is answered; None: found from the data."""
    unanswered: float | None = None
    """The score up to which a ticket is unanswered; None: found from the data."""
    taught: tuple[Taught, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """All tickets matched, and what the finding of topics needs of it. Subjects are distinct and sorted."""

    matches: tuple[Match, ...]
    """In the order of the tickets."""
    subjects: tuple[str, ...]
    numbers: Ints
    """For each ticket the number of its subject; -1 when it says nothing."""
    chances: Floats
    """For each subject the chance that an article answers it."""
    articles: tuple[str, ...]
    """For each subject the best article's path."""
    space: Space
    words: Matrix
    """How often each stem stands in each subject."""
    stems: tuple[str, ...]
    reference: Ints
    """The subjects that others were held against."""
    neighbours: Ints
    """For each subject the places in the reference of the nearest there."""
    share: float
    """How many of the subjects no article answers, as it seems."""
    cut: float
    """The score up to which a ticket is unanswered."""
    sure: float
    """The score from which on a ticket is answered."""


def match_tickets(
    tickets: Sequence[Ticket], library: Library, postings: Postings, options: MatchOptions | None = None
) -> Matches:
    """Return every ticket's best article among those that customers may find, its score and its state.

    A subject is matched once, however many tickets have it, and the order of the tickets changes nothing. A ticket whose subject says
    nothing is "weak" without an article: it is counted, and never a gap.
    """
    options = options or MatchOptions()
    articles = [article for article in library.articles if _is_found(article)]
    subjects = sorted({ticket.subject for ticket in tickets if ticket.subject})
    places = {subject: place for place, subject in enumerate(subjects)}
    table = _Table.of(subjects, articles, postings, options)
    found = _judged(table, subjects, articles)
    numbers = np.asarray([places.get(ticket.subject, -1) for ticket in tickets], np.int64)
    best = tuple(articles[number].path if number >= 0 else "" for number in found.articles)
    cut = found.cut if options.unanswered is None else options.unanswered
    sure = max(_SURE if options.answered is None else options.answered, cut)
    states = _states(subjects, best, found.chances, (cut, sure), options)
    chances = found.chances.tolist()
    matches = tuple(
        Match(ticket, best[number], chances[number], states[number]) if number >= 0 else Match(ticket, "", 0.0, "weak")
        for ticket, number in zip(tickets, numbers.tolist(), strict=True)
    )
    return Matches(
        matches, tuple(subjects), numbers, found.chances, best, table.space, table.words, table.stems,
        table.sample, found.near, found.share, cut, sure,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of each subject in the end."""

    articles: Ints
    chances: Floats
    near: Ints
    share: float
    cut: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Subjects and articles, ready to be held against each other."""

    words: Matrix
    stems: tuple[str, ...]
    weights: Matrix
    space: Space
    sample: Ints
    barred: tuple[tuple[int, int], ...]
    """Pairs of subject and article that a person marked as wrong."""
    scale: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    """Mean and deviation of the words' scores and of the similarities."""

    @staticmethod
    def of(subjects: Sequence[str], articles: Sequence[Article], postings: Postings, options: MatchOptions) -> "_Table":
        """Return the table. A subject that was marked as answered by an article is one more passage of it."""
        lists = [_passages(article, options.taught) for article in articles]
        starts = np.cumsum([0, *map(len, lists)])
        passages = [passage for each in lists for passage in each]
        wholes = [f"{article.title} {' '.join(article.meta.keywords)} {article.text}" for article in articles]
        vocabulary = read_words([*subjects, *passages, *wholes])
        stems, by_word = stem_words(vocabulary.words, postings)
        sample = _sample(subjects)
        texts = Texts(vocabulary, by_word, len(subjects), tuple(starts[:-1].tolist()), len(passages))
        space = build_space(texts, sample.tolist(), language=options.language, words_only=options.words_only)
        paths = {path: number for number, path in enumerate(postings.articles)}
        columns = [paths[article.path] for article in articles]
        weights = article_weights(postings)[:, columns].tocsr()
        words = (vocabulary.counts[: len(subjects)] @ by_word).tocsr()
        return _Table(words, stems, weights, space, sample, _barred(subjects, articles, options.taught))


def _is_found(article: Article) -> bool:
    """Tell whether a customer may find the article."""
    return article.meta.status == "published" and article.meta.audience == "public"


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


def _judged(table: _Table, subjects: Sequence[str], articles: Sequence[Article]) -> _Found:
    """Return what is found of each subject: first of the sample, which teaches, then of all."""
    total = len(subjects)
    if not total or not articles:
        empty = np.zeros((total, 1), np.int64)
        return _Found(np.full(total, -1), np.zeros(total), empty, 1.0, 0.0)
    scores, scale = _reference_scores(table)
    density = find_neighbours(
        table.space.subjects[table.sample], table.space.subjects[table.sample], np.arange(len(table.sample))
    ).density
    reference = Reference(
        table.sample, table.space.subjects[table.sample], scores, best_of(scores.rank), best_of(scores.similarity), density
    )
    own = np.full(total, -1)
    own[table.sample] = np.arange(len(table.sample))
    near = find_neighbours(reference.vectors, reference.vectors, np.arange(len(table.sample)))
    present, hidden = (read_signals(scores, near, reference, hide=hide) for hide in (False, True))
    none = np.zeros((0, present.shape[1]))
    found = learn_judge(present, hidden, none, none)
    evidence_there = judge(found, present)
    best, evidence, circle = np.zeros(total, np.int64), np.zeros(total), np.zeros((total, near.places.shape[1]), np.int16)
    for part in blocks(total, max(len(table.space.passages), 2 * len(table.sample), 4 * len(articles))):
        here = _scores(table, part, scale)
        nearby = find_neighbours(table.space.subjects[part], reference.vectors, own[part])
        best[part] = here.rank.argmax(axis=1)
        alone = judge(found, read_signals(here, nearby, reference))
        around = evidence_there[nearby.places[:, :_CIRCLE].astype(np.int64)].mean(axis=1)
        evidence[part] = np.round((1 - _SMOOTH) * alone + _SMOOTH * around, 6)
        circle[part] = nearby.places
    share = gap_share(evidence[table.sample])
    chances = answered_chance(evidence, share)
    best[best >= len(articles)] = -1
    return _Found(best, chances, circle.astype(np.int64), share, find_cut(chances[table.sample]))


def _reference_scores(table: _Table) -> tuple[Scores, tuple[float, float, float, float]]:
    raw = _raw(table, table.sample)
    scale = (float(raw[0].mean()), float(raw[0].std()) or 1.0, float(raw[1].mean()), float(raw[1].std()) or 1.0)
    scale = tuple(round(value, 6) for value in scale)  # type: ignore[assignment]
    return _combined(raw, scale, table.space.trust), scale


def _scores(table: _Table, part: slice, scale: tuple[float, float, float, float]) -> Scores:
    return _combined(_raw(table, np.arange(part.start, part.stop)), scale, table.space.trust)


def _raw(table: _Table, rows: Ints) -> tuple[Floats, Floats]:
    """Return the words' scores and the similarities of these subjects to all articles, and to two that do not exist when there are few."""
    words = (table.words[rows][:, : table.weights.shape[0]] @ table.weights).toarray()
    similar = article_similarities(table.space, table.space.subjects[rows])
    chosen = {int(row): place for place, row in enumerate(rows)}
    for row, article in table.barred:
        if row in chosen:
            words[chosen[row], article], similar[chosen[row], article] = 0.0, -1.0
    missing = max(0, 3 - words.shape[1])
    return np.pad(words, ((0, 0), (0, missing))), np.pad(similar, ((0, 0), (0, missing)))


def _combined(raw: tuple[Floats, Floats], scale: tuple[float, float, float, float], trust: float) -> Scores:
    words, similar = raw
    rank = (words - scale[0]) / scale[1] + trust * (similar - scale[2]) / scale[3]
    return Scores(np.round(rank, 6), np.round(similar, 6))


def _states(
    subjects: Sequence[str], best: Sequence[str], chances: Floats, cuts: tuple[float, float], options: MatchOptions
) -> list[MatchState]:
    """Return each subject's state. What a person marked as right is answered, whatever its score."""
    cut, sure = cuts
    right = {(pair.subject, pair.article) for pair in options.taught if pair.right}
    return [
        "answered"
        if (chance >= sure and chance > cut) or (subject, article) in right
        else "unanswered"
        if chance <= cut
        else "weak"
        for subject, article, chance in zip(subjects, best, chances.tolist(), strict=True)
    ]
