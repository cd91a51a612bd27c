"""Keys are in nothing that kbtool prints, keeps or sends."""

import uuid
from pathlib import Path

import pytest

from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.sites import run_kbtool, write_site

pytestmark = pytest.mark.tools

CENTER = "-- kbtool.yml --\ntitle: Help\ntargets:\n  live: { url: '{url}' }\n-- content/refund.md --\n# Get a refund\n\nAsk us.\n"
WRONG = "wrong-secret-that-must-not-be-shown"


def test_a_key_is_neither_shown_nor_kept_nor_sent(tmp_path: Path, weak_s3: Gateway) -> None:
    name = f"b{uuid.uuid4().hex}"
    make_bucket(weak_s3, name)
    center = write_site(tmp_path / "center", CENTER.replace("{url}", f"s3://{name}?endpoint={weak_s3.endpoint}"))
    said: list[str] = []
    for change in ({}, {"AWS_SECRET_ACCESS_KEY": WRONG}, {"AWS_SESSION_TOKEN": WRONG}):
        (center / "content/refund.md").write_text(f"# Get a refund\n\nAsk us. {len(said)}\n")
        for arguments in (("--dry-run",), ("--format", "json"), ("--yes",)):
            run = run_kbtool(
                "publish", *arguments, cwd=center, timeout=60, HOME=str(tmp_path), **{**weak_s3.environment, **change}
            )
            said.append(run.out + run.err)
    assert any("Published to s3://" in one or '"done": true' in one for one in said)
    assert any("refuses the credentials" in one for one in said)
    bench = BucketBench(tmp_path, f"s3://{name}?endpoint={weak_s3.endpoint}", weak_s3.environment, wrong_key)
    kept = [file.read_bytes().decode("utf-8", "replace") for file in center.rglob("*") if file.is_file()]
    sent = [found.content.decode("utf-8", "replace") for path in bench.store.list() if (found := bench.store.get(path))]
    secrets = (weak_s3.environment["AWS_SECRET_ACCESS_KEY"], weak_s3.environment["AWS_ACCESS_KEY_ID"], WRONG)
    assert [secret for secret in secrets for text in (*said, *kept, *sent) if secret in text] == []


def test_an_unknown_bucket_is_told(tmp_path: Path, weak_s3: Gateway) -> None:
    center = write_site(tmp_path / "center", CENTER.replace("{url}", f"s3://no-such-bucket?endpoint={weak_s3.endpoint}"))
    run = run_kbtool("publish", cwd=center, timeout=60, HOME=str(tmp_path), **weak_s3.environment)
    assert run.code == 1
    assert 'there is no bucket at "s3://no-such-bucket"' in run.err


def test_a_host_that_is_not_there_is_told_within_a_minute(tmp_path: Path) -> None:
    center = write_site(tmp_path / "center", CENTER.replace("{url}", "s3://bucket?endpoint=http://127.0.0.1:9"))
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": WRONG}
    run = run_kbtool("publish", cwd=center, timeout=80, HOME=str(tmp_path), **keys)
    assert run.code == 1
    assert "[host-fails]" in run.err
    assert WRONG not in run.err
