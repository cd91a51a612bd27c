"""A server that runs no commands as a target: OpenSSH's, kept to SFTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtool.problems import Stop
from tests.publish.contract import SITE, Contract, Time
from tests.publish.servers.sshd import Server, ssh_server
from tests.publish.test_target_ssh import ServerBench, private_here_and_public_there, swapped_and_back

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of this file."""
    with ssh_server(tmp_path_factory.mktemp("sftp"), "ForceCommand internal-sftp") as running:
        yield running


class SftpBench(ServerBench):
    """A path on the server."""

    scheme = "sftp"

    @property
    def environment(self) -> dict[str, str]:
        """What kbtool finds in the environment."""
        return {"KBTOOL_SFTP_KEY": str(self.server.key), "KBTOOL_SFTP_KNOWN_HOSTS": str(self.server.known_hosts)}


@pytest.mark.parametrize("umask", ["077", "027", "002", "022"])
def test_what_a_server_makes_private_its_web_server_can_read(tmp_path: Path, umask: str) -> None:
    site, time = tmp_path / "site", Time()
    with ssh_server(tmp_path / "sshd", f"ForceCommand internal-sftp -u {umask}") as running:
        bench = SftpBench(tmp_path, running)
        Contract().publish(site, SITE, bench, time)
        bench.put_foreign("verify/owner.html", b"mine")
        (bench.link / "verify/owner.html").chmod(0o600)
        Contract().publish(site, {**SITE, "robots.txt": b"changed", "new/page/index.html": b"new"}, bench, time)
    assert bench.served()["robots.txt"] == b"changed"
    beside = bench.link.with_name(f".{bench.link.name}.kbtool")
    for path in (beside, bench.link, *bench.link.resolve().rglob("*")):
        ours = 0o755 if path.is_dir() else 0o644
        assert path.stat().st_mode & 0o777 == (0o600 if path.name == "owner.html" else ours), path


class TestSftp(Contract):
    """The contract, and what releases allow."""

    @pytest.fixture
    def bench(self, tmp_path: Path, server: Server) -> SftpBench:
        return SftpBench(tmp_path, server)

    def test_releases_are_kept_and_gone_back_to(self, site: Path, bench: SftpBench, time: Time) -> None:
        versions = [{**SITE, "robots.txt": b"%d" % number} for number in range(5)]
        for version in versions:
            self.publish(site, version, bench, time)
        beside = bench.link.with_name(f".{bench.link.name}.kbtool")
        assert sorted(each.name[:4] for each in beside.iterdir()) == ["2026"] * 3
        assert bench.target(time.clock).rollback(lambda *_: None)
        assert bench.served() == versions[3]
        assert bench.target(time.clock).rollback(lambda *_: None)
        assert bench.target(time.clock).rollback(lambda *_: None) is None
        assert bench.served() == versions[2]
        self.publish(site, versions[4], bench, time)
        assert bench.served() == versions[4]

    def test_a_folder_of_somebody_elses_is_refused(self, site: Path, bench: SftpBench, time: Time) -> None:
        bench.link.mkdir()
        (bench.link / "mine.html").write_text("mine")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["not-ours"]

    def test_an_unknown_server_is_refused(self, site: Path, bench: SftpBench, time: Time, tmp_path: Path) -> None:
        (tmp_path / "nobody").write_text("")
        known = bench.server
        bench.server = Server(known.port, known.user, known.key, tmp_path / "nobody", "")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["no-access"]

    def test_a_key_that_is_not_there_is_told_at_once(self, site: Path, bench: SftpBench, time: Time, tmp_path: Path) -> None:
        known = bench.server
        bench.server = Server(known.port, known.user, tmp_path / "nowhere", known.known_hosts, "")
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["no-access"]
        assert "nowhere" in str(stop.value)

    def test_what_is_private_here_is_for_readers_there(self, site: Path, bench: SftpBench, time: Time) -> None:
        private_here_and_public_there(self, site, bench, time)

    def test_a_file_takes_the_place_of_a_folder_and_back(self, site: Path, bench: SftpBench, time: Time) -> None:
        swapped_and_back(self, site, bench, time)
