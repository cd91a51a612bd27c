"""Which articles need a person, and why: from their front matter, and from tickets that are matched already."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.demand import Match, MatchState, Ticket
from kbtool.terms import Term
from kbtool.tickets.export import TicketExport
from kbtool.tickets.needs import StaleArticle, StaleReport
from kbtool.tickets.stale import Demand, Standards, find_stale
from kbtool.tickets.stalepage import as_html
from kbtool.tickets.stalereport import as_csv, as_json, as_markdown, doubts, summarize
from tests.sites import write_site

TODAY = datetime.date(2026, 11, 22)
REVIEWED = datetime.date(2026, 9, 1)

SITE = """
-- kbtool.yml --
title: Help
content: docs/content
review_every: 1 year
types: { troubleshooting: { review_every: 30 days } }
topics: { prices: { review_every: 60 days } }
-- docs/content/fine.md --
---
title: Fine
reviewed: 2026-09-01
---
Text. See [the old one](old.md).
-- docs/content/old.md --
---
title: Old
reviewed: 2024-09-01
---
Text with [a dead link](nowhere.md) and ![a picture](gone.png).
-- docs/content/never.md --
# Never
-- docs/content/fails.md --
---
title: It fails
type: troubleshooting
reviewed: 2026-09-01
---
Text.
-- docs/content/prices/card.md --
---
title: Card
reviewed: 2026-09-20
---
The Gift Card.
-- docs/content/prices/offer.md --
---
title: Offer
reviewed: 2026-11-20
expires: 2026-11-01
---
Text.
-- docs/content/agents.md --
---
title: For agents
audience: agents
reviewed: 2020-01-01
---
Text.
-- docs/content/draft.md --
---
title: Draft
status: draft
reviewed: 2020-01-01
---
Text.
"""


def stale(
    folder: Path,
    demand: Demand | None = None,
    *,
    terms: tuple[Term, ...] = (),
    site: str = SITE,
    updated: datetime.date | None = None,
) -> StaleReport:
    center = load_config(write_site(folder, site) / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=TODAY)
    if updated:
        articles = (replace(article, meta=replace(article.meta, updated=updated)) for article in library.articles)
        library = replace(library, articles=tuple(articles))
    return find_stale(library, Standards(center.config, TODAY, terms), demand)


def asked(
    article: str, days: Iterable[datetime.date], *, state: MatchState = "answered", people: bool = True, again: bool = False
) -> list[Match]:
    """A ticket about the article for each day, from a person each."""
    return [
        Match(
            Ticket(f"{article}{day}{number}", "s", "s", moment(day), "solved", (), f"p{number}" if people else "", "", again),
            article,
            0.9,
            state,
        )
        for number, day in enumerate(days)
    ]


def moment(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def demand(*matches: list[Match]) -> Demand:
    every = tuple(match for part in matches for match in part)
    return Demand(TicketExport(tuple(match.ticket for match in every), (), ()), every)


def around(day: datetime.date, before: int, after: int) -> list[Match]:
    """Tickets of nobody's article at both ends, so that the export covers these days."""
    return asked("elsewhere.md", [day - datetime.timedelta(before), day + datetime.timedelta(after)])


def days(first: datetime.date, number: int) -> list[datetime.date]:
    return [first + datetime.timedelta(at) for at in range(number)]


def one(report: StaleReport, path: str) -> StaleArticle:
    return next(article for article in report.articles if article.path == path)


def rules(report: StaleReport, path: str) -> set[str]:
    return {reason.rule for reason in one(report, path).reasons}


def unknowns(report: StaleReport, path: str) -> dict[str, str]:
    return {unknown.rule: unknown.why for unknown in one(report, path).unknown}


def test_what_articles_say_by_themselves(tmp_path: Path) -> None:
    report = stale(tmp_path, terms=(Term("Value Card", was=("Gift Card",)),))
    assert {article.path: ({reason.words for reason in article.reasons}, article.state) for article in report.articles} == {
        "fine.md": (set(), "fine"),
        "old.md": ({"review overdue since 2025-09-01", "1 dead link, 1 missing file"}, "stale"),
        "never.md": ({"never reviewed"}, "unknown"),
        "fails.md": ({"review overdue since 2026-10-01"}, "stale"),
        "prices/card.md": ({"review overdue since 2026-11-19", 'says "Gift Card", which is now "Value Card"'}, "stale"),
        "prices/offer.md": ({"expired on 2026-11-01"}, "stale"),
        "agents.md": ({"review overdue since 2021-01-01"}, "stale"),
    }
    assert [article.path for article in report.articles][:2] == ["old.md", "prices/offer.md"]
    assert [article.path for article in report.articles][-2:] == ["never.md", "fine.md"]
    assert summarize(report) == "7 articles: 5 to look at, 1 never reviewed, 1 fine"


