"""`kbtool gaps --keywords` and `--replay` as processes: the words go into the articles, and both searches find them by these."""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.problems import Stop
from kbtool.site.assemble import assemble_site
from kbtool.site.replay.browser import replay_in_browser
from kbtool.site.replay.job import Job
from kbtool.site.replay.node import replay_in_node
from kbtool.site.search import search_documents
from kbtool.site.theme import load_theme
from tests.cli.test_gaps import ARTICLES, TICKETS
from tests.sites import build, run_kbtool, write_site
from tests.tickets.test_stale import TODAY

LOCKED = [
    "forgot my password, account locked",
    "password page says locked",
    "locked: how do I reset the password",
    "reset password, locked",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center whose article about passwords has CRLF lines and front matter, and does not say "locked"."""
    articles = "".join(f"-- content/{name}.md --\n# {title}\n\n{text}\n" for name, (title, text) in ARTICLES.items())
    folder = write_site(tmp_path_factory.mktemp("center"), articles)
    title, text = ARTICLES["password"]
    (folder / "content/password.md").write_bytes(
        f"---\r\ntitle: {title}\r\nkeywords: [sign in] # ours\r\n---\r\n{text}\r\n".encode()
    )
    with (folder / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(number, subject, f"person{number}@mail.example") for number, subject in enumerate([*TICKETS, *LOCKED], 1)]
        csv.writer(file).writerows([("Id", "Subject", "Requester email"), *rows])
    return folder


@pytest.fixture
def center(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "center")


def found_by_search(center: Path, query: str) -> list[str]:
    run = run_kbtool("search", query, "--format", "json", cwd=center)
    return [hit["article"] for hit in json.loads(run.out)["hits"]]


def test_a_ready_line_is_shown_and_written_and_then_found(center: Path) -> None:
    file = center / "content/password.md"
    before = file.read_bytes()
    assert found_by_search(center, "locked") == []
    run = run_kbtool("gaps", "tickets.csv", "--keywords", "--format", "json", cwd=center)
    line = next(one for one in json.loads(run.out)["articles"] if one["article"] == "password.md")
    assert run.code == 0
    assert {"word": "locked", "people": 5, "tickets": 5} in line["words"]
    assert line["line"].startswith("keywords: [sign in, locked")
    assert file.read_bytes() == before
    applied = run_kbtool("gaps", "tickets.csv", "--keywords", "--apply", cwd=center)
    assert applied.code == 0
    assert file.read_bytes() == before.replace(b"keywords: [sign in] # ours", line["line"].encode() + b" # ours")
    assert found_by_search(center, "locked") == ["password.md"]
    library_center = load_config(center / "kbtool.yml")
    library = read_content(library_center, cache=None, workers=1, today=TODAY)
    site = assemble_site(library, library_center, load_theme(library_center), drafts=False, today=TODAY)
    assert ["locked" in document.keywords for document in search_documents(site) if document.url == "password/"] == [True]
    again = run_kbtool("gaps", "tickets.csv", "--keywords", "--format", "csv", cwd=center)
    assert "locked" not in again.out


@pytest.mark.tools
def test_the_sites_own_search_finds_more_once_the_words_are_in(center: Path, tool: Callable[[str], str]) -> None:
    path = f"{Path(tool('node')).parent}{os.pathsep}{os.environ['PATH']}"
    build(center)
    before = run_kbtool("gaps", "tickets.csv", "--replay", "--format", "json", cwd=center, PATH=path)
    report = json.loads(before.out)
    assert (before.code, report["version"]) == (0, 1)
    assert 0.5 < report["share"] <= 1
    assert report["runner"].startswith("node")
    assert not [private for private in ("mail.example", "5550199", "jo.private") if private in before.out + before.err]
    for share, code in (("100%", 1 if report["share"] < 1 else 0), ("0.3", 0)):
        assert run_kbtool("gaps", "tickets.csv", "--replay", "--fail-under", share, cwd=center, PATH=path).code == code
    job = Job(center / "site", next((center / "site/assets").glob("search-engine.*.js")), "en", ("locked",), 3)
    assert replay_in_node(job, tool("node")) == ((),)
    assert run_kbtool("gaps", "tickets.csv", "--keywords", "--apply", cwd=center).code == 0
    build(center)
    job = Job(center / "site", next((center / "site/assets").glob("search-engine.*.js")), "en", ("locked",), 3)
    assert replay_in_node(job, tool("node")) == (("password/",),)


@pytest.mark.browser
def test_a_browser_answers_as_node_does_and_leaves_nothing(
    own_site: Path, tool: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    browser = tmp_path / "chromium"  # where the tests run, a browser may have no walls of its own
    browser.write_text(f'#!/bin/sh\nexec "{tool("chromium")}" --no-sandbox "$@"\n')
    browser.chmod(0o755)
    questions = ("how do I build the site", "publsh", "xyzzy", "draft", "Grüße <b>")
    job = Job(own_site, next((own_site / "assets").glob("search-engine.*.js")), "en", questions, 3)
    answers = replay_in_browser(job, str(browser))
    assert "publish/build-the-site/" in answers[0]
    assert answers[2] == ()
    assert answers == replay_in_node(job, tool("node"))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_browser_that_gives_up_is_not_waited_for(own_site: Path, tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\nexit 5\n")
    browser.chmod(0o755)
    job = Job(own_site, next((own_site / "assets").glob("search-engine.*.js")), "en", ("anything",), 3)
    with pytest.raises(Stop) as stop:
        replay_in_browser(job, str(browser))
    (problem,) = stop.value.problems
    assert (problem.rule, "exit code 5" in problem.message, "Node.js" in problem.hint) == ("search-failed", True, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--keywords", "--replay"), "ask one at a time"),
        (("--apply",), "type both"),
        (("--fail-under", "0.5"), "type both"),
        (("--replay", "--fail-under", "often"), "is no share"),
        (("--replay", "--format", "html"), "table, json, csv or markdown"),
    ],
)
def test_wrong_usage_is_told(center: Path, arguments: tuple[str, ...], said: str) -> None:
    run = run_kbtool("gaps", "tickets.csv", *arguments, cwd=center)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_without_a_site_or_a_program_it_says_what_to_do(center: Path, tmp_path: Path) -> None:
    run = run_kbtool("gaps", "tickets.csv", "--replay", "--words-only", cwd=center)
    assert (run.code, "[no-search-index]" in run.err, 'type "kbtool build"' in run.err) == (2, True, True)
    build(center)
    (tmp_path / "empty").mkdir()
    alone = run_kbtool("gaps", "tickets.csv", "--replay", "--words-only", cwd=center, PATH=str(tmp_path / "empty"))
    assert (alone.code, "[no-script-runner]" in alone.err, "install Node" in alone.err) == (2, True, True)
    (tmp_path / "empty/node").write_text("#!/bin/sh\necho 'SyntaxError: no' >&2\nexit 1\n")
    (tmp_path / "empty/node").chmod(0o755)
    broken = run_kbtool(
        "gaps", "tickets.csv", "--replay", "--words-only", cwd=center, PATH=f"{tmp_path / 'empty'}{os.pathsep}/bin"
    )
    assert (broken.code, "[search-failed]" in broken.err, "SyntaxError: no" in broken.err) == (1, True, True)
