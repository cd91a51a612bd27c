"""What is found in a page, over real sockets: each page's own, told without a reload, to nobody else."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Event

import pytest

from kbtool.preview import loop
from kbtool.preview.channel import Channel
from kbtool.preview.listening import listen
from kbtool.preview.server import Preview
from kbtool.problems import Problem, Stop
from tests.preview.test_server import Center, ask, hear, make_center, running

HERE = Problem("content/über uns.md", 3, "long-sentence", 'a sentence of 60 "words"', "make two of it", "warning")
HOME = Problem("kbtool.yml", 1, "unknown-key", "no key", severity="hint")


class Checker:
    """Finds what it is told to find, once it may."""

    def __init__(self) -> None:
        """Find one thing in a page and one at home."""
        self.found: Mapping[str, tuple[Problem, ...]] = {"über-uns/": (HERE,), "": (HOME,)}
        self.error: Exception | None = None
        self.may = Event()
        self.may.set()

    def __call__(self) -> Mapping[str, tuple[Problem, ...]]:
        """Return what is to be found."""
        assert self.may.wait(10)
        if self.error:
            raise self.error
        return self.found


@pytest.fixture
def center(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Center:
    monkeypatch.setattr(loop, "_PAUSE", 0.2)
    return make_center(tmp_path)


def make_preview(center: Center, checker: Checker) -> Preview:
    listening = listen("127.0.0.1", 0)
    return Preview(center.site, (center.content,), center.rebuild, center.reindex, listening, findings=checker)


def rules_of(preview: Preview, page: str) -> list[str]:
    answer = ask(preview, f"/_kbtool/findings?page={page}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    return [finding["rule"] for finding in json.loads(answer.body)["findings"]]


def test_each_page_is_told_its_own_findings(center: Center) -> None:
    with running(make_preview(center, Checker()), []) as preview:
        assert next(news["findings"] for news in hear(preview) if news["findings"]) == 1
        for place in ("/%C3%BCber-uns/", "/%25C3%25BCber-uns/", "/%C3%BCber-uns/index.html"):
            assert rules_of(preview, place) == ["long-sentence"]
        for place in ("/", "", "/index.html"):
            assert rules_of(preview, place) == ["unknown-key"]
        for place in ("/other/", "/%25FF/", "/../", "/%00"):
            assert rules_of(preview, place) == []
        answer = json.loads(ask(preview, "/_kbtool/findings?page=/%C3%BCber-uns/").body)
        assert answer["findings"][0] == {
            "path": HERE.path,
            "line": 3,
            "rule": "long-sentence",
            "severity": "warning",
            "message": HERE.message,
            "hint": HERE.hint,
        }


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
def test_other_sites_are_told_nothing(center: Center, headers: dict[str, str]) -> None:
    with running(make_preview(center, Checker()), []) as preview:
        answer = ask(preview, "/_kbtool/findings?page=/", **headers)
        assert answer.status == 403
        assert b"unknown-key" not in answer.body


def test_a_save_is_told_before_its_check_has_ended_and_the_findings_reload_nothing(center: Center) -> None:
    checker = Checker()
    with running(make_preview(center, checker), []) as preview:
        told = hear(preview)
        before = next(news for news in told if news["findings"] == 1)
        checker.may.clear()
        checker.found = {}
        (center.content / "index.html").write_text("<html><body>new</body></html>")
        saved = next(told)
        assert saved["version"] != before["version"]
        assert saved["findings"] == 1
        checker.may.set()
        checked = next(told)
        assert (checked["version"], checked["findings"]) == (saved["version"], 2)
        assert rules_of(preview, "/") == []


def test_the_same_findings_are_no_news() -> None:
    channel = Channel("run")
    channel.tell_findings({"": (HOME,)})
    news = channel.latest
    channel.tell_findings({"": (HOME,)})
    assert channel.latest is news
    channel.tell((), changed=True)
    assert (channel.latest.findings, news.findings) == (1, 1)


@pytest.mark.parametrize("error", [Stop(Problem("", 0, "no-content", "nothing there")), ValueError("oh")])
def test_the_home_says_why_nothing_could_be_checked(center: Center, error: Exception) -> None:
    checker = Checker()
    checker.error = error
    with running(make_preview(center, checker), []) as preview:
        assert next(news["findings"] for news in hear(preview) if news["findings"]) == 1
        assert rules_of(preview, "/") == ["no-content" if isinstance(error, Stop) else "kbtool-failed"]
