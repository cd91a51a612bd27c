"""Matches and topics -> what `kbtool gaps` answers, as JSON, CSV, Markdown and rows of a table."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbtool.demand import Match, MatchState
from kbtool.model import Json
from kbtool.tickets.export import TicketExport, Understood
from kbtool.tickets.formulas import guard_formula
from kbtool.tickets.topics import GapTopic

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

    @property
    def states(self) -> dict[str, int]:
        """How many tickets are answered, weak and unanswered."""
        counts = Counter(match.state for match in self.matches)
        return {state: counts[state] for state in _STATES}

    @property
    def rest(self) -> int:
        """How many unanswered tickets are in no topic: too few ask the same."""
        return self.states["unanswered"] - sum(topic.tickets for topic in self.topics)


def summarize(report: GapReport) -> str:
    """Return the answer in a line."""
    total = len(report.matches)
    shares = ", ".join(f"{number:,} {state} ({_percent(number, total)})" for state, number in report.states.items())
    topics = f"{_count(len(report.topics), 'topic', 'topics')} without an article"
    return f"{_count(total, 'ticket', 'tickets')}: {shares}; {topics}; {report.rest:,} asked too rarely for one"


def topic_rows(report: GapReport) -> tuple[tuple[str, ...], ...]:
    """Return a row for each topic, as COLUMNS say."""
    return tuple(
        (topic.name, f"{topic.people:,}", f"{topic.tickets:,}", trend(topic), topic.article, ", ".join(topic.lacks))
        for topic in report.topics
    )


def trend(topic: GapTopic) -> str:
    """Return in a word whether the topic is asked more and more."""
    return "rises" if topic.growth >= _RISES else "falls" if topic.growth <= _FALLS else "steady"


def as_json(report: GapReport) -> str:
    """Return the report as JSON; the manual explains each key."""
    found = {
        "version": VERSION,
        "exports": [_understood(one) for one in report.export.understood],
        "tickets": len(report.matches),
        "states": report.states,
        "rest": report.rest,
        "meaning": report.meaning,
        "unanswered_up_to": round(report.cut, 6),
        "answered_from": round(report.sure, 6),
        "topics": [_topic(topic, len(report.matches)) for topic in report.topics],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: GapReport) -> str:
    """Return a line for each topic, safe to open in a spreadsheet."""
    topics = (_topic(topic, len(report.matches)) for topic in report.topics)
    rows = (
        [" | ".join(value) if isinstance(value, tuple) else value for value in map(topic.__getitem__, _TOPIC_COLUMNS)]
        for topic in topics
    )
    return _csv(_TOPIC_COLUMNS, rows)


def matches_as_csv(matches: Sequence[Match]) -> str:
    """Return a line for each ticket with its best article, even when that is not good enough."""
    rows = (
        [match.ticket.id, match.ticket.shown, match.article, f"{round(match.score, 6):.6f}", match.state, match.topic]
        for match in matches
    )
    return _csv(("id", "subject", "article", "score", "state", "topic"), rows)


def as_markdown(report: GapReport) -> str:
    """Return the report as a page to send round."""
    total = len(report.matches)
    lines = ["# Articles to write next", "", f"{_plain(summarize(report))}.", ""]
    for number, topic in enumerate(report.topics, 1):
        lacks = f" It lacks: {_plain(', '.join(topic.lacks))}." if topic.lacks else ""
        nearest = f"Nearest article: {_code(topic.article)}.{lacks}" if topic.article else "There is no article yet."
        asked = f"{_count(topic.people, 'person', 'people')}, {_count(topic.tickets, 'ticket', 'tickets')}"
        asked += f" ({_percent(topic.tickets, total)}), {trend(topic)}."
        lines += [
            f"## {number}. {_plain(topic.suggested_title)}",
            "",
            f"{asked} Suggested type: {topic.suggested_type}. {nearest}",
        ]
        lines += ["", *(f"- {_plain(example)}" for example in topic.examples), ""]
    return "\n".join(lines)


def _understood(one: Understood) -> Json:
    return {
        "path": one.path,
        "format": one.format,
        "encoding": one.encoding,
        "columns": dict(one.columns),
        "rows": one.read,
        "tickets": one.kept,
        "left_out": dict(one.dropped),
        "first": one.first.date().isoformat() if one.first else None,
        "last": one.last.date().isoformat() if one.last else None,
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
    }


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV; a text that a spreadsheet would work out has an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def _plain(text: str) -> str:
    r"""Return the text in one line, so that Markdown shows it as it is.

    >>> print(_plain("a *b* <c>"))
    a \*b\* \<c>
    """
    return re.sub(r"([\\`*_\[\]<&#|~])", r"\\\1", " ".join(text.split()))


def _code(path: str) -> str:
    return f"`{path.replace('`', '')}`"
