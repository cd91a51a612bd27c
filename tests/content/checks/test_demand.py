"""What a ticket export says of articles: questions that nobody asks, words that customers use."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.checks.demand import check_evidence, check_keywords
from kbtool.content.checks.records import Asked, Shelf
from kbtool.content.reader import read_content
from kbtool.demand import Match, MatchState, Ticket
from tests.content.checks.checking import TODAY
from tests.sites import run_kbtool, write_site

SITE = """\
-- content/faq.md --
---
title: Questions about money
type: faq
keywords: [refund]
---

## How do I get a refund?

Send the parcel back.

## Why are we the best?

Because we try.
-- content/ship.md --
# Shipping

It takes two days.
"""


def shelf(folder: Path, *subjects: str, state: MatchState = "answered", words: dict[str, tuple[str, ...]] | None = None) -> Shelf:
    """The site, with tickets about the FAQ page."""
    center = load_config(write_site(folder, SITE) / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=TODAY)
    when = datetime(2026, 10, 1, tzinfo=UTC)
    tickets = [Ticket(str(number), subject, subject, when, "solved", (), "") for number, subject in enumerate(subjects)]
    matches = tuple(Match(ticket, "faq.md", 0.9, state) for ticket in tickets)
    return Shelf(
        library, center.config, {}, TODAY, asked=Asked(matches, words or {}, lambda text: text.lower().rstrip("?").split())
    )


def test_a_question_that_no_ticket_asks_is_told_with_the_days(tmp_path: Path) -> None:
    (placed,) = check_evidence(shelf(tmp_path, *["refund for a parcel"] * 40))
    assert (placed.path, placed.finding.line) == ("faq.md", 11)
    assert "none of 40 tickets from 2026-10-01 to 2026-10-01 asked this" in placed.finding.message


@pytest.mark.parametrize(
    "subjects", [["refund"] * 39 + ["the best of all?"], ["refund"] * 29], ids=["asked once", "too few tickets to tell"]
)
def test_a_question_that_may_be_asked_is_let_alone(tmp_path: Path, subjects: list[str]) -> None:
    assert list(check_evidence(shelf(tmp_path, *subjects))) == []


def test_tickets_that_nothing_answers_are_no_evidence(tmp_path: Path) -> None:
    assert len(list(check_evidence(shelf(tmp_path, *["refund"] * 40, state="unanswered")))) == 2


def test_customers_words_come_as_a_line_for_the_front_matter(tmp_path: Path) -> None:
    (placed,) = check_keywords(shelf(tmp_path, "x", words={"faq.md": ("money back", "can't pay")}))
    assert placed.finding.hint == 'let its front matter have: keywords: [refund, money back, "can\'t pay"]'
    assert list(check_keywords(shelf(tmp_path, "x", words={"faq.md": ()}))) == []


def test_without_an_export_nothing_is_said(tmp_path: Path) -> None:
    answer = run_kbtool("check", "--rule", "no-evidence", "--rule", "customers-words", cwd=write_site(tmp_path, SITE))
    assert (answer.code, answer.out) == (0, "")


def test_an_export_is_held_against_the_articles(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    write_site(tmp_path, SITE)
    asked = "".join(f"{number},How do I get a refund for parcel {number}?\n" for number in range(40))
    (tmp_path / "tickets.csv").write_text(f"Id,Subject\n{asked}")
    answer = run_kbtool("check", "--tickets", "tickets.csv", "--rule", "no-evidence", cwd=tmp_path)
    assert answer.code == 0, answer.err
    assert 'content/faq.md:11: hint: "Why are we the best?": none of 40 tickets asked this [no-evidence]' in answer.out


def test_what_is_no_export_is_told(tmp_path: Path) -> None:
    answer = run_kbtool("check", "--tickets", "none.csv", cwd=write_site(tmp_path, SITE))
    assert answer.code == 2
    assert "Traceback" not in answer.err
