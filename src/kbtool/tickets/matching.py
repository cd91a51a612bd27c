"""Tickets and library -> which article answers each ticket best, and whether it is good enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kbtool.demand import Match, MatchState, Postings, Ticket
from kbtool.model import Article, Library
from kbtool.tickets.arrays import Flags, Floats, Ints, Matrix, Places, blocks
from kbtool.tickets.cut import answered_chance, find_cut, gap_odds, judge, learn_judge, least_gap_share
from kbtool.tickets.dense import Space, nearest_passages, title_nearness
from kbtool.tickets.grouping import tight_groups
from kbtool.tickets.scoring import MatchOptions, Table, build_table, reference_scores
from kbtool.tickets.signals import Reference, best_of, find_neighbours, read_signals
from kbtool.tickets.tops import best_rows

Progress = Callable[[int, int], None]

_SMOOTH = 0.4
"""How much of a subject's evidence is its neighbours'."""
_CIRCLE = 15
_TOGETHER = 0.5
"""How much of it is that of all who ask the same."""
_SHARE = 2
"""Tables of a block that are in use at a time."""
_SURE = 0.8
"""The chance from which on a ticket counts as answered and not as weak."""


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
    neighbours: Places
    """For each subject the places in the reference of the nearest there."""
    cut: float
    """The score up to which a ticket is unanswered."""
    sure: float
    """The score from which on a ticket is answered."""
    table: Table
    """What the subjects were held against."""


def match_tickets(
    tickets: Sequence[Ticket],
    library: Library,
    postings: Postings,
    options: MatchOptions | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Matches:
    """Return every ticket's best article among those that customers may find, its score and its state.

    A subject is matched once, however many tickets have it, and the order of the tickets changes nothing. A ticket whose subject says
    nothing is "weak" without an article: it is counted, and never a gap. `progress` is told how many subjects are matched, and of how many.
    """
    options = options or MatchOptions()
    articles = [article for article in library.articles if _is_found(article)]
    subjects = sorted({ticket.subject for ticket in tickets if ticket.subject})
    places = {subject: place for place, subject in enumerate(subjects)}
    table = build_table(subjects, articles, postings, options)
    found = _judged(table, subjects, articles, progress)
    numbers = np.asarray([places.get(ticket.subject, -1) for ticket in tickets], np.int64)
    best = _best(subjects, articles, found, options)
    marked = _marked(table, subjects, articles, postings, options)
    cut = find_cut(found.chances[table.sample], *marked) if options.unanswered is None else options.unanswered
    sure = max(_SURE if options.answered is None else options.answered, cut)
    states = _states(subjects, best, found.chances, (cut, sure), options)
    chances = found.chances.tolist()
    matches = tuple(
        Match(ticket, best[number], chances[number], states[number]) if number >= 0 else Match(ticket, "", 0.0, "weak")
        for ticket, number in zip(tickets, numbers.tolist(), strict=True)
    )
    return Matches(
        matches, tuple(subjects), numbers, found.chances, best, table.space, table.words, table.stems,
        table.sample, found.near, cut, sure, table,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of each subject in the end."""

    articles: Ints
    chances: Floats
    near: Places


def _is_found(article: Article) -> bool:
    """Tell whether a customer may find the article."""
    return article.meta.status == "published" and article.meta.audience == "public"


def _best(subjects: Sequence[str], articles: Sequence[Article], found: _Found, options: MatchOptions) -> tuple[str, ...]:
    """Return each subject's best article: what a person marked as right, if customers may find it, else what was found."""
    there = {article.path for article in articles}
    right = {pair.subject: pair.article for pair in options.taught if pair.right and pair.article in there}
    paths = (articles[number].path if number >= 0 else "" for number in found.articles.tolist())
    return tuple(right.get(subject, path) for subject, path in zip(subjects, paths, strict=True))


