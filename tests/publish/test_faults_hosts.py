"""Bad weather on the way to WebDAV, Netlify and Cloudflare Pages: survived when it passes, told when it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event

import pytest

from kbtool.address import parse_address
from kbtool.pipeline.sending import Outcome, SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish import hostlock
from kbtool.publish.target import Clock, open_target
from tests.publish.contract import Time, surroundings, write_built
from tests.publish.crawl import site_of, whole
from tests.publish.servers.cloudflare import Cloudflare
from tests.publish.servers.faulty import Weather, proxied
from tests.publish.servers.netlify import Netlify
from tests.publish.servers.nginxdav import PASSWORD, dav_server
from tests.publish.servers.standin import TOKEN, Api, api_server
from tests.publish.test_killed import without_stale
from tests.publish.test_target_deploys import DeployBench
from tests.publish.test_target_webdav import DavBench

pytestmark = pytest.mark.tools

OLD, NEW = site_of("old", 12), site_of("new", 12, gone=(3, 4), added=3)
HURRIED = Clock(lambda: datetime.now(UTC), Random(3).random, lambda over, seconds: Event.wait(over, seconds / 200))  # noqa: S311
"""Waits a two-hundredth of what it should."""


class Dav(DavBench):
    """A WebDAV server."""

    @property
    def behind(self) -> str:
        """The server."""
        return f"http://127.0.0.1:{self.port}"

    def through(self, address: str) -> tuple[str, dict[str, str]]:
        return self.url.replace(f"webdav://127.0.0.1:{self.port}", address.replace("http:", "webdav:")), self.environment


class Deploys(DeployBench):
    """A host of whole deploys."""

    @property
    def behind(self) -> str:
        """The server."""
        return self.address

    def through(self, address: str) -> tuple[str, dict[str, str]]:
        if isinstance(self.host, Cloudflare):
            self.host.address = address
        return self.url, {name: address if value == self.address else value for name, value in self.environment.items()}


@pytest.fixture(scope="module")
def dav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A WebDAV server and its folder."""
    folder = tmp_path_factory.mktemp("dav")
    with dav_server(folder, tmp_path_factory.mktemp("nginx")) as port:
        yield port, folder


@contextmanager
def deploys(folder: Path, host: Netlify | Cloudflare) -> Iterator[Deploys]:
    """Give a host of whole deploys."""
    api = Api(host.answer)
    with api_server(api) as address:
        if isinstance(host, Cloudflare):
            host.address = address
        yield Deploys(folder, host, api, address)


@pytest.fixture(params=["webdav", "netlify", "cloudflare"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Dav | Deploys]:
    """One host after another."""
    if request.param == "webdav":
        yield Dav(tmp_path, request.getfixturevalue("dav"))
        return
    with deploys(tmp_path, Netlify() if request.param == "netlify" else Cloudflare()) as bench:
        yield bench


def send(host: Dav | Deploys, address: str, site: Path) -> Outcome:
    """Publish through an address."""
    time = Time()
    time.clock = HURRIED
    url, environment = host.through(address)
    target = open_target(parse_address(url), surroundings(host.root, time, environment))
    return publish_built(site, target, SendOptions(max_delete=1, clock=HURRIED))


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_faults_that_pass_are_survived(tmp_path: Path, host: Dav | Deploys, rate: float) -> None:
    weather = Weather(rate)
    with proxied(host.behind, weather) as address:
        send(host, address, write_built(tmp_path / "old", OLD))
        assert host.served() == OLD
        send(host, address, write_built(tmp_path / "new", NEW))
    assert without_stale(host.served()) == NEW
    assert weather.broken or rate < 0.1


@pytest.mark.parametrize("fault", ["403", "500", "429", "507", "reset before", "short write", "short answer"])
def test_what_does_not_pass_is_told_and_nothing_is_half_switched(
    tmp_path: Path, host: Dav | Deploys, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostlock, "DEAD", hostlock.DEAD * 0)
    old, new = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW)
    for good in (0, 3, 7):
        send(host, host.behind, old)
        weather = Weather(decide=lambda number, good=good: fault if number > good else None)  # type: ignore[misc]
        with proxied(host.behind, weather) as address, pytest.raises(Stop) as stop:
            send(host, address, new)
        problem = stop.value.problems[0]
        assert problem.rule == ("host-refuses" if fault in ("403", "507") else "host-fails")
        assert problem.hint
        assert not [secret for secret in (TOKEN, PASSWORD) if secret in str(stop.value)]
        assert len(weather.requests) < 300
        assert whole(host.served()) == []
        if isinstance(host, Deploys):
            assert without_stale(host.served()) in (OLD, NEW)
    send(host, host.behind, new)
    assert without_stale(host.served()) == NEW


def test_an_answer_that_leads_elsewhere_is_no_success(tmp_path: Path, host: Dav | Deploys) -> None:
    site = write_built(tmp_path / "old", OLD)
    weather = Weather(decide=lambda _number: "308")
    with proxied(host.behind, weather) as address, pytest.raises(Stop) as stop:
        send(host, address, site)
    assert stop.value.problems[0].rule == "host-refuses"
    assert "elsewhere.example/help/" in stop.value.problems[0].hint
    assert not host.served()