def test_the_last_day_of_a_review_is_not_overdue(tmp_path: Path) -> None:
    site = "-- content/a.md --\n---\ntitle: A\nreviewed: 2026-11-21\nreview_every: 1 day\n---\nText\n"
    assert one(stale(tmp_path, site=site), "a.md").state == "fine"


def test_a_text_that_changed_since_its_review_is_told_by_its_mark(tmp_path: Path) -> None:
    body = "The text.\n"
    site = write_site(tmp_path, f"-- content/a.md --\n---\ntitle: A\n---\n{body}")
    mark = read_content(load_config(site / "kbtool.yml"), cache=None, workers=1, today=TODAY).articles[0].wording
    marked = f"-- content/a.md --\n---\ntitle: A\nreviewed: 2026-11-01\nreview_every: 1 year\nreviewed_text: {mark}\n---\n"
    assert rules(stale(tmp_path, site=marked + body), "a.md") == set()
    assert rules(stale(tmp_path, site=f"{marked}Another text.\n"), "a.md") == {"changed-since-review"}


@pytest.mark.parametrize(
    ("before", "after", "fires"),
    [(0, 5, True), (0, 4, False), (4, 6, False), (4, 12, True), (10, 20, False)],
)
def test_more_than_twice_the_rate_and_at_least_five_people(tmp_path: Path, before: int, after: int, fires: bool) -> None:  # noqa: FBT001
    matches = [
        *asked("fine.md", days(REVIEWED - datetime.timedelta(50), before)),
        *asked("fine.md", days(REVIEWED + datetime.timedelta(1), after)),
    ]
    report = stale(tmp_path, demand(matches, around(REVIEWED, 60, 60)))
    assert ("tickets-since-review" in rules(report, "fine.md")) is fires
    if before == 4 and fires:
        words = next(reason.words for reason in one(report, "fine.md").reasons if reason.rule == "tickets-since-review")
        assert words == "12 people asked about it since the review on 2026-09-01: 1.4 tickets a week, before 0.5"


def test_twelve_tickets_of_four_people_are_not_enough(tmp_path: Path) -> None:
    matches = asked("fine.md", days(REVIEWED + datetime.timedelta(1), 12))
    few = [replace(match, ticket=replace(match.ticket, person=f"p{number % 4}")) for number, match in enumerate(matches)]
    assert "tickets-since-review" not in rules(stale(tmp_path, demand(few, around(REVIEWED, 60, 60))), "fine.md")


def test_tickets_that_no_article_answers_speak_against_none(tmp_path: Path) -> None:
    matches = asked("fine.md", days(REVIEWED + datetime.timedelta(1), 20), state="unanswered")
    report = stale(tmp_path, demand(matches, around(REVIEWED, 60, 60)))
    assert "tickets-since-review" not in rules(report, "fine.md")
    assert one(report, "fine.md").tickets == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(27, 60, "the export begins on 2026-08-05, less than 28 days before the review"), (60, 6, "the export ends on 2026-09-07")],
)
def test_half_an_export_gives_no_guess(tmp_path: Path, before: int, after: int, said: str) -> None:
    matches = asked("fine.md", days(REVIEWED + datetime.timedelta(1), 6)[: min(6, after)])
    report = stale(tmp_path, demand(matches, around(REVIEWED, before, after)))
    assert "tickets-since-review" not in rules(report, "fine.md")
    assert said in unknowns(report, "fine.md")["tickets-since-review"]
    assert any("not enough data" in line for line in doubts(report))


def test_without_dates_or_people_nothing_is_guessed(tmp_path: Path) -> None:
    matches = asked("fine.md", days(REVIEWED - datetime.timedelta(60), 120))
    dateless = [replace(match, ticket=replace(match.ticket, created=None)) for match in matches]
    nobody = [replace(match, ticket=replace(match.ticket, person="")) for match in matches]
    for tickets, why in ((dateless, "the tickets have no dates"), (nobody, "the export does not say who wrote")):
        report = stale(tmp_path, demand(tickets))
        assert unknowns(report, "fine.md")["tickets-since-review"] == f"not enough data: {why}"
    assert one(report, "fine.md").people is None


