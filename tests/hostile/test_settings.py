"""Settings, templates and disks that fail: no site, or the last good one, and always a sentence with a place."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sites import build, run_kbtool, write_site

GOOD = "-- content/good.md --\n# Good\n\nFine.\n"


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file below the folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (b"title: \xff\n", 'kbtool.yml:1: error: byte 8 ("ff") is not UTF-8'),
        (b"- a\n", "kbtool.yml:1: error: this must be keys with values"),
        (b"title: [\n", "kbtool.yml:2: error: this is not YAML"),
        (b"title: x\ntitel: y\n", 'did you mean "title"?'),
        (b"title: x\nurl: javascript:run()\n", "kbtool.yml:2: error:"),
        (b"title: x\nbrand:\n  colour: red; }\n", "kbtool.yml:3: error:"),
        (b"title: x\nbrand:\n  logo: ../../logo.svg\n", "kbtool.yml:3: error:"),
        (b"title: x\noutput: ../out\n", 'kbtool.yml:2: error: "output" must be a folder inside'),
        (b"title: x\noutput: content\n", "kbtool.yml:2: error:"),
        (b"title: x\noutput: content/site\n", "kbtool.yml:2: error:"),
        (b"title: x\noutput: .\n", "kbtool.yml:2: error:"),
        (b"title: x\ncontent: /etc\n", "kbtool.yml:2: error:"),
        (b"title: x\ncontent: ..\n", "kbtool.yml:2: error:"),
        (b"title: x\ntheme: ../../etc\n", "kbtool.yml:2: error:"),
        (b"title: !!python/name:os.system\n", "kbtool.yml:1: error: the tag"),
    ],
)
def test_wrong_settings_make_no_site(tmp_path: Path, config: bytes, says: str) -> None:
    write_site(tmp_path, GOOD)
    (tmp_path / "kbtool.yml").write_bytes(config)
    answer = run_kbtool("build", "--no-search", cwd=tmp_path)
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{% extends 'plain/article.html' %}\n{% block after_article %}\n{{ nothing.there }}\n{% endblock %}\n", 3),
        ("{% extends 'plain/article.html' %}\n{% block after_article %}\n{{ 1 / 0 }}\n{% endblock %}\n", 3),
        ("{% block x %}\n{{ oh\n", 2),
        ("{% extends 'nowhere.html' %}", 1),
        ("{% include 'article.html' %}", 1),
    ],
)
def test_a_failing_template_leaves_the_last_good_site(tmp_path: Path, template: str, line: int) -> None:
    site = build(write_site(tmp_path, GOOD), "--no-search")
    before = bytes_of(site)
    write_site(tmp_path, f"-- overrides/templates/article.html --\n{template}")
    answer = run_kbtool("build", "--no-search", cwd=tmp_path)
    assert answer.code == 1
    assert answer.err.startswith(f"overrides/templates/article.html:{line}: error: ")
    assert "Traceback" not in answer.err
    assert "internal-error" not in answer.err
    assert bytes_of(site) == before


def test_no_room_for_a_file_leaves_the_last_good_site(tmp_path: Path) -> None:
    site = build(write_site(tmp_path, GOOD), "--no-search")
    before = bytes_of(site)
    write_site(tmp_path, f"-- content/long.md --\n# Long\n\n{'word ' * 20_000}\n")
    answer = subprocess.run(
        [sys.executable, "-m", "kbtool", "build", "--no-search"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
    )
    assert answer.returncode == 1
    assert " error: " in f" {answer.stderr}"
    assert "Traceback" not in answer.stderr
    assert "internal-error" not in answer.stderr
    assert bytes_of(site) == before
    build(tmp_path, "--no-search")
    assert (site / "long" / "index.html").is_file()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 kB, where one may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_leaves_the_last_good_site(small_disk: Path) -> None:
    site = build(write_site(small_disk, GOOD), "--no-search")
    before = bytes_of(site)
    write_site(small_disk, "-- content/other.md --\n# Other\n\nNew.\n")
    with suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass
    answer = run_kbtool("build", "--no-search", cwd=small_disk)
    assert answer.code == 1
    assert "No space left" in answer.err
    assert "Traceback" not in answer.err
    assert "internal-error" not in answer.err
    assert bytes_of(site) == before
    (small_disk / "filler").unlink()
    build(small_disk, "--no-search")
    assert (site / "other" / "index.html").is_file()


def test_a_disk_that_is_read_only_is_told(small_disk: Path) -> None:
    site = build(write_site(small_disk, GOOD), "--no-search")
    before = bytes_of(site)
    write_site(small_disk, "-- content/other.md --\n# Other\n\nNew.\n")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    answer = run_kbtool("build", "--no-search", cwd=small_disk)
    assert answer.code == 1
    assert "ead-only" in answer.err
    assert "Traceback" not in answer.err
    assert "internal-error" not in answer.err
    assert bytes_of(site) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    folder = write_site(tmp_path / "center", GOOD)
    folder.chmod(0o500)
    answer = run_kbtool("build", "--no-search", cwd=folder)
    folder.chmod(0o700)
    assert answer.code == 1
    assert "Permission denied" in answer.err or "permission" in answer.err
    assert "Traceback" not in answer.err
    assert not (folder / "site").exists()


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    folder = write_site(tmp_path, GOOD)
    os.mkfifo(folder / "content" / "pipe.md")
    answer = run_kbtool("build", "--no-search", cwd=folder, timeout=20)
    assert answer.code == 0
    assert "content/pipe.md: error: " in answer.err


def test_articles_without_words_are_built_and_indexed(tmp_path: Path) -> None:
    text = "-- content/a.md --\n# A\n-- content/b.md --\n# !!!\n\n<script>x</script>\n-- content/c.md --\n# C\n\n![](c.png)\n-- content/d.md --\n"
    site = build(write_site(tmp_path, text))
    assert all((site / page / "index.html").is_file() for page in "abcd")
    assert (site / "pagefind").is_dir()
