"""`kbtool stale` as a process: with tickets and without, in a shallow clone, and what it leaves for bots in the site."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.sites import Run, build, run_kbtool, write_site

TODAY = datetime.now(UTC).astimezone().date()
REVIEWED = TODAY - timedelta(40)

SITE = f"""
-- kbtool.yml --
title: Help
url: https://help.example/en
review_every: 1 year
-- content/password.md --
---
title: Reset your password
reviewed: {REVIEWED}
owner: Ana
---
Open the sign-in page and choose Forgot password. If you cannot log in, set a new password.
-- content/refund.md --
---
title: Get a refund
reviewed: 2020-01-01
reviewed_by: Jo Private
---
Ask for your money back within 30 days.
-- content/delivery.md --
# Track your parcel

Every parcel has a tracking number. See [refunds](refund.md).
-- content/internal.md --
---
title: How we grant refunds
audience: agents
reviewed: 2020-01-01
---
Only for us.
"""
PASSWORD = ["I forgot my password", "How do I reset the password", "cannot log in", "password reset link", "new password needed"]
OTHERS = ["I want my money back", "refund for my order", "where is my parcel", "tracking number does not work", "track my parcel"]


def rows() -> list[list[str]]:
    """Ten weeks of tickets: after the review of the password's article many more ask for it."""
    found: list[list[str]] = []
    for number in range(80):
        day = TODAY - timedelta(80 - number)
        for text in (OTHERS[number % 5], *(PASSWORD if day > REVIEWED else PASSWORD[:1] if number % 7 == 0 else [])):
            found.append(
                [str(len(found)), f"{text}, mail jo.private@mail.example", f"person{len(found)}@mail.example", day.isoformat()]
            )
    return found


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_site(tmp_path_factory.mktemp("center"), SITE)
    with (folder / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Id", "Subject", "Requester email", "Created at"], *rows()])
    return folder


@pytest.fixture(scope="module")
def answer(center: Path) -> Run:
    return run_kbtool("stale", "tickets.csv", "--format", "json", cwd=center)


def reasons(run: Run) -> dict[str, list[str]]:
    return {one["article"]: [reason["rule"] for reason in one["reasons"]] for one in json.loads(run.out)["articles"]}


def test_tickets_speak_against_an_article_that_was_just_reviewed(answer: Run) -> None:
    report = json.loads(answer.out)
    assert (answer.code, report["version"], report["date"]) == (0, 1, TODAY.isoformat())
    assert report["articles"][0]["article"] == "password.md"
    assert report["articles"][0]["reasons"][0]["rule"] == "tickets-since-review"
    assert report["articles"][0]["people"] >= 100
    assert report["states"] == {"stale": 3, "unknown": 1, "fine": 0}
    assert answer.err.splitlines()[0].startswith("read as ")


def test_nothing_private_comes_out_in_any_form(center: Path, answer: Run) -> None:
    forms = [run_kbtool("stale", "tickets.csv", "--format", form, cwd=center) for form in ("table", "csv", "markdown")]
    for run in (answer, *forms):
        assert run.code == 0
        for private in ("jo.private", "mail.example", "person1", "Jo Private"):
            assert private not in run.out + run.err
    assert next(csv.DictReader(io.StringIO(forms[1].out)))["article"] == "password.md"


def test_without_tickets_no_ticket_package_is_needed(center: Path, tmp_path: Path) -> None:
    names = ("numpy", "scipy", "tokenizers", "wordllama", "python_calamine")
    (tmp_path / "sitecustomize.py").write_text("import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in names))
    run = run_kbtool("stale", "--format", "json", cwd=center, PYTHONPATH=str(tmp_path))
    assert run.code == 0
    assert reasons(run) == {
        "refund.md": ["review-overdue"],
        "internal.md": ["review-overdue"],
        "delivery.md": ["never-reviewed"],
        "password.md": [],
    }
    without = run_kbtool("stale", "tickets.csv", cwd=center, PYTHONPATH=str(tmp_path))
    assert (without.code, len(without.err.splitlines())) == (2, 1)
    assert "pip install 'kbtool[tickets]'" in without.err


def test_a_line_for_each_article_that_is_not_fine_and_a_file_when_asked(center: Path) -> None:
    run = run_kbtool("stale", cwd=center)
    assert [line.split("\t")[:2] for line in run.out.splitlines()] == [
        ["internal.md", "stale"],
        ["refund.md", "stale"],
        ["delivery.md", "unknown"],
    ]
    assert "4 articles: 2 to look at, 1 never reviewed, 1 fine" in run.err
    into = run_kbtool("stale", "--format", "markdown", "--output", "stale.md", cwd=center)
    assert (into.code, into.out) == (0, "")
    assert (center / "stale.md").read_text().startswith("# Articles to look at\n")
    assert run_kbtool("stale", "tickets.csv", "--output", "tickets.csv", cwd=center).code == 2


def test_review_json_stands_in_the_site_until_a_page_changes(tmp_path: Path) -> None:
    center = write_site(tmp_path, SITE)
    first = run_kbtool("stale", "--write", cwd=center)
    assert (first.code, "no site yet" in first.err) == (0, True)
    site = build(center, "--no-search")
    written = json.loads((site / "review.json").read_text())
    assert [page["url"] for page in written["pages"]] == [
        f"https://help.example/en/{name}/" for name in ("refund", "delivery", "password")
    ]
    text = (site / "review.json").read_text()
    assert not [private for private in ("How we grant", "Ana", "Jo Private", "internal") if private in text]
    assert run_kbtool("review", "content/refund.md", "--by", "Ana", cwd=center).code == 0
    build(center, "--no-search")
    assert [page["title"] for page in json.loads((site / "review.json").read_text())["pages"]] == [
        "Track your parcel",
        "Reset your password",
    ]
    assert run_kbtool("stale", "--write", cwd=center).code == 0
    pages = {page["title"]: page for page in json.loads((site / "review.json").read_text())["pages"]}
    assert pages["Get a refund"] == {
        "url": "https://help.example/en/refund/", "title": "Get a refund", "state": "fine", "reviewed": TODAY.isoformat(),
        "due": pages["Get a refund"]["due"], "expires": None, "reasons": [],
    }  # fmt: skip
    before = {file: file.stat().st_mtime_ns for file in site.rglob("*") if file.is_file()}
    build(center, "--no-search")
    assert {file: file.stat().st_mtime_ns for file in site.rglob("*") if file.is_file()} == before


def test_a_folder_that_kbtool_did_not_make_gets_no_review_json(tmp_path: Path) -> None:
    center = write_site(tmp_path, SITE)
    (center / "site").mkdir()
    (center / "site" / "mine.txt").write_text("mine")
    assert run_kbtool("stale", "--write", cwd=center).code == 0
    assert [file.name for file in (center / "site").iterdir()] == ["mine.txt"]


def git(folder: Path, *command: str) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    fixed = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@help.example", "-c", "protocol.file.allow=always")
    subprocess.run(("git", *who, *command), cwd=folder, env={**ours, **fixed}, check=True, capture_output=True)


def test_a_shallow_clone_says_unknown_and_how_to_mend_it(center: Path, tmp_path: Path) -> None:
    whole = write_site(tmp_path / "whole", SITE)
    git(whole, "init", "-q")
    for text in ("# One", "# Two"):
        (whole / "content/new.md").write_text(f"{text}\n")
        git(whole, "add", "-A")
        git(whole, "commit", "-q", "-m", "x")
    git(tmp_path, "clone", "-q", "--depth", "1", whole.as_uri(), "clone")
    tickets = str(center / "tickets.csv")
    shallow, full = (run_kbtool("stale", tickets, "--format", "json", cwd=tmp_path / name) for name in ("clone", "whole"))
    assert "[shallow-clone]" in shallow.err
    assert "git fetch --unshallow" in shallow.err
    articles = {one["article"]: one for one in json.loads(shallow.out)["articles"]}
    assert {one["updated"] for one in articles.values()} == {None}
    assert {"rule": "update-did-not-help", "why": 'this is a shallow clone: type "git fetch --unshallow"'} in articles[
        "refund.md"
    ]["unknown"]
    assert "shallow" not in full.err
    assert {one["updated"] for one in json.loads(full.out)["articles"]} == {TODAY.isoformat()}


@pytest.mark.skipif(sys.platform != "linux", reason="the terminal is util-linux's script")
def test_on_a_terminal_what_was_never_reviewed_hides_nothing(tmp_path: Path) -> None:
    folder = write_site(tmp_path, SITE)
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", "TERM": "xterm"}
    shown = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m kbtool stale", os.devnull],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert "refund.md" in shown
    assert "delivery.md" not in shown
    assert "1 more was never reviewed" in shown
    assert 'type "kbtool review" and its path' in shown
    assert "delivery.md" in run_kbtool("stale", cwd=folder).out
