"""The report's forms: Markdown that shows what customers typed as they typed it, CSV that a spreadsheet may open."""

import csv
import io
from dataclasses import replace

from kbtool.demand import Match, Ticket
from kbtool.tickets.export import TicketExport
from kbtool.tickets.report import GapReport, as_csv, as_markdown, cautions, summarize, trend
from kbtool.tickets.topics import GapTopic


def report(name: str, *, growth: float = 1.0) -> GapReport:
    """A report of one ticket, in a topic of one."""
    ticket = Ticket("1", name, name, None, "open", (), "")
    topic = GapTopic(name, 1, 1, (), growth, (name,), "pay.md", 0.2, ("gift",), "faq", name, ("1",))
    return GapReport(TicketExport((ticket,), (), ()), (Match(ticket, "pay.md", 0.2, "unanswered", name),), (topic,), "wordllama", 0.4, 0.8)  # fmt: skip


def test_markdown_shows_what_was_typed() -> None:
    page = as_markdown(report("<b>gift</b> *card* [x](http://evil.example) | y"))
    assert "## 1. \\<b>gift\\</b> \\*card\\* \\[x\\](http://evil.example) \\| y\n" in page
    assert "1 person, 1 ticket (100 %), steady. Suggested type: faq. Nearest article: `pay.md`. It lacks: gift." in page


def test_subjects_that_mostly_say_nothing_are_told_with_what_to_do() -> None:
    silent = Ticket("2", "", "help", None, "open", (), "")
    one = report("gift card")
    quiet = replace(one, matches=(*one.matches, *[Match(silent, "pay.md", 0.0, "weak", "")] * 2))
    assert any("--use-body" in told for told in cautions(quiet))
    assert not any("--use-body" in told for told in cautions(one))


def test_csv_holds_no_formula() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(report("=1+1"))))
    assert (row["topic"], row["examples"], row["score"]) == ("'=1+1", "'=1+1", "0.2")


def test_the_line_that_sums_up_counts_each_state() -> None:
    said = (
        "1 ticket: 0 answered (0 %), 0 weak (0 %), 1 unanswered (100 %); 1 topic without an article; 0 asked too rarely for one"
    )
    assert summarize(report("gift card")) == said


def test_a_trend_is_a_word_and_needs_five_tickets() -> None:
    topics = [report("gift card", growth=growth).topics[0] for growth in (0.5, 1.0, 2.0)]
    assert [trend(replace(topic, tickets=5)) for topic in topics] == ["falls", "steady", "rises"]
    assert [trend(replace(topic, tickets=4)) for topic in topics] == ["steady", "steady", "steady"]


def test_few_subjects_and_an_unknown_language_are_told() -> None:
    few = cautions(report("gift card"))
    assert few == ("Only 1 different subject: take this as a first guess.",)
    foreign = replace(report("gift card"), meaning="the export itself")
    assert cautions(foreign)[1].startswith("No model told what words mean")
    assert cautions(foreign)[1] in as_markdown(foreign)