@pytest.mark.parametrize(("before", "after", "fires"), [(6, 6, True), (6, 5, False), (6, 12, True), (0, 6, False), (3, 4, False)])
def test_an_update_helps_when_fewer_ask_in_the_28_days_after(tmp_path: Path, before: int, after: int, fires: bool) -> None:  # noqa: FBT001
    update = datetime.date(2026, 9, 20)
    matches = [
        *asked("fine.md", days(update - datetime.timedelta(28), before)),
        *asked("fine.md", days(update + datetime.timedelta(1), after)),
    ]
    outside = asked("fine.md", [update - datetime.timedelta(29), update, update + datetime.timedelta(29)])
    report = stale(tmp_path, demand(matches, outside, around(update, 29, 29)), updated=update)
    assert ("update-did-not-help" in rules(report, "fine.md")) is fires
    half = stale(tmp_path, demand(matches, around(update, 29, 27)), updated=update)
    assert unknowns(half, "fine.md")["update-did-not-help"].startswith("not enough data: the export ends on")


def test_reopened_tickets_count_until_the_article_is_reviewed(tmp_path: Path) -> None:
    again = asked("fine.md", [REVIEWED - datetime.timedelta(1), REVIEWED + datetime.timedelta(1)], again=True)
    report = stale(tmp_path, demand(again, asked("never.md", [REVIEWED], again=True)))
    assert "1 ticket was opened again since the review on 2026-09-01" in {
        reason.words for reason in one(report, "fine.md").reasons
    }
    assert "1 ticket was opened again" in {reason.words for reason in one(report, "never.md").reasons}
    assert one(report, "never.md").state == "stale"
    silent = stale(tmp_path, demand(asked("fine.md", [REVIEWED])))
    assert unknowns(silent, "fine.md")["reopened-tickets"] == "not enough data: no ticket says that it was opened again"


def test_what_nobody_asks_and_nothing_links_to(tmp_path: Path) -> None:
    many = asked("fails.md", days(REVIEWED, 10))
    report = stale(tmp_path, demand(many, around(REVIEWED, 20, 20)))
    assert {article.path for article in report.articles if "unused" in rules(report, article.path)} == {
        *("fine.md", "never.md", "prices/card.md", "prices/offer.md")
    }
    short = stale(tmp_path, demand(many, around(REVIEWED, 5, 15)))
    assert unknowns(short, "never.md")["unused"] == "not enough data: the export holds less than 28 days"
    few = stale(tmp_path, demand(many[:3], around(REVIEWED, 20, 20)))
    assert unknowns(few, "never.md")["unused"] == "not enough data: there are fewer tickets than articles"
    assert not any("never reviewed" in line for line in doubts(few))


def test_csv_is_safe_and_no_form_shows_who_wrote(tmp_path: Path) -> None:
    site = "-- content/a.md --\n---\ntitle: '=HYPERLINK(\"http://evil.example\")'\nowner: '@everyone'\n---\nText\n"
    report = stale(tmp_path, demand(asked("a.md", days(REVIEWED, 9))), site=site)
    assert '"\'=HYPERLINK(""http://evil.example"")"' in as_csv(report)
    assert ",'@everyone," in as_csv(report)
    for text in (as_csv(report), as_json(report), as_markdown(report), as_html(report)):
        assert "p3" not in text


def test_the_page_needs_nothing_else_and_escapes_what_it_shows(tmp_path: Path) -> None:
    site = "-- content/a.md --\n---\ntitle: '<img src=x onerror=alert(1)>'\nowner: '</script>'\n---\nText\n"
    page = as_html(stale(tmp_path, demand(asked("a.md", days(REVIEWED, 9))), site=site))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert page.count("</script>") == 1
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)
    assert '<td class="number" data-value="9">9</td>' in page


def test_the_same_input_gives_the_same_answer_whatever_its_order(tmp_path: Path) -> None:
    matches = [*asked("fine.md", days(REVIEWED, 30)), *asked("old.md", days(REVIEWED, 30)), *around(REVIEWED, 60, 60)]
    assert as_json(stale(tmp_path, demand(matches))) == as_json(stale(tmp_path, demand(matches[::-1])))
