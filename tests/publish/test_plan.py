"""The plan, without a network: whatever was there and whatever comes, nothing foreign goes and nothing is missing."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.publish.headers import Phase, is_page_file
from kbtool.publish.manifest import Entry, Manifest, Stale, read_manifest, write_manifest
from kbtool.publish.plan import GRACE, PublishPlan, plan_publish
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.snapshot import LocalFile, Snapshot
from tests.thorough import tries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

paths = st.sampled_from(
    [
        "index.html",
        "a/index.html",
        "a/b/index.html",
        "assets/p.0123456789.css",
        "img/x.png",
        "sitemap.xml",
        "ü/index.html",
        "a.md",
    ]
)
texts = st.sampled_from(["1", "2"])
headers = st.sampled_from(["one", "two"])
contents = st.dictionaries(paths, st.tuples(texts, headers))


def entry(text: str, cache: str, *, tagged: bool = True) -> Entry:
    return Entry(hashlib.sha256(text.encode()).hexdigest(), len(text), "type", cache, md5(text) if tagged else "")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def snapshot(files: Mapping[str, tuple[str, str]]) -> Snapshot:
    local = {path: LocalFile(entry(text, cache, tagged=False), md5(text)) for path, (text, cache) in sorted(files.items())}
    return Snapshot(Path("site"), local)


@st.composite
def hosts(draw: st.DrawFn) -> tuple[Remote, dict[str, tuple[str, str]]]:
    """A host in any state that publishes which end or die, and other hands, can bring about; and what each file truly is."""
    there = draw(contents)
    files = {path: entry(*found) for path, found in draw(contents).items()}
    known = {path: entry(*found) if draw(st.booleans()) else files.get(path, entry(*found)) for path, found in there.items()}
    mine = {path: one for path, one in known.items() if draw(st.booleans())}
    stale = {
        path: Stale(entry(*found), (NOW - draw(st.sampled_from([GRACE, timedelta(hours=1)]))).isoformat())
        for path, found in there.items()
        if draw(st.booleans()) and path not in mine
    }
    pending = {path: entry(*found, tagged=draw(st.booleans())) for path, found in draw(contents).items()}
    manifest = Manifest("r", "", mine, stale, pending) if draw(st.booleans()) else None
    listing = {path: RemoteFile(len(text), md5(text)) for path, (text, _) in there.items()}
    return Remote(listing, manifest, "state"), there


@settings(max_examples=tries(100), deadline=None)
@given(contents, hosts())
def test_after_the_plan_the_host_holds_the_site_and_all_that_is_not_ours(
    site: dict[str, tuple[str, str]], host: tuple[Remote, dict[str, tuple[str, str]]]
) -> None:
    remote, there = host
    plan = plan_publish(snapshot(site), remote, now=NOW)
    after = carried_out(plan, site, there)
    ours = remote.manifest.ours if remote.manifest else frozenset()
    assert {path: after[path][0] for path in site} == {path: text for path, (text, _) in site.items()}
    assert {path for path in there if path not in ours} <= after.keys(), "nothing that is not ours may go"
    assert set(plan.deletes) <= ours
    assert not set(plan.deletes) & site.keys()
    assert [upload.phase for upload in plan.uploads] == sorted(upload.phase for upload in plan.uploads)
    assert plan.kept + len(plan.uploads) == len(site)
    assert plan.manifest.files.keys() == site.keys()


@settings(max_examples=tries(60), deadline=None)
@given(contents, hosts())
def test_the_same_site_again_is_nothing_to_do(
    site: dict[str, tuple[str, str]], host: tuple[Remote, dict[str, tuple[str, str]]]
) -> None:
    remote, there = host
    plan = plan_publish(snapshot(site), remote, now=NOW)
    after = carried_out(plan, site, there)
    listing = {path: RemoteFile(len(text), md5(text)) for path, (text, _) in after.items()}
    again = plan_publish(snapshot(site), Remote(listing, plan.manifest, "new"), now=NOW)
    assert again.nothing_to_do
    later = plan_publish(snapshot(site), Remote(listing, plan.manifest, "new"), now=NOW + GRACE)
    assert set(later.deletes) == set(plan.waiting)
    assert later.uploads == ()


@settings(max_examples=tries(60), deadline=None)
@given(contents, contents, st.sets(paths))
def test_a_publish_that_died_anywhere_is_completed(
    old: dict[str, tuple[str, str]], new: dict[str, tuple[str, str]], arrived: set[str]
) -> None:
    before = Manifest("old", "", {path: entry(*found) for path, found in old.items()})
    remote = Remote({path: RemoteFile(len(text), md5(text)) for path, (text, _) in old.items()}, before, "state")
    plan = plan_publish(snapshot(new), remote, now=NOW)
    there = {**old, **{one.path: new[one.path] for one in plan.uploads if one.path in arrived}}
    noted = Manifest("old", "", before.files, {}, {one.path: entry(*new[one.path], tagged=False) for one in plan.uploads})
    died = Remote({path: RemoteFile(len(text), md5(text)) for path, (text, _) in there.items()}, noted, "state")
    rest = plan_publish(snapshot(new), died, now=NOW)
    after = carried_out(rest, new, there)
    assert {path: after[path] for path in new} == new, "headers included"
    same_bytes = {path for path, found in old.items() if path in new and found[0] == new[path][0] and found != new[path]}
    assert {one.path for one in rest.uploads} <= {one.path for one in plan.uploads} - (arrived - same_bytes)


@settings(max_examples=tries(50), deadline=None)
@given(hosts())
def test_a_manifest_is_read_as_it_was_written(host: tuple[Remote, object]) -> None:
    manifest = host[0].manifest or Manifest()
    assert read_manifest(write_manifest(manifest)) == (manifest, ())


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_a_manifest_fail(data: bytes) -> None:
    manifest, problems = read_manifest(data)
    assert manifest is None or not problems


def test_a_new_page_goes_up_before_the_page_that_links_to_it() -> None:
    before = Manifest("old", "", {"index.html": entry("1", "one"), "a/index.html": entry("1", "one")})
    remote = Remote({path: RemoteFile(1, md5("1")) for path in before.files}, before, "s")
    site = snapshot(
        {"index.html": ("2", "one"), "a/index.html": ("2", "one"), "a/b/index.html": ("2", "one"), "b/index.html": ("1", "one")}
    )
    phases = {one.path: one.phase for one in plan_publish(site, remote, now=NOW).uploads}
    assert phases == {
        "a/b/index.html": Phase.NEW_PAGES,
        "b/index.html": Phase.NEW_PAGES,
        "a/index.html": Phase.ENTRIES,
        "index.html": Phase.ENTRIES,
    }


def test_a_release_is_named_after_the_one_before_even_within_its_second() -> None:
    release, clock_behind = "", NOW - timedelta(hours=1)
    for number, moment in enumerate([NOW, NOW, NOW, clock_behind, NOW + timedelta(days=1)]):
        remote = Remote({}, Manifest(release), "s")
        plan = plan_publish(snapshot({"index.html": (str(number), "one")}), remote, now=moment)
        assert plan.manifest.release > release
        release = plan.manifest.release
    assert release.startswith("20260302T120000Z-")


def carried_out(
    plan: PublishPlan, site: Mapping[str, tuple[str, str]], there: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Return what a host holds after the plan."""
    after = {**there, **{upload.path: site[upload.path] for upload in plan.uploads}}
    assert all(is_page_file(path) or path not in plan.waiting for path in plan.deletes)
    return {path: found for path, found in after.items() if path not in plan.deletes}
