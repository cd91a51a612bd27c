"""kbtool.content.reader: a folder becomes a library, whatever is in it."""

import concurrent.futures
import datetime
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content import workers
from kbtool.content.markdown import render_markdown
from kbtool.content.reader import read_content
from kbtool.model import Article, Library
from kbtool.problems import Stop
from tests.sites import ARDUINO, ARDUINO_CONFIG, write_site

TODAY = datetime.date(2026, 11, 22)


def read(folder: Path, text: str = "", *, cache: bool = False, processes: int = 1) -> Library:
    """Write the site into the folder and read it."""
    write_site(folder, text)
    center = load_config(folder / "kbtool.yml")
    return read_content(center, cache=center.cache if cache else None, workers=processes, today=TODAY)


def only(library: Library) -> Article:
    """Return the one article."""
    (one,) = library.articles
    return one


def told(library: Library) -> list[str]:
    """Return each problem's place and rule."""
    return [f"{problem.path}:{problem.line} {problem.rule}" for problem in library.problems]


def test_a_folder_becomes_articles_topics_and_files(tmp_path: Path) -> None:
    library = read(
        tmp_path,
        """
-- content/index.md --
# Welcome
-- content/billing/index.md --
---
title: Bills
order: 1
---
All about bills.
-- content/billing/Get a refund.md --
---
title: Get your money back
keywords: [refund]
---
Ask us. Then [see prices](prices.md) ![button](img/b.svg).
-- content/billing/prices.md --
# Prices & fees

All prices are in euros.
-- content/store-support/deep/deeper.md --
# Deeper
-- content/billing/img/b.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"></svg>
-- content/_drafts/x.md --
# Not read
-- content/.hidden.md --
# Not read
""",
    )
    assert library.problems == ()
    assert [each.path for each in library.articles] == [
        "billing/Get a refund.md",
        "billing/prices.md",
        "store-support/deep/deeper.md",
    ]
    topics = [(topic.path, topic.url, topic.title, topic.parent) for topic in library.topics]
    assert topics == [
        ("", "", "Welcome", None),
        ("billing", "billing/", "Bills", ""),
        ("store-support", "store-support/", "Store support", ""),
        ("store-support/deep", "store-support/deep/", "Deep", "store-support"),
    ]
    bills = library.topics[1].article
    assert bills
    assert bills.meta.order == 1
    refund, prices, _ = library.articles
    assert (refund.title, refund.url, refund.meta.keywords) == ("Get your money back", "billing/get-a-refund/", ("refund",))
    assert (prices.title, prices.summary) == ("Prices & fees", "All prices are in euros.")
    assert library.targets["billing/Get a refund.md"] == ("billing/prices/", "billing/img/b.svg")
    (asset,) = library.assets
    assert (asset.path, asset.url, asset.width, asset.height) == ("billing/img/b.svg", "billing/img/b.svg", 40, 20)
    assert library.paths == {*(each.path for each in library.articles), "index.md", "billing/index.md", "billing/img/b.svg"}


