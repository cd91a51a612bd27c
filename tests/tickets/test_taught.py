"""taught.csv: what a person marked is read from any spreadsheet's CSV, kept without anything private, and shifts the cut."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.problems import Stop
from kbtool.tickets.cut import find_cut
from kbtool.tickets.matching import match_tickets
from kbtool.tickets.scoring import MatchOptions, Taught
from kbtool.tickets.taught import Mark, as_table, as_taught, merge_marks, read_marks
from tests.tickets.help_center import all_subjects, library, postings, tickets


def marks_of(folder: Path, text: str | bytes) -> tuple[list[tuple[str, str, bool]], list[str]]:
    file = folder / "marks.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    marks, problems = read_marks(file)
    return [(mark.subject, mark.article, mark.right) for mark in marks], [
        f"{problem.line} {problem.rule}" for problem in problems
    ]


@pytest.mark.parametrize(
    "text",
    [
        "id,subject,article,score,right\n1,refund?,refund.md,0.2,Yes\n2,no mark,plan.md,0.9,\n",
        "Subject;Article;Right\r\nrefund?;content/refund.md;ja\r\n".encode("utf-8-sig"),
        "right\tsubject\tarticle\nx\trefund?\trefund.md\n",
    ],
)
def test_a_spreadsheets_csv_is_read(text: str | bytes, tmp_path: Path) -> None:
    assert marks_of(tmp_path, text) == ([("refund?", "refund.md", True)], [])


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    found, told = marks_of(tmp_path, "subject,article,right\na,plan.md,perhaps\nb,,yes\nc,,no\n")
    assert found == [("c", "", False)]
    assert told == ["2 wrong-mark", "3 wrong-mark"]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\x00\x01", b"PK\x03\x04\x00\x00"])
def test_what_is_no_such_table_is_told(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Stop):
        marks_of(tmp_path, data)


def test_nothing_private_is_kept(tmp_path: Path) -> None:
    found, _ = marks_of(tmp_path, 'subject,article,right\n"bob@example.com pays with 4111 1111 1111 1111",plan.md,no\n')
    assert as_table([Mark(*mark) for mark in found]) == "subject,article,right\n[email] pays with [card],plan.md,no\n"


@given(st.lists(st.builds(Mark, st.text(min_size=1), st.text(), st.booleans())))
def test_merging_twice_changes_nothing(marks: list[Mark]) -> None:
    once = merge_marks((), marks)
    assert merge_marks(once, once) == once


def test_the_new_mark_wins_and_one_article_is_right() -> None:
    old = [Mark("a", "one.md", right=True), Mark("b", "", right=False)]
    assert merge_marks(old, [Mark("a", "two.md", right=True)]) == (Mark("a", "two.md", right=True), Mark("b", "", right=False))
    assert merge_marks(old, [Mark("a", "", right=False)])[0] == Mark("a", "", right=False)
    assert merge_marks(old, [Mark("b", "one.md", right=True)])[1] == Mark("b", "one.md", right=True)


def test_an_article_that_is_gone_is_told() -> None:
    taught, problems = as_taught(
        [Mark("Re: my plan", "plan.md", right=True, line=2), Mark("b", "plam.md", right=True, line=3)], ["plan.md"]
    )
    assert taught == (Taught("my plan", "plan.md", right=True),)
    assert [(problem.line, problem.rule, problem.hint) for problem in problems] == [
        (3, "unknown-article", 'did you mean "plan.md"?')
    ]


def test_what_is_marked_shifts_the_cut() -> None:
    chances = np.linspace(0, 1, 101)
    none = np.zeros(0, bool)
    cut = find_cut(chances, np.zeros(0), none)
    wrong = find_cut(chances, np.full(3, cut + 0.2), np.zeros(3, bool))
    right = find_cut(chances, np.full(3, cut - 0.2), np.ones(3, bool))
    assert right < cut < wrong


def test_marks_shift_the_cut_of_the_next_run_and_are_obeyed(tmp_path: Path) -> None:
    read = library()
    words = postings(read, tmp_path)
    asked = tickets([*all_subjects(), "where can I park my car"])
    before = match_tickets(asked, read, words)
    unsure = sorted((match for match in before.matches if match.score > before.cut), key=lambda match: match.score)[:3]
    taught = tuple(Taught(match.ticket.subject, match.article, right=False) for match in unsure)
    after = match_tickets(asked, read, words, MatchOptions(taught=(*taught, Taught("where can I park my car", "", right=False))))
    assert after.cut > before.cut
    state = {match.ticket.subject: match.state for match in after.matches}
    assert state["where can I park my car"] == "unanswered"
