"""`kbtool publish` and `kbtool rollback` as processes."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.sites import run_kbtool, served, write_site

CENTER = """\
-- kbtool.yml --
title: Help
url: https://help.example/
targets:
  live: { url: "file://{place}" }
-- content/refund.md --
# Get a refund

Ask us.
-- content/prices.md --
# Prices

None.
-- content/billing/pay.md --
# Pay

By card.
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """A help center with one target, the folder www beside it."""
    (tmp_path / "center").mkdir()
    return write_site(tmp_path / "center", CENTER.replace("{place}", str(tmp_path / "www")))


def test_it_builds_sends_and_says_what_it_did(center: Path) -> None:
    run = run_kbtool("publish", cwd=center)
    assert run.code == 0, run.err
    assert re.fullmatch(r"Published to \S+/www: \d+ files sent \([\d.]+ [kM]B\), 0 kept, 0 deleted after \d+\.\d s\.\n", run.out)
    assert (center / "../www/refund/index.html").is_file()
    again = run_kbtool("publish", "live", cwd=center)
    assert re.fullmatch(r"\S+/www is up to date: \d+ files kept, nothing sent after \d+\.\d s\.\n", again.out)


def test_a_dry_run_prints_the_plan_and_sends_nothing(center: Path) -> None:
    run = run_kbtool("publish", "--dry-run", cwd=center)
    assert run.code == 0
    assert "  new      refund/index.html\n" in run.err
    assert run.out == "Nothing was sent: this was a dry run.\n"
    assert not (center / "../www").exists()


def test_json_stands_alone_on_stdout(center: Path) -> None:
    told = json.loads(run_kbtool("publish", "--dry-run", "--format", "json", cwd=center).out)
    done = json.loads(run_kbtool("publish", "--format", "json", cwd=center).out)
    assert (told["done"], done["done"]) == (False, True)
    assert told["uploads"] == done["uploads"]
    assert {"sent", "kept", "deleted", "bytes", "seconds", "release", "deletes", "foreign"} <= done.keys()


def test_a_site_with_errors_is_not_sent(center: Path) -> None:
    run_kbtool("publish", cwd=center)
    before = (center / "../www/refund/index.html").read_bytes()
    (center / "content/refund.md").write_text("# Refund\n\nSee [prices](price.md).\n")
    run = run_kbtool("publish", cwd=center)
    assert (run.code, run.out) == (1, "")
    assert "[dead-link]" in run.err
    assert "error: nothing was sent: 1 error in the site [not-published]\n" in run.err
    assert (center / "../www/refund/index.html").read_bytes() == before


def test_a_first_site_with_errors_leaves_nothing_at_the_host(center: Path) -> None:
    (center / "content/refund.md").write_text("# Refund\n\nSee [prices](price.md) and [these](none.md).\n")
    for options in ([], ["--dry-run"], ["--format", "json"]):
        run = run_kbtool("publish", *options, cwd=center)
        assert (run.code, run.out) == (1, "")
        assert "nothing was sent: 2 errors in the site [not-published]" in run.err
    assert sorted(path.name for path in center.parent.iterdir()) == ["center"]


def test_the_guard_stops_a_site_that_lost_pages(center: Path) -> None:
    run_kbtool("publish", cwd=center)
    (center / "content/billing/pay.md").unlink()
    (center / "content/prices.md").unlink()
    (center / "urls.lock").unlink(missing_ok=True)
    stopped = run_kbtool("publish", cwd=center)
    assert stopped.code == 1
    assert "billing/pay/index.html" in stopped.err
    assert (center / "../www/prices/index.html").is_file()
    share = re.search(r"--max-delete (\d+%)", stopped.err)
    assert share
    assert run_kbtool("publish", "--max-delete", share[1], cwd=center).code == 0
    assert not (center / "../www/prices/index.html").exists()


def test_rollback_goes_back_and_says_where(center: Path) -> None:
    run_kbtool("publish", cwd=center)
    first = (center / "../www/refund/index.html").read_bytes()
    (center / "content/refund.md").write_text("# Refund\n\nOther words.\n")
    run_kbtool("publish", cwd=center)
    assert (center / "../www/refund/index.html").read_bytes() != first
    run = run_kbtool("rollback", cwd=center)
    assert (run.code, run.err) == (0, "")
    assert "shows the release" in run.out
    assert (center / "../www/refund/index.html").read_bytes() == first
    assert "[no-release]" in run_kbtool("rollback", cwd=center).err


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("lvie", "no-target"),
        ("https://ada:s3cretword@host.example/", "secret-in-url"),
        ("s3://ada:s3cretword@bucket", "secret-in-url"),
        ("az://box?sig=s3cretword", "secret-in-url"),
        ("s3://", "wrong-target"),
        ("s3://bucket?regoin=x", "wrong-target"),
        ("file://relative/path", "wrong-target"),
        ("file:///", "wrong-target"),
        ("ftp://host/x", "unknown-extension"),
        ("exec:", "wrong-target"),
        ("exec:no-such-program-here", "wrong-target"),
    ],
)
def test_a_wrong_target_is_told_without_its_secret(center: Path, target: str, rule: str) -> None:
    run = run_kbtool("publish", target, "--no-build", cwd=center)
    assert run.code == 2
    assert f"[{rule}]" in run.err
    assert "s3cretword" not in run.out + run.err


@pytest.mark.parametrize("target", ["s3://bucket/x", "gs://bucket", "az://box?account=me"])
def test_without_credentials_nobody_is_asked(center: Path, target: str) -> None:
    names = ("AWS_", "GOOGLE_", "AZURE_", "CLOUDSDK_")
    nothing = {name: "" for name in os.environ if name.startswith(names)}
    run = run_kbtool("publish", target, "--no-build", cwd=center, HOME=str(center), timeout=20, **nothing)
    assert run.code == 2
    assert "[no-credentials]" in run.err


@pytest.mark.parametrize(
    "line",
    [
        'url: "https://ada:s3cretword@host.example"',
        'url: "s3://b?secret_key=s3cretword"',
        'url: "s3://b"\n    secret_access_key: s3cretword',
    ],
)
def test_a_secret_in_the_settings_is_a_problem_and_is_not_repeated(center: Path, line: str) -> None:
    (center / "kbtool.yml").write_text(f"title: Help\ntargets:\n  live:\n    {line}\n")
    run = run_kbtool("publish", cwd=center)
    assert run.code == 2
    assert "kbtool.yml:" in run.err
    assert "environment variables" in run.err
    assert "s3cretword" not in run.out + run.err


def test_what_the_world_sees_is_held_against_what_was_sent(center: Path, tmp_path: Path) -> None:
    place = tmp_path / "www"
    place.mkdir()
    with served(place) as address:
        (center / "kbtool.yml").write_text((center / "kbtool.yml").read_text().replace("https://help.example/", address))
        run = run_kbtool("publish", "--verify", cwd=center)
        assert run.code == 0, run.err
        assert "looked at: all as sent." in run.out


def test_a_later_commit_at_the_host_stops_an_older_one(center: Path) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(center))
    for command in (("init", "-q"), ("add", "content", "kbtool.yml"), ("commit", "-qm", "one")):
        subprocess.run([*git, *command], check=True)
    (center / "content/refund.md").write_text("# Refund\n\nOther words.\n")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    assert run_kbtool("publish", cwd=center).code == 0
    subprocess.run([*git, "checkout", "-q", "HEAD~1"], check=True)
    run = run_kbtool("publish", cwd=center)
    assert run.code == 1
    assert "[older-than-host]" in run.err
    assert run_kbtool("publish", "--older", cwd=center).code == 0
