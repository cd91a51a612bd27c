"""An object store keeps no releases: the machine that published does."""

import subprocess
import uuid
from pathlib import Path

import pytest

from kbtool.publish.releases import keep_release, release_before
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


def test_releases_are_the_same_files_by_another_name(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    for number in range(5):
        site = write_built(tmp_path / "site", {**SITE, "robots.txt": b"%d" % number})
        keep_release(site, [*SITE], releases, f"2026010{number}T000000Z-0000000{number}", keep=2)
        assert (releases / f"2026010{number}T000000Z-0000000{number}/robots.txt").samefile(site / "robots.txt")
    assert sorted(path.name[-1] for path in releases.iterdir()) == ["2", "3", "4"]
    before = release_before(releases, "20260199T000000Z-00000004")
    assert before
    assert before.name == "20260103T000000Z-00000003"
    assert release_before(releases, "20260102T000000Z-00000002") is None
    assert release_before(tmp_path / "nothing", "x") is None
