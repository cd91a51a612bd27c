"""The page to send round: it says all that the report says, escaped, and asks nobody for anything."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from lxml import html

from kbtool.tickets.charts import NARROW, WIDE, bars, sparkline, weekly_share
from kbtool.tickets.overview import Overview
from kbtool.tickets.page import as_html
from kbtool.tickets.report import GapReport
from tests.tickets.gap_reports import gap_report

HOSTILE = ("</title></style></script><script>pwned()</script>", "<img src=x onerror=pwned()>", '" onload="pwned()', "{{ 7*7 }} {% raw %}", "a\x01b\x00c\ufffe", "مرحبا \u202e 中文")  # fmt: skip


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_the_page_says_what_was_found() -> None:
    page = html.document_fromstring(as_html(gap_report(["how do I use a gift card", "invoice in French"])))
    assert words(page.find(".//h1")) == "Articles to write next"
    assert [words(each) for each in page.xpath("//article//h3")] == ["1 how do I use a gift card", "2 invoice in French"]
    topic = words(page.xpath("//article")[0])
    assert "9 people, 12 tickets" in topic
    assert "how do I use a gift card again" in topic
    assert "kbtool gaps EXPORT --draft 1" in topic
    assert "gift" in topic
    assert "12 points up: 50 % in the earlier half of the time, 62 % in the later" in words(page)
    assert (
        len(page.xpath("//table[@id='table-topics']/tbody/tr")) == len(page.xpath("//table[@id='table-articles']/tbody/tr")) == 2
    )


def test_every_chart_has_a_name_and_its_figures_stand_in_a_table() -> None:
    page = html.document_fromstring(as_html(gap_report(["gift card", "invoice"])))
    charts = page.xpath("//svg")
    assert len(charts) == 3 * 2 + 2 * 3
    assert all(chart.get("role") == "img" and chart.get("aria-label") for chart in charts)
    assert all(chart.find("title") is not None for chart in charts)
    rows = [words(row) for row in page.xpath("//details//tbody/tr")]
    assert rows[0] == "2026-10-05 10 0 6 62 %"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_customers_type_is_text(text: str) -> None:
    page = html.document_fromstring(as_html(gap_report([text])).replace("\x00", "").replace("\x01", ""))
    assert len(page.xpath("//script")) == len(page.xpath("//style")) == 1
    assert not page.xpath("//img|//iframe|//object|//embed|//base|//form")
    assert not page.xpath("//@*[starts-with(name(), 'on') or name() = 'style' or name() = 'src']")
    assert "49" not in words(page.xpath("//article//h3")[0])


def test_the_policy_allows_this_style_and_this_script_and_nothing_else() -> None:
    text = as_html(gap_report(["gift card"]))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inside
        assert rules[rule] == f"'sha256-{b64encode(sha256(inside[1].encode()).digest()).decode()}'"
    assert not re.findall(r"(?:https?:)?//[\w.-]+\.\w{2,}|url\(|@import", text)


def test_a_report_of_nothing_is_a_page() -> None:
    report = gap_report(["gift card"])
    empty = GapReport(report.export, report.matches, (), "wordllama", 0.4, 0.8, Overview())
    page = words(html.document_fromstring(as_html(empty)))
    assert "None: no question was asked often enough" in page


def test_the_same_report_gives_the_same_bytes_and_no_day_of_today() -> None:
    report = gap_report(["gift card", "invoice"])
    assert as_html(report) == as_html(report)
    assert set(re.findall(r"20\d\d-\d\d-\d\d", as_html(report))) <= {f"2026-10-{day:02d}" for day in (5, 7, 12, 19, 26)}


def test_a_chart_holds_nothing_that_runs_or_paints() -> None:
    drawn = bars("People", "", ["<b>", "a" * 200], {"one": [1, 2], "two": [0, 3]}, width=NARROW)
    drawn += weekly_share("Share", "", ["1 Oct", "8 Oct"], [None, 50.0], width=WIDE) + sparkline("Line", [0, 0])
    assert not re.search(r"<script|<style|style=|<!--|xlink|<b>", drawn)
    assert "\u2026" in drawn
