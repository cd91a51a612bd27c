"""An object store keeps no releases: the machine that published does."""

import hashlib
import os
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from kbtool.places import SITE_MARK
from kbtool.problems import Stop
from kbtool.publish.releases import keep_release, release_before, unfolded
from tests.publish.contract import SITE, write_built
from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.test_target_command import SCRIPT
from tests.sites import run_kbtool, write_site

CENTER = "-- kbtool.yml --\ntitle: Help\ntargets:\n  live: { url: '{url}', keep: 2 }\n-- content/refund.md --\n# Get a refund\n\nState 0.\n"


@pytest.mark.tools
def test_a_bucket_goes_back_as_far_as_releases_are_kept(tmp_path: Path, weak_s3: Gateway) -> None:
    name = f"b{uuid.uuid4().hex}"
    make_bucket(weak_s3, name)
    url = f"s3://{name}?endpoint={weak_s3.endpoint}"
    center = write_site(tmp_path / "center", CENTER.replace("{url}", url))
    bench = BucketBench(tmp_path, url, weak_s3.environment, wrong_key)

    def run(*arguments: str) -> str:
        answer = run_kbtool(*arguments, cwd=center, timeout=60, HOME=str(tmp_path), **weak_s3.environment)
        return answer.out or answer.err

    for number in range(4):
        (center / "content/refund.md").write_text(f"# Get a refund\n\nState {number}.\n")
        assert "Published to" in run("publish")
    for number in (2, 1):
        assert "shows the release" in run("rollback")
        assert f"State {number}.".encode() in bench.served()["refund/index.html"]
    assert "[no-release]" in run("rollback")