def test_no_folder_is_the_end(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no folder"):
        read(tmp_path)


def test_an_empty_folder_is_an_empty_library(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    library = read(tmp_path)
    assert (library.articles, [topic.path for topic in library.topics], library.problems) == ((), [""], ())


def test_a_title_is_made_of_the_name_when_there_is_none(tmp_path: Path) -> None:
    library = read(tmp_path, "-- content/get-a_refund.md --\nText\n")
    assert (only(library).title, told(library)) == ("Get a refund", ["content/get-a_refund.md:1 title"])


def test_a_summary_promises_nothing_that_it_does_not_show(tmp_path: Path) -> None:
    summary = only(read(tmp_path, "-- content/a.md --\n# A\n\nTo pay with a card you need this:\n\n- a card\n")).summary
    assert summary == "To pay with a card you need this."


def test_a_long_summary_ends_at_a_word(tmp_path: Path) -> None:
    summary = only(read(tmp_path, "-- content/a.md --\n# A\n\n" + "word " * 100)).summary
    assert summary.endswith("word…")
    assert 150 < len(summary) <= 201


def test_what_a_topic_says_holds_below_it(tmp_path: Path) -> None:
    library = read(
        tmp_path,
        """
-- kbtool.yml --
topics:
  billing: {owner: ada, review_every: 3 months}
  Billing/old: {owner: eve}
review_every: 1 year
-- content/billing/index.md --
---
type: faq
---
-- content/a.md --
# A
-- content/billing/b.md --
# B
-- content/billing/old/c.md --
---
title: C
type: article
owner: me
---
Text.
-- content/billing/old/d.md --
# D
""",
    )
    assert library.problems == ()
    said = {each.path: (each.type, each.meta.owner, each.meta.review_every) for each in library.articles}
    assert said == {
        "a.md": ("article", "", "1 year"),
        "billing/b.md": ("faq", "ada", "3 months"),
        "billing/old/c.md": ("article", "me", "3 months"),
        "billing/old/d.md": ("faq", "eve", "3 months"),
    }


def test_a_topic_that_is_not_there_is_told(tmp_path: Path) -> None:
    library = read(tmp_path, "-- kbtool.yml --\ntopics: {biling: {owner: x}}\n-- content/billing/a.md --\n# A\n")
    assert [(problem.rule, problem.hint) for problem in library.problems] == [("unknown-topic", 'did you mean "billing"?')]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("A.md", "a.md", "A.md"),
        ("get a refund.md", "get-a-refund.md", "get a refund.md"),
        ("u\u0308ber.md", "\u00fcber.md", "\u00fcber.md"),
        ("a.markdown", "a.md", "a.markdown"),
    ],
)
def test_two_articles_with_one_address_are_told_both(tmp_path: Path, first: str, second: str, kept: str) -> None:
    library = read(tmp_path, f"-- content/{first} --\n# One\n-- content/{second} --\n# Two\n")
    (problem,) = library.problems
    assert (only(library).path, problem.rule, problem.severity) == (kept, "url-collision", "error")
    assert kept in problem.message


def test_an_article_beside_a_topic_of_its_name_is_told(tmp_path: Path) -> None:
    library = read(tmp_path, "-- content/billing.md --\n# One\n-- content/billing/a.md --\n# Two\n")
    assert (only(library).path, told(library)) == ("billing/a.md", ["content/billing.md:0 url-collision"])


def test_two_topics_with_one_address_are_told(tmp_path: Path) -> None:
    library = read(tmp_path, "-- content/Billing/a.md --\n# A\n-- content/billing/b.md --\n# B\n")
    assert ([topic.path for topic in library.topics], told(library)) == (["", "Billing"], ["content/billing:0 url-collision"])


def test_two_files_with_one_address_are_told(tmp_path: Path) -> None:
    library = read(
        tmp_path, "-- content/a.md --\n# A\n-- content/x y.pdf --\n1\n-- content/x-y.pdf --\n2\n-- content/a/index.html --\n3\n"
    )
    assert [asset.path for asset in library.assets] == ["x y.pdf"]
    assert told(library) == ["content/a/index.html:0 url-collision", "content/x-y.pdf:0 url-collision"]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("con.md", "reserved-name"),
        ("AUX/a.md", "reserved-name"),
        ("img/nul.png", "reserved-name"),
        ("com1.txt", "reserved-name"),
        ("!!!.md", "no-url"),
        ("🎉/a.md", "no-url"),
        ("---.png", "no-url"),
        ("sitemap.xml", "url-collision"),
        ("search.md", "url-collision"),
        ("Search/how.md", "url-collision"),
        ("A-Z.md", "url-collision"),
        ("robots.txt", "url-collision"),
        ("pagefind/x.js", "url-collision"),
    ],
)
def test_a_name_that_cannot_be_an_address_is_told(tmp_path: Path, path: str, rule: str) -> None:
    library = read(tmp_path, f"-- content/ok.md --\n# Fine\n-- content/{path} --\n# Text\n")
    assert [(problem.rule, problem.severity) for problem in library.problems] == [(rule, "error")]
    assert (only(library).path, library.assets) == ("ok.md", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_marked_encoding_and_line_end_is_read(tmp_path: Path, encoding: str, end: str) -> None:
    text = "---\ntitle: Größe\n---\n\n| a | b |\n|---|---|\n| ü | x |\n\n[z](z.md)\n".replace("\n", end)
    write_site(tmp_path, "-- content/z.md --\n# Z\n")
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "content" / "a.md").write_bytes((mark + text).encode(encoding))
    library = read(tmp_path)
    assert library.problems == ()
    assert library.articles[0].title == "Größe"
    assert "<table>" in library.articles[0].html
    assert library.articles[0].links[0].line == 9


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"# A\n\ncaf\xe9\n", "content/bad.md:3 wrong-encoding"),
        (b"# A\r\n\r\n\r\nx\0y", "content/bad.md:4 wrong-encoding"),
        ("# A\n\nText".encode("utf-16-le"), "content/bad.md:1 wrong-encoding"),
        (b"x" * 20_000_000, "content/bad.md:0 too-large"),
    ],
    ids=["latin-1", "NUL", "UTF-16 without a mark", "20 MB"],
)
def test_an_article_that_is_no_text_is_left_out_alone(tmp_path: Path, data: bytes, place: str) -> None:
    write_site(tmp_path, "-- content/good.md --\n# Good\n\n[bad](bad.md)\n")
    (tmp_path / "content" / "bad.md").write_bytes(data)
    library = read(tmp_path)
    assert (only(library).path, told(library)) == ("good.md", [place])
    assert library.paths == {"good.md", "bad.md"}


