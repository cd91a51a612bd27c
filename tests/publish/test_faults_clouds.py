"""Bad weather on the way to Azure and to Google Cloud Storage: survived when it passes, told when it does not."""

import uuid
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

from kbtool.pipeline.sending import SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish import hostlock
from tests.publish.contract import write_built
from tests.publish.crawl import site_of, whole
from tests.publish.servers.azurite import make_container
from tests.publish.servers.buckets import BucketBench, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.servers.faulty import Weather, proxied
from tests.publish.servers.gcs import Bucket, google
from tests.publish.test_faults import HURRIED, send
from tests.publish.test_killed import without_stale
from tests.publish.test_target_objects import AzureBench, GoogleBench

pytestmark = pytest.mark.tools

OLD, NEW = site_of("old", 12), site_of("new", 12, gone=(3, 4), added=3)


@pytest.fixture(params=["azure", "google"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BucketBench]:
    """One store after another."""
    if request.param == "google":
        bucket = Bucket()
        with google(bucket) as gateway:
            yield GoogleBench(tmp_path, f"gs://help.example?endpoint={gateway.endpoint}", gateway.environment, bucket)
        return
    azure: Gateway = request.getfixturevalue("azure")
    name = f"b{uuid.uuid4().hex}"
    make_container(azure.endpoint, name)
    yield AzureBench(tmp_path, f"az://{name}/help?endpoint={azure.endpoint}", azure.environment, wrong_key)


def endpoint(bench: BucketBench) -> str:
    return bench.url.partition("endpoint=")[2]


def through(bench: BucketBench, address: str) -> BucketBench:
    """Return the same store behind a proxy."""
    other = copy(bench)
    other.url = bench.url.replace(endpoint(bench), address)
    return other


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_faults_that_pass_are_survived(tmp_path: Path, bench: BucketBench, rate: float) -> None:
    weather = Weather(rate)
    with proxied(endpoint(bench), weather) as address:
        send(through(bench, address), write_built(tmp_path / "old", OLD))
        assert bench.served() == OLD
        send(through(bench, address), write_built(tmp_path / "new", NEW))
    assert without_stale(bench.served()) == NEW
    assert weather.broken > len(NEW) * rate, "the weather was too good to prove anything"


@pytest.mark.parametrize("fault", ["429", "503", "reset before", "reset after", "short answer"])
def test_a_host_that_has_had_enough_for_a_while_is_waited_for(tmp_path: Path, bench: BucketBench, fault: str) -> None:
    weather = Weather(decide=lambda number: fault if 4 < number < 13 else None)
    with proxied(endpoint(bench), weather) as address:
        send(through(bench, address), write_built(tmp_path / "new", NEW))
    assert bench.served() == NEW
    assert weather.broken == 8


def test_a_slow_line_is_no_fault(tmp_path: Path, bench: BucketBench) -> None:
    with proxied(endpoint(bench), Weather(delay=0.1)) as address:
        outcome = send(through(bench, address), write_built(tmp_path / "new", NEW))
    assert bench.served() == NEW
    assert outcome.sent == len(NEW)


@pytest.mark.parametrize("fault", ["403", "500", "503", "429", "507", "reset before", "short write", "short answer"])
def test_what_does_not_pass_is_told_and_nothing_is_half_switched(
    tmp_path: Path, bench: BucketBench, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostlock, "DEAD", hostlock.DEAD * 0)
    old, new = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW)
    for good in (0, 5, 18):
        send(bench, old)
        weather = Weather(decide=lambda number, good=good: fault if number > good else None)  # type: ignore[misc]
        with proxied(endpoint(bench), weather) as address, pytest.raises(Stop) as stop:
            send(through(bench, address), new)
        problem = stop.value.problems[0]
        assert problem.rule == ("host-refuses" if fault in ("403", "507") else "host-fails")
        assert problem.hint
        assert not [
            value for name, value in bench.environment.items() if ("KEY" in name or "TOKEN" in name) and value in str(stop.value)
        ]
        assert len(weather.requests) < 600
        assert whole(bench.served()) == []
    send(bench, new)
    assert without_stale(bench.served()) == NEW
    assert publish_built(new, bench.target(HURRIED), SendOptions(max_delete=1, clock=HURRIED)).plan.nothing_to_do
