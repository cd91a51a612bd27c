"""A subject, once matched -> why it got its article and its state: words, neighbours, articles and where the cuts lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kbtool.demand import Match, Postings, Ticket
from kbtool.model import Article, Library
from kbtool.tickets.arrays import UNIT, Ints, products
from kbtool.tickets.dense import Space
from kbtool.tickets.matching import Matches
from kbtool.tickets.noise import is_uninformative
from kbtool.tickets.passages import article_passages
from kbtool.tickets.redact import redact, without_marks
from kbtool.tickets.scoring import reference_scores, score_rows
from kbtool.tickets.subjects import clean_subject

_ARTICLES, _NEIGHBOURS, _LONGEST = 5, 8, 160
_AROUND = ".,;:!?()[]\"'\u2013\u2014-"
"""Marks that may stand at a word."""


@dataclass(frozen=True, slots=True)
class WordWeight:
    """A word of the subject."""

    word: str
    articles: int
    """How many articles hold it."""
    worth: float
    """What it adds to the best article's score for words."""


@dataclass(frozen=True, slots=True)
class NearArticle:
    """An article that is near the subject."""

    article: str
    title: str
    score: float
    """Words and meaning together, in deviations from what an article usually has."""
    words: float
    """What the subject's words are worth in it."""
    meaning: float
    """The likeness of meaning, up to 1."""
    passage: str
    """The part that is most like the subject."""
    likeness: float
    """That part's."""


@dataclass(frozen=True, slots=True)
class NearTicket:
    """Another ticket that is near the subject."""

    subject: str
    """Redacted."""
    likeness: float
    article: str
    state: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a subject got its article and its state."""

    match: Match
    subject: str
    """As it was matched: cleaned, and redacted."""
    cut: float
    sure: float
    meaning: str
    """What told texts of the same meaning."""
    words: tuple[WordWeight, ...]
    articles: tuple[NearArticle, ...]
    """Best first."""
    tickets: tuple[NearTicket, ...]
    """Nearest first."""


def asking(subject: str) -> Ticket:
    """Return the subject as a ticket of nobody, to be matched with the others."""
    shown = redact(subject)
    subject = clean_subject(without_marks(shown))
    return Ticket("", "" if is_uninformative(subject) else subject, shown, None, "unknown", (), "")


def explain(asked: Ticket, matched: Matches, library: Library, postings: Postings) -> Explanation | None:
    """Return why the ticket, which was matched with the others, got its article and its state; None when it says nothing."""
    match = next(match for match in reversed(matched.matches) if match.ticket == asked)
    if not asked.subject or not match.article:
        return None
    row = matched.subjects.index(asked.subject)
    by_path = {article.path: article for article in library.articles}
    articles = [by_path[path] for path in matched.table.articles]
    return Explanation(
        match,
        asked.subject,
        matched.cut,
        matched.sure,
        matched.space.model,
        _words(match.article, asked.subject, matched, postings),
        tuple(_near_articles(row, match.article, articles, matched)),
        tuple(_near_tickets(row, matched)),
    )


def _words(article: str, subject: str, matched: Matches, postings: Postings) -> tuple[WordWeight, ...]:
    """Return the subject's words, those that count most first."""
    table = matched.table
    places = {stem: place for place, stem in enumerate(table.stems)}
    worth = table.weights[:, [table.articles.index(article)]].toarray()[:, 0]
    holds = np.diff(table.weights.indptr)

    def weight(word: str) -> WordWeight:
        stems = [places[stem] for stem in postings.stems_of(word) if stem in places]
        most = max((int(holds[stem]) for stem in stems), default=0)
        return WordWeight(word, most, round(sum(float(worth[stem]) for stem in stems), 2))

    asked = dict.fromkeys(word for part in subject.split() if (word := part.strip(_AROUND)))
    return tuple(sorted(map(weight, asked), key=lambda word: (-word.worth, word.articles, word.word)))


def _near_articles(row: int, best: str, articles: Sequence[Article], matched: Matches) -> list[NearArticle]:
    """Return the nearest articles, the one that was chosen first."""
    table, rows = matched.table, np.asarray([row], dtype=np.intp)
    _, scale = reference_scores(table)
    scores = score_rows(table, rows, scale)
    words = (table.words[rows] @ table.weights).toarray()[0]
    order = sorted(range(len(articles)), key=lambda place: (articles[place].path != best, -scores.choice[0, place], place))
    found = []
    for place in order[:_ARTICLES]:
        passage, likeness = _best_passage(matched.space, matched.space.subjects[rows], place, articles[place])
        found.append(
            NearArticle(
                articles[place].path,
                articles[place].title,
                round(float(scores.choice[0, place]), 2),
                round(float(words[place]), 2),
                round(float(scores.similarity[0, place]), 3),
                passage[:_LONGEST],
                likeness,
            )
        )
    return found


def _best_passage(
    space: Space, subject: "np.ndarray[tuple[int, int], np.dtype[np.int16]]", place: int, article: Article
) -> tuple[str, float]:
    """Return the article's passage that is most like the subject, and how much. The space holds the passages layer by layer."""
    row = int(np.flatnonzero(space.order == place)[0])
    starts = np.cumsum([0, *space.layers])
    own: Ints = np.asarray([start + row for start, size in zip(starts, space.layers, strict=False) if row < size], np.int64)
    likeness = products(subject, space.passages[own])[0] / (UNIT * UNIT)
    number = int(likeness.argmax())
    texts: Mapping[int, str] = dict(enumerate(article_passages(article) or (article.path,)))
    return texts.get(number, "what was marked as right in taught.csv"), round(float(likeness[number]), 3)


def _near_tickets(row: int, matched: Matches) -> list[NearTicket]:
    """Return the nearest other subjects, each by the first ticket that has it."""
    first: dict[int, Match] = {}
    for match, number in zip(matched.matches, matched.numbers.tolist(), strict=True):
        first.setdefault(number, match)
    places = matched.reference[matched.neighbours[row].astype(np.int64)]
    places = places[places != row][:_NEIGHBOURS]
    likeness = products(matched.space.subjects[[row]], matched.space.subjects[places])[0] / (UNIT * UNIT)
    return [
        NearTicket(first[place].ticket.shown, round(float(like), 3), first[place].article, first[place].state)
        for place, like in zip(places.tolist(), likeness, strict=True)
    ]
