"""A folder as a target."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import Contract, Time, surroundings


class FolderBench:
    """A folder that a web server would show."""

    def __init__(self, folder: Path) -> None:
        """Begin with no folder at all."""
        self.folder = folder / "www/help"
        self.root = folder / "center"
        self.root.mkdir()

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.folder.as_uri()), surroundings(self.root, time))

    def served(self) -> dict[str, bytes]:
        """Return every file but kbtool's own."""
        files = {file.relative_to(self.folder).as_posix(): file for file in self.folder.rglob("*") if file.is_file()}
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> None:
        """A folder has no headers."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Write a file."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Take the right to write from everybody."""
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        self.folder.parent.chmod(0o555)
        try:
            yield
        finally:
            self.folder.parent.chmod(0o755)


class TestFolder(Contract):
    """The contract."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> FolderBench:
        return FolderBench(tmp_path)
