"""StaleReport -> what `kbtool stale` answers, as rows, JSON, CSV and Markdown, and what bots read beside the site."""

import datetime
import json
from dataclasses import replace

from kbtool.kinds import Json
from kbtool.tickets.evidence import NEVER
from kbtool.tickets.forms import as_table, code, count, plain, understood_as_json
from kbtool.tickets.needs import StaleArticle, StaleReport

VERSION = 1
"""Of the JSON: it grows when a key changes its meaning or goes away, not when one is added."""

COLUMNS = ("Article", "State", "Why", "Due", "Owner")
"""Of the table."""

_ASKED = {
    "review-overdue": "whether the review is overdue",
    "changed-since-review": "whether it was changed since the review",
    "tickets-since-review": "whether more people write since the review",
    "update-did-not-help": "whether the last update helped",
    "reopened-tickets": "whether tickets were opened again",
    "unused": "whether anybody needs it",
}
"""What each reason asks, in words."""
_CSV_COLUMNS = (
    "article", "title", "type", "owner", "state", "need", "reviewed", "due", "updated", "expires", "tickets", "people", "reasons", "unknown",
)  # fmt: skip


def summarize(report: StaleReport) -> str:
    """Return the answer in a line."""
    states = report.states
    parts = (f"{states['stale']:,} to look at", f"{states['unknown']:,} never reviewed", f"{states['fine']:,} fine")
    return f"{count(len(report.articles), 'article', 'articles')}: {', '.join(parts)}"


def doubts(report: StaleReport) -> tuple[str, ...]:
    """Return in a line each what could not be judged, the commonest first; one cause is told once.

    That an article was never reviewed is told as such.
    """
    causes: dict[tuple[str, str], int] = {}
    for article in report.articles:
        for unknown in (one for one in article.unknown if one.why != NEVER):
            key = (unknown.rule, _cause(unknown.why))
            causes[key] = causes.get(key, 0) + 1
    ordered = sorted(causes.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        f"not known of {count(number, 'article', 'articles')}: {_ASKED.get(rule, rule)} ({why})"
        for (rule, why), number in ordered
    )


def needed(report: StaleReport) -> StaleReport:
    """Return the report with the articles alone that there is a reason to look at; with all where there is none."""
    stale = tuple(one for one in report.articles if one.state == "stale")
    return replace(report, articles=stale or report.articles)


def stale_rows(report: StaleReport) -> tuple[tuple[str, ...], ...]:
    """Return a row for each article that is not fine, as COLUMNS say."""
    return tuple(
        (one.path, one.state, "; ".join(reason.words for reason in one.reasons), _day(one.due) or "", one.owner)
        for one in report.articles
        if one.state != "fine"
    )


def as_json(report: StaleReport) -> str:
    """Return the report as JSON; the manual explains each key."""
    found = {
        "version": VERSION,
        "date": report.today.isoformat(),
        "exports": [understood_as_json(one) for one in report.export.understood] if report.export else [],
        "states": report.states,
        "articles": [_article(one) for one in report.articles],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: StaleReport) -> str:
    """Return a line for each article, safe to open in a spreadsheet."""
    rows = []
    for one in report.articles:
        cells = _article(one)
        cells["reasons"] = "; ".join(reason.words for reason in one.reasons)
        cells["unknown"] = "; ".join(f"{unknown.rule}: {unknown.why}" for unknown in one.unknown)
        rows.append(["" if (cell := cells[column]) is None else cell for column in _CSV_COLUMNS])
    return as_table(_CSV_COLUMNS, rows)


def as_markdown(report: StaleReport) -> str:
    """Return the report as a page to send round."""
    lines = ["# Articles to look at", "", f"{plain(summarize(report))}.", ""]
    stale = [one for one in report.articles if one.state == "stale"]
    for number, one in enumerate(stale, 1):
        owner = f" Owner: {plain(one.owner)}." if one.owner else ""
        lines += [f"{number}. **{plain(one.title)}** ({code(one.path)}).{owner}", ""]
        lines += [*(f"   - {plain(reason.words)}" for reason in one.reasons), ""]
    never = [one for one in report.articles if one.state == "unknown"]
    if never:
        lines += ["## Never reviewed", "", *(f"- {plain(one.title)} ({code(one.path)})" for one in never), ""]
    if report.articles and doubts(report):
        lines += ["## Not known", "", *(f"- {plain(doubt)}" for doubt in doubts(report)), ""]
    return "\n".join(lines)


def for_bots(report: StaleReport, base: str) -> Json:
    """Return what a program needs to remind people: no owner, no path, nothing that readers of the site may not see.

    `base` is the site's public address; without one, addresses are relative to the site's root.
    """
    return {
        "version": VERSION,
        "date": report.today.isoformat(),
        "pages": [
            {
                "url": f"{base.rstrip('/')}/{one.url}" if base else one.url,
                "title": one.title,
                "state": one.state,
                "reviewed": _day(one.reviewed),
                "due": _day(one.due),
                "expires": _day(one.expires),
                "reasons": [{"rule": reason.rule, "words": reason.words} for reason in one.reasons],
            }
            for one in report.articles
        ],
    }


def _article(one: StaleArticle) -> Json:
    return {
        "article": one.path,
        "url": one.url,
        "title": one.title,
        "type": one.type,
        "owner": one.owner,
        "state": one.state,
        "need": one.need,
        "reviewed": _day(one.reviewed),
        "due": _day(one.due),
        "updated": _day(one.updated),
        "expires": _day(one.expires),
        "tickets": one.tickets,
        "people": one.people,
        "reasons": [{"rule": reason.rule, "words": reason.words, "weight": reason.weight} for reason in one.reasons],
        "unknown": [{"rule": unknown.rule, "why": unknown.why} for unknown in one.unknown],
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _cause(why: str) -> str:
    """Return the part of an explanation that does not differ from article to article."""
    ends = {"not enough data: the export begins on": "begins too late", "not enough data: the export ends on": "ends too early"}
    told = next((cause for start, cause in ends.items() if why.startswith(start)), "")
    return f"not enough data: the export {told}" if told else why
