"""`kbtool gaps --why`, `--teach` and the settings for tickets, as a process."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_gaps import center as center  # noqa: PLC0414 - the fixture
from tests.sites import run_kbtool


@pytest.fixture
def own(center: Path, tmp_path: Path) -> Path:
    """A copy of the help center to write into."""
    folder: Path = shutil.copytree(center, tmp_path / "own")
    return folder


def test_why_tells_words_articles_and_tickets_without_anything_private(own: Path) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--why", "Re: can't log in, write to me@mail.example", cwd=own)
    assert run.code == 0
    assert "me@mail.example" not in run.out
    first = run.out.splitlines()[0]
    assert first.startswith('"Re: can\'t log in, write to [email]" is answered: it scores 0.')
    for part in (
        "log (in ",
        "Nearest articles (meaning told by wordllama):",
        "password.md: words ",
        "Nearest tickets:",
        "cannot log in any more",
    ):
        assert part in run.out
    again = run_kbtool("gaps", "tickets.csv", "--why", "webcam stays black", "--format", "json", cwd=own)
    found = json.loads(again.out)
    assert found["state"] == "unanswered"
    assert found["score"] <= found["unanswered_up_to"]
    assert [ticket["subject"] for ticket in found["tickets"]].count("webcam stays black") == 0
    assert len(found["articles"]) == 4


@pytest.mark.parametrize(
    ("subject", "said"), [("", 'nothing can be told of the subject ""'), ("Re: 12345678", "nothing can be told")]
)
def test_a_subject_that_says_nothing_is_told(subject: str, said: str, own: Path) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--why", subject, cwd=own)
    assert run.code == 2
    assert said in run.err
    assert "Traceback" not in run.err


def test_what_is_taught_is_kept_and_obeyed(own: Path) -> None:
    (own / "marks.csv").write_text(
        "subject,article,right\nis there a school discount,invoice.md,yes\nlost password,,no\n", encoding="utf-8"
    )
    run = run_kbtool("gaps", "tickets.csv", "--teach", "marks.csv", "--matches", "matches.csv", cwd=own)
    assert run.code == 0, run.err
    assert '2 marks kept in "taught.csv"' in run.err
    assert (own / "taught.csv").read_text(
        encoding="utf-8"
    ) == "subject,article,right\nis there a school discount,invoice.md,yes\nlost password,,no\n"
    later = run_kbtool("gaps", "tickets.csv", "--matches", "matches.csv", cwd=own)
    assert later.code == 0
    lines = (own / "matches.csv").read_text(encoding="utf-8").splitlines()
    assert any(",is there a school discount,invoice.md," in line and ",answered," in line for line in lines)
    assert any(",lost password," in line and ",unanswered," in line for line in lines)


def test_a_file_without_marks_is_told(own: Path) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--teach", "tickets.csv", cwd=own)
    assert run.code == 2
    assert 'has no column "article" and "right"' in run.err
    assert not (own / "taught.csv").exists()


def test_the_cuts_of_kbtool_yml_are_obeyed(own: Path) -> None:
    config = own / "kbtool.yml"
    config.write_text(config.read_text(encoding="utf-8") + "\ntickets:\n  unanswered: 0.99\n  answered: 1\n", encoding="utf-8")
    run = run_kbtool("gaps", "tickets.csv", "--format", "json", cwd=own)
    assert json.loads(run.out)["unanswered_up_to"] == 0.99
    wrong = "unanswered: 1.5\n  answered: 0.2\n  timezone: Mars/Base\n"
    config.write_text(config.read_text(encoding="utf-8").partition("\ntickets:")[0] + f"\ntickets:\n  {wrong}", encoding="utf-8")
    refused = run_kbtool("gaps", "tickets.csv", cwd=own)
    assert refused.code == 2
    for said in ('"tickets.unanswered" must be between 0 and 1, not 1.5', '"tickets.answered" is below', 'not "Mars/Base"'):
        assert said in refused.err


def test_what_is_wrong_can_be_put_right_and_a_subject_that_says_nothing_is_told(own: Path) -> None:
    told = run_kbtool("gaps", "tickets.csv", "--why", "lost password, where?", cwd=own).out
    assert "--teach" in told
    assert "where?" not in told.partition("Words, and")[2].partition("Nearest")[0]
    run = run_kbtool("gaps", "tickets.csv", "--why", "help!", cwd=own)
    assert run.code == 2
    assert 'nothing can be told of the subject "help!"' in run.err
