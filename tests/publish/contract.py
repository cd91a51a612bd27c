"""What every target must do: a test file for a host subclasses `Contract` and gives one fixture, `bench`."""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Protocol

import pytest

from kbtool.media import content_type
from kbtool.pipeline.sending import Outcome, SendOptions, publish_built
from kbtool.places import SITE_MARK
from kbtool.problems import Stop
from kbtool.publish.headers import cache_control
from kbtool.publish.target import Clock, Surroundings, Target
from kbtool.settings import TargetSettings

Files = Mapping[str, bytes]


class Bench(Protocol):
    """A host on this machine, with an empty place for one site; each test has its own."""

    def target(self, clock: Clock) -> Target:
        """Open the target anew, as a new run of kbtool does."""

    def served(self) -> dict[str, bytes]:
        """Return every file of the site that a reader can fetch; kbtool's own notes are not among them."""

    def headers(self, path: str) -> tuple[str, str] | None:
        """Return Content-Type and Cache-Control as a reader gets them; None where the host decides on them."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Put a file there by another hand. Skips the test where a host takes whole sites only."""

    def refused(self) -> AbstractContextManager[None]:
        """While it lasts, the host lets nobody write."""


class Time:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        """Begin on a day of its own."""
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.clock = Clock(now=self.now, pause=self.pause, random=lambda: 0.5)

    def now(self) -> datetime:
        """Return the time; a second passes each time it is asked."""
        self.at += timedelta(seconds=1)
        return self.at

    def pause(self, _event: Event, seconds: float) -> bool:
        """Let time pass without waiting."""
        self.at += timedelta(seconds=seconds)
        return False


def surroundings(root: Path, time: Time, environment: Mapping[str, str] | None = None, **settings: object) -> Surroundings:
    """Return what a target may know, with nothing of this machine in it."""
    work = root / ".kbtool"
    work.mkdir(parents=True, exist_ok=True)
    made = TargetSettings("", **settings)  # type: ignore[arg-type]
    return Surroundings(environment or {}, root, work, root, made, "a test", time.clock, at_once=8)


def page(*links: str, words: str = "") -> bytes:
    """Return a page that links to these paths and loads the first style sheet among them."""
    return ("<!doctype html><title>p</title>" + "".join(f'<a href="/{link}">x</a>' for link in links) + words).encode()


SITE: Files = {
    "index.html": page("billing/", "assets/plain.0123456789.css"),
    "404.html": page(words="not here"),
    "billing/index.html": page("billing/refund/", "assets/plain.0123456789.css"),
    "billing/refund/index.html": page("billing/", "billing/img/button.png", "assets/plain.0123456789.css"),
    "billing/prices/index.html": page("billing/", "assets/plain.0123456789.css"),
    "billing/pay/index.html": page("billing/"),
    "billing/card/index.html": page("billing/"),
    "billing/img/button.png": b"\x89PNG\r\n",
    "assets/plain.0123456789.css": b"body { color: black }",
    "sitemap.xml": b"<urlset/>",
    "robots.txt": b"User-agent: *\n",
}


