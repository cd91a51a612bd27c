"""A branch as a target over git's other ways: OpenSSH's server, and git's http-backend behind nginx, in good weather and bad."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.problems import Stop
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Contract, Time
from tests.publish.servers.faulty import Weather, proxied
from tests.publish.servers.githttp import TOKEN, GitServer, git_server
from tests.publish.servers.sshd import Server, ssh_server
from tests.publish.test_target_git import ENVIRONMENT, BranchBench

pytestmark = pytest.mark.tools

CHANGED = {**SITE, "robots.txt": b"changed"}


class RemoteBranch(BranchBench):
    """A branch of a repository that only its server reaches."""

    def __init__(self, folder: Path, base: str, environment: dict[str, str]) -> None:
        """Begin with an empty repository."""
        super().__init__(folder)
        self.base = base
        self.environment = {**ENVIRONMENT, **environment}

    @property
    def url(self) -> str:
        return f"git+{self.base}{self.repository.as_posix().replace(' ', '%20')}#pages"

    def target(self, clock: Clock) -> Target:
        """Open it."""
        return open_target(parse_address(self.url), self.surroundings(clock, self.environment))


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An SSH server."""
    with ssh_server(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    """A web server of every repository on this machine."""
    with git_server(Path("/"), tmp_path_factory.mktemp("nginx")) as running:
        yield running


class TestSsh(Contract):
    """The contract over SSH."""

    @pytest.fixture
    def bench(self, tmp_path: Path, sshd: Server) -> RemoteBranch:
        return RemoteBranch(tmp_path, f"ssh://{sshd.user}@127.0.0.1:{sshd.port}", {"GIT_SSH_COMMAND": sshd.command})

    def test_a_key_that_is_not_known_is_told_at_once(self, site: Path, bench: RemoteBranch, time: Time) -> None:
        bench.environment |= {"GIT_SSH_COMMAND": "ssh -F none -oBatchMode=yes -oUserKnownHostsFile=/dev/null"}
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["git-fails"]
        assert not bench.served()


class TestHttps(Contract):
    """The contract over HTTPS, and what tokens and bad weather have beside it."""

    @pytest.fixture
    def bench(self, tmp_path: Path, backend: GitServer) -> RemoteBranch:
        environment = {"GIT_SSL_CAINFO": str(backend.certificate), "KBTOOL_GIT_TOKEN": TOKEN}
        bench = RemoteBranch(tmp_path, f"https://127.0.0.1:{backend.tls}", environment)
        (bench.repository / "config").write_text((bench.repository / "config").read_text() + "[http]\n\treceivepack = true\n")
        return bench

    def test_when_nothing_changed_nothing_is_pushed(
        self, site: Path, bench: RemoteBranch, time: Time, backend: GitServer
    ) -> None:
        self.publish(site, SITE, bench, time)
        weather = Weather()
        with through(bench, backend, weather):
            self.publish(site, SITE, bench, time)
        assert weather.requests
        assert not [request for request in weather.requests if "receive-pack" in request]

    def test_a_wrong_token_is_told_at_once_and_shown_nowhere(self, site: Path, bench: RemoteBranch, time: Time) -> None:
        bench.environment |= {"KBTOOL_GIT_TOKEN": "sesame-7"}
        before = time.at
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["git-fails"]
        assert "credentials" in stop.value.problems[0].hint
        for secret in ("sesame-7", base64.b64encode(b"token:sesame-7").decode()):
            assert secret not in str(stop.value)
        assert (time.at - before).total_seconds() < 15

    def test_a_token_for_another_host_stays_here(self, site: Path, bench: RemoteBranch, time: Time, backend: GitServer) -> None:
        bench.environment = {**ENVIRONMENT, "GIT_SSL_CAINFO": str(backend.certificate), "GITHUB_TOKEN": TOKEN}
        with pytest.raises(Stop):
            self.publish(site, SITE, bench, time)
        bench.environment |= {"KBTOOL_GIT_TOKEN": TOKEN}
        self.publish(site, SITE, bench, time)
        assert bench.served() == SITE
        for file in (path for path in bench.root.rglob("*") if path.is_file()):
            assert TOKEN.encode() not in file.read_bytes()
            assert base64.b64encode(f"token:{TOKEN}".encode()) not in file.read_bytes()

    @pytest.mark.parametrize("rate", [0.05, 0.2])
    def test_faults_that_pass_are_survived(
        self, site: Path, bench: RemoteBranch, time: Time, backend: GitServer, rate: float
    ) -> None:
        weather = Weather(rate)
        with through(bench, backend, weather):
            for number in range(6):
                files = {**SITE, "robots.txt": b"%d" % number}
                self.publish(site, files, bench, time)
                assert bench.served() == files
        assert weather.broken or rate < 0.1

    @pytest.mark.parametrize("fault", ["500", "503", "429", "reset before", "short write", "short answer"])
    def test_what_does_not_pass_is_told_and_the_branch_is_as_before(
        self, site: Path, bench: RemoteBranch, time: Time, backend: GitServer, fault: str
    ) -> None:
        self.publish(site, SITE, bench, time)
        for good in (0, 5):
            weather = Weather(decide=lambda number, good=good: fault if number > good else None)  # type: ignore[misc]
            with through(bench, backend, weather), pytest.raises(Stop) as stop:
                self.publish(site, CHANGED, bench, time)
            assert stop.value.problems[0].rule == "host-fails"
            assert stop.value.problems[0].hint
            assert len(weather.requests) < 60
            assert bench.served() == SITE
        self.publish(site, CHANGED, bench, time)
        assert bench.served() == CHANGED


@contextmanager
def through(bench: RemoteBranch, server: GitServer, weather: Weather) -> Iterator[None]:
    """Let the way to the server lead through the weather."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    base = bench.base
    with proxied(f"http://127.0.0.1:{server.plain}", weather, context) as address:
        bench.base = address.replace("http:", "https:")
        try:
            yield
        finally:
            bench.base = base
