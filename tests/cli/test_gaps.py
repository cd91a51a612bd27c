"""`kbtool gaps` as a process: the answer on stdout, what was understood on stderr, and nothing private anywhere."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool, write_site

ARTICLES = {
    "password": ("Reset your password", "Open the sign-in page and choose Forgot password. We send you a mail with a link."),
    "refund": ("Get a refund", "Ask for your money back within 30 days. It goes to the card that you paid with."),
    "delivery": ("Track your parcel", "Every parcel has a tracking number. Delivery takes three to five days."),
    "invoice": ("Download an invoice", "Invoices stand under Billing. A receipt is mailed after each payment."),
}
SUBJECTS = """
I forgot my password|How do I reset the password|cannot log in any more|password reset link please|new password needed
forgot password, locked out|the password mail does not come|change my password|sign-in page refuses my password|lost password
I want my money back|refund for my order|how long does a refund take|can I get a refund|refund to another card
money back please|refund has not arrived|when do I get my refund|refund to my card|refund after 30 days
where is my parcel|tracking number does not work|parcel not delivered|how long does delivery take|track my parcel
delivery is late|parcel is lost|no tracking number|delivery takes five days already|parcel went to a neighbour
need an invoice|where are my invoices|invoice for last payment|download receipt|send me the receipt
invoice has the wrong name|invoice as PDF|receipt is missing|billing sent no invoice|invoice for October
how do I connect the webcam|webcam is not detected|webcam stays black|my webcam does not connect|connect webcam to the laptop
which webcam can I connect|webcam not found on laptop|the webcam picture is black|webcam has no picture|webcam does not connect to laptop
discount for schools|is there a school discount|school discount for teachers|discount for our school|do schools get a discount
=HYPERLINK("http://evil.example")|webcam broken, write to jo.private@mail.example|call me on +49 170 5550199 about the webcam
"""
TICKETS = [subject for line in SUBJECTS.split("\n") for subject in line.split("|") if subject]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center of four articles, with 58 tickets of two months."""
    articles = "".join(f"-- content/{name}.md --\n# {title}\n\n{text}\n" for name, (title, text) in ARTICLES.items())
    folder = write_site(tmp_path_factory.mktemp("center"), articles)
    with (folder / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Id", "Subject", "Status", "Requester email", "Created at"])
        for number, subject in enumerate(TICKETS, 1):
            month = 9 + number % 2
            rows.writerow([number, subject, "closed", f"person{number}@mail.example", f"2026-{month:02d}-{1 + number % 28:02d}"])
    (folder / "report.csv").write_text("%PDF-1.7\n%âãÏÓ\n1 0 obj\n", encoding="latin-1")
    return folder


@pytest.fixture(scope="module")
def answer(center: Path) -> Run:
    """The run that most tests look at."""
    return run_kbtool("gaps", "tickets.csv", "--format", "json", "--matches", "matches.csv", cwd=center)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_json_alone_is_on_stdout_and_what_was_understood_on_stderr(answer: Run) -> None:
    report = json.loads(answer.out)
    assert answer.code == 0
    assert report["version"] == 1
    assert report["tickets"] == len(TICKETS) == sum(report["states"].values())
    assert report["states"]["unanswered"] == report["rest"] + sum(topic["tickets"] for topic in report["topics"])
    lines = answer.err.splitlines()
    assert lines[0] == "read as table, utf-8, commas"
    assert 'subject "Subject"' in lines[1]
    assert lines[2] == f"rows: {len(TICKETS)}; tickets: {len(TICKETS)}; from 2026-09-01 to 2026-10-28"


def test_what_no_article_answers_is_the_first_topic_in_the_customers_words(answer: Run) -> None:
    topic = json.loads(answer.out)["topics"][0]
    assert "webcam" in topic["topic"]
    assert topic["people"] >= 5
    assert "webcam" in topic["lacks"]
    assert f"{topic['article'].removesuffix('.md')}" in ARTICLES


def test_each_ticket_has_its_best_article_even_when_it_is_not_good_enough(center: Path, answer: Run) -> None:
    text = (center / "matches.csv").read_text(encoding="utf-8")
    assert text.partition("\n")[0] == "id,subject,article,score,state,topic"
    rows = rows_of(text)
    assert {row["id"] for row in rows} == {str(number) for number in range(1, len(TICKETS) + 1)}
    assert {row["state"] for row in rows} <= {"answered", "weak", "unanswered"}
    assert all(0 <= float(row["score"]) <= 1 and len(row["score"].partition(".")[2]) == 6 for row in rows)
    assert all(row["article"].removesuffix(".md") in ARTICLES for row in rows if "webcam" in row["subject"])
    assert {row["topic"] for row in rows} - {""} == {topic["topic"] for topic in json.loads(answer.out)["topics"]}
    right = [row["article"] == f"{name}.md" for name in ARTICLES for row in rows if name in row["subject"]]
    assert sum(right) >= 0.9 * len(right)


def test_nothing_private_and_no_formula_comes_out(center: Path, answer: Run) -> None:
    matches = (center / "matches.csv").read_text(encoding="utf-8")
    for text in (answer.out, answer.err, matches):
        assert "jo.private" not in text
        assert "5550199" not in text
        assert "person1" not in text
    assert not [cell for row in rows_of(matches) for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert any(row["subject"].startswith("'=HYPERLINK") for row in rows_of(matches))


def test_a_gap_that_is_too_large_fails_and_the_table_is_a_line_a_topic(center: Path, answer: Run) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--fail-over", "5", cwd=center)
    assert run.code == 1
    names = [line.split("\t")[0] for line in run.out.splitlines()]
    assert names == [topic["topic"] for topic in json.loads(answer.out)["topics"]]
    assert all(line.count("\t") == 5 for line in run.out.splitlines())


def test_csv_goes_into_a_file_and_a_gap_within_bounds_is_fine(center: Path, answer: Run) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--fail-over", "59", "--format", "csv", "--output", "gaps.csv", cwd=center)
    assert (run.code, run.out) == (0, "")
    rows = rows_of((center / "gaps.csv").read_text(encoding="utf-8"))
    assert [row["topic"] for row in rows] == [topic["topic"] for topic in json.loads(answer.out)["topics"]]
    assert not list(center.glob(".*.new"))


def test_words_alone_will_do_and_days_can_be_chosen(center: Path) -> None:
    options = ("--words-only", "--since", "2026-10-01", "--until", "2026-10-31", "--columns", "subject=Subject", "--format")
    run = run_kbtool("gaps", "tickets.csv", *options, "json", cwd=center)
    report = json.loads(run.out)
    assert run.code == 0
    assert report["meaning"] == "the export itself"
    assert report["tickets"] == len(TICKETS) // 2
    assert f"tickets of other days {len(TICKETS) // 2}" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument"),
        (("tickets.csv", "--output", "tickets.csv"), "no EXPORT"),
        (("tickets.csv", "--output", "both", "--matches", "both"), "two files"),
        (("tickets.csv", "--columns", "subject"), "ROLE=HEADER"),
        (("report.csv",), "[not-an-export]"),
    ],
)
def test_wrong_usage_is_told(center: Path, arguments: tuple[str, ...], said: str) -> None:
    before = (center / "tickets.csv").read_bytes()
    run = run_kbtool("gaps", *arguments, cwd=center)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert (center / "tickets.csv").read_bytes() == before