def write_built(folder: Path, files: Files) -> Path:
    """Lay the files out as a site that kbtool built; return its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in {**files, SITE_MARK: b"a site"}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def without(files: Files, *paths: str) -> Files:
    """Return the files less some."""
    return {path: content for path, content in files.items() if path not in paths}


class Contract:
    """What holds for every target."""

    many = 300
    """Files in the large site."""
    most = 5_000
    """Files in the largest, which is published where there is time for it."""

    @pytest.fixture
    def time(self) -> Time:
        """The clock of one test."""
        return Time()

    @pytest.fixture
    def bench(self) -> Bench:
        """The host: each test file gives its own."""
        raise NotImplementedError

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        """Where the built site is."""
        return tmp_path / "built-site"

    def publish(self, site: Path, files: Files, bench: Bench, time: Time, **options: object) -> Outcome:
        """Publish the files."""
        write_built(site, files)
        return publish_built(site, bench.target(time.clock), SendOptions(clock=time.clock, **options))  # type: ignore[arg-type]

    def test_publish_puts_every_file_there_byte_for_byte(self, site: Path, bench: Bench, time: Time) -> None:
        outcome = self.publish(site, SITE, bench, time)
        assert bench.served() == SITE
        assert (outcome.sent, outcome.kept, outcome.deleted) == (len(SITE), 0, 0)
        assert outcome.bytes == sum(map(len, SITE.values()))
        assert outcome.done

    def test_types_and_caching_are_our_own(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        for path in SITE:
            assert bench.headers(path) in (None, (content_type(path), cache_control(path)))

    def test_publishing_again_does_nothing(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        outcome = self.publish(site, SITE, bench, time)
        assert outcome.plan.nothing_to_do
        assert (outcome.sent, outcome.kept, outcome.deleted) == (0, len(SITE), 0)

    def test_a_change_sends_what_changed(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        changed = {**SITE, "billing/refund/index.html": page("billing/", words="new"), "billing/new/index.html": page("billing/")}
        outcome = self.publish(site, changed, bench, time)
        assert {upload.path: upload.reason for upload in outcome.plan.uploads} == {
            "billing/refund/index.html": "content",
            "billing/new/index.html": "new",
        }
        assert bench.served() == changed

    def test_a_deleted_page_goes_at_once_and_its_assets_a_day_later(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        fewer = without(SITE, "billing/card/index.html", "billing/img/button.png")
        outcome = self.publish(site, fewer, bench, time)
        assert outcome.plan.deletes == ("billing/card/index.html",)
        assert bench.served() == without(SITE, "billing/card/index.html")
        assert self.publish(site, fewer, bench, time).plan.nothing_to_do
        time.at += timedelta(days=1)
        assert self.publish(site, fewer, bench, time).plan.deletes == ("billing/img/button.png",)
        assert bench.served() == fewer

    def test_a_renamed_page_is_at_its_new_place_only(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        renamed = {**without(SITE, "billing/pay/index.html"), "billing/payments/index.html": SITE["billing/pay/index.html"]}
        self.publish(site, renamed, bench, time)
        assert bench.served() == renamed

    def test_a_file_takes_a_folders_place_and_back(self, site: Path, bench: Bench, time: Time) -> None:
        """Object stores do not mind; folders do."""
        self.publish(site, {**SITE, "a/index.html": page()}, bench, time)
        self.publish(site, {**SITE, "a.html": page()}, bench, time)
        assert bench.served() == {**SITE, "a.html": page()}

    def test_names_of_every_kind(self, site: Path, bench: Bench, time: Time) -> None:
        names = (
            "über uns",
            "100%",
            "50%20off",
            "a+b",
            "q?x",
            "h#x",
            "日本語",
            "semi;colon",
            "eq=ual&amp",
            "it's",
            "[x]",
            "a~b,c",
        )
        odd = {**SITE, **{f"odd/{name}/index.html": name.encode() for name in names}}
        self.publish(site, odd, bench, time)
        assert bench.served() == odd
        assert self.publish(site, odd, bench, time).plan.nothing_to_do
        self.publish(site, SITE, bench, time, max_delete=1)
        assert bench.served() == SITE

    def test_an_empty_file_and_a_large_one(self, site: Path, bench: Bench, time: Time) -> None:
        large = hashlib.sha256(b"seed").digest() * 400_000
        files = {**SITE, "empty.txt": b"", "film.mp4": large}
        self.publish(site, files, bench, time)
        assert bench.served() == files
        assert self.publish(site, files, bench, time).plan.nothing_to_do

    def test_a_dry_run_changes_nothing_and_tells_the_plan_of_the_run(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        changed = {**without(SITE, "billing/card/index.html"), "billing/refund/index.html": page(words="new")}
        told = self.publish(site, changed, bench, time, dry_run=True)
        assert bench.served() == SITE
        assert not told.done
        ran = self.publish(site, changed, bench, time)
        assert (told.plan.uploads, told.plan.deletes, told.plan.kept) == (ran.plan.uploads, ran.plan.deletes, ran.plan.kept)
        assert (told.sent, told.deleted, told.bytes) == (ran.sent, ran.deleted, ran.bytes)
        assert bench.served() == changed

    def test_a_dry_run_of_the_first_publish_leaves_nothing(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time, dry_run=True)
        assert bench.served() == {}

    def test_too_many_pages_going_stops_it_before_anything_is_sent(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        fewer = {**without(SITE, "billing/card/index.html", "billing/pay/index.html"), "robots.txt": b"changed"}
        with pytest.raises(Stop) as stop:
            self.publish(site, fewer, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["too-many-deleted"]
        assert "billing/card/index.html" in str(stop.value)
        assert bench.served() == SITE
        self.publish(site, fewer, bench, time, max_delete=0.5)
        assert bench.served() == fewer

    def test_what_kbtool_did_not_put_there_stays(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        bench.put_foreign("verify/owner.html", b"mine")
        outcome = self.publish(site, without(SITE, "billing/card/index.html"), bench, time)
        assert outcome.plan.foreign == ("verify/owner.html",)
        assert bench.served()["verify/owner.html"] == b"mine"

    def test_a_host_that_lets_nobody_write_is_a_problem_and_nothing_changes(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        with bench.refused(), pytest.raises(Stop) as stop:
            self.publish(site, {**SITE, "robots.txt": b"changed"}, bench, time)
        assert stop.value.problems[0].hint
        assert bench.served() == SITE
        self.publish(site, {**SITE, "robots.txt": b"changed"}, bench, time)
        assert bench.served()["robots.txt"] == b"changed"

    def test_a_publish_that_broke_off_is_completed_by_the_next(self, site: Path, bench: Bench, time: Time) -> None:
        changed = {path: content + b" " for path, content in SITE.items()}
        self.publish(site, SITE, bench, time)
        write_built(site, changed)
        options = SendOptions(clock=time.clock, agree=lambda _plan, _place: bool((site / "index.html").write_bytes(b"later")))
        with pytest.raises(Stop) as stop:
            publish_built(site, bench.target(time.clock), options)
        assert stop.value.problems[0].rule == "changed-meanwhile"
        assert bench.served()["index.html"] == SITE["index.html"]
        self.publish(site, changed, bench, time)
        assert bench.served() == changed
        assert self.publish(site, changed, bench, time).plan.nothing_to_do

    def test_a_large_site(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish_many(self.many, site, bench, time)

    @pytest.mark.tools
    def test_the_largest_site(self, site: Path, bench: Bench, time: Time) -> None:
        self.publish_many(self.most, site, bench, time)

    def publish_many(self, number: int, site: Path, bench: Bench, time: Time) -> None:
        """Publish so many pages, then one that changed."""
        large = {**SITE, **{f"t{page % 50}/a{page}/index.html": b"%d" % page for page in range(number)}}
        self.publish(site, large, bench, time)
        assert bench.served() == large
        outcome = self.publish(site, {**large, "t0/a0/index.html": b"changed"}, bench, time)
        assert (outcome.sent, outcome.kept) == (1, len(large) - 1)
