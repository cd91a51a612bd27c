"""kbtool.content.published: no URL that was ever published goes without a word, and urls.lock stays quiet."""

import datetime
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.content.published import Entry, ledger_text, lost_urls, read_ledger
from kbtool.content.sketch import likeness, make_sketch
from kbtool.model import Article, Library, Meta
from kbtool.pipeline.building import BuildOptions, build_site
from kbtool.places import LOCK_NAME
from kbtool.problems import Problem
from kbtool.starter import example_urls
from tests.sites import build, run_kbtool, write_site

TODAY = datetime.date(2026, 11, 22)
REFUND = "Open Orders, choose what you bought and select Refund. The money is back on your card after five working days."
SITE = f"""
-- content/billing/refund.md --
# Get a refund

{REFUND}
-- content/prices.md --
# Prices

All of it costs five. See our [terms](terms.pdf).
-- content/terms.pdf --
%PDF
-- content/logo.svg --
<svg/>
-- content/secret.md --
---
title: For us
audience: agents
---
Hush.
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path / "center", SITE)


def make(folder: Path, **options: bool) -> list[Problem]:
    """Build, and return what is wrong with published URLs."""
    result = build_site(folder / "kbtool.yml", BuildOptions(TODAY, "", search="none", **options))  # type: ignore[arg-type]
    return [problem for problem in result.problems if problem.rule in ("url-lost", "broken-lock", "redirect", "cannot-write")]


def urls(folder: Path) -> list[str]:
    lines = (folder / LOCK_NAME).read_text().splitlines()
    return [line.split()[0] for line in lines if not line.startswith("#")]


def test_the_lock_holds_pages_topics_files_and_old_urls_but_no_pictures_and_nothing_hidden(center: Path) -> None:
    write_site(center, "-- kbtool.yml --\ntitle: Help\nredirects: { old: prices.md, old.pdf: terms.pdf }\n")
    assert make(center) == []
    assert urls(center) == ["/", "/billing/", "/billing/refund/", "/old.pdf", "/old/", "/prices/", "/terms.pdf"]
    assert (center / "site/old.pdf/index.html").is_file()


def test_a_build_that_changes_nothing_does_not_touch_it(center: Path) -> None:
    make(center)
    before = (center / LOCK_NAME).stat().st_mtime_ns, (center / LOCK_NAME).read_bytes()
    (center / "content/prices.md").write_text("# Prices\n\nAll of it costs six.\n")
    make(center)
    assert ((center / LOCK_NAME).stat().st_mtime_ns, (center / LOCK_NAME).read_bytes()) == before


def test_drafts_and_previews_never_write_it(center: Path) -> None:
    make(center, drafts=True)
    build_site(center / "kbtool.yml", BuildOptions(TODAY, "", search="none", name="preview", output=center / "preview"))
    assert not (center / LOCK_NAME).exists()


def test_what_moved_is_found_by_its_text_and_what_was_rewritten_by_its_title(center: Path) -> None:
    make(center)
    (center / "content/billing/refund.md").unlink()
    (center / "content/prices.md").unlink()
    (center / "content/money-back.md").write_text(f"# Your money\n\n{REFUND} Ask us if it is not.\n")
    (center / "content/costs.md").write_text("# Prices\n\nNothing of the old text is here.\n")
    lost = {problem.message.split('"')[1]: problem for problem in make(center)}
    assert {*lost} == {"/billing/", "/billing/refund/", "/prices/"}
    assert lost["/billing/refund/"].hint.startswith('"money-back.md" has probably taken its place: add "billing/refund/" to its')
    assert lost["/prices/"].hint.startswith('"costs.md" has probably taken its place')
    assert (lost["/prices/"].path, lost["/prices/"].line) == (LOCK_NAME, 5)
    (center / "content/money-back.md").write_text(
        f"---\ntitle: Your money\naliases: [billing/refund, billing, prices]\n---\n{REFUND}\n"
    )
    assert make(center) == []


def test_an_article_that_is_held_back_is_lost_too(center: Path) -> None:
    make(center)
    (center / "content/prices.md").write_text("---\ntitle: Prices\nstatus: draft\n---\nFive.\n")
    (problem,) = make(center)
    assert "is held back now" in problem.message


def test_an_article_that_cannot_be_read_is_told_once(center: Path) -> None:
    make(center)
    (center / "content" / "billing" / "refund.md").write_text('---\ntitle: "Get a refund\n---\nText.\n')
    assert make(center) == []
    (center / "content" / "billing" / "refund.md").unlink()
    assert sorted(problem.message.split('"')[1] for problem in make(center)) == ["/billing/", "/billing/refund/"]


def test_a_renamed_topic_is_told_by_where_its_articles_went(center: Path) -> None:
    write_site(
        center,
        "-- content/billing/fees/late.md --\n# Late fees\n\nWhoever pays late pays two more for each week after the first.\n",
    )
    make(center)
    (center / "content/billing").rename(center / "content/money")
    hints = {problem.message.split('"')[1]: problem.hint for problem in make(center)}
    assert hints["/billing/"].startswith('its articles are in "money" now: list "billing/" with "money/" under "redirects"')
    assert hints["/billing/fees/"].startswith('its articles are in "money/fees" now: list "billing/fees/" with "money/fees/"')
    assert hints["/billing/refund/"].startswith('"money/refund.md" has probably taken its place')


@pytest.mark.parametrize("rewritten", [False, True], ids=["moved", "rewritten"])
def test_a_thousand_lost_urls_are_told_soon(tmp_path: Path, *, rewritten: bool) -> None:
    articles, lost = [], [Entry("old/")]
    for number in range(1_000):
        sketch = make_sketch(" ".join(f"{number}w{word}" for word in range(20)))
        now = make_sketch(f"other words of {number} stand here now") if rewritten else sketch
        url = f"new/{number}/"
        articles.append(Article(f"new/{number}.md", url, "article", Meta(), f"Fresh {number}", "", "", "", sketch=now))
        lost.append(Entry(f"old/item-{number}/", f"Item number {number}", sketch))
    (tmp_path / LOCK_NAME).write_text(ledger_text(lost), encoding="utf-8")
    start = time.process_time()
    hints = {
        str(problem).split('"')[1]: problem.hint
        for problem in lost_urls(tmp_path, None, Library(tuple(articles), (), (), frozenset(), {}, {}, ()))
    }
    assert time.process_time() - start < 20
    assert len(hints) == len(lost)
    if not rewritten:
        assert hints["/old/"].startswith('its articles are in "new" now')
        assert all(f'"new/{number}.md" has probably' in hints[f"/old/item-{number}/"] for number in range(1_000))


def test_a_topic_whose_articles_are_all_retired_keeps_its_page(center: Path) -> None:
    make(center)
    (center / "content/billing/refund.md").write_text("---\ntitle: Get a refund\nstatus: archived\n---\nText.\n")
    assert make(center) == []
    page = (center / "site/billing/index.html").read_text()
    assert '<a href="../billing/refund/">Get a refund</a>' in page.partition("<main")[2]
    assert '<meta name="robots" content="noindex">' in page
    assert "billing" not in (center / "site/index.html").read_text()
    assert "billing" not in (center / "site/sitemap.xml").read_text()
    (center / "content/billing/refund.md").write_text("---\ntitle: Get a refund\nexpires: 2026-01-01\n---\nText.\n")
    assert make(center) == []
    assert (center / "site/billing/index.html").is_file()


def test_a_topic_keeps_its_page_when_all_but_its_retired_articles_move_away(center: Path) -> None:
    write_site(center, "-- content/billing/old.md --\n---\ntitle: Old\nstatus: archived\n---\nText.\n")
    make(center)
    assert run_kbtool("mv", "content/billing/refund.md", "content/account/", cwd=center).code == 0
    assert make(center) == []
    assert run_kbtool("mv", "content/billing", "content/bills", cwd=center).code == 0
    assert make(center) == []
    assert {"/billing/", "/bills/", "/account/"} <= {*urls(center)}


def test_mv_writes_down_no_topic_that_never_had_a_page(center: Path) -> None:
    write_site(center, "-- content/plans/one.md --\n---\ntitle: One\nstatus: draft\n---\nText.\n")
    make(center)
    assert run_kbtool("mv", "content/plans", "content/ideas", cwd=center).code == 0
    assert not {"/plans/", "/ideas/"} & {*urls(center)}
    assert "plans" not in (center / "kbtool.yml").read_text()
    assert make(center) == []


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_what_was_never_committed_was_never_given_to_anyone(center: Path) -> None:
    make(center)
    git(center.parent, "init", "-q")
    git(center.parent, "add", ".")
    git(center.parent, "commit", "-q", "-m", "one")
    trial = center / "content" / "trial" / "one.md"
    trial.parent.mkdir()
    trial.write_text("# A trial\n")
    make(center)
    assert "/trial/one/" in urls(center)
    trial.unlink()
    (center / "content" / "prices.md").unlink()
    assert [problem.message.split('"')[1] for problem in make(center)] == ["/prices/"]
    assert {"/trial/one/", "/prices/"} & set(urls(center)) == {"/prices/"}


def test_what_was_published_from_here_was_given_although_it_is_not_committed(center: Path) -> None:
    git(center, "init", "-q")
    git(center, "add", ".")
    git(center, "commit", "-q", "-m", "one")
    make(center)
    git(center, "add", ".")
    git(center, "commit", "-q", "-m", "two")
    (center / "content" / "new.md").write_text("# New\n")
    host = center.parent / "host"
    assert run_kbtool("publish", f"file://{host}/site", "--yes", cwd=center).code == 0
    (center / "content" / "new.md").unlink()
    assert [problem.message.split('"')[1] for problem in make(center)] == ["/new/"]


def test_the_examples_of_a_new_help_center_may_go(tmp_path: Path) -> None:
    assert run_kbtool("init", "help", cwd=tmp_path).code == 0
    folder = tmp_path / "help"
    assert make(folder) == []
    assert (folder / LOCK_NAME).read_bytes().partition(b"\n")[2] == example_urls()
    (folder / "content" / "mine.md").write_text("# Mine\n")
    for topic in ("orders", "account"):
        shutil.rmtree(folder / "content" / topic)
    assert make(folder) == []
    assert urls(folder) == ["/", "/mine/"]


def test_strict_builds_and_checks_fail(center: Path) -> None:
    build(center, "--no-search", "--strict")
    (center / "content/billing/refund.md").rename(center / "content/billing/money.md")
    assert "[url-lost]" in run_kbtool("check", cwd=center).out
    assert run_kbtool("check", cwd=center).code == 1
    build(center, "--no-search", "--strict", code=1)


def test_a_lock_that_was_edited_or_deleted_is_noticed_by_the_next_build(center: Path) -> None:
    build(center, "--no-search")
    lock = center / LOCK_NAME
    lock.write_text(lock.read_text() + "/zzz/\n")
    assert "/zzz/" in run_kbtool("build", "--no-search", cwd=center).err
    lock.unlink()
    build(center, "--no-search", "--strict")
    assert lock.is_file()


def test_both_sides_of_an_unsettled_merge_count_and_the_next_build_settles_it(center: Path) -> None:
    make(center)
    lock = center / LOCK_NAME
    lock.write_text(lock.read_text().replace("/prices/", "<<<<<<< ours\n/gone/\n=======\n/prices/") + ">>>>>>> theirs\n")
    assert [problem.message.split('"')[1] for problem in make(center)] == ["/gone/"]
    assert "<<<" not in lock.read_text()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"what is this\n", b"/a/\n\0"])
def test_a_lock_that_cannot_be_read_is_told_and_never_written_over(center: Path, content: bytes) -> None:
    (center / LOCK_NAME).write_bytes(content)
    result = build_site(center / "kbtool.yml", BuildOptions(TODAY, "", search="none"))
    assert [problem.path for problem in result.problems if problem.severity == "error"] == [LOCK_NAME]
    assert (center / LOCK_NAME).read_bytes() == content


def test_a_check_needs_no_folder_of_its_own(center: Path) -> None:
    (center / ".kbtool").touch()
    assert run_kbtool("check", cwd=center).code == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_build_goes_on_where_the_lock_may_not_be_written(center: Path) -> None:
    write_site(center, "-- kbtool.yml --\ntitle: Help\noutput: out/site\n")
    build(center, "--no-search")
    (center / "content/new.md").write_text("# New\n\nText.\n")
    (center / ".kbtool").chmod(0o755)
    center.chmod(0o555)
    try:
        build(center, "--no-search", "--strict")
    finally:
        center.chmod(0o755)
    assert (center / "out/site/new/index.html").is_file()
    assert "/new/" not in (center / "urls.lock").read_text()


def test_redirects_in_a_chain_are_told_with_their_end(center: Path) -> None:
    write_site(center, "-- kbtool.yml --\ntitle: Help\nredirects: { a: b, b: prices.md }\n")
    (problem,) = make(center)
    assert str(problem).startswith('kbtool.yml: warning: the redirect of "a" leads to "b", which leads on to "prices/"')


def test_an_articles_number_redirects_where_the_former_help_center_stood(center: Path) -> None:
    config = "title: Help\nurl: https://help.example/en/\nold_urls: ['https://help.example/en/article/{id}-*', 'https://x.example/{id}']\n"
    write_site(center, f"-- kbtool.yml --\n{config}-- content/prices.md --\n---\ntitle: Prices\nid: 77\n---\nFive.\n")
    assert make(center) == []
    assert 'rel="canonical" href="https://help.example/en/prices/"' in (center / "site/article/77/index.html").read_text()
    assert (center / "site/_redirects").read_text() == "/en/article/77/ /en/prices/ 301\n"


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20), unique=True), st.text(max_size=30))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, places: list[str], title: str) -> None:
    folder = tmp_path_factory.mktemp("lock")
    clean = " ".join(title.replace("\x00", "").encode("utf-8", "ignore").decode().split())
    text = ledger_text([Entry(place, clean, make_sketch("one two three")) for place in places])
    (folder / LOCK_NAME).write_text(text, encoding="utf-8", newline="\n")
    ledger = read_ledger(folder)
    assert ledger.problems == ()
    assert ledger_text(ledger.entries.values()) == text


@given(st.text(), st.text())
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= likeness(make_sketch(one), make_sketch(other)) <= 1
