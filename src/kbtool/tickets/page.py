"""A report -> one page of HTML that a team lead sends round: it needs no other file, no script and no network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from markupsafe import Markup

from kbtool.tickets import charts
from kbtool.tickets.export import describe
from kbtool.tickets.forms import percent
from kbtool.tickets.onepage import render_page
from kbtool.tickets.overview import ArticleLoad, Overview
from kbtool.tickets.report import GapReport, cautions, nearest, trend
from kbtool.tickets.topics import GapTopic

_CHARTED = 12
"""Topics and articles in a chart; the tables beside it have all."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for a desk and for a phone: the page shows one of them."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic with its charts."""

    topic: GapTopic
    spark: Markup
    weeks: Chart | None


def as_html(report: GapReport) -> str:
    """Return the report as a page of its own. The same report gives the same bytes."""
    total, seen = len(report.matches), report.overview
    return render_page(
        "report.html",
        {"day": _day, "percent": percent, "trend": trend, "nearest": nearest},
        report=report,
        seen=seen,
        total=total,
        shares={state: percent(number, total) for state, number in report.states.items()},
        change=_change(seen),
        cautions=cautions(report),
        read=describe(report.export),
        files=[(PurePosixPath(one.path).name, one) for one in report.export.understood],
        weekly=_weekly(seen),
        topics=[_shown(topic) for topic in report.topics],
        topics_chart=_topics_chart(report.topics[:_CHARTED]),
        load_chart=_load_chart(seen.articles[:_CHARTED]),
        charted=_CHARTED,
    )


def _change(seen: Overview) -> str:
    """Return in words how the share answered has changed; empty when the time is too short."""
    if seen.before is None or seen.after is None:
        return ""
    points = round(100 * seen.after) - round(100 * seen.before)
    said = (
        f"{abs(points)} {'point' if abs(points) == 1 else 'points'} {'up' if points > 0 else 'down'}" if points else "no change"
    )
    return f"{said}: {100 * seen.before:.0f} % in the earlier half of the time, {100 * seen.after:.0f} % in the later"


def _weekly(seen: Overview) -> Chart | None:
    """Return the share answered, week by week; None for less than two weeks."""
    sums = [week.answered + week.weak + week.unanswered for week in seen.weeks]
    shares = [100 * week.answered / many if many else None for week, many in zip(seen.weeks, sums, strict=True)]
    known = [share for share in shares if share is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    labels = [_day(week.monday) for week in seen.weeks]
    about = f"From {known[0]:.0f} % in the first week to {known[-1]:.0f} % in the last. The table below holds every week."
    name = "Share of tickets that an article answers, week by week"
    return _both(lambda width: charts.weekly_share(name, about, labels, shares, width=width))


def _topics_chart(topics: Sequence[GapTopic]) -> Chart | None:
    if not topics:
        return None
    names, people = [topic.name for topic in topics], [topic.people for topic in topics]
    about = f"The most asked is {names[0]} with {people[0]:,}. The table below holds every topic."
    return _both(lambda width: charts.bars("People who ask about each topic", about, names, {"People": people}, width=width))


def _load_chart(loads: Sequence[ArticleLoad]) -> Chart | None:
    if not loads:
        return None
    figures = {"answered": [load.answered for load in loads], "weak": [load.weak for load in loads]}
    titles = [load.title for load in loads]
    about = f"Most tickets are about {titles[0]}: {loads[0].tickets:,}. The table below holds every article."
    return _both(lambda width: charts.bars("Tickets about each article", about, titles, figures, width=width))


def _shown(topic: GapTopic) -> ShownTopic:
    counts = [count for _, count in topic.weeks]
    name, labels = f"Tickets a week about {topic.name}", [_day(monday) for monday, _ in topic.weeks]
    about = ", ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True))
    spark = charts.sparkline(f"{name}: {', '.join(map(str, counts))}", counts) if len(counts) > 1 else ""
    weeks = _both(lambda width: charts.weekly_counts(name, about, labels, {"Tickets": counts}, width=width)) if spark else None
    return ShownTopic(topic, Markup(spark), weeks)  # noqa: S704 - made by charts, which escapes


def _both(draw: Callable[[int], str]) -> Chart:
    wide, narrow = (Markup(draw(width)) for width in (charts.WIDE, charts.NARROW))  # noqa: S704 - made by charts, which escapes
    return Chart(wide, narrow)


def _day(day: date) -> str:
    """Return a day as people write it, whatever the machine's language.

    >>> _day(date(2026, 11, 2))
    '2 Nov'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}"
