"""Matches -> what they say together: the share answered week by week, each article's load, the words that no article has."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np

from kbtool.demand import Match, MatchState, Postings
from kbtool.model import Library
from kbtool.tickets.examples import copies, shown_subjects
from kbtool.tickets.matching import Matches
from kbtool.tickets.naming import count_words, split_words
from kbtool.tickets.noise import is_uninformative
from kbtool.tickets.tongues import strange_words, tongue_reader
from kbtool.tickets.weeks import SHORTEST_TREND, Span, days_of, growth, monday_of, mondays_in, span_of

_WORDS = 40
"""Words that are listed."""
_CANDIDATES = 400
"""Words that are looked at, the most frequent first."""
_EXAMPLES, _LOOKED_AT = 3, 50
"""Subjects that are shown of an article's, and how many are looked at for them."""
_FEWEST = 3
"""Different people who must use a word: what fewer use may be a name."""


@dataclass(frozen=True, slots=True)
class WeekStates:
    """What became of a week's tickets."""

    monday: date
    answered: int
    weak: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class ArticleLoad:
    """The tickets that an article answers, well or weakly: people write in about it all the same."""

    path: str
    title: str
    tickets: int
    people: int
    answered: int
    weak: int
    growth: float
    """As a topic's."""
    examples: tuple[str, ...] = ()
    """Up to three subjects as they may be shown, the commonest first: whether the article is about them is for a person to see."""


@dataclass(frozen=True, slots=True)
class LackingWord:
    """A word that customers use and no article has."""

    word: str
    """As they write it most."""
    people: int
    tickets: int
    example: str
    """A subject with it, as it may be shown."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What all matches say together."""

    weeks: tuple[WeekStates, ...] = ()
    """Every week of the export; empty when no ticket has a date."""
    before: float | None = None
    """The share answered in the earlier half of the time; None when the time is too short for halves."""
    after: float | None = None
    """The same of the later half."""
    people: int = 0
    """Different people who wrote; tickets of nobody known count one each."""
    articles: tuple[ArticleLoad, ...] = ()
    """Most people first."""
    words: tuple[LackingWord, ...] = ()
    """Most people first."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The titles of all articles, by path."""


def look_over(matched: Matches, library: Library, postings: Postings) -> Overview:
    """Return what the matches say together."""
    states = Counter((match.ticket.created.date(), match.state) for match in matched.matches if match.ticket.created)
    span = span_of([day for day, _ in states])
    titles = {article.path: article.title for article in library.articles}
    before, after = _halves(states, span)
    return Overview(
        _weeks(states, span), before, after, count_people(matched.matches),
        _loads(matched.matches, titles, span), _lacking(matched, postings), titles,
    )  # fmt: skip


def count_people(matches: Iterable[Match]) -> int:
    """Return how many different people wrote; tickets of nobody known count one each."""
    persons = [match.ticket.person for match in matches]
    return len({*persons} - {""}) + persons.count("")


_States = Counter[tuple[date, MatchState]]
"""How many tickets of a day are in a state."""


def _weeks(states: _States, span: Span | None) -> tuple[WeekStates, ...]:
    if not span:
        return ()
    counts: _States = Counter()
    for (day, state), number in states.items():
        counts[monday_of(day), state] += number
    return tuple(
        WeekStates(monday, counts[monday, "answered"], counts[monday, "weak"], counts[monday, "unanswered"])
        for monday in mondays_in(span)
    )


def _halves(states: _States, span: Span | None) -> tuple[float | None, float | None]:
    """Return the share answered in the earlier and in the later half of the time."""
    if not span or (span[1] - span[0]).days + 1 < SHORTEST_TREND:
        return None, None
    tickets, answered = [0, 0], [0, 0]
    for (day, state), number in states.items():
        half = day - span[0] > span[1] - day
        tickets[half] += number
        answered[half] += number * (state == "answered")
    earlier, later = (part / whole if whole else None for part, whole in zip(answered, tickets, strict=True))
    return (earlier, later) if earlier is not None and later is not None else (None, None)