def test_broken_front_matter_hides_no_other_article(tmp_path: Path) -> None:
    library = read(tmp_path, "-- content/a.md --\n---\ntitle: A: b\n---\nText\n-- content/b.md --\n# B\n")
    assert ([each.meta.status for each in library.articles], told(library)) == (
        ["draft", "published"],
        ["content/a.md:2 broken-yaml"],
    )


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        "-- content/a.md --\n# A\n-- content/topic/b.md --\n# B\n-- secret/c.md --\n# Secret\n-- content2/d.md --\n# D\n",
    )
    content = tmp_path / "content"
    (content / "file.md").symlink_to(tmp_path / "secret" / "c.md")
    (content / "folder").symlink_to(tmp_path / "secret")
    (content / "near").symlink_to(tmp_path / "content2")
    (content / "passwd.txt").symlink_to("/etc/passwd")
    (content / "gone.md").symlink_to("nowhere.md")
    (content / "same.md").symlink_to("a.md")
    (content / "loop").symlink_to(content)
    (content / "topic" / "loop").symlink_to("..")
    library = read(tmp_path)
    assert [each.path for each in library.articles] == ["a.md", "same.md", "topic/b.md"]
    assert library.assets == ()
    assert told(library) == [
        *("content/file.md:0 outside-content", "content/folder:0 outside-content", "content/gone.md:0 unreadable"),
        *("content/loop:0 linked-folder", "content/near:0 outside-content", "content/passwd.txt:0 outside-content"),
        "content/topic/loop:0 linked-folder",
    ]
    assert not any("Secret" in each.html for each in library.articles)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    write_site(tmp_path, "-- content/a.md --\n# A\n")
    os.mkfifo(tmp_path / "content" / "pipe.md")
    (tmp_path / "content" / os.fsdecode(b"caf\xe9.md")).write_text("# Latin", encoding="utf-8")
    library = read(tmp_path)
    assert (only(library).path, told(library)) == ("a.md", ["content/caf?.md:0 wrong-encoding", "content/pipe.md:0 unreadable"])


def test_snippets_are_read_and_are_no_articles(tmp_path: Path) -> None:
    library = read(
        tmp_path, "-- content/_snippets/contact.md --\nCall **us**.\n-- content/a.md --\n# A\n\n{{ snippet contact }}\n"
    )
    assert "<strong>us</strong>" in only(library).html
    assert library.problems == ()


def test_reviewed_tomorrow_is_told(tmp_path: Path) -> None:
    library = read(tmp_path, "-- content/a.md --\n---\ntitle: A\nreviewed: 2026-11-23\n---\nText.\n")
    assert told(library) == ["content/a.md:1 wrong-value"]


