"""Unanswered tickets -> the topics that no article answers, the most asked first."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from kbtool.demand import Match, Postings
from kbtool.kinds import ArticleType
from kbtool.model import Article, Library
from kbtool.tickets.arrays import Ints, Packed, cosines, packed, units
from kbtool.tickets.examples import choose_examples, shown_subjects
from kbtool.tickets.grouping import NEAREST, draw_together, group_subjects, neighbour_sums
from kbtool.tickets.matching import Matches
from kbtool.tickets.naming import Usage, name_group, read_usage, split_words, stem_shares, telling_stems
from kbtool.tickets.noise import is_uninformative
from kbtool.tickets.tongues import tongue_reader
from kbtool.tickets.weeks import count_weeks, days_of, growth, span_of

_LACKING = 5
_FEWEST_USERS, _USERS = 2, 0.1
"""How many people, and which share of a topic's, use a word that its article is said to lack."""
_LOOKED_AT = 100
"""Subjects of a group, the most typical first, whose neighbours are looked at."""


@dataclass(frozen=True, slots=True)
class GapTopic:
    """Something that customers ask and no article answers."""

    name: str
    """In their words: a phrase that stands in one of the subjects."""
    tickets: int
    people: int
    """Different people; the tickets' number when the export does not say who wrote."""
    weeks: tuple[tuple[datetime.date, int], ...]
    """How many tickets in each week of the export, by its Monday, those without any too; empty when no ticket has a date."""
    growth: float
    """Tickets of the later half of the export's time for each of the earlier half; 1 when nothing is known."""
    examples: tuple[str, ...]
    """Up to five subjects as they may be shown, the most typical first, each different from those before."""
    article: str
    """The nearest article's path."""
    score: float
    """The mean chance that an article answers these tickets."""
    lacks: tuple[str, ...]
    """The topic's most telling words that the nearest article lacks."""
    suggested_type: ArticleType
    suggested_title: str
    ids: tuple[str, ...]
    """The tickets'."""
    language: str = ""
    """The code of the language that most of the subjects are in, where it is not the articles': then no article is near."""


def find_topics(
    matched: Matches, library: Library, postings: Postings, *, least: int = 3
) -> tuple[tuple[Match, ...], tuple[GapTopic, ...]]:
    """Return the matches, each unanswered one with its topic's name, and the topics: most people first, growing ones before others.

    What fewer than `least` tickets ask is in no topic.
    """
    tickets = defaultdict(list)
    for match, number in zip(matched.matches, matched.numbers.tolist(), strict=True):
        if match.state == "unanswered" and number >= 0:
            tickets[number].append(match)
    asked = np.asarray(sorted(tickets), np.int64)
    if not len(asked):
        return matched.matches, ()
    vectors = matched.space.subjects[asked]
    around = neighbour_sums(matched.space.subjects[matched.reference], matched.neighbours[asked])
    groups = group_subjects(vectors, around, matched.chances[asked])
    drawn = packed(draw_together(vectors, around))
    del vectors, around  # of a million tickets a gigabyte
    span = span_of(days_of(matched.matches))
    found = []
    for group in range(int(groups.max()) + 1):
        rows = np.flatnonzero(groups == group)
        members = [match for number in asked[rows].tolist() for match in tickets[number]]
        if len(members) >= least:
            middle = cosines(drawn[rows], units(drawn[rows].sum(axis=0, keepdims=True, dtype=np.float64)))[:, 0]
            order = np.lexsort((rows, -np.round(middle, 6)))
            subjects, days = [matched.subjects[number] for number in asked[rows[order]].tolist()], days_of(members)
            near = _near(matched, asked[rows[order]])
            found.append(_Group(subjects, near, drawn[rows[order]], members, count_weeks(days, span), growth(days, span)))
    found.sort(key=lambda group: (-_people(group.matches) * group.growth**0.5, group.subjects[0]))
    topics = _described(found, matched, library, postings)
    names = {id(match): topic.name for topic, group in zip(topics, found, strict=True) for match in group.matches}
    return tuple(replace(match, topic=names[id(match)]) if id(match) in names else match for match in matched.matches), topics


@dataclass(frozen=True, slots=True)
class _Group:
    """Tickets that ask the same."""

    subjects: list[str]
    """The most typical first."""
    near: list[str]
    """Subjects of others that are nearest to one of them, as often as they are."""
    vectors: Packed
    """In the same order."""
    matches: list[Match]
    weeks: tuple[tuple[datetime.date, int], ...]
    growth: float


