"""What the watcher hears, and what it leaves unheard."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from watchdog.observers import Observer

from kbtool.preview import watcher as module
from kbtool.preview.watcher import Watcher


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll more often than a laptop should."""
    monkeypatch.setattr(module, "_POLL", 0.02)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "content" / "billing").mkdir(parents=True)
    (tmp_path / "content" / "billing" / "refund.md").write_text("# Refund")
    (tmp_path / "kbtool.yml").write_text("title: Help")
    return tmp_path / "content"


@pytest.fixture(params=[False, True], ids=["told by the system", "polling"])
def watcher(request: pytest.FixtureRequest, content: Path) -> Iterator[Watcher]:
    root = content.parent
    watched = (content, root / "kbtool.yml", root / "themes", root / "overrides")
    watcher = Watcher(watched, (root / "content" / "site",), rest=0.1, polling=request.param)
    watcher.start()
    yield watcher
    watcher.stop()


def save_through_a_temporary_file(file: Path) -> None:
    temporary = file.with_name(f".#{file.name}.tmp")
    temporary.write_text("new")
    temporary.replace(file)


UNHEARD = 0.3
"""Seconds after which a change would have been heard: several polls, and several times what a change rests."""

CHANGES: dict[str, Callable[[Path], object]] = {
    "a file written": lambda content: (content / "billing" / "refund.md").write_text("new"),
    "a file added": lambda content: (content / "new.md").write_text("new"),
    "a file gone": lambda content: (content / "billing" / "refund.md").unlink(),
    "a file moved": lambda content: (content / "billing" / "refund.md").rename(content / "refund.md"),
    "a folder moved": lambda content: (content / "billing").rename(content / "money"),
    "a folder gone": lambda content: shutil.rmtree(content / "billing"),
    "a file swapped in by an editor": lambda content: save_through_a_temporary_file(content / "billing" / "refund.md"),
    "the configuration": lambda content: (content.parent / "kbtool.yml").write_text("title: Other"),
    "the configuration swapped in": lambda content: save_through_a_temporary_file(content.parent / "kbtool.yml"),
    "a theme that was not there": lambda content: (content.parent / "themes" / "mine").mkdir(parents=True),
    "all articles gone": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_heard(watcher: Watcher, content: Path, change: Callable[[Path], object]) -> None:
    change(content)
    assert watcher.wait(3)


SCRAP = [
    "content/.kbtool/cache.json", "content/.git/index.lock", "content/.refund.md.swp", "content/refund.md~", "content/.#refund.md",
    "content/4913", "content/site/index.html", "site/index.html", "notes.txt", "content/billing/.DS_Store", "content/refund.md.tmp",
]  # fmt: skip


def test_scrap_and_what_is_not_watched_is_not_heard(watcher: Watcher, content: Path) -> None:
    for path in SCRAP:
        file = content.parent / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    (content / "billing" / "refund.md").read_text()
    assert not watcher.wait(UNHEARD)


def test_many_changes_are_told_once(watcher: Watcher, content: Path) -> None:
    for number in range(200):
        (content / f"{number}.md").write_text("x")
    assert watcher.wait(3)
    assert not watcher.wait(UNHEARD)


def test_a_folder_that_comes_back_is_watched_again(watcher: Watcher, content: Path) -> None:
    shutil.rmtree(content)
    assert watcher.wait(3)
    content.mkdir()
    assert watcher.wait(3)
    (content / "new").mkdir()
    (content / "new" / "one.md").write_text("x")
    assert watcher.wait(3)
    assert not watcher.wait(UNHEARD)
    (content / "new" / "one.md").write_text("xy")
    assert watcher.wait(3)


def test_a_topic_that_is_moved_away_and_back_is_watched_on_without_a_word(
    recwarn: pytest.WarningsRecorder, watcher: Watcher, content: Path
) -> None:
    (content / "topic").mkdir()
    (content / "topic" / "one.md").write_text("x")
    assert watcher.wait(3)
    for _ in range(2):
        for here, there in (
            (content / "topic", content.parent.parent / "away"),
            (content.parent.parent / "away", content / "topic"),
        ):
            here.rename(there)
            assert watcher.wait(3)
    (content / "topic" / "one.md").write_text("xy")
    assert watcher.wait(3)
    assert not recwarn.list


def test_a_folder_deeper_than_what_is_there_is_waited_for(tmp_path: Path) -> None:
    watcher = Watcher((tmp_path / "docs" / "help" / "content",), rest=0.05)
    watcher.start()
    (tmp_path / "docs" / "help").mkdir(parents=True)
    assert watcher.wait(3)
    (tmp_path / "docs" / "help" / "content").mkdir()
    assert watcher.wait(3)
    (tmp_path / "docs" / "help" / "content" / "a.md").write_text("x")
    assert watcher.wait(3)
    watcher.stop()


def test_without_an_end_of_changes_one_is_told_all_the_same(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.4)
    watcher = Watcher((content,), rest=0.2)
    watcher.start()
    told = Event()

    def stir() -> None:
        while not told.wait(0.02):
            watcher.hear(str(content / "a.md"), folder=False)

    thread = Thread(target=stir)
    thread.start()
    start = time.monotonic()
    assert watcher.wait(3)
    assert 0.4 <= time.monotonic() - start < 3
    told.set()
    thread.join()
    watcher.stop()


def test_a_system_without_watches_is_polled(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise OSError(28, "no space left on device: the limit of watches is reached")

    observer = Observer()
    monkeypatch.setattr(observer, "schedule", exhausted)
    monkeypatch.setattr(module, "Observer", lambda: observer)
    watcher = Watcher((content,), rest=0.05)
    watcher.start()
    (content / "new.md").write_text("x")
    assert watcher.wait(3)
    watcher.stop()


def test_a_wait_ends_when_woken_and_after_its_time(content: Path) -> None:
    watcher = Watcher((content,))
    assert not watcher.wait(0.05)
    watcher.wake()
    assert watcher.wait(5)
