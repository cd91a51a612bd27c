"""`kbtool review` as a process: what it writes, what it answers, and what it refuses."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sites import run_kbtool, write_site

SITE = """
-- kbtool.yml --
title: Help
review_every: 1 year
types: { troubleshooting: { review_every: 30 days } }
topics: { billing: { review_every: 90 days } }
-- content/index.md --
# Help
-- content/plain.md --
# Plain

Some text.
-- content/late.md --
---
title: It fails
type: troubleshooting
reviewed: 2020-01-01 # long ago
---
Text.
-- content/billing/refund.md --
# Refund

Text.
-- content/billing/broken.md --
---
title: [oops
---
-- content/_snippets/hours.md --
Nine to five.
-- content/note.txt --
no article
-- notes.md --
# Not content
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


def today() -> str:
    return datetime.now(UTC).astimezone().date().isoformat()


def test_the_answer_names_the_day_of_the_next_check_as_article_topic_and_type_say(center: Path) -> None:
    before = datetime.now(UTC).astimezone().date()
    paths = ("content/plain.md", "late.md", "billing/refund.md", "content/index.md")
    run = run_kbtool("review", *paths, "--by", "Ana Roe", "--format", "json", cwd=center)
    assert (run.code, run.err) == (0, "")
    reviewed = json.loads(run.out)["reviewed"]
    assert [one["path"] for one in reviewed] == [
        "content/plain.md",
        "content/late.md",
        "content/billing/refund.md",
        "content/index.md",
    ]
    days = [(datetime.fromisoformat(one["due"]).date() - before).days for one in reviewed[:3]]
    assert days[0] in (365, 366, 367)
    assert days[1] in (30, 31)
    assert days[2] in (90, 91)
    text = (center / "content/late.md").read_text()
    assert f"reviewed: {reviewed[1]['reviewed']} # long ago\nreviewed_by: Ana Roe\nreviewed_text: sha256:" in text


def test_words_for_a_person_and_a_build_that_knows_the_keys(center: Path) -> None:
    run = run_kbtool("review", "plain.md", "--by", "Ana", cwd=center / "content")
    assert run.out.startswith("content/plain.md: reviewed 20")
    assert "by Ana; check it again by 20" in run.out
    assert "reviewed_by" not in run_kbtool("build", "--no-search", cwd=center).err
    assert not [file for file in (center / "site").rglob("*.*") if file.is_file() and b"Ana" in file.read_bytes()]


def test_the_file_keeps_its_rights_and_nothing_is_left_beside_it(center: Path) -> None:
    file = center / "content/plain.md"
    file.chmod(0o640)
    run_kbtool("review", "content/plain.md", "--by", "Ana", cwd=center)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert not list((center / "content").glob(".*"))


def test_a_link_inside_the_content_stays_a_link(center: Path) -> None:
    (center / "content/again.md").symlink_to("plain.md")
    assert run_kbtool("review", "content/again.md", "--by", "Ana", cwd=center).code == 0
    assert (center / "content/again.md").is_symlink()
    assert "reviewed_by: Ana" in (center / "content/plain.md").read_text()


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("content/plian.md", 'did you mean "content/plain.md"?', 2),
        ("content/billing", "is a folder", 2),
        ("content/_snippets/hours.md", "is a snippet", 2),
        ("content/note.txt", "is no Markdown file", 2),
        ("notes.md", 'is not in the folder "content"', 2),
        ("../", "is a folder", 2),
        ("content/billing/broken.md", "[broken-yaml]", 1),
    ],
)
def test_what_is_no_article_is_refused_and_nothing_is_written(center: Path, path: str, said: str, code: int) -> None:
    before = {file: file.read_bytes() for file in (center / "content").rglob("*") if file.is_file()}
    run = run_kbtool("review", "content/plain.md", path, "--by", "Ana", cwd=center)
    assert (run.code, run.out) == (code, "")
    assert said in run.err
    assert {file: file.read_bytes() for file in (center / "content").rglob("*") if file.is_file()} == before


def test_every_wrong_path_is_told_at_once(center: Path) -> None:
    run = run_kbtool("review", "nowhere.md", "content/note.txt", "--by", "Ana", cwd=center)
    assert run.err.count("error:") == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 300, "Ana\x07"])
def test_a_review_needs_a_name(center: Path, name: str) -> None:
    run = run_kbtool("review", "content/plain.md", "--by", name, cwd=center)
    assert run.code == 2
    assert "Type --by and a name" in run.err


def test_without_a_name_git_says_who(center: Path, tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Bo: the 2nd\n")
    run = run_kbtool("review", "content/plain.md", cwd=center, GIT_CONFIG_GLOBAL=str(tmp_path / "gitconfig"))
    assert run.code == 0
    assert 'reviewed_by: "Bo: the 2nd"' in (center / "content/plain.md").read_text()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_changed_is_told(center: Path) -> None:
    (center / "content/plain.md").chmod(0o444)
    run = run_kbtool("review", "content/plain.md", "--by", "Ana", cwd=center)
    assert run.code == 1
    assert "[cannot-write]" in run.err


def test_reviews_at_the_same_time_are_all_recorded(center: Path) -> None:
    paths = ("content/plain.md", "content/late.md", "content/plain.md", "content/billing/refund.md")
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda path: run_kbtool("review", path, "--by", "Ana", cwd=center), paths))
    assert {run.code for run in runs} == {0}
    assert all((center / path).read_text().count("reviewed_by: Ana\n") == 1 for path in paths)
    assert not list((center / "content").rglob(".*.new"))


def test_a_full_disk_leaves_the_article_as_it_was(center: Path, tmp_path: Path) -> None:
    before = (center / "content/plain.md").read_bytes()
    (tmp_path / "sitecustomize.py").write_text(
        "import os, tempfile\n\n"
        "def full(*_arguments, **_named):\n    raise OSError(28, os.strerror(28))\n\n"
        "tempfile.mkstemp = full\n"
    )
    run = run_kbtool("review", "content/plain.md", "--by", "Ana", cwd=center, PYTHONPATH=str(tmp_path))
    assert (run.code, run.out) == (1, "")
    assert "[cannot-write]" in run.err
    assert (center / "content/plain.md").read_bytes() == before
