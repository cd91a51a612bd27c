"""A snapshot holds every file of a site, or there is none."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.problems import Stop
from kbtool.publish.snapshot import take_snapshot
from tests.publish.contract import SITE, write_built

MORE = {**SITE, "über/Größe 100%.html": b"x", ".well-known/security.txt": b"y", "a/b/c/d/index.html": b"z", "empty.txt": b""}


def test_every_file_is_there_with_its_digest_and_size(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", {**MORE, ".kbtool/manifest.json": b"not the site's"})
    snapshot = take_snapshot(site, headers=True)
    assert list(snapshot.files) == sorted(MORE)
    assert {path: file.entry.digest for path, file in snapshot.files.items()} == {
        path: hashlib.sha256(content).hexdigest() for path, content in MORE.items()
    }
    assert snapshot.size == sum(map(len, MORE.values()))
    assert {path: snapshot.read(path) for path in snapshot.files} == MORE


@pytest.mark.parametrize("to", ["file", "folder", "nowhere"])
def test_a_link_is_no_part_of_a_site(tmp_path: Path, to: str) -> None:
    site = write_built(tmp_path / "site", {**SITE, "a/index.html": b"x"})
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"secret")
    (site / "a/link").symlink_to(tmp_path / to)
    assert refused(site) == ("unfit-name", '"a/link" is a symbolic link, which no host can serve')


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or its pages would count as gone."""
    site = write_built(tmp_path / "site", {**SITE, "a/index.html": b"x"})
    whole = os.scandir

    @contextmanager
    def scandir(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        if folder.rstrip("/") == str(site / "a"):
            raise PermissionError(13, "Permission denied", folder)
        with whole(folder) as entries:
            yield entries

    monkeypatch.setattr(os, "scandir", scandir)
    rule, message = refused(site)
    assert rule == "unreadable"
    assert message.endswith('a/" cannot be read: Permission denied')


def refused(site: Path) -> tuple[str, str]:
    """Return the rule and the words with which a snapshot is refused."""
    with pytest.raises(Stop) as stop:
        take_snapshot(site, headers=True)
    (problem,) = stop.value.problems
    return problem.rule, problem.message