def test_a_fresh_checkout_keeps_no_release_and_is_told_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    center = write_site(tmp_path / "center", CENTER.replace("{url}", f"exec:sh publish.sh {tmp_path / 'www'}"))
    (center / "publish.sh").write_text(SCRIPT.replace('> "../headers', '> "/dev/null" #'))
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C")
    subprocess.run(["git", "init", "-q", center], check=True)
    for number in (1, 2):
        (center / "content/refund.md").write_text(f"# Get a refund\n\nState {number}.\n")
        subprocess.run([*git, center, "add", "content", "kbtool.yml", "publish.sh"], check=True)
        subprocess.run([*git, center, "commit", "-qm", f"{number}"], check=True)
        assert "Published to" in run_kbtool("publish", cwd=center).out
    online = subprocess.run([*git, center, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run(["git", "clone", "-q", center, tmp_path / "checkout"], check=True)
    run = run_kbtool("rollback", cwd=tmp_path / "checkout")
    assert (run.code, run.out) == (1, "")
    assert "[no-release]" in run.err
    assert f"commit {online[:12]}" in run.err
    assert '"kbtool publish --older"' in run.err
    subprocess.run([*git, tmp_path / "checkout", "checkout", "-q", f"{online[:12]}~1"], check=True)
    assert run_kbtool("publish", "--older", cwd=tmp_path / "checkout").code == 0
    assert "State 1." in (tmp_path / "www/refund/index.html").read_text()


def keep_sites(folder: Path, count: int, keep: int) -> Path:
    """Keep sites that differ in one file, and return the folder of the releases."""
    for number in range(count):
        files = {**SITE, "robots.txt": b"%d" % number}
        (folder / "site/robots.txt").unlink(missing_ok=True)  # a build never writes over a file
        write_built(folder / "site", files)
        digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        keep_release(folder / "site", digests, folder / "releases", f"2026010{number}T000000Z-0000000{number}", keep=keep)
    return folder / "releases"


def test_releases_are_the_same_files_by_another_name_each_once(tmp_path: Path) -> None:
    releases = keep_sites(tmp_path, 5, keep=2)
    assert sorted(path.stem[-1] for path in releases.glob("*.json")) == ["2", "3", "4"]
    kept = {path.name: path for path in (releases / "files").iterdir()}
    robots = {hashlib.sha256(b"%d" % number).hexdigest() for number in (2, 3, 4)}
    assert kept.keys() == robots | {hashlib.sha256(content).hexdigest() for path, content in SITE.items() if path != "robots.txt"}
    assert kept[hashlib.sha256(b"4").hexdigest()].samefile(tmp_path / "site/robots.txt")
    assert release_before(releases, "20260199T000000Z-00000004") == "20260103T000000Z-00000003"
    assert release_before(releases, "20260102T000000Z-00000002") is None
    assert release_before(tmp_path / "nothing", "x") is None


def test_a_kept_release_is_unfolded_as_it_was(tmp_path: Path) -> None:
    releases = keep_sites(tmp_path, 3, keep=3)
    with unfolded(releases, "20260101T000000Z-00000001") as back:
        there = {path.relative_to(back).as_posix(): path.read_bytes() for path in back.rglob("*") if path.is_file()}
    assert {path: content for path, content in there.items() if path != SITE_MARK} == {**SITE, "robots.txt": b"1"}
    assert SITE_MARK in there


def test_what_a_killed_rollback_left_is_swept_away_a_day_later(tmp_path: Path) -> None:
    releases = keep_sites(tmp_path, 2, keep=3)
    for name, hours in (("back-left", 25), ("back-running", 1)):
        (releases / name).mkdir()
        (releases / name / "index.html").touch()
        os.utime(releases / name, (time.time() - hours * 3600,) * 2)
    with unfolded(releases, "20260100T000000Z-00000000") as back:
        there = sorted(path.name for path in releases.glob("back-*"))
        assert there == sorted(("back-running", back.name))
    assert [path.name for path in releases.glob("back-*")] == ["back-running"]


@pytest.mark.parametrize("damage", ["written over", "deleted", "list"])
def test_a_kept_release_that_was_changed_is_not_published(tmp_path: Path, damage: str) -> None:
    releases = keep_sites(tmp_path, 2, keep=3)
    file = releases / "files" / hashlib.sha256(b"0").hexdigest()
    if damage == "written over":
        file.write_bytes(b"not what it was")
    elif damage == "deleted":
        file.unlink()
    else:
        (releases / "20260100T000000Z-00000000.json").write_bytes(b"{")
    with pytest.raises(Stop, match="release") as stop, unfolded(releases, "20260100T000000Z-00000000"):
        pass
    assert [problem.rule for problem in stop.value.problems] == ["no-release"]


def test_a_site_s_file_that_was_written_over_is_kept_as_it_is_now(tmp_path: Path) -> None:
    releases = keep_sites(tmp_path, 1, keep=3)
    (tmp_path / "site/robots.txt").write_bytes(b"by hand")
    leftover = releases / "files" / f"{hashlib.sha256(b'0').hexdigest()}.new"
    leftover.hardlink_to(tmp_path / "site/index.html")  # of a publish that died
    keep_sites(tmp_path, 1, keep=3)
    with unfolded(releases, "20260100T000000Z-00000000") as back:
        assert (back / "robots.txt").read_bytes() == b"0"
    assert not leftover.exists()


@pytest.mark.parametrize("fault", ["gone meanwhile", "no folder"])
def test_a_release_that_cannot_be_kept_is_a_warning(tmp_path: Path, fault: str) -> None:
    site = write_built(tmp_path / "site", SITE)
    releases = tmp_path / "releases"
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in SITE.items()}
    if fault == "no folder":
        releases.write_bytes(b"a file in its place")
    else:
        (site / "robots.txt").unlink()
    (problem,) = keep_release(site, digests, releases, "20260100T000000Z-00000000", keep=3)
    assert (problem.rule, problem.severity) == ("not-kept", "warning")
    assert release_before(releases, "20260200T000000Z-00000001") is None
    assert keep_release(site, digests, releases, "20260100T000000Z-00000000", keep=0) == ()
