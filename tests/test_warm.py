"""A kbtool that is forked does what one does that is started: the same code, words, files and rights."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sites import Run, run_kbtool, write_site
from tests.warm import CAN_FORK

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="only Linux forks")
SITE = "-- content/a.md --\n# Ein Übel\n\n[b](b.md)\n"
STARTED = {"PYTHONUTF8": "1"}
"""What changes Python itself is given to a process of its own."""


@pytest.fixture
def private() -> Iterator[None]:
    """Let nobody else read what is written."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return each file's rights and content."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): (file.stat().st_mode, file.read_bytes()) for file in found}


@pytest.mark.parametrize("command", [("check", "--strict"), ("bild",), ("new", "faq", "content/ü.md")])
@pytest.mark.usefixtures("private")
def test_a_fork_does_what_a_start_does(tmp_path: Path, command: tuple[str, ...]) -> None:
    answers: list[Run] = []
    for place in "01":
        folder = write_site(tmp_path / place / "help", SITE)
        answers.append(run_kbtool(*command, cwd=folder, **(STARTED if place == "1" else {})))  # type: ignore[arg-type]
    one, other = ({path: file for path, file in files(tmp_path / name).items() if ".kbtool/" not in path} for name in "01")
    assert answers[0] == answers[1]
    assert one == other
    assert len(answers[0].out + answers[0].err) > 10
