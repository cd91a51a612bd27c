"""A folder holds the whole new site or the whole old one, and what stays is not touched."""

import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.model import OutputFile
from kbtool.places import SITE_MARK
from kbtool.problems import Stop
from kbtool.publish.folder import Change, kept_keys, publish_folder


def publish(files: dict[str, str], place: Path) -> Change:
    """Publish files, each keyed by its text, the way the pipeline does: what is kept comes without content."""
    memory = place.parent / "memory.json"
    kept = kept_keys(place, memory)
    outputs = [OutputFile(path, text, None if kept.get(path) == text else text.encode()) for path, text in sorted(files.items())]
    return publish_folder(outputs, place, memory, kept)


def read(place: Path) -> dict[str, str]:
    """Return what a reader finds: every file but the mark."""
    found = {file.relative_to(place).as_posix(): file.read_text() for file in place.rglob("*") if file.is_file()}
    found.pop(SITE_MARK)
    return found


def names(folder: Path) -> list[str]:
    """Return what the folder holds, sorted; the site before the last may stand beside the memory."""
    return sorted(path.name for path in folder.iterdir() if path.name != "memory-before")


def test_the_folder_holds_the_files_and_the_mark(tmp_path: Path) -> None:
    change = publish({"index.html": "home", "billing/refund/index.html": "refund"}, tmp_path / "site")
    assert read(tmp_path / "site") == {"index.html": "home", "billing/refund/index.html": "refund"}
    assert change == Change(("billing/refund/index.html", "index.html"), 0, ())
    assert names(tmp_path) == ["memory.json", "site"]


def test_what_stays_is_the_same_file_and_what_is_gone_goes(tmp_path: Path) -> None:
    place = tmp_path / "site"
    publish({"a.html": "a", "b.html": "b", "old/c.html": "c"}, place)
    before = (place / "a.html").stat()
    change = publish({"a.html": "a", "b.html": "new"}, place)
    assert change == Change(("b.html",), 1, ("old/c.html",))
    assert read(place) == {"a.html": "a", "b.html": "new"}
    assert (place / "a.html").stat() == before or (place / "a.html").stat().st_mtime_ns == before.st_mtime_ns
    assert (place / "a.html").stat().st_ino == before.st_ino
    assert not (place / "old").exists()


def test_a_change_never_writes_into_the_site_that_readers_see(tmp_path: Path) -> None:
    place = tmp_path / "site"
    for number in range(4):
        publish({"a.html": str(number), "b.html": "same", "c/d.html": "same"}, place)
    assert (tmp_path / "memory-before/a.html").read_text() == "2"
    assert (tmp_path / "memory-before/b.html").stat().st_ino == (place / "b.html").stat().st_ino

    def watch() -> Iterator[OutputFile]:
        for path in ("a.html", "b.html", "c/d.html"):
            yield OutputFile(path, "new", b"new")
            assert read(place) == {"a.html": "3", "b.html": "same", "c/d.html": "same"}

    publish_folder(watch(), place, tmp_path / "memory.json", {})
    assert set(read(place).values()) == {"new"}


