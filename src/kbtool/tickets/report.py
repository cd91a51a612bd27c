"""Matches and topics -> what `kbtool gaps` answers, as JSON, CSV, Markdown and rows of a table."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from operator import attrgetter

from kbtool.demand import Match, MatchState
from kbtool.kinds import Json
from kbtool.tickets.embedding import EXPORT_ITSELF
from kbtool.tickets.export import TicketExport
from kbtool.tickets.forms import as_table, code, count, guarded_table, percent, plain, understood_as_json
from kbtool.tickets.formulas import guard_formula
from kbtool.tickets.overview import ArticleLoad, Overview
from kbtool.tickets.tongues import NAMES
from kbtool.tickets.topics import GapTopic
from kbtool.tickets.weeks import FEWEST_FOR_TREND

VERSION = 1
"""Of the JSON: it grows when a key changes its meaning or goes away, not when one is added."""

COLUMNS = ("Topic", "People", "Tickets", "Trend", "Nearest article", "Words it lacks")
"""Of the table."""

_STATES: tuple[MatchState, ...] = ("answered", "weak", "unanswered")
_TOPIC_COLUMNS = (
    "topic", "people", "tickets", "share", "growth", "article", "score", "lacks", "suggested_type", "suggested_title", "examples",
)  # fmt: skip
_RISES, _FALLS = 1.5, 0.67
"""The growth from which on a topic rises, and up to which it falls."""
_FEW_SUBJECTS = 100
"""Different subjects from which on there is enough to learn from."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What the tickets say about the articles."""

    export: TicketExport
    matches: tuple[Match, ...]
    """One for each ticket, in the export's order."""
    topics: tuple[GapTopic, ...]
    """What no article answers, the most asked first."""
    meaning: str
    """What told texts of the same meaning, beside the words."""
    cut: float
    """The score up to which a ticket is unanswered."""
    sure: float
    """The score from which on a ticket is answered."""
    overview: Overview = field(default_factory=Overview)
    """What all matches say together."""

    @property
    def states(self) -> dict[str, int]:
        """How many tickets are answered, weak and unanswered."""
        counts = Counter(map(attrgetter("state"), self.matches))
        return {state: counts[state] for state in _STATES}

    @property
    def rest(self) -> int:
        """How many unanswered tickets are in no topic: too few ask the same."""
        return self.states["unanswered"] - sum(topic.tickets for topic in self.topics)


def summarize(report: GapReport) -> str:
    """Return the answer in a line."""
    total = len(report.matches)
    shares = ", ".join(f"{number:,} {state} ({percent(number, total)})" for state, number in report.states.items())
    topics = f"{count(len(report.topics), 'topic', 'topics')} without an article"
    return f"{count(total, 'ticket', 'tickets')}: {shares}; {topics}; {report.rest:,} asked too rarely for one"


def cautions(report: GapReport) -> tuple[str, ...]:
    """Return what makes the answer less sure, a sentence each."""
    subjects = len({match.ticket.subject for match in report.matches if match.ticket.subject})
    told = []
    if subjects < _FEW_SUBJECTS:
        told.append(f"Only {count(subjects, 'different subject', 'different subjects')}: take this as a first guess.")
    silent = sum(not match.ticket.subject for match in report.matches)
    if 2 * silent > len(report.matches) and not any("body" in one.columns for one in report.export.understood):
        told.append(
            "More than half of the subjects say nothing. Where the export has the messages, --use-body takes their first sentence."
        )
    for language, topics in sorted(Counter(topic.language for topic in report.topics if topic.language).items()):
        asked = sum(topic.tickets for topic in report.topics if topic.language == language)
        many = f"{count(topics, 'topic', 'topics')} ({count(asked, 'ticket', 'tickets')})"
        told.append(f"{many} came in {NAMES[language]}: the articles are in another language and cannot be compared.")
    if report.meaning == EXPORT_ITSELF:
        told.append(
            "No model told what words mean: none was wanted, or none knows the language. The export itself did, less surely."
        )
    return tuple(told)


def next_steps(report: GapReport) -> tuple[str, ...]:
    """Return what to type next, a line each; nothing where there is no topic."""
    if not report.topics:
        return ()
    return (
        "",
        "What people wrote, for each topic: the same command with --format html --output gaps.html",
        "Begin an article: the same command with --draft and the topic's number",
    )


def topic_rows(report: GapReport) -> tuple[tuple[str, ...], ...]:
    """Return a row for each topic, as COLUMNS say."""
    return tuple(
        (topic.name, f"{topic.people:,}", f"{topic.tickets:,}", trend(topic), nearest(topic), ", ".join(topic.lacks))
        for topic in report.topics
    )