def _near(matched: Matches, members: Ints) -> list[str]:
    """Return the subjects of others that are nearest to the more typical of a group's, as often as they are near to one."""
    close = matched.reference[matched.neighbours[members[:_LOOKED_AT], :NEAREST].ravel()]
    return [matched.subjects[number] for number in close[~np.isin(close, members)].tolist()]


def _described(groups: Sequence[_Group], matched: Matches, library: Library, postings: Postings) -> tuple[GapTopic, ...]:
    """Return the groups as topics, with names of their own."""
    stem = cache(lambda word: " ".join(postings.stems_of(word)))
    usage = read_usage(matched.subjects, stem, postings.fillers)
    articles = {article.path: article for article in library.articles}
    read = tongue_reader(postings)
    topics: list[GapTopic] = []
    for group in groups:
        words = [split_words(subject) for subject in group.subjects]
        paths = Counter(match.article for match in group.matches)
        nearest = min(paths, key=lambda path: (-paths[path], path))
        missing = _missing(telling_stems(stem_shares(words, stem), usage.shares), articles.get(nearest), postings)
        name = name_group(group.subjects, usage, group.near, [topic.name for topic in topics])
        language = read(words)
        lacks = () if language else _lacking(group, words, missing, usage)
        topics.append(
            replace(_topic(group, name, nearest, choose_examples(group.subjects, words, group.vectors), lacks), language=language)
        )
    return tuple(topics)


def _topic(group: _Group, name: str, nearest: str, examples: Sequence[str], lacks: tuple[str, ...]) -> GapTopic:
    """Return all that is said of a group."""
    return GapTopic(
        name=name,
        tickets=len(group.matches),
        people=_people(group.matches),
        weeks=group.weeks,
        growth=round(group.growth, 2),
        examples=shown_subjects(examples, group.matches),
        article=nearest,
        score=round(sum(match.score for match in group.matches) / len(group.matches), 3),
        lacks=lacks,
        suggested_type=_type(group.subjects),
        suggested_title=name[:1].upper() + name[1:],
        ids=tuple(match.ticket.id for match in group.matches),
    )


def _people(matches: Sequence[Match]) -> int:
    """Return how many different people wrote; tickets of nobody known count one each."""
    known = {match.ticket.person for match in matches if match.ticket.person}
    return len(known) + sum(not match.ticket.person for match in matches)


def _missing(weights: Mapping[str, float], article: Article | None, postings: Postings) -> dict[str, float]:
    """Return what the stems tell that the article lacks."""
    has = set(postings.stems_of(f"{article.title} {' '.join(article.meta.keywords)} {article.text}")) if article else set()
    return {stem: weight for stem, weight in weights.items() if weight > 0 and not set(stem.split()) <= has}


def _lacking(group: _Group, words: Sequence[Sequence[str]], missing: Mapping[str, float], usage: Usage) -> tuple[str, ...]:
    """Return the most telling of the missing stems that several people use, each as customers write it most.

    What one person alone wrote may be a name or a slip of the finger.
    """
    people: defaultdict[str, list[Match]] = defaultdict(list)
    for match in group.matches:
        people[match.ticket.subject].append(match)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    users: defaultdict[str, list[Match]] = defaultdict(list)
    for subject, said in zip(group.subjects, words, strict=True):
        for word in dict.fromkeys(said):
            stem = usage.stem(word)
            if stem in missing and word not in usage.fillers and len(word) > 1 and not is_uninformative(word):
                written[stem][word] += 1
                users[stem] += people[subject]
    enough = max(_FEWEST_USERS, _USERS * _people(group.matches))
    often = (stem for stem in written if _people(users[stem]) >= enough)
    best = sorted(often, key=lambda stem: (-round(missing[stem], 9), stem))[:_LACKING]
    return tuple(min(written[stem], key=lambda word: (-written[stem][word], word)) for stem in best)


_TROUBLE = (
    "not",
    "n't",
    "error",
    "fail",
    "wrong",
    "problem",
    "stuck",
    "broken",
    "declin",
    "crash",
    "never",
    "nicht",
    "fehler",
    "erreur",
)
_TASK = ("how", "where can i", "wie", "comment", "cómo", "come posso", "como")


def _type(subjects: Sequence[str]) -> ArticleType:
    """Return the kind of article that most of the subjects ask for, as far as their words tell."""
    lowered = [subject.lower() for subject in subjects]
    if sum(any(word in subject for word in _TROUBLE) for subject in lowered) * 2 > len(lowered):
        return "troubleshooting"
    return "instructions" if sum(subject.startswith(_TASK) for subject in lowered) * 2 > len(lowered) else "faq"
