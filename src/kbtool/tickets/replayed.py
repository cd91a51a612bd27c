"""Answered tickets and what the site's search shows for their subjects -> how often it shows the right article first."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from kbtool.demand import Match
from kbtool.kinds import Json
from kbtool.problems import Problem
from kbtool.tickets.export import TicketExport
from kbtool.tickets.forms import as_table, code, count, percent, plain, understood_as_json

VERSION = 1
"""Of the JSON: it grows when a key changes its meaning or goes away, not when one is added."""

COLUMNS = ("Article", "Tickets", "Found", "Asked in vain")
"""Of the table."""

FIRST = 3
"""So many pages count as found."""

MOST = 2000
"""Subjects that are sent to the search at most."""

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class CoveredSubject:
    """What customers ask and an article answers."""

    subject: str
    """As it is sent to the search."""
    shown: str
    """As it may be shown."""
    article: str
    tickets: int


@dataclass(frozen=True, slots=True)
class ReplayedSubject:
    """A subject, and what the search showed for it."""

    covered: CoveredSubject
    first: tuple[str, ...]
    """The URLs of the first pages."""
    found: bool
    """Whether the right page is among them."""


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """How the site's search answers what customers asked."""

    export: TicketExport
    subjects: tuple[ReplayedSubject, ...]
    left_out: int
    """Different subjects that were not sent: there are too many."""
    runner: str
    """The program that ran the site's scripts."""
    problems: tuple[Problem, ...] = ()

    @property
    def tickets(self) -> int:
        """How many tickets the subjects stand for."""
        return sum(one.covered.tickets for one in self.subjects)

    @property
    def share(self) -> float:
        """The share of these tickets whose article the search shows among the first."""
        return sum(one.covered.tickets for one in self.subjects if one.found) / max(1, self.tickets)


def covered_subjects(matches: Sequence[Match]) -> tuple[tuple[CoveredSubject, ...], int]:
    """Return the different subjects that an article answers, and how many more there are.

    Of too many a part is taken that the subjects themselves decide: the same whatever the order of the tickets.
    """
    found: defaultdict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.state == "answered" and match.ticket.subject:
            found[match.ticket.subject].append(match)
    drawn = sorted(found, key=lambda subject: blake2b(subject.encode("utf-8", "surrogatepass"), digest_size=8).digest())[:MOST]
    covered = (
        CoveredSubject(
            subject, min(match.ticket.shown for match in found[subject]), found[subject][0].article, len(found[subject])
        )
        for subject in sorted(drawn)
    )
    return tuple(covered), len(found) - len(drawn)


def judge_answers(
    covered: Sequence[CoveredSubject], pages: Sequence[tuple[str, ...]], urls: Mapping[str, str]
) -> tuple[ReplayedSubject, ...]:
    """Return whether the search shows each subject's article; `urls` has the page of each article."""
    return tuple(
        ReplayedSubject(one, found[:FIRST], urls.get(one.article) in found[:FIRST])
        for one, found in zip(covered, pages, strict=True)
    )


def summarize(report: ReplayReport) -> str:
    """Return the answer in a line."""
    found = sum(one.covered.tickets for one in report.subjects if one.found)
    asked = f"{count(report.tickets, 'ticket', 'tickets')} with {count(len(report.subjects), 'subject', 'different subjects')}"
    more = f"; {report.left_out:,} subjects more were not sent" if report.left_out else ""
    return f"search shows the right article among the first {FIRST} for {percent(found, report.tickets)} of {asked} ({report.runner}){more}"


def replay_rows(report: ReplayReport) -> tuple[tuple[str, ...], ...]:
    """Return a row for each article that was not always found, most missed first, as COLUMNS say."""
    return tuple(
        (
            one["article"],
            f"{one['tickets']:,}",
            percent(one["found"], one["tickets"]),
            "; ".join(miss["subject"] for miss in one["misses"]),
        )
        for one in _articles(report)
        if one["misses"]
    )


def as_json(report: ReplayReport) -> str:
    """Return the report as JSON; the manual explains each key."""
    answer = {
        "version": VERSION,
        "exports": [understood_as_json(one) for one in report.export.understood],
        "runner": report.runner,
        "share": round(report.share, 4),
        "tickets": report.tickets,
        "subjects": len(report.subjects),
        "left_out": report.left_out,
        "articles": _articles(report),
    }
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: ReplayReport) -> str:
    """Return a line for each subject, safe to open in a spreadsheet."""
    rows = (
        (one.covered.shown, one.covered.article, one.covered.tickets, "yes" if one.found else "no", " | ".join(one.first))
        for one in report.subjects
    )
    return as_table(("subject", "article", "tickets", "found", "first"), rows)


def as_markdown(report: ReplayReport) -> str:
    """Return the report as a page to send round."""
    lines = ["# What search does not find", "", f"{plain(summarize(report))}.", ""]
    for one in _articles(report):
        if one["misses"]:
            lines += [
                f"## {code(one['article'])}",
                "",
                f"Found for {percent(one['found'], one['tickets'])} of its tickets. Not for:",
                "",
            ]
            lines += [*(f"- {plain(miss['subject'])}" for miss in one["misses"]), ""]
    return "\n".join(lines)


def _articles(report: ReplayReport) -> list[Json]:
    """Return each article with its tickets, those found, and what was asked in vain; most missed first."""
    by_article: defaultdict[str, list[ReplayedSubject]] = defaultdict(list)
    for one in report.subjects:
        by_article[one.covered.article].append(one)
    articles: list[Json] = []
    for path, subjects in by_article.items():
        misses = sorted((one for one in subjects if not one.found), key=lambda one: (-one.covered.tickets, one.covered.shown))
        told = [{"subject": one.covered.shown, "tickets": one.covered.tickets, "first": one.first} for one in misses[:_EXAMPLES]]
        tickets = sum(one.covered.tickets for one in subjects)
        missed = sum(one.covered.tickets for one in misses)
        articles.append({"article": path, "tickets": tickets, "found": tickets - missed, "misses": told})
    return sorted(articles, key=lambda one: (one["found"] - one["tickets"], one["article"]))
