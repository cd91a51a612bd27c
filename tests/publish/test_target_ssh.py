"""A server with a shell as a target: OpenSSH's own, on loopback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Bench, Contract, Time, surroundings
from tests.publish.servers.sshd import Server, ssh_server

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of this file."""
    with ssh_server(tmp_path_factory.mktemp("sshd")) as running:
        yield running


class ServerBench:
    """A path on the server."""

    scheme = "ssh"

    def __init__(self, folder: Path, server: Server) -> None:
        """Begin with nothing at the path."""
        self.link = folder / "www" / "the help"
        self.link.parent.mkdir()
        self.root = folder / "center"
        self.root.mkdir()
        self.server = server

    @property
    def url(self) -> str:
        """The target."""
        return f"{self.scheme}://{self.server.user}@127.0.0.1:{self.server.port}{self.link.as_posix().replace(' ', '%20')}"

    @property
    def environment(self) -> dict[str, str]:
        """What kbtool finds in the environment."""
        return {"PATH": os.environ["PATH"], "KBTOOL_SSH": self.server.command}

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.url), surroundings(self.root, time, self.environment, keep=2))

    def served(self) -> dict[str, bytes]:
        """Return what the link shows."""
        files = {file.relative_to(self.link).as_posix(): file for file in self.link.rglob("*") if file.is_file()}
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> None:
        """The web server decides on headers."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Write a file into what is shown."""
        (self.link / path).parent.mkdir(parents=True, exist_ok=True)
        (self.link / path).write_bytes(content)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Let nobody make a release."""
        beside = self.link.with_name(f".{self.link.name}.kbtool")
        away = beside.with_name("away")
        target = self.link.readlink()
        beside.rename(away)
        beside.write_bytes(b"no folder")
        self.link.unlink()
        self.link.symlink_to(away / target.name)
        try:
            yield
        finally:
            beside.unlink()
            away.rename(beside)
            self.link.unlink()
            self.link.symlink_to(target)


def private_here_and_public_there(contract: Contract, site: Path, bench: ServerBench, time: Time) -> None:
    """What nobody else may read here, every reader must get there."""
    before = os.umask(0o077)
    try:
        contract.publish(site, SITE, bench, time)
    finally:
        os.umask(before)
    for path in (bench.link, *bench.link.resolve().rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def swapped_and_back(contract: Contract, site: Path, bench: Bench, time: Time) -> None:
    """A file and a folder of one name, one after the other."""
    for files in ({**SITE, "x": b"x"}, {**SITE, "x/index.html": b"y", "x/z/index.html": b"z"}, {**SITE, "x": b"x"}, SITE):
        contract.publish(site, files, bench, time, max_delete=1)
        assert files.items() <= bench.served().items()
        time.at += timedelta(days=2)
        contract.publish(site, files, bench, time, max_delete=1)
        assert bench.served() == files


class TestServer(Contract):
    """The contract, and what releases allow."""

    @pytest.fixture
    def bench(self, tmp_path: Path, server: Server) -> ServerBench:
        return ServerBench(tmp_path, server)

    def test_releases_are_kept_and_gone_back_to(self, site: Path, bench: ServerBench, time: Time) -> None:
        versions = [{**SITE, "robots.txt": b"%d" % number} for number in range(5)]
        for version in versions:
            self.publish(site, version, bench, time)
        beside = bench.link.with_name(f".{bench.link.name}.kbtool")
        assert len(list(beside.glob("2*"))) == 3
        target = bench.target(time.clock)
        assert target.rollback(lambda *_: None)
        assert bench.served() == versions[3]
        assert target.rollback(lambda *_: None)
        assert bench.served() == versions[2]
        assert target.rollback(lambda *_: None) is None
        self.publish(site, versions[4], bench, time)
        assert bench.served() == versions[4]

    def test_what_is_private_here_is_for_readers_there(self, site: Path, bench: ServerBench, time: Time) -> None:
        private_here_and_public_there(self, site, bench, time)

    def test_a_file_takes_the_place_of_a_folder_and_back(self, site: Path, bench: ServerBench, time: Time) -> None:
        swapped_and_back(self, site, bench, time)

    def test_an_old_release_is_not_touched_by_a_new_one(self, site: Path, bench: ServerBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        old = bench.link.resolve()
        before = {file: file.read_bytes() for file in old.rglob("*") if file.is_file()}
        self.publish(site, {path: content + b" " for path, content in SITE.items()}, bench, time)
        assert bench.link.resolve() != old
        assert {file: file.read_bytes() for file in old.rglob("*") if file.is_file()} == before

    def test_what_changed_is_newer_for_the_web_server(self, site: Path, bench: ServerBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        before = (bench.link / "robots.txt").stat().st_mtime
        self.publish(site, {**SITE, "robots.txt": SITE["robots.txt"][::-1]}, bench, time)
        assert (bench.link / "robots.txt").stat().st_mtime > before

    def test_a_folder_of_somebody_elses_is_refused(self, site: Path, bench: ServerBench, time: Time) -> None:
        bench.link.mkdir()
        (bench.link / "mine.html").write_text("mine")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["not-ours"]
        assert (bench.link / "mine.html").read_text() == "mine"

    def test_of_two_at_once_the_second_plans_anew(self, site: Path, bench: ServerBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        target = bench.target(time.clock)
        seen = target.look()
        self.publish(site, {**SITE, "robots.txt": b"first"}, bench, time)
        looks = iter((seen,))

        class Late:
            def __getattr__(self, name: str) -> object:
                return getattr(target, name)

            def look(self) -> object:
                return next(looks, None) or target.look()

        bench.target = lambda _clock: Late()  # type: ignore[assignment,method-assign,return-value]
        self.publish(site, {**SITE, "robots.txt": b"second"}, bench, time)
        assert bench.served()["robots.txt"] == b"second"

    def test_a_key_that_is_not_let_in_is_a_problem(self, tmp_path: Path, server: Server, site: Path, time: Time) -> None:
        bench = ServerBench(
            tmp_path, Server(server.port, server.user, server.key, server.known_hosts, "ssh -F none -i /dev/null")
        )
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["no-access"]


@pytest.mark.parametrize("text", ["ssh://host.example", "ssh:///var/www", "ssh://-oProxyCommand=x/var/www", "ssh://host/a?b=c"])
def test_what_names_no_folder_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Stop) as stop:
        open_target(parse_address(text), surroundings(tmp_path, Time()))
    assert stop.value.problems[0].rule == "wrong-target"
