"""`kbtool check --external`: what is told of links to other sites, when, and whom it bothers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kbtool.cli.visits import say_visits
from kbtool.outside.manners import Manners
from kbtool.outside.visited import Visited
from kbtool.pipeline.checking import CheckOptions, CheckResult, check_content
from tests.outside.strangers import Stranger, closed_port, stranger
from tests.sites import run_kbtool, write_site

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
MANNERS = Manners(delay=0.0, patience=1.0)
SITE = """\
-- kbtool.yml --
title: Help
url: https://help.example/
external: {ask: ["127.0.0.1"]}
-- content/billing/pay.md --
# Pay

See [the bank](URL/404#fees) and [the shop](URL/).
-- content/refund.md --
# Get a refund

See [the bank](URL/404), [the form](URL/moved#part) and [the law](URL/403).
"""


@pytest.fixture
def site() -> Iterator[Stranger]:
    with stranger() as one:
        yield one


@pytest.fixture
def center(tmp_path: Path, site: Stranger) -> Path:
    return write_site(tmp_path, SITE.replace("URL", site.url))


def check(center: Path, today: date = TODAY, **options: object) -> CheckResult:
    asked = CheckOptions(today, manners=MANNERS)
    return check_content(center / "kbtool.yml", replace(asked, **options))  # type: ignore[arg-type]


def told(result: CheckResult) -> list[str]:
    return [f"{one.path}:{one.line} {one.severity}" for one in result.problems if one.rule == "external-link"]


def visited(result: CheckResult) -> Visited:
    assert result.outside
    return result.outside


DEAD = ["content/billing/pay.md:3 hint", "content/refund.md:3 hint"]
MOVED = ["content/refund.md:3 hint"]


def test_a_link_is_dead_when_it_was_so_on_two_days(center: Path, site: Stranger) -> None:
    first = check(center)
    assert told(first) == MOVED
    assert (visited(first).answering, visited(first).new_dead, visited(first).dead) == (2, 1, 0)
    assert visited(first).unknown == {"403": 1}
    second = check(center, TOMORROW)
    assert told(second) == sorted(DEAD + MOVED)
    assert (visited(second).answering, visited(second).new_dead, visited(second).dead) == (2, 0, 1)
    assert site.times("/404") == 4  # HEAD and GET on each day, once for both articles


def test_the_words_name_the_address_the_days_and_the_way_out(center: Path, site: Stranger) -> None:
    check(center)
    words = [f"{one.message} | {one.hint}" for one in check(center, TOMORROW).problems if one.rule == "external-link"]
    way_out = "so it was on 2026-11-22, too: link to where the page is now, or take the link out"
    assert words == [
        f'link to "{site.url}/404#fees" is dead: 404 Not Found | {way_out}',
        f'link to "{site.url}/404" is dead: 404 Not Found | {way_out}',
        f'the page at "{site.url}/moved#part" has moved for good | link to "{site.url}/new#part"',
    ]


def test_nobody_is_asked_twice_a_day(center: Path, site: Stranger) -> None:
    once = check(center)
    asked = len(site.asked)
    again = check(center)
    assert len(site.asked) == asked
    assert (told(again), again.outside) == (told(once), once.outside)
    (center / "content/new.md").write_text(f"# New\n\nSee [this page](<{site.url}/fresh>).\n")
    check(center)
    assert site.asked[asked:] == [("HEAD", "/fresh")]


def test_one_that_answered_in_between_is_not_dead(center: Path, site: Stranger) -> None:
    check(center)
    memory = center / ".kbtool/external.json"
    known = json.loads(memory.read_text())
    assert known[f"{site.url}/404"] == {
        "asked": "2026-11-22", "state": "dead", "said": "404 Not Found", "to": "", "dead_since": "2026-11-22",
    }  # fmt: skip
    known[f"{site.url}/404"] |= {"state": "answers", "said": "", "dead_since": None}
    memory.write_text(json.dumps(known))
    assert told(check(center, TOMORROW)) == MOVED


def test_one_that_could_not_be_looked_at_in_between_is_still_dead(center: Path, site: Stranger) -> None:
    check(center)
    site.robots = "User-agent: *\nDisallow: /404\n"
    between = check(center, TOMORROW)
    assert told(between) == MOVED
    assert visited(between).unknown == {"403": 1, "robots.txt": 1}
    site.robots = 404
    assert told(check(center, TOMORROW + timedelta(days=1))) == sorted(DEAD + MOVED)


def test_without_network_nothing_is_told_and_nothing_learned(tmp_path: Path) -> None:
    write_site(tmp_path, SITE.replace("URL", f"http://127.0.0.1:{closed_port()}"))
    for day in (TODAY, TOMORROW):
        result = check(tmp_path, day)
        assert told(result) == []
        assert visited(result) == Visited((), reached=False)
    assert not (tmp_path / ".kbtool/external.json").exists()


def test_a_host_that_is_gone_is_dead_where_others_answer(center: Path) -> None:
    (center / "content/gone.md").write_text(f"# Gone\n\nSee [this page](<http://127.0.0.1:{closed_port()}/>).\n")
    assert visited(check(center)).new_dead == 2
    assert "content/gone.md:3 hint" in told(check(center, TOMORROW))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"https://a.org/": {"asked": "yesterday"}}', b"[" * 100_000])
def test_a_broken_memory_is_begun_anew(center: Path, content: bytes) -> None:
    (center / ".kbtool").mkdir()
    (center / ".kbtool/external.json").write_bytes(content)
    assert visited(check(center)).forgot
    assert not visited(check(center)).forgot
    assert [file.name for file in (center / ".kbtool").glob("*.new")] == []


def test_a_memory_that_cannot_be_written_is_said(center: Path) -> None:
    (center / ".kbtool/external.json").mkdir(parents=True)
    assert not visited(check(center)).kept


def silent_about(center: Path, site: Stranger) -> None:
    """Assert that nobody was asked, and nothing is told."""
    result = check(center)
    assert (told(result), site.asked) == ([], [])


@pytest.mark.parametrize(
    "settings", ["checks: {external-link: 'off'}", "external: {skip: ['127.0.0.1']}", "external: {}", "url: URL", "url: URL/"]
)
def test_the_settings_say_whom_to_leave_alone(center: Path, site: Stranger, settings: str) -> None:
    (center / "kbtool.yml").write_text(f"title: Help\n{settings.replace('URL', site.url)}\n")
    silent_about(center, site)


def test_an_article_can_say_so_itself(center: Path, site: Stranger) -> None:
    for file in (center / "content").rglob("*.md"):
        file.write_text(f"{file.read_text()}\n<!-- kbtool: off external-link -->\n")
    silent_about(center, site)


def test_a_topic_has_a_level_of_its_own(center: Path) -> None:
    with (center / "kbtool.yml").open("a") as file:
        file.write("checks: {external-link: warning}\ntopics: {billing: {checks: {external-link: error}}}\n")
    check(center)
    assert told(check(center, TOMORROW)) == ["content/billing/pay.md:3 error", *["content/refund.md:3 warning"] * 2]


def only(center: Path, name: str) -> dict[str, Any]:
    """Options that leave one article to look at."""
    if name == "path":
        return {"paths": (Path("content/billing"),), "here": center}
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b.org", *command], cwd=center, check=True)
    with (center / "content/billing/pay.md").open("a") as file:
        file.write("\nOr by card.\n")
    return {"since": "HEAD"}


@pytest.mark.parametrize("how", ["path", "changed"])
def test_only_what_is_looked_at_is_asked_about(center: Path, site: Stranger, how: str) -> None:
    options = only(center, how)
    check(center, **options)
    assert {path for _, path in site.asked} == {"/404", "/"}
    assert told(check(center, TOMORROW, **options)) == ["content/billing/pay.md:3 hint"]


def test_what_was_accepted_is_told_no_more_and_stays_accepted_when_nobody_is_asked(center: Path) -> None:
    with (center / "kbtool.yml").open("a") as file:
        file.write("checks: {external-link: warning}\n")
    check(center)
    check(center, TOMORROW, baseline="renew")
    later = check(center, TOMORROW + timedelta(days=5))
    assert told(later) == []
    assert (later.old, later.gone) == (3, 0)
    unasked = check(center, manners=None, baseline="renew")
    assert (unasked.outside, unasked.gone) == (None, 0)
    assert told(check(center, TOMORROW + timedelta(days=6))) == []


def test_what_was_learned_is_written_down_before_the_end(center: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtool.outside.looking._SAVED_EACH", 2)
    memory = center / ".kbtool/external.json"
    seen: list[int] = []

    def look(stage: str, _done: int, _total: int) -> None:
        if stage == "Asking other sites":
            seen.append(len(json.loads(memory.read_text())) if memory.exists() else 0)

    check(center, progress=look)
    assert seen == [0, 0, 2, 2, 4]


def test_what_another_run_learned_meanwhile_is_kept(center: Path) -> None:
    check(center)
    memory = center / ".kbtool/external.json"

    def write(stage: str, done: int, _total: int) -> None:
        if stage == "Asking other sites" and done == 1:
            known = json.loads(memory.read_text())
            memory.write_text(json.dumps({**known, "https://other.org/": {"asked": "2026-11-23", "state": "answers"}}))

    check(center, TOMORROW, progress=write)
    assert "https://other.org/" in json.loads(memory.read_text())


def test_names_and_passwords_are_neither_sent_nor_shown_nor_kept(center: Path, site: Stranger) -> None:
    address = site.url.replace("//", "//me:hush@")
    (center / "content/refund.md").write_text(f"# Refund\n\nSee [the bank]({address}/410?api_key=hush).\n")
    check(center)
    problems = [one for one in check(center, TOMORROW).problems if one.rule == "external-link" and "refund" in one.path]
    assert [one.message for one in problems] == [f'link to "{site.url}/410?..." is dead: 410 Gone']
    assert site.secrets == []
    assert "me:" not in (center / ".kbtool/external.json").read_text()


def test_archived_articles_are_not_looked_after(center: Path, site: Stranger) -> None:
    for file in (center / "content").rglob("*.md"):
        file.write_text(f"---\nstatus: archived\n---\n{file.read_text()}")
    silent_about(center, site)


def test_progress_is_told(center: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    check(center, progress=lambda stage, done, total: steps.append((stage, done, total)))
    assert [step for step in steps if step[0] == "Asking other sites"] == [("Asking other sites", done, 4) for done in range(5)]


def test_on_the_command_line_nothing_fails_and_the_sum_goes_to_stderr(center: Path, site: Stranger) -> None:
    (center / "content/refund.md").write_text(
        f"# Get a refund\n\nSee [the form](<{site.url}/moved>), [the law](<{site.url}/401>).\n"
    )
    options = ("--external", "--strict", "--rule", "external-link", "content/refund.md")
    answer = run_kbtool("check", *options, cwd=center, NO_PROXY="127.0.0.1")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        f'content/refund.md:3: hint: the page at "{site.url}/moved" has moved for good [external-link]',
        f'    link to "{site.url}/new"',
    ]
    assert answer.err.splitlines() == [
        "2 articles checked: no problems.",
        "Links to other sites: 1 answers; 1 not checked (401: 1).",
    ]
    again = run_kbtool("check", "--external", "--format", "json", "content/refund.md", cwd=center)
    assert [one["rule"] for one in json.loads(again.out)["problems"]] == ["external-link"]


@pytest.mark.parametrize(
    ("visited", "said"),
    [
        (Visited((), answering=1200, dead=2, unknown={"403": 1000, "robots.txt": 1}),
         "Links to other sites: 1,200 answer; 2 dead on two days; 1,001 not checked (403: 1,000, robots.txt: 1).\n"),
        (Visited((), new_dead=2), "Links to other sites: 2 dead today, told if they still are on another day.\n"),
        (Visited((), new_dead=1), "Links to other sites: 1 dead today, told if it still is on another day.\n"),
        (Visited((), reached=False), "No other site could be reached, so nothing is said about links to them. Is this computer online?\n"),
        (Visited((), forgot=True), 'What was known of other sites (".kbtool/external.json") could not be read: it is begun anew.\n'),
        (Visited((), kept=False), "The answers could not be written into .kbtool: the next time all are asked again.\n"),
        (Visited(()), ""),
    ],
)  # fmt: skip
def test_the_sum_says_what_became_of_each(visited: Visited, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    say_visits(visited)
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    "options",
    [["--external", "--stdin", "content/refund.md"], ["--rule", "external-link"], ["--external", "--rule", "dead-link"]],
)
def test_what_makes_no_sense_together_is_wrong_usage(center: Path, site: Stranger, options: list[str]) -> None:
    answer = run_kbtool("check", *options, cwd=center)
    assert (answer.code, answer.out, site.asked) == (2, "", [])
    assert "--external" in answer.err


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="interrupted as on Unix")
def test_ctrl_c_ends_it_and_keeps_what_was_learned(center: Path, site: Stranger) -> None:
    (center / "content/billing/pay.md").write_text(f"# Pay\n\nSee [this](<{site.url}/a>).\n")
    (center / "content/refund.md").write_text(f"# Refund\n\nSee [this page](<{site.url}/never>).\n")
    command = [sys.executable, "-m", "kbtool", "check", "--external"]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    with subprocess.Popen(
        command,
        cwd=center,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - tests in the background are deaf to it
    ) as run:
        until(lambda: {path for _, path in site.asked} >= {"/a", "/never"})
        time.sleep(0.1)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, out) == (130, "")
    assert "Traceback" not in err
    known = json.loads((center / ".kbtool/external.json").read_text())
    assert list(known) == [f"{site.url}/a"]