def _judged(
    table: Table, subjects: Sequence[str], articles: Sequence[Article], progress: Progress = lambda _done, _total: None
) -> _Found:
    """Return what is found of each subject: first of the sample, which teaches, then of all."""
    total = len(subjects)
    if not total or not articles:
        empty = np.zeros((total, 1), np.int16)
        return _Found(np.full(total, -1), np.zeros(total), empty)
    scores, scale = reference_scores(table)
    vectors = table.space.subjects[table.sample]
    near = find_neighbours(vectors, vectors, np.arange(len(table.sample)))
    reference = Reference(table.sample, vectors, scores, best_of(scores.rank), best_of(scores.similarity), near.density)
    own = np.full(total, -1)
    own[table.sample] = np.arange(len(table.sample))
    present, hidden = (read_signals(reference.ranked, reference.similar, near, reference, hide=hide) for hide in (False, True))
    found = learn_judge(present, hidden)
    evidence_there = judge(found, present)
    best, evidence, circle = np.zeros(total, np.int64), np.zeros(total), np.zeros((total, near.places.shape[1]), np.int16)
    for part in blocks(total, _SHARE * max(len(table.sample), len(articles))):
        here = best_rows(table, part, scale)
        nearby = find_neighbours(table.space.subjects[part], reference.vectors, own[part])
        best[part] = here.chosen
        alone = judge(found, read_signals(here.ranked, here.similar, nearby, reference))
        around = evidence_there[nearby.places[:, :_CIRCLE].astype(np.int64)].mean(axis=1)
        evidence[part] = np.round((1 - _SMOOTH) * alone + _SMOOTH * around, 6)
        circle[part] = nearby.places
        progress(part.stop, total)
    evidence = _shared(evidence, reference, circle, own)
    least = least_gap_share(nearest_passages(table.space, vectors), title_nearness(table.space))
    chances = answered_chance(evidence, gap_odds(evidence[table.sample], least))
    best[best >= len(articles)] = -1
    return _Found(best, chances, circle)


def _marked(
    table: Table, subjects: Sequence[str], articles: Sequence[Article], postings: Postings, options: MatchOptions
) -> tuple[Floats, Flags]:
    """Return the chances of the pairs that a person marked, as they would be had nobody marked them, and which are right.

    A pair counts when its article is the one that would have been chosen, or when no article is right.
    """
    if not options.taught:
        return np.zeros(0), np.zeros(0, bool)
    seen = sorted({subjects[number] for number in table.sample.tolist()} | {pair.subject for pair in options.taught})
    untaught = _judged(build_table(seen, articles, postings, replace(options, taught=())), seen, articles)
    places = {subject: place for place, subject in enumerate(seen)}
    chosen = {pair: articles[untaught.articles[places[pair.subject]]].path for pair in options.taught if articles}
    counted = [pair for pair in options.taught if chosen.get(pair) == pair.article or not pair.article]
    return untaught.chances[[places[pair.subject] for pair in counted]], np.asarray([pair.right for pair in counted], bool)


def _shared(evidence: Floats, reference: Reference, circle: Places, own: Ints) -> Floats:
    """Return the evidence, half of it that of the subject's group: a group is answered or not as a whole.

    A subject outside the reference is in its nearest neighbour's group.
    """
    groups = tight_groups(reference.vectors, circle[reference.numbers])
    sums = np.bincount(groups, evidence[reference.numbers]) / np.maximum(1, np.bincount(groups))
    mine = groups[np.where(own >= 0, own, circle[:, 0])]
    return np.asarray(np.round((1 - _TOGETHER) * evidence + _TOGETHER * sums[mine], 6))


def _states(
    subjects: Sequence[str], best: Sequence[str], chances: Floats, cuts: tuple[float, float], options: MatchOptions
) -> list[MatchState]:
    """Return each subject's state. What a person marked as right is answered, as having no article unanswered, whatever its score."""
    cut, sure = cuts
    right = {(pair.subject, pair.article) for pair in options.taught if pair.right}
    none = {pair.subject for pair in options.taught if not pair.article}
    return [
        "unanswered"
        if subject in none
        else "answered"
        if (chance >= sure and chance > cut) or (subject, article) in right
        else "unanswered"
        if chance <= cut
        else "weak"
        for subject, article, chance in zip(subjects, best, chances.tolist(), strict=True)
    ]