def test_a_bug_in_one_article_is_told_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(body: str, *arguments: object, **named: object) -> object:
        if "fail" in body:
            raise RecursionError("too deep")
        return render_markdown(body, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("kbtool.content.article.render_markdown", fail)
    library = read(tmp_path, "-- content/a.md --\nfail\n-- content/b.md --\n# B\n")
    (problem,) = library.problems
    assert (only(library).path, problem.path, problem.rule) == ("b.md", "content/a.md", "internal-error")
    assert "RecursionError" in problem.message
    assert "bug in kbtool" in problem.hint


def many(count: int) -> str:
    """Return a site of so many articles, each with a link to the next."""
    return "".join(
        f"-- content/t{n % 7}/a{n}.md --\n# Article {n}\n\nText {n}. [next](../t{(n + 1) % 7}/a{n + 1})\n" for n in range(count)
    )


def test_several_processes_read_the_same_library(tmp_path: Path) -> None:
    text = many(120)
    alone = read(tmp_path, text)
    assert read(tmp_path, processes=2) == alone
    assert [problem.rule for problem in alone.problems] == ["dead-link"]


CRASH = """
import datetime, os, pathlib, sys
from kbtool.config import load_config
from kbtool.content import article, reader

whole = article.render_markdown
article.render_markdown = lambda body, *rest, **named: os._exit(3) if "Text 77." in body else whole(body, *rest, **named)
center = load_config(pathlib.Path("kbtool.yml"))
library = reader.read_content(center, cache=None, workers=2, today=datetime.date(2026, 11, 22))
print(len(library.articles), *(problem.path for problem in library.problems if problem.rule == "internal-error"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the processes do not share what the test replaces")
def test_an_article_that_ends_its_process_is_told_and_ends_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, many(110))
    answer = subprocess.run((sys.executable, "-c", CRASH), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.split() == ["109", "content/t0/a77.md"]


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    write_site(tmp_path, many(105))
    for processes in (1, 2):
        steps: list[tuple[int, int]] = []
        center = load_config(tmp_path / "kbtool.yml")
        read_content(center, cache=None, workers=processes, today=TODAY, progress=lambda done, all_: steps.append((done, all_)))  # noqa: B023 - called at once
        assert steps[-1] == (105, 105)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A help center in a git repository: two articles from 2024, one of them changed in 2025."""
    write_site(tmp_path, "-- content/a.md --\n# A\n-- content/Grüße aus Köln.md --\n# G\n")
    commit(tmp_path, "2024-05-06")
    write_site(tmp_path, "-- content/a.md --\n# A2\n")
    commit(tmp_path, "2025-07-08")
    return tmp_path


def commit(folder: Path, day: str) -> None:
    """Commit all that is in the folder."""
    moment = f"{day}T12:00:00+00:00"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_DATE": moment,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@help.example")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "x")):
        subprocess.run(("git", *command), cwd=folder, env=environment, check=True)


def test_git_says_when_an_article_changed(repository: Path) -> None:
    write_site(repository, "-- content/new.md --\n# N\n-- content/said.md --\n---\ntitle: S\nupdated: 2020-01-02\n---\n")
    days = {each.path: each.meta.updated for each in read(repository, cache=True).articles}
    assert days == {
        "Grüße aus Köln.md": datetime.date(2024, 5, 6),
        "a.md": datetime.date(2025, 7, 8),
        "new.md": None,
        "said.md": datetime.date(2020, 1, 2),
    }


def test_a_new_commit_is_noticed_through_the_cache(repository: Path) -> None:
    read(repository, cache=True)
    write_site(repository, "-- content/new.md --\n# N\n")
    commit(repository, "2026-01-02")
    days = {each.path: each.meta.updated for each in read(repository, cache=True).articles}
    assert days["new.md"] == datetime.date(2026, 1, 2)
    assert days["a.md"] == datetime.date(2025, 7, 8)


@pytest.mark.skipif(not ARDUINO.is_dir(), reason="Arduino's help center is not on this machine")
def test_a_real_help_center_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "content").symlink_to(ARDUINO)
    start = time.process_time()
    library = read(tmp_path, f"-- kbtool.yml --\n{ARDUINO_CONFIG}")
    assert time.process_time() - start < 10
    assert len(library.articles) == 414
    rules = Counter(problem.rule for problem in library.problems if problem.severity == "error")
    assert rules == {"missing-file": 133}, "those images were left out of the copy on purpose"
    assert all(problem.line for problem in library.problems)
    assert all(article.html and article.words for article in library.articles)
    assert not any("In this article:" in article.text for article in library.articles)
    assert {article.type for article in library.articles} == {"faq", "instructions", "troubleshooting", "article"}
    links = [(each, url) for each in library.articles for url in library.targets[each.path]]
    outside = {url for _, url in links if "://" in url}
    assert len(outside) == 4, "four old addresses whose articles are gone"


def test_workers_are_left_alone_for_few_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise AssertionError("a process was started for one file")

    monkeypatch.setattr(workers, "work_apart", fail)
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", fail)
    assert only(read(tmp_path, "-- content/a.md --\n# A\n", processes=8)).title == "A"
