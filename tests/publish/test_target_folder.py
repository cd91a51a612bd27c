"""A folder as a target."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.pipeline.sending import SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Contract, Time, surroundings, write_built


class FolderBench:
    """A folder that a web server would show."""

    def __init__(self, folder: Path) -> None:
        """Begin with no folder at all."""
        self.folder = folder / "www/help"
        self.root = folder / "center"
        self.root.mkdir()

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.folder.as_uri()), surroundings(self.root, time))

    def served(self) -> dict[str, bytes]:
        """Return every file but kbtool's own."""
        files = {file.relative_to(self.folder).as_posix(): file for file in self.folder.rglob("*") if file.is_file()}
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> None:
        """A folder has no headers."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Write a file."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Take the right to write from everybody."""
        if os.geteuid() == 0:  # root may write everywhere, but not into a file as if it were a folder
            beside = self.folder.with_name(f".{self.folder.name}.kbtool")
            beside.rename(beside.with_name("aside"))
            beside.write_text("no folder")
            yield
            beside.unlink()
            beside.with_name("aside").rename(beside)
            return
        self.folder.parent.chmod(0o555)
        yield
        self.folder.parent.chmod(0o755)


class TestFolder(Contract):
    """The contract."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> FolderBench:
        return FolderBench(tmp_path)


def test_a_full_disk_is_told_and_the_old_site_stays(tmp_path: Path) -> None:
    bench, time = FolderBench(tmp_path), Time()
    publish_built(write_built(tmp_path / "site", SITE), bench.target(time.clock), SendOptions(clock=time.clock))
    site = write_built(tmp_path / "site", {**SITE, "film.mp4": b"x" * 100_000})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(Stop) as stop:
            publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert stop.value.problems[0].rule == "cannot-write"
    assert bench.served() == SITE
    assert [path.name for path in (bench.folder.parent / ".help.kbtool").iterdir()] == []


def test_two_at_once_and_who_holds_it(tmp_path: Path) -> None:
    bench, time = FolderBench(tmp_path), Time()
    site = write_built(tmp_path / "site", SITE)
    publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock))
    lock = bench.folder.parent / ".help.kbtool/lock.json"
    lock.write_text('{"who": "ada on host7", "since": "2026-03-01T11:59:00+00:00"}')
    (site / "robots.txt").write_text("changed")
    with pytest.raises(Stop) as stop:
        publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock))
    assert "ada on host7" in str(stop.value)
    os.utime(lock, (lock.stat().st_mtime - 300,) * 2)
    publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock))
    assert bench.served()["robots.txt"] == b"changed"


@pytest.mark.parametrize("kind", ["files of others", "a link", "a file", "the help center"])
def test_what_is_no_place_for_a_site_is_refused(tmp_path: Path, kind: str) -> None:
    bench, time = FolderBench(tmp_path), Time()
    bench.folder.parent.mkdir(parents=True)
    if kind == "files of others":
        bench.folder.mkdir()
        (bench.folder / "mine.txt").write_text("mine")
    elif kind == "a link":
        bench.folder.symlink_to(tmp_path)
    elif kind == "a file":
        bench.folder.write_text("mine")
    else:
        bench.folder = bench.root
    with pytest.raises(Stop) as stop:
        publish_built(write_built(tmp_path / "site", SITE), bench.target(time.clock), SendOptions(clock=time.clock))
    assert stop.value.problems[0].rule == "not-ours"


def test_releases_are_kept_as_many_as_are_wanted_and_gone_back_to(tmp_path: Path) -> None:
    bench, time = FolderBench(tmp_path), Time()
    for number in range(6):
        site = write_built(tmp_path / "site", {**SITE, "robots.txt": b"%d" % number})
        publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock))
    kept = [path for path in (bench.folder.parent / ".help.kbtool").iterdir() if path.is_dir()]
    assert len(kept) == 3
    for number in (4, 3, 2):
        bench.target(time.clock).rollback(lambda *_: None)
        assert bench.served()["robots.txt"] == b"%d" % number
