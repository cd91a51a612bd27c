"""`kbtool check` on a part: what changed since a revision, what is new beside a baseline, and the answer in a file."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool, write_site

CENTER = """
-- kbtool.yml --
title: Help
-- content/prices.md --
# Prices

See [the refund page](refund.md) for what we send back.
-- content/refund.md --
# Get a refund

Ask us for it, and read [what is gone](nowhere.md).
"""


def git(folder: Path, *arguments: str) -> None:
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, CENTER)


@pytest.fixture
def repository(center: Path) -> Path:
    git(center, "init", "--quiet")
    git(center, "add", "--all")
    git(center, "commit", "--quiet", "--message", "Start")
    return center


def dead(run: Run) -> list[str]:
    """Return the files that dead links are told in."""
    return [line.partition(":")[0] for line in run.out.splitlines() if "[dead-link]" in line]


def test_without_a_change_nothing_is_told(repository: Path) -> None:
    assert dead(run_kbtool("check", cwd=repository)) == ["content/refund.md"]
    run = run_kbtool("check", "--changed-since", "HEAD", cwd=repository)
    assert (run.code, run.out) == (0, "")


def test_a_file_that_changed_is_told_committed_or_not(repository: Path) -> None:
    (repository / "content/new one.md").write_text("# New\n\nSee [it](lost.md).\n")
    assert dead(run_kbtool("check", "--changed-since", "HEAD", cwd=repository)) == ["content/new one.md"]
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "New")
    assert dead(run_kbtool("check", "--changed-since", "HEAD~1", cwd=repository)) == ["content/new one.md"]


def test_what_a_deletion_broke_elsewhere_is_told(repository: Path) -> None:
    (repository / "content/refund.md").unlink()
    run = run_kbtool("check", "--changed-since", "HEAD", cwd=repository)
    assert (run.code, dead(run)) == (1, ["content/prices.md"])


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~99"])
def test_a_revision_that_is_not_there_is_wrong_usage(repository: Path, revision: str) -> None:
    run = run_kbtool("check", f"--changed-since={revision}", cwd=repository)
    assert run.code == 2
    assert "[no-revision]" in run.err
    assert not (repository / "x").exists()


def test_outside_of_git_it_says_so(center: Path) -> None:
    run = run_kbtool("check", "--changed-since", "main", cwd=center)
    assert run.code == 2
    assert "error: this folder is in no git repository: nobody knows what changed [no-revision]" in run.err
    assert "usage" not in run.err


def test_what_was_accepted_is_told_no_more_and_what_is_new_is(center: Path) -> None:
    run = run_kbtool("check", "--baseline", cwd=center)
    assert (run.code, run.out) == (0, "")
    refund = center / "content/refund.md"
    refund.write_text("# Get a refund\n\nA line more.\n\n" + refund.read_text().partition("\n\n")[2])
    assert run_kbtool("check", "--strict", cwd=center).code == 0
    refund.write_text(refund.read_text() + "\nSee [this page](lost.md).\n")
    run = run_kbtool("check", cwd=center)
    assert run.code == 1
    assert [line for line in run.out.splitlines() if "nowhere.md" in line] == []
    assert [line for line in run.out.splitlines() if "lost.md" in line]
    assert "accepted before and not shown" in run.err


def test_what_was_mended_is_counted_and_can_be_taken_out(center: Path) -> None:
    run_kbtool("check", "--baseline", cwd=center)
    (center / "content/refund.md").write_text("# Get a refund\n\nAsk us for it.\n")
    assert "found no more" in run_kbtool("check", cwd=center).err
    assert "nowhere.md" in (center / "checks.baseline").read_text()
    run_kbtool("check", "--baseline", cwd=center)
    assert "nowhere.md" not in (center / "checks.baseline").read_text()


def test_the_same_finding_twice_is_accepted_twice_and_not_thrice(center: Path) -> None:
    link = "See [this page](lost.md).\n\n"
    (center / "content/refund.md").write_text("# Get a refund\n\nAsk us.\n\n" + link * 2)
    run_kbtool("check", "--baseline", cwd=center)
    assert run_kbtool("check", cwd=center).code == 0
    (center / "content/refund.md").write_text("# Get a refund\n\nAsk us.\n\n" + link * 3)
    assert len(dead(run_kbtool("check", cwd=center))) == 1


def test_a_baseline_that_cannot_be_read_is_told(center: Path) -> None:
    (center / "checks.baseline").write_bytes(b"\xff\xfe\x00")
    run = run_kbtool("check", cwd=center)
    assert run.code == 1
    assert run.err.startswith("checks.baseline: error: ")


def test_a_part_is_not_accepted_for_the_whole(center: Path) -> None:
    assert run_kbtool("check", "--baseline", "content/refund.md", cwd=center).code == 2
    assert not (center / "checks.baseline").exists()


def test_the_answer_goes_into_a_file(center: Path) -> None:
    run = run_kbtool("check", "--format", "json", "--output", "found.json", cwd=center)
    assert (run.code, run.out) == (1, "")
    assert [
        each["rule"] for each in json.loads((center / "found.json").read_text())["problems"] if each["severity"] == "error"
    ] == ["dead-link"]
