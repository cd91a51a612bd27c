"""Stores without a network: the order of things, the lock, and what a manifest is worth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Lock, Thread

import pytest

from kbtool.pipeline.sending import Outcome, SendOptions, publish_built
from kbtool.problems import Problem, Stop
from kbtool.publish import hostlock
from kbtool.publish.headers import Phase
from kbtool.publish.manifest import LOCK, MANIFEST, Entry, Manifest, write_manifest
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Clock, Limits
from tests.publish.contract import SITE, Time, page, surroundings, without, write_built
from tests.publish.memory import MemoryStore

Publish = Callable[..., Outcome]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(time: Time) -> MemoryStore:
    return MemoryStore(lambda: time.at)


@pytest.fixture
def publish(tmp_path: Path, time: Time) -> Publish:
    """Publish files to a store, each time from a folder of its own."""
    number = [0]

    def act(files: dict[str, bytes], store: MemoryStore, who: str = "a test", **options: object) -> Outcome:
        number[0] += 1
        site = write_built(tmp_path / f"site{number[0]}", files)
        target = StoreTarget(store, replace(surroundings(tmp_path, time), who=who))
        return publish_built(site, target, SendOptions(clock=time.clock, **options))  # type: ignore[arg-type]

    return act


def stopped(publish: Publish, *arguments: object, **options: object) -> Problem:
    with pytest.raises(Stop) as stop:
        publish(*arguments, **options)
    return stop.value.problems[0]


def test_phases_come_in_order_and_what_goes_goes_last(publish: Publish, store: MemoryStore) -> None:
    publish(SITE, store)
    store.calls.clear()
    changed = {**without(SITE, "billing/card/index.html"), "new/index.html": page(), "img/new.png": b"new"}
    changed |= {"billing/pay/index.html": page(words="new"), "index.html": page("new/"), "sitemap.xml": b"new"}
    publish(changed, store)
    changes = [path for call, path in store.calls if call in ("put", "delete") and path != LOCK]
    assert changes[:3] == ["img/new.png", "new/index.html", "billing/pay/index.html"]
    assert set(changes[3:5]) == {"index.html", "sitemap.xml"}
    assert changes[5:] == [MANIFEST, "billing/card/index.html"]


def test_a_small_change_costs_five_requests_more_than_none(publish: Publish, store: MemoryStore) -> None:
    publish(SITE, store)
    store.calls.clear()
    assert publish(SITE, store).plan.nothing_to_do
    assert sorted(store.calls) == [("get", MANIFEST), ("list", "")]
    store.calls.clear()
    publish({**SITE, "billing/pay/index.html": page(words="new")}, store)
    assert len(store.calls) == 2 + 5


def test_the_first_phase_holds_the_hashed_and_the_last_the_home(publish: Publish, store: MemoryStore) -> None:
    plan = publish(SITE, store, dry_run=True).plan
    assert {one.path for one in plan.phase(Phase.ASSETS)} == {"assets/plain.0123456789.css", "billing/img/button.png"}
    assert {"index.html", "sitemap.xml", "robots.txt"} <= {one.path for one in plan.phase(Phase.ENTRIES)}


@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("skew", [timedelta(0), timedelta(days=400), timedelta(days=-400)])
def test_a_second_publish_is_refused_with_who_and_since_and_a_dead_one_is_forgotten(
    publish: Publish, time: Time, skew: timedelta, *, conditional: bool
) -> None:
    store = MemoryStore(lambda: time.at + skew, conditional=conditional)
    publish(SITE, store)
    note = b'{"who": "ada on host7 (process 12)", "since": "2026-03-01T11:59:00+00:00", "nonce": "x"}'
    store.put(LOCK, note, None)
    changed = {**SITE, "robots.txt": b"changed"}
    problem = stopped(publish, changed, store)
    assert problem.rule == "publish-busy"
    assert "ada on host7" in problem.message
    assert "2026-03-01T11:59" in problem.message
    assert store.files[LOCK][0] == note
    assert store.files["robots.txt"][0] == SITE["robots.txt"]
    time.at += timedelta(minutes=4)
    publish(changed, store)
    assert store.files["robots.txt"][0] == b"changed"
    assert LOCK not in store.files


@pytest.mark.parametrize("conditional", [True, False])
def test_of_two_at_once_one_ends_and_the_other_is_refused(
    tmp_path: Path, *, conditional: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostlock, "MOMENT", 0.2)
    store = MemoryStore(lambda: datetime.now(UTC), conditional=conditional)
    waiting = Event()
    put = store.put

    def slow(path: str, *arguments: object, **named: object) -> str:
        if path == "index.html":
            waiting.wait(2)
        return put(path, *arguments, **named)  # type: ignore[arg-type]

    store.put = slow  # type: ignore[method-assign]
    real = replace(Time().clock, now=lambda: datetime.now(UTC), pause=Event.wait)
    ended: list[str] = []

    def one(who: str) -> None:
        site = write_built(tmp_path / who, {**SITE, "robots.txt": who.encode()})
        target = StoreTarget(store, replace(surroundings(tmp_path, Time()), who=who, clock=real))
        try:
            publish_built(site, target, SendOptions(clock=real))
            ended.append(who)
        except Stop as stop:
            ended.append(stop.problems[0].rule)
            waiting.set()

    threads = [Thread(target=one, args=(who,)) for who in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "publish-busy" in ended
    assert store.files["robots.txt"][0].decode() in ended


def test_a_lock_that_was_taken_over_ends_the_publish(publish: Publish, store: MemoryStore, time: Time) -> None:
    publish(SITE, store)
    put = store.put

    def sleeping(path: str, *arguments: object, **named: object) -> str:
        answer = put(path, *arguments, **named)  # type: ignore[arg-type]
        if path == "billing/pay/index.html":
            time.at += timedelta(minutes=10)
            put(LOCK, b'{"who": "bob", "since": "now"}', None)
        return answer

    store.put = sleeping  # type: ignore[method-assign]
    problem = stopped(publish, {**SITE, "billing/pay/index.html": page(words="x"), "robots.txt": b"new"}, store)
    assert (problem.rule, "bob" in problem.message) == ("publish-busy", True)
    assert store.files["robots.txt"][0] == SITE["robots.txt"]
    assert b"bob" in store.files[LOCK][0]


def test_another_publish_between_the_plan_and_the_lock_is_seen_and_planned_for(publish: Publish, store: MemoryStore) -> None:
    publish(SITE, store)
    times = []

    def agree(_plan: object, _place: str) -> bool:
        times.append(1)
        if len(times) == 1:
            publish({**SITE, "robots.txt": b"other"}, store)
        return True

    outcome = publish({**SITE, "sitemap.xml": b"mine"}, store, agree=agree)
    assert len(times) == 2
    assert {one.path for one in outcome.plan.uploads} == {"sitemap.xml", "robots.txt"}
    assert store.files["robots.txt"][0] == SITE["robots.txt"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b'{"files": 3}',
        b"\xff",
        write_manifest(replace(Manifest(), made_by="other")),
        write_manifest(replace(Manifest(), schema=9)),
    ],
)
def test_a_manifest_that_cannot_be_relied_on_deletes_nothing(publish: Publish, store: MemoryStore, damage: bytes) -> None:
    publish(SITE, store)
    store.put(MANIFEST, damage, None)
    outcome = publish(without(SITE, "billing/card/index.html"), store)
    assert outcome.plan.deletes == ()
    assert "billing/card/index.html" in store.files
    assert [problem.rule for problem in outcome.problems] == ["doubtful-manifest"]
    assert outcome.plan.foreign == ("billing/card/index.html",)


def test_a_file_that_somebody_changed_at_the_host_is_mended(publish: Publish, store: MemoryStore) -> None:
    publish(SITE, store)
    store.put("billing/pay/index.html", b"scribble", None)
    assert [(one.path, one.reason) for one in publish(SITE, store).plan.uploads] == [("billing/pay/index.html", "damaged")]


def test_other_headers_are_sent_even_when_the_bytes_are_the_same(
    publish: Publish, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(SITE, store)
    monkeypatch.setattr("kbtool.publish.snapshot.cache_control", lambda _path: "no-store")
    assert {one.reason for one in publish(SITE, store).plan.uploads} == {"headers"}


def test_a_site_that_the_host_does_not_take_is_refused_before_anything_is_sent(publish: Publish, time: Time) -> None:
    for limits in (Limits(file_bytes=50), Limits(files=3), Limits(site_bytes=100)):
        store = MemoryStore(lambda: time.at, limits=limits)
        assert stopped(publish, SITE, store).rule == "too-large-for-host"
        assert store.files == {}


@pytest.mark.parametrize("missing", ["index.html", ".kbtool-site"])
def test_what_is_no_whole_site_is_refused(store: MemoryStore, tmp_path: Path, time: Time, missing: str) -> None:
    site = write_built(tmp_path / "half", SITE)
    (site / missing).unlink()
    with pytest.raises(Stop) as stop:
        publish_built(site, StoreTarget(store, surroundings(tmp_path, time)), SendOptions(clock=time.clock))
    assert stop.value.problems[0].rule == "no-site"


@pytest.mark.parametrize(
    "name", ["aux.html", "a/CON/index.html", "A/index.html", "e\u0301.html", "back\\slash.html", "new\nline.html"]
)
def test_names_that_a_host_would_lose_are_refused(publish: Publish, store: MemoryStore, name: str) -> None:
    assert stopped(publish, {**SITE, name: b"x", "a/index.html": b"x"}, store).rule == "unfit-name"


class CountingStore(MemoryStore):
    """Takes pictures only when so many are on their way, and the lock's file after a while."""

    def __init__(self, way: timedelta, at_once: int) -> None:
        """Begin empty. `way`: how long the lock's file takes."""
        super().__init__(lambda: self.at)
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.running = self.most = 0
        self._way, self._together, self._count = way, Barrier(at_once), Lock()

    def put(self, path: str, content: bytes, entry: Entry | None, *, if_absent: bool = False) -> str:
        if path == LOCK:
            self.at += self._way
        if not path.startswith("img/"):
            return super().put(path, content, entry, if_absent=if_absent)
        with self._count:
            self.running += 1
            self.most = max(self.most, self.running)
        self._together.wait(20)
        with self._count:
            self.running -= 1
        return super().put(path, content, entry, if_absent=if_absent)


@pytest.mark.parametrize(("milliseconds", "at_once"), [(3, 24), (50, 48)])
def test_a_host_that_is_near_gets_fewer_files_at_once(tmp_path: Path, time: Time, milliseconds: int, at_once: int) -> None:
    site = write_built(tmp_path / "site", {**SITE, **{f"img/{number}.png": b"x" for number in range(96)}})
    store = CountingStore(timedelta(milliseconds=milliseconds), at_once)
    time.clock = Clock(now=lambda: store.at, pause=time.pause, random=lambda: 0.5)
    around = replace(surroundings(tmp_path, time), at_once=48)
    assert publish_built(site, StoreTarget(store, around), SendOptions(clock=time.clock)).sent == len(SITE) + 96
    assert store.most == at_once
