"""Any moment is fine to die: `kill -9` at every step, then a reader's crawl, then the next publish."""

import shutil
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kbtool.pipeline.sending import SendOptions, publish_built
from kbtool.publish import hostlock
from tests.publish.contract import Time, write_built
from tests.publish.crawl import site_of, whole
from tests.publish.killing import Killer, killer
from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.test_target_folder import FolderBench

OLD = site_of("old", 22)
NEW = site_of("new", 22, gone=(3, 4), added=3)
SMALL_OLD, SMALL_NEW = site_of("old", 3), site_of("new", 3, gone=(1,), added=1)


@pytest.fixture(scope="module")
def dying() -> Iterator[Killer]:
    """The process that dies."""
    with killer() as process:
        yield process


def test_the_two_states_are_whole() -> None:
    assert whole(OLD) == whole(NEW) == []
    assert len(whole({**OLD, "index.html": NEW["index.html"]})) == 5


def test_a_folder_killed_at_any_step_holds_the_whole_old_or_the_whole_new_site(
    tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostlock, "DEAD", timedelta(0))
    old, new, time = write_built(tmp_path / "old", SMALL_OLD), write_built(tmp_path / "new", SMALL_NEW), Time()
    bench = FolderBench(tmp_path)
    seen = set()
    for step in range(1, 1_000):
        shutil.rmtree(bench.folder.parent, ignore_errors=True)
        publish_built(old, bench.target(time.clock), SendOptions(max_delete=1, clock=time.clock))
        ended = dying.publish(step, new, bench.folder.as_uri(), bench.root, {})
        served = without_stale(bench.served())
        assert served in (SMALL_OLD, SMALL_NEW), f"half a site after step {step}"
        seen.add(served == SMALL_NEW)
        if ended == "done":
            break
        assert ended == "killed"
        publish_built(new, bench.target(time.clock), SendOptions(max_delete=1, clock=time.clock))
        assert without_stale(bench.served()) == SMALL_NEW
        assert sorted(path.name for path in bench.folder.parent.iterdir()) == [".help.kbtool", "help"]
    assert ended == "done"
    assert seen == {True, False}
    assert step > 50


@pytest.mark.tools
def test_a_bucket_killed_at_any_step_shows_a_whole_site_and_the_next_publish_completes_it(
    tmp_path: Path, dying: Killer, weak_s3: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, resumed = kill_everywhere(tmp_path, dying, weak_s3, monkeypatch, every=1)
    assert steps > 60
    assert resumed > 20, "the next publish should not send again what is there"


@pytest.mark.tools
def test_ceph_killed_at_some_steps_shows_a_whole_site(
    tmp_path: Path, dying: Killer, ceph: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kill_everywhere(tmp_path, dying, ceph, monkeypatch, every=9)[0] > 60


def kill_everywhere(
    folder: Path, dying: Killer, server: Gateway, monkeypatch: pytest.MonkeyPatch, *, every: int
) -> tuple[int, int]:
    """Kill a publish at each step, or at some. Return how many steps there are, and the most files that a next publish kept."""
    monkeypatch.setattr(hostlock, "DEAD", timedelta(0))
    old, new, time = write_built(folder / "old", OLD), write_built(folder / "new", NEW), Time()
    step, kept = 1, 0
    while True:
        name = f"b{uuid.uuid4().hex}"
        make_bucket(server, name)
        bench = BucketBench(folder, f"s3://{name}/help?endpoint={server.endpoint}", server.environment, wrong_key)
        publish_built(old, bench.target(time.clock), SendOptions(max_delete=1, clock=time.clock))
        ended = dying.publish(step, new, bench.url, bench.root, bench.environment)
        served = bench.served()
        assert whole(served) == [], f"dead links after step {step}"
        assert all(served[path] in (OLD.get(path), NEW.get(path)) for path in served)
        if ended == "done":
            assert without_stale(served) == NEW
            return step, kept
        assert ended == "killed"
        outcome = publish_built(new, bench.target(time.clock), SendOptions(max_delete=1, clock=time.clock))
        assert without_stale(bench.served()) == NEW
        kept = max(kept, outcome.kept)
        step += every


def without_stale(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files less the assets of the other site, which stay for a day."""
    shown = {path for path in files if not path.startswith("assets/") or path.encode() in files.get("index.html", b"")}
    return {path: content for path, content in files.items() if path in shown}
