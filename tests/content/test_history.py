"""kbtool.content.history: what git knows of the articles' days."""

import datetime
import os
import subprocess
from pathlib import Path

import pytest

from kbtool.content.history import history_marks, read_history
from tests.sites import write_site

MAY, JULY = datetime.date(2024, 5, 6), datetime.date(2025, 7, 8)
ONE = "-- content/a.md --\n# A\n-- content/Grüße aus Köln.md --\n# G\n-- other/b.md --\n# B\n"


def git(folder: Path, *command: str, day: datetime.date = MAY) -> None:
    """Run git as nobody in particular, on that day."""
    moment = f"{day}T12:00:00+00:00"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    fixed = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@help.example", "-c", "protocol.file.allow=always")
    subprocess.run(("git", *who, *command), cwd=folder, env={**ours, **fixed}, check=True, capture_output=True)


def commit(folder: Path, text: str, day: datetime.date) -> None:
    """Write the files and commit them."""
    write_site(folder, text)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x", day=day)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits."""
    folder = tmp_path / "repository"
    folder.mkdir()
    commit(folder, ONE, MAY)
    commit(folder, "-- content/a.md --\n# A2\n", JULY)
    return folder


def test_the_day_of_each_files_last_commit(repository: Path) -> None:
    assert read_history(repository / "content", None) == {"a.md": JULY, "Grüße aus Köln.md": MAY}


def test_git_is_asked_once_for_a_commit(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_history(repository / "content", tmp_path)
    monkeypatch.setenv("PATH", "")
    assert read_history(repository / "content", tmp_path) == first
    commit_file = tmp_path / "history.json"
    commit_file.write_text("{", encoding="utf-8")
    assert read_history(repository / "content", tmp_path) == {}, "no git, and nothing that could be believed"


def test_a_shallow_clone_does_not_know_when_its_oldest_files_changed(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "clone")
    assert read_history(tmp_path / "clone" / "content", None) == {}
    commit(tmp_path / "clone", "-- content/new.md --\n# N\n", JULY)
    assert read_history(tmp_path / "clone" / "content", None) == {"new.md": JULY}


def test_a_worktree_knows_what_its_repository_knows(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    assert read_history(tmp_path / "side" / "content", None) == {"a.md": JULY, "Grüße aus Köln.md": MAY}


def test_a_new_commit_changes_one_of_the_marks(repository: Path) -> None:
    def state() -> list[tuple[str, str]]:
        return [(str(mark), mark.read_text(encoding="utf-8") if mark.is_file() else "") for mark in history_marks(repository)]

    before = state()
    assert state() == before
    commit(repository, "-- content/a.md --\n# A3\n", JULY)
    assert state() != before
    git(repository, "pack-refs", "--all")
    packed = read_history(repository / "content", None)
    assert packed["a.md"] == JULY


def test_outside_a_repository_nothing_is_known(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    assert read_history(tmp_path / "content", tmp_path) == {}
    assert not (tmp_path / "history.json").exists()


@pytest.mark.parametrize("damage", ["gitdir: ../nowhere", "no such words", ""])
def test_a_broken_repository_is_none(tmp_path: Path, damage: str) -> None:
    write_site(tmp_path, ONE)
    (tmp_path / ".git").write_text(damage, encoding="utf-8")
    assert read_history(tmp_path / "content", None) == {}
    assert isinstance(history_marks(tmp_path), tuple)


def test_a_repository_without_a_commit_knows_nothing(tmp_path: Path) -> None:
    write_site(tmp_path, ONE)
    git(tmp_path, "init", "-q")
    assert read_history(tmp_path / "content", None) == {}