def nearest(topic: GapTopic) -> str:
    """Return the nearest article, or that none can be near: people asked in another language."""
    return f"none in {NAMES[topic.language]}" if topic.language else topic.article


def trend(asked: GapTopic | ArticleLoad) -> str:
    """Return in a word whether it is asked more and more; a few tickets are no trend."""
    if asked.tickets < FEWEST_FOR_TREND:
        return "steady"
    return "rises" if asked.growth >= _RISES else "falls" if asked.growth <= _FALLS else "steady"


def as_json(report: GapReport) -> str:
    """Return the report as JSON; the manual explains each key."""
    found = {
        "version": VERSION,
        "exports": [understood_as_json(one) for one in report.export.understood],
        "tickets": len(report.matches),
        "states": report.states,
        "rest": report.rest,
        "meaning": report.meaning,
        "cautions": cautions(report),
        "unanswered_up_to": round(report.cut, 6),
        "answered_from": round(report.sure, 6),
        "topics": [_topic(topic, len(report.matches)) for topic in report.topics],
        **_overview(report.overview),
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: GapReport) -> str:
    """Return a line for each topic, safe to open in a spreadsheet."""
    topics = (_topic(topic, len(report.matches)) for topic in report.topics)
    rows = (
        [" | ".join(value) if isinstance(value, tuple) else value for value in map(topic.__getitem__, _TOPIC_COLUMNS)]
        for topic in topics
    )
    return as_table(_TOPIC_COLUMNS, rows)


def matches_as_csv(matches: Sequence[Match]) -> str:
    """Return a line for each ticket with its best article, even when that is not good enough."""
    known, scored = (
        cache(guard_formula),
        cache(lambda score: f"{round(score, 6):.6f}"),
    )  # of articles, topics and scores there are few
    rows = (
        (
            guard_formula(_shown_id(match.ticket.id)), guard_formula(match.ticket.shown), known(match.article),
            scored(match.score), match.state, known(match.topic),
        )
        for match in matches
    )  # fmt: skip
    return guarded_table(("id", "subject", "article", "score", "state", "topic"), rows)


def _shown_id(name: str) -> str:
    """Return the ticket's id; that of a mail, which reads like an address, is told by its digest.

    >>> _shown_id("4711"), _shown_id("<1@mail.example>")
    ('4711', 'mail-0284b0726e34')
    """
    return f"mail-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}" if "@" in name else name


def as_markdown(report: GapReport) -> str:
    """Return the report as a page to send round."""
    total = len(report.matches)
    lines = ["# Articles to write next", "", f"{plain(summarize(report))}.", ""]
    lines += [line for told in cautions(report) for line in (told, "")]
    for number, topic in enumerate(report.topics, 1):
        lacks = f" It lacks: {plain(', '.join(topic.lacks))}." if topic.lacks else ""
        near = f"Nearest article: {code(topic.article)}.{lacks}" if topic.article else "There is no article yet."
        if topic.language:
            near = f"Nearest article: {nearest(topic)}."
        asked = f"{count(topic.people, 'person', 'people')}, {count(topic.tickets, 'ticket', 'tickets')}"
        asked += f" ({percent(topic.tickets, total)}), {trend(topic)}."
        lines += [
            f"## {number}. {plain(topic.suggested_title)}",
            "",
            f"{asked} Suggested type: {topic.suggested_type}. {near}",
        ]
        lines += ["", *(f"- {plain(example)}" for example in topic.examples), ""]
    return "\n".join(lines)


def _overview(seen: Overview) -> Json:
    return {
        "people": seen.people,
        "weeks": [
            {"monday": week.monday.isoformat(), "answered": week.answered, "weak": week.weak, "unanswered": week.unanswered}
            for week in seen.weeks
        ],
        "articles": [
            {
                "article": load.path,
                "title": load.title,
                "people": load.people,
                "tickets": load.tickets,
                "answered": load.answered,
                "weak": load.weak,
                "growth": load.growth,
                "examples": load.examples,
            }
            for load in seen.articles
        ],
        "words": [
            {"word": word.word, "people": word.people, "tickets": word.tickets, "example": word.example} for word in seen.words
        ],
    }


def _topic(topic: GapTopic, total: int) -> Json:
    return {
        "topic": topic.name,
        "people": topic.people,
        "tickets": topic.tickets,
        "share": round(topic.tickets / total, 4),
        "growth": topic.growth,
        "weeks": [{"monday": monday.isoformat(), "tickets": tickets} for monday, tickets in topic.weeks],
        "examples": topic.examples,
        "article": topic.article,
        "score": topic.score,
        "lacks": topic.lacks,
        "suggested_type": topic.suggested_type,
        "suggested_title": topic.suggested_title,
        "language": topic.language,
    }