def test_without_the_extra_one_line_says_what_to_type(center: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text('import sys\n\nsys.modules["wordllama"] = None\n')
    run = run_kbtool("gaps", "tickets.csv", cwd=center, PYTHONPATH=str(tmp_path))
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 1
    assert "pip install 'kbtool[tickets]'" in run.err


def test_what_builds_imports_nothing_that_only_tickets_need() -> None:
    script = "import sys, kbtool.pipeline.asking, kbtool.cli.main, kbtool.cli.gaps; print({'numpy', 'scipy', 'tokenizers'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the terminal is util-linux's script")
def test_on_a_terminal_topics_have_numbers_and_the_next_step_is_told(center: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", "TERM": "xterm"}
    shown = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m kbtool gaps tickets.csv", os.devnull],
        cwd=center, env=environment, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert "No." in shown
    assert "  1 " in shown
    assert "--draft and the topic's number" in shown


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("--since", "01.10.2026"), '"01.10.2026" is no day: type it as 2026-11-01'),
        (("--since", "2026-10-02", "--until", "2026-10-01"), "--since is a later day than --until"),
    ],
)
def test_days_that_cannot_be_are_told(center: Path, days: tuple[str, ...], told: str) -> None:
    run = run_kbtool("gaps", "tickets.csv", *days, cwd=center)
    assert run.code == 2
    assert told in run.err
