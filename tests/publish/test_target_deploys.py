"""Netlify and Cloudflare Pages as targets, against stand-ins of their APIs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Bench, Contract, Time, surroundings
from tests.publish.servers.cloudflare import Cloudflare
from tests.publish.servers.netlify import Netlify
from tests.publish.servers.standin import TOKEN, Api, api_server

pytestmark = pytest.mark.tools


class DeployBench:
    """A host that takes whole sites."""

    def __init__(self, folder: Path, host: Netlify | Cloudflare, api: Api, address: str) -> None:
        """Begin with a site that nothing was deployed to."""
        self.root = folder / "center"
        self.root.mkdir()
        self.host, self.api, self.address = host, api, address
        self.environment = {
            "NETLIFY_AUTH_TOKEN": TOKEN,
            "NETLIFY_API_URL": address,
            "CLOUDFLARE_API_TOKEN": TOKEN,
            "CLOUDFLARE_ACCOUNT_ID": "acc0",
            "CLOUDFLARE_API_BASE_URL": address,
        }

    @property
    def url(self) -> str:
        """The target."""
        return "netlify://my-help" if isinstance(self.host, Netlify) else "cloudflare-pages://my-help"

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.url), surroundings(self.root, time, self.environment))

    def served(self) -> dict[str, bytes]:
        """Return the deployed files."""
        return {path: content for path, content in self.host.files().items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> None:
        """The host decides on headers."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Deploy the same with one more file."""
        if isinstance(self.host, Cloudflare):
            pytest.skip("Cloudflare lists no files: a deployment is the whole site")
        self.host.publish({**self.host.files(), path: content})

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Let the token be withdrawn."""
        self.host.token = TOKEN[::-1]
        try:
            yield
        finally:
            self.host.token = TOKEN


class Deploys(Contract):
    """The contract, and what deploys have beside it."""

    def test_only_what_is_not_there_is_sent(self, site: Path, bench: DeployBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        bench.api.asked.clear()
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        assert len(bench.host.files()) == len(SITE) + 1
        sent = [path for method, path in bench.api.asked if method == "PUT" or path.endswith("/upload")]
        assert len(sent) in (1, 2)

    def test_rollback(self, site: Path, bench: DeployBench, time: Time) -> None:
        versions = [{**SITE, "robots.txt": b"%d" % number} for number in range(3)]
        for version in versions:
            self.publish(site, version, bench, time)
        assert bench.target(time.clock).rollback(lambda *_: None)
        assert bench.served() == versions[1]
        assert bench.target(time.clock).rollback(lambda *_: None)
        assert bench.served() == versions[0]
        assert bench.target(time.clock).rollback(lambda *_: None) is None
        self.publish(site, versions[2], bench, time)
        assert bench.served() == versions[2]

    def test_without_a_token_nothing_is_asked(self, site: Path, bench: DeployBench, time: Time) -> None:
        bench.environment = {}
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["no-credentials"]
        assert not bench.api.asked

    def test_the_token_stands_in_no_problem(self, site: Path, bench: DeployBench, time: Time) -> None:
        with bench.refused(), pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["host-refuses"]
        assert TOKEN not in str(stop.value)


def test_a_host_that_repeats_the_token_is_not_repeated(tmp_path: Path) -> None:
    api, time = Api(lambda request: (400, f"no use for {request.headers['authorization']}".encode())), Time()
    with api_server(api) as address, pytest.raises(Stop) as stop:
        DeployBench(tmp_path, Netlify(), api, address).target(time.clock).look()
    assert "no use for Bearer ***" in str(stop.value)
    assert TOKEN not in str(stop.value)


class TestNetlify(Deploys):
    """Netlify."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[DeployBench]:
        host = Netlify()
        api = Api(host.answer)
        with api_server(api) as address:
            yield DeployBench(tmp_path, host, api, address)

    def test_names_of_every_kind(self, site: Path, bench: Bench, time: Time) -> None:
        odd = {
            **SITE,
            **{f"odd/{name}/index.html": name.encode() for name in ("über uns", "100%", "50%20off", "a+b", "日本語", "[x]")},
        }
        self.publish(site, odd, bench, time)
        assert bench.served() == odd
        assert self.publish(site, odd, bench, time).plan.nothing_to_do
        with pytest.raises(Stop) as stop:
            self.publish(site, {**odd, "a#b.html": b"x"}, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["unfit-name"]
        assert bench.served() == odd

    def test_the_token_of_netlifys_own_program_is_taken(self, site: Path, bench: DeployBench, time: Time) -> None:
        note = bench.root / ".config" / "netlify" / "config.json"
        note.parent.mkdir(parents=True)
        note.write_text(json.dumps({"userId": "u", "users": {"u": {"auth": {"token": TOKEN}}}}))
        bench.environment = {"NETLIFY_API_URL": bench.address}
        self.publish(site, SITE, bench, time)
        assert bench.served() == SITE


class TestCloudflare(Deploys):
    """Cloudflare Pages."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[DeployBench]:
        host = Cloudflare()
        api = Api(host.answer)
        with api_server(api) as address:
            host.address = address
            yield DeployBench(tmp_path, host, api, address)

    def test_rules_come_with_the_deployment(self, site: Path, bench: DeployBench, time: Time) -> None:
        self.publish(site, {**SITE, "_headers": b"/*\n  X-A: b\n"}, bench, time)
        assert isinstance(bench.host, Cloudflare)
        assert bench.host.deployments[-1]["rules"] == {"_headers": b"/*\n  X-A: b\n"}
        assert "/_headers" not in bench.host.deployments[-1]["files"]

    def test_a_file_that_is_too_large_is_told_before_anything_is_sent(self, site: Path, bench: DeployBench, time: Time) -> None:
        with pytest.raises(Stop) as stop:
            self.publish(site, {**SITE, "film.mp4": bytes(26 * 1_048_576)}, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["too-large-for-host"]
        assert not bench.host.files()