def _loads(matches: Sequence[Match], titles: Mapping[str, str], span: Span | None) -> tuple[ArticleLoad, ...]:
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.article and match.state != "unanswered":
            found[match.article].append(match)
    loads = (_load(path, titles.get(path, path), tickets, span) for path, tickets in found.items())
    return tuple(sorted(loads, key=lambda load: (-load.people, -load.tickets, load.path)))


def _load(path: str, title: str, matches: Sequence[Match], span: Span | None) -> ArticleLoad:
    answered = sum(match.state == "answered" for match in matches)
    grown = round(growth(days_of(matches), span), 2)
    common = shown_subjects(_commonest(matches), matches)
    return ArticleLoad(path, title, len(matches), count_people(matches), answered, len(matches) - answered, grown, common)


def _commonest(matches: Sequence[Match]) -> list[str]:
    """Return the subjects that came most often, none the copy of another."""
    counts = Counter(match.ticket.subject for match in matches if match.ticket.subject)
    chosen: list[str] = []
    for subject in sorted(counts, key=lambda subject: (-counts[subject], subject.isupper(), subject))[:_LOOKED_AT]:
        if len(chosen) < _EXAMPLES and not any(copies(split_words(subject), split_words(other)) for other in chosen):
            chosen.append(subject)
    return chosen


def _lacking(matched: Matches, postings: Postings) -> tuple[LackingWord, ...]:
    """Return the words whose stems no article has, most people first; none that says nothing or is asked in another language."""
    small = postings.fillers | strange_words(postings.tongues)
    known = {*postings.stems, *(stem for word in small for stem in postings.stems_of(word))}
    held = matched.words.tocsc()
    times = np.diff(held.indptr)
    strange = [number for number, stem in enumerate(matched.stems) if stem not in known and not stem.isdigit() and len(stem) > 1]
    often = sorted(strange, key=lambda number: (-int(times[number]), matched.stems[number]))[:_CANDIDATES]
    rows = {number: held.indices[held.indptr[number] : held.indptr[number + 1]].tolist() for number in often}
    tickets = _by_subject(matched, {row for each in rows.values() for row in each})
    stems_of = cache(lambda word: frozenset(postings.stems_of(word)))
    read = tongue_reader(postings)
    words = (
        _word(matched.stems[number], [match for row in sorted(rows[number]) for match in tickets.get(row, ())], stems_of)
        for number in often
        if not read([split_words(matched.subjects[row]) for row in sorted(rows[number])])
    )
    return tuple(
        sorted(
            (word for word in words if word and not is_uninformative(word.word)),
            key=lambda word: (-word.people, -word.tickets, word.word),
        )[:_WORDS]
    )


def _by_subject(matched: Matches, wanted: Container[int]) -> Mapping[int, list[Match]]:
    """Return the tickets of these subjects."""
    tickets: defaultdict[int, list[Match]] = defaultdict(list)
    for match, number in zip(matched.matches, matched.numbers.tolist(), strict=True):
        if number in wanted:
            tickets[number].append(match)
    return tickets


def _word(stem: str, matches: Sequence[Match], stems_of: Callable[[str], Iterable[str]]) -> LackingWord | None:
    """Return what is said of a word; None when too few people use it."""
    people = count_people(matches)
    if people < _FEWEST:
        return None
    counts = count_words(match.ticket.subject for match in matches)
    written = (each for each in counts if stem in stems_of(each))
    word = min(written, key=lambda each: (-counts[each], each), default=stem)
    plain = min(matches, key=lambda match: (match.ticket.subject.isupper(), len(match.ticket.shown), match.ticket.shown))
    return LackingWord(word, people, len(matches), shown_subjects([plain.ticket.subject], [plain])[0])
