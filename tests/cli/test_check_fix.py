"""`kbtool check --fix` as a process: what it mends, says and refuses."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kbtool.content.fixes.article import Desk, Mend, Task, fix_article
from kbtool.pipeline import mending
from kbtool.pipeline.checking import CheckOptions
from kbtool.problems import Stop
from tests.content.test_history import MAY, commit, git
from tests.sites import run_kbtool, write_site

SITE = """
-- content/img/menu.png --
GIF8
-- content/billing/refund.md --
# Get a refund

Money comes back in a week. 

1. Open the menu.
1. Select it:

   ![The open menu](../IMG/menu.png)
3. Select **Refund**.

See [how it looks](../../img/menu.png), and [nothing](gone.md).
-- content/intro.md --
# Intro

What this is. 
"""  # noqa: W291 - the spaces are what is mended


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


def run_bytes(*arguments: str, cwd: Path) -> bytes:
    return subprocess.run([sys.executable, "-m", "kbtool", *arguments], cwd=cwd, capture_output=True, check=True).stdout


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def test_a_dry_run_shows_a_diff_and_writes_nothing(center: Path) -> None:
    before = {file: file.read_bytes() for file in center.rglob("*.md")}
    shown = run_kbtool("check", "--fix", "--dry-run", cwd=center)
    assert (shown.code, shown.err) == (0, "5 faults would be mended in 2 files.\n")
    assert shown.out.startswith("--- a/content/billing/refund.md\n+++ b/content/billing/refund.md\n@@ -2,10 +2,10 @@\n")
    assert "-1. Select it:\n+2. Select it:\n" in shown.out
    assert "-   ![The open menu](../IMG/menu.png)\n+   ![The open menu](../img/menu.png)\n" in shown.out
    assert "-What this is. \n+What this is.\n" in shown.out
    assert {file: file.read_bytes() for file in center.rglob("*.md")} == before


def test_what_is_left_is_told_and_a_second_run_finds_nothing_to_mend(center: Path) -> None:
    run = run_kbtool("check", "--fix", cwd=center)
    assert run.code == 1
    assert run.err.startswith("5 faults mended in 2 files.\n2 articles checked: ")
    assert 'refund.md:11: error: link to "gone.md"' in run.out
    assert "menu.png" not in run.out
    text = (center / "content/billing/refund.md").read_text()
    assert "1. Open the menu.\n2. Select it:\n\n   ![The open menu](../img/menu.png)\n3. Select **Refund**.\n" in text
    assert "See [how it looks](../img/menu.png), and [nothing](gone.md).\n" in text
    again = run_kbtool("check", "--fix", cwd=center)
    assert again.err.startswith("Nothing to mend.\n")
    assert (center / "content/billing/refund.md").read_text() == text
    assert run_kbtool("check", "--fix", "--dry-run", cwd=center).out == ""


def test_paths_rules_and_levels_say_what_is_mended(center: Path) -> None:
    run = run_kbtool("check", "--fix", "--dry-run", "content/intro.md", cwd=center)
    assert run.err == "1 fault would be mended in 1 file.\n"
    run = run_kbtool("check", "--fix", "--dry-run", "--rule", "list-numbers", cwd=center)
    assert (run.err, "IMG" in run.out) == ("1 fault would be mended in 1 file.\n", False)
    append(center / "kbtool.yml", "checks: {trailing-spaces: off}\ntopics:\n  billing: {checks: {wrong-case: off}}\n")
    append(center / "content/billing/refund.md", "\n<!-- kbtool: off list-numbers -->\n")
    assert run_kbtool("check", "--fix", "--dry-run", cwd=center).err == "1 fault would be mended in 1 file.\n"


def test_only_changed_files_are_mended_since_a_revision(center: Path) -> None:
    commit(center, SITE, MAY)
    append(center / "content/intro.md", "More. \n")
    run = run_kbtool("check", "--fix", "--changed-since", "HEAD", cwd=center)
    assert run.err.startswith("2 faults mended in 1 file.\n")
    assert "1. Select it" in (center / "content/billing/refund.md").read_text()


def test_as_json_the_answer_is_what_is_left(center: Path) -> None:
    answer = json.loads(run_kbtool("check", "--fix", "--format", "json", cwd=center).out)
    assert "dead-link" in {problem["rule"] for problem in answer["problems"]}
    assert "wrong-case" not in {problem["rule"] for problem in answer["problems"]}


@pytest.mark.parametrize(
    "options",
    [
        ("--fix", "--baseline"),
        ("--fix", "--stdin", "content/intro.md"),
        ("--dry-run",),
        ("--fix", "--dry-run", "--format", "json"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: tuple[str, ...], center: Path) -> None:
    run = run_kbtool("check", *options, cwd=center)
    assert (run.code, run.out) == (2, "")


def test_line_ends_a_byte_order_mark_and_rights_stay(center: Path) -> None:
    file = center / "content/intro.md"
    file.write_bytes(b"\xef\xbb\xbf# Intro\r\n\r\nWhat \xc3\xbcber this is. \r\nEnd")
    file.chmod(0o640)
    run_kbtool("check", "--fix", cwd=center)
    assert file.read_bytes() == b"\xef\xbb\xbf# Intro\r\n\r\nWhat \xc3\xbcber this is.\r\nEnd"
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_written_stops_it_before_anything_is_changed(center: Path) -> None:
    (center / "content/intro.md").chmod(0o444)
    run = run_kbtool("check", "--fix", cwd=center)
    assert (run.code, "[cannot-write]" in run.err) == (1, True)
    assert "1. Select it" in (center / "content/billing/refund.md").read_text()


def test_a_file_that_another_program_changes_meanwhile_stops_it_before_anything_is_changed(
    center: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fix_and_change(data: bytes, task: Task, desk: Desk) -> tuple[bytes, tuple[Mend, ...]]:
        if task.path == "intro.md":
            (center / "content/intro.md").write_bytes(b"# Mine\n")
        return fix_article(data, task, desk)

    monkeypatch.setattr(mending, "fix_article", fix_and_change)
    before = (center / "content/billing/refund.md").read_bytes()
    with pytest.raises(Stop, match="changed by another program"):
        mending.mend_content(center / "kbtool.yml", CheckOptions(date(2026, 11, 22)), dry_run=False)
    assert (center / "content/billing/refund.md").read_bytes() == before
    assert (center / "content/intro.md").read_bytes() == b"# Mine\n"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_an_article_stays_a_link(center: Path) -> None:
    (center / "content/start.md").symlink_to("intro.md")
    run_kbtool("check", "--fix", cwd=center)
    assert (center / "content/start.md").is_symlink()
    assert (center / "content/intro.md").read_text() == "# Intro\n\nWhat this is.\n"


def test_broken_files_are_left_to_the_check(center: Path) -> None:
    (center / "content/bytes.md").write_bytes(b"# A\n\n\xff \n")
    (center / "content/yaml.md").write_bytes(b"---\nreviewed: [2026/3/1\n---\n# A \n\nText. \n")
    run = run_kbtool("check", "--fix", cwd=center)
    assert "Traceback" not in run.err
    assert (center / "content/bytes.md").read_bytes() == b"# A\n\n\xff \n"
    assert "[wrong-encoding]" in run.out
    assert "[broken-yaml]" in run.out


def test_the_diff_is_what_patch_and_git_read(center: Path) -> None:
    (center / "content/intro.md").write_bytes(b"# Intro\r\n\r\nA \r\nB \x0c\xe2\x80\xa8 \r\nEnd ")
    before = {file: file.read_bytes() for file in center.rglob("*.md")}
    git(center, "init", "-q")
    (center / "mend.diff").write_bytes(run_bytes("check", "--fix", "--dry-run", cwd=center))
    git(center, "apply", "mend.diff")
    applied = {file: file.read_bytes() for file in before}
    for file, data in before.items():
        file.write_bytes(data)
    run_kbtool("check", "--fix", cwd=center)
    assert {file: file.read_bytes() for file in before} == applied != before
