"""A bad host is survived, or told clearly; nothing is ever half-switched."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event

import pytest

from kbtool.pipeline.sending import Outcome, SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish.manifest import LOCK
from kbtool.publish.target import Clock
from tests.publish.contract import Time, write_built
from tests.publish.crawl import site_of, whole
from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.servers.faulty import Weather, proxied
from tests.publish.test_killed import without_stale

pytestmark = pytest.mark.tools

OLD = site_of("old", 60)
NEW = site_of("new", 60, gone=(3, 4), added=3)
HURRIED = Clock(lambda: datetime.now(UTC), Random(3).random, lambda over, seconds: Event.wait(over, seconds / 200))  # noqa: S311
"""Waits a two-hundredth of what it should."""


def send(bench: BucketBench, site: Path) -> Outcome:
    return publish_built(site, bench.target(HURRIED), SendOptions(max_delete=1, clock=HURRIED))


def bench_at(folder: Path, server: Gateway) -> BucketBench:
    name = f"b{uuid.uuid4().hex}"
    make_bucket(server, name)
    return BucketBench(folder, f"s3://{name}/help?endpoint={server.endpoint}", server.environment, wrong_key)


def through(bench: BucketBench, server: Gateway, address: str) -> BucketBench:
    """Return the same bucket behind a proxy."""
    return BucketBench(bench.root, bench.url.replace(server.endpoint, address), bench.environment, wrong_key)


@pytest.mark.parametrize("rate", [0.05, 0.2])
@pytest.mark.parametrize("kind", ["ceph", "weak_s3"])
def test_faults_that_pass_are_survived(tmp_path: Path, request: pytest.FixtureRequest, kind: str, rate: float) -> None:
    server: Gateway = request.getfixturevalue(kind)
    bench, weather = bench_at(tmp_path, server), Weather(rate)
    with proxied(server.endpoint, weather) as address:
        send(through(bench, server, address), write_built(tmp_path / "old", OLD))
        assert bench.served() == OLD
        send(through(bench, server, address), write_built(tmp_path / "new", NEW))
    assert without_stale(bench.served()) == NEW
    assert weather.broken > 140 * rate / 2, "the weather was too good to prove anything"


@pytest.mark.parametrize("fault", ["403", "500", "507", "reset before", "short write"])
def test_what_does_not_pass_is_told_and_nothing_is_half_switched(tmp_path: Path, ceph: Gateway, fault: str) -> None:
    bench = bench_at(tmp_path, ceph)
    old, new = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW)
    for good in (0, 4, 25, 60):
        send(bench, old)
        weather = Weather(decide=lambda number, good=good: fault if number > good else None)  # type: ignore[misc]
        with proxied(ceph.endpoint, weather) as address, pytest.raises(Stop) as stop:
            send(through(bench, ceph, address), new)
        assert stop.value.problems[0].rule == ("host-refuses" if fault in ("403", "507") else "host-fails")
        assert stop.value.problems[0].hint
        assert whole(bench.served()) == []
        bench.store.delete((LOCK,))
    outcome = send(bench, new)
    assert without_stale(bench.served()) == NEW
    assert outcome.kept > 20, "what was sent before is not sent again"


def test_an_unchanged_site_costs_a_listing_and_a_manifest_and_a_page_five_more(tmp_path: Path, ceph: Gateway) -> None:
    bench, weather = bench_at(tmp_path, ceph), Weather()
    site = write_built(tmp_path / "site", OLD)
    with proxied(ceph.endpoint, weather) as address:
        send(through(bench, ceph, address), site)
        weather.requests.clear()
        assert send(through(bench, ceph, address), site).plan.nothing_to_do
        assert (
            sorted(one.split("?")[0].rsplit("/", 1)[-1] for one in weather.requests)
            == [weather.requests[0][5:].split("?")[0].rsplit("/", 1)[-1], "manifest.json"]
            or len(weather.requests) == 2
        )
        unchanged = len(weather.requests)
        weather.requests.clear()
        (site / "a7/index.html").write_bytes(b"changed")
        assert send(through(bench, ceph, address), site).sent == 1
        assert len(weather.requests) <= unchanged + 5, weather.requests


def test_secrets_are_in_no_problem_and_no_manifest(tmp_path: Path, ceph: Gateway) -> None:
    bench = bench_at(tmp_path, ceph)
    site = write_built(tmp_path / "site", OLD)
    said: list[str] = []
    for fault in ("403", "500", "reset before"):
        weather = Weather(decide=lambda _number, fault=fault: fault)  # type: ignore[misc]
        with proxied(ceph.endpoint, weather) as address, pytest.raises(Stop) as stop:
            send(through(bench, ceph, address), site)
        said.append(str(stop.value))
    send(bench, site)
    kept = [found.content.decode() for path in (".kbtool/manifest.json",) if (found := bench.store.get(path))]
    for text in (*said, *kept, repr(bench.target(Time().clock))):
        assert not [
            value for name, value in bench.environment.items() if name.endswith("KEY_ID") or "SECRET" in name if value in text
        ]
        assert "Signature" not in text