def test_a_file_takes_a_folders_place_and_a_folder_a_files(tmp_path: Path) -> None:
    place = tmp_path / "site"
    for files in ({"a/b.html": "1"}, {"a": "2"}, {"a/b.html": "3"}, {"a": "4", "b/c/d.html": "5"}, {"b": "6", "a/b.html": "7"}):
        publish(files, place)
        assert read(place) == files
        assert not [path for path in place.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_nothing_changed_means_nothing_is_touched_even_without_the_memory(tmp_path: Path) -> None:
    place = tmp_path / "site"
    publish({"a.html": "a"}, place)
    inode = place.stat().st_ino
    (tmp_path / "memory.json").unlink()
    assert publish({"a.html": "a"}, place) == Change((), 1, ())
    assert place.stat().st_ino == inode


def test_a_file_that_was_changed_by_hand_is_made_again(tmp_path: Path) -> None:
    place = tmp_path / "site"
    publish({"a.html": "a", "b.html": "b"}, place)
    (place / "a.html").write_text("scribble")
    assert publish({"a.html": "a", "b.html": "b"}, place).written == ("a.html",)
    assert read(place)["a.html"] == "a"


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    place = tmp_path / "site"
    publish({"a.html": "a"}, place)
    for junk in ("", "[1]", '{"a.html": 3}', '{"a.html": []}', "\0"):
        (tmp_path / "memory.json").write_text(junk)
        assert kept_keys(place, tmp_path / "memory.json") == {}
        publish({"a.html": "b"}, place)
        publish({"a.html": "a"}, place)


@pytest.mark.parametrize("name", ["notes.txt", "index.html"])
def test_a_folder_that_is_not_ours_is_refused_and_untouched(tmp_path: Path, name: str) -> None:
    place = tmp_path / "site"
    place.mkdir()
    (place / name).write_text("mine")
    with pytest.raises(Stop) as stop:
        publish({"index.html": "home"}, place)
    assert stop.value.problems[0].rule == "not-ours"
    assert (place / name).read_text() == "mine"


def test_an_empty_folder_is_taken_and_a_link_is_not(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    publish({"index.html": "home"}, tmp_path / "site")
    (tmp_path / "link").symlink_to(tmp_path / "site")
    with pytest.raises(Stop):
        publish({"index.html": "other"}, tmp_path / "link")
    assert read(tmp_path / "site") == {"index.html": "home"}


def test_a_failure_half_way_leaves_the_old_site(tmp_path: Path) -> None:
    def breaks() -> Iterator[OutputFile]:
        yield OutputFile("a.html", "new", b"new")
        raise Stop

    place = tmp_path / "site"
    publish({"a.html": "old"}, place)
    with pytest.raises(Stop):
        publish_folder(breaks(), place, tmp_path / "memory.json", {})
    assert read(place) == {"a.html": "old"}
    assert names(tmp_path) == ["memory.json", "site"]


def test_a_full_disk_is_a_problem_and_leaves_the_old_site(tmp_path: Path) -> None:
    place = tmp_path / "site"
    publish({"a.html": "old"}, place)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(Stop) as stop:
            publish({"a.html": "x" * 10_000}, place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert stop.value.problems[0].rule == "cannot-write"
    assert read(place) == {"a.html": "old"}


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from kbtool.publish import folder
    from kbtool.model import OutputFile

    def watch(event, args):
        global countdown
        if event in {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "open"}:
            countdown -= 1
            if countdown == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    place = Path(sys.argv[1])
    for line in sys.stdin:
        countdown = int(line)
        child = os.fork()
        if child == 0:
            files = [OutputFile(f"{n}/index.html", "new", b"new") for n in range(3)] + [OutputFile("same.html", "same", None)]
            sys.addaudithook(watch)
            memory = place.parent / "memory.json"
            folder.publish_folder(files, place, memory, folder.kept_keys(place, memory))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A process that forks one for each step it is told, which kills itself there."""


def test_killed_at_any_step_the_site_is_whole_and_the_next_build_completes_it(tmp_path: Path) -> None:
    old = {"0/index.html": "old", "1/index.html": "old", "2/index.html": "old", "same.html": "same"}
    new = {path: "same" if text == "same" else "new" for path, text in old.items()}
    place = tmp_path / "site"
    seen = set()
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdin
        assert killed.stdout
        for step in range(1, 200):
            publish(old, place)
            killed.stdin.write(f"{step}\n")
            killed.stdin.flush()
            code = int(killed.stdout.readline())
            assert read(place) in (old, new), f"half a site after step {step}"
            seen.add(read(place) == new)
            if code == 0:
                break
            publish(new, place)
            assert read(place) == new
            assert not [name for name in names(tmp_path) if name.startswith(".site")]
    assert code == 0, "the steps never ended"
    assert step > 10
    assert seen == {True, False}, "the kills never fell on both sides of the swap"


paths = st.sampled_from(["index.html", "a/index.html", "a/b/index.html", "c.css", "ü/index.html"])
sites = st.lists(st.dictionaries(paths, st.sampled_from(["1", "2", ""]), min_size=1), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(sites)
def test_after_any_builds_the_folder_is_what_the_last_one_said(
    tmp_path_factory: pytest.TempPathFactory, builds: Iterable[dict[str, str]]
) -> None:
    place = tmp_path_factory.mktemp("any") / "site"
    for files in builds:
        publish(files, place)
        assert read(place) == files
