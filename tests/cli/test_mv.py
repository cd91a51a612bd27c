"""`kbtool mv` as a process: what it answers, what git sees, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.content.test_history import MAY, commit, git
from tests.sites import build, run_kbtool, write_site

SITE = """
-- content/billing/refund.md --
# Get a refund

Soon.
-- content/intro.md --
# Intro

[Refund](billing/refund.md)
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


def test_a_dry_run_shows_a_diff_and_the_move_says_what_it_did(center: Path) -> None:
    build(center, "--no-search")
    shown = run_kbtool("mv", "--dry-run", "content/billing/refund.md", "content/orders/", cwd=center)
    assert (shown.code, shown.err) == (0, "")
    assert "-[Refund](billing/refund.md)\n+[Refund](orders/refund.md)\n" in shown.out
    assert shown.out.endswith(
        "content/billing/refund.md would become content/orders/refund.md: 4 files changed, 2 old addresses lead on.\n"
    )
    moved = run_kbtool("mv", "content/billing/refund.md", "content/orders/", cwd=center)
    assert moved.out == "content/billing/refund.md is now content/orders/refund.md: 4 files changed, 2 old addresses lead on.\n"
    site = build(center, "--no-search", "--strict")
    assert 'href="../../orders/refund/"' in (site / "billing/refund/index.html").read_text()
    assert "/en/billing/refund/ /en/orders/refund/ 301\n" in (site / "_redirects").read_text()


def test_the_answer_as_json(center: Path) -> None:
    answer = json.loads(run_kbtool("mv", "content/intro.md", "content/start.md", "--format", "json", cwd=center).out)
    assert (answer["old"], answer["new"], answer["redirects"]) == ("content/intro.md", "content/start.md", {"/intro/": "/start/"})
    assert answer["changed"] == ["content/start.md"]


def test_git_sees_a_rename(center: Path) -> None:
    commit(center, SITE, MAY)
    assert run_kbtool("mv", "content/billing", "content/money", cwd=center).code == 0
    git(center, "diff", "--cached", "--exit-code", "--diff-filter=r")
    assert not (center / "content/billing").exists()
    assert (center / "content/money/refund.md").read_text().startswith("---\naliases:")


def test_what_is_there_already_is_never_overwritten(center: Path) -> None:
    run = run_kbtool("mv", "content/intro.md", "content/billing/refund.md", cwd=center)
    assert (run.code, run.out) == (1, "")
    assert "[already-there]" in run.err


def test_a_move_that_was_cut_off_is_completed_by_the_next_build(center: Path) -> None:
    folder = center / ".kbtool/move"
    folder.mkdir(parents=True)
    (folder / "journal.json").write_text(
        json.dumps({"old": "content/intro.md", "new": "content/start.md", "folders": [], "files": []})
    )
    build(center, "--no-search")
    assert (center / "content/start.md").is_file()
    assert not folder.exists()
