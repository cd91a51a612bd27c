"""WebDAV as a target: nginx's, on loopback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtool.address import parse_address
from kbtool.problems import Stop
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import SITE, Contract, Time, surroundings
from tests.publish.servers.nginxdav import PASSWORD, USER, dav_server

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """One server for all tests of this file, and its folder."""
    folder = tmp_path_factory.mktemp("dav")
    with dav_server(folder, tmp_path_factory.mktemp("nginx")) as port:
        yield port, folder


class DavBench:
    """A folder of the server."""

    def __init__(self, folder: Path, server: tuple[int, Path]) -> None:
        """Begin with nothing there."""
        self.port, root = server
        self.folder = root / folder.name / "the help"
        self.folder.parent.mkdir()
        self.root = folder / "center"
        self.root.mkdir()
        self.environment = {"KBTOOL_WEBDAV_USER": USER, "KBTOOL_WEBDAV_PASSWORD": PASSWORD}

    @property
    def url(self) -> str:
        """The target."""
        return f"webdav://127.0.0.1:{self.port}/{self.folder.parent.name}/the%20help"

    def target(self, clock: Clock) -> Target:
        """Open it."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.url), surroundings(self.root, time, self.environment))

    def served(self) -> dict[str, bytes]:
        """Return every file but kbtool's own."""
        files = {file.relative_to(self.folder).as_posix(): file for file in self.folder.rglob("*") if file.is_file()}
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> None:
        """The server decides on headers."""

    def put_foreign(self, path: str, content: bytes) -> None:
        """Write a file."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Change the password."""
        self.environment |= {"KBTOOL_WEBDAV_PASSWORD": "wrong"}
        try:
            yield
        finally:
            self.environment["KBTOOL_WEBDAV_PASSWORD"] = PASSWORD


class TestDav(Contract):
    """The contract."""

    @pytest.fixture
    def bench(self, tmp_path: Path, server: tuple[int, Path]) -> DavBench:
        return DavBench(tmp_path, server)

    def test_nothing_is_left_beside_the_site(self, site: Path, bench: DavBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        left = {
            file.relative_to(bench.folder / OWN_FOLDER).as_posix()
            for file in (bench.folder / OWN_FOLDER).rglob("*")
            if file.is_file()
        }
        assert left == {"manifest.json"}

    def test_what_a_publish_that_died_left_goes_an_hour_later(self, site: Path, bench: DavBench, time: Time) -> None:
        self.publish(site, SITE, bench, time)
        left = [bench.folder / OWN_FOLDER / "incoming" / name for name in ("long ago", "just now")]
        for file in left:
            file.write_bytes(b"half")
        os.utime(left[0], (0, 0))
        self.publish(site, {**SITE, "robots.txt": b"new"}, bench, time)
        assert [file.is_file() for file in left] == [False, True]

    def test_a_folder_where_a_file_must_be_is_told_and_nothing_of_it_is_lost(
        self, site: Path, bench: DavBench, time: Time
    ) -> None:
        self.publish(site, {**SITE, "x/index.html": b"x"}, bench, time)
        with pytest.raises(Stop) as stop:
            self.publish(site, {**SITE, "x": b"x"}, bench, time)
        assert "in its way" in str(stop.value)
        assert bench.served() == {**SITE, "x/index.html": b"x"}

    def test_a_file_where_a_folder_must_be_is_told(self, site: Path, bench: DavBench, time: Time) -> None:
        self.publish(site, {**SITE, "x": b"x"}, bench, time)
        with pytest.raises(Stop) as stop:
            self.publish(site, {**SITE, "x/index.html": b"x"}, bench, time)
        assert "in its way" in str(stop.value)
        assert bench.served() == {**SITE, "x": b"x"}

    def test_the_password_may_stand_in_netrc(self, site: Path, bench: DavBench, time: Time) -> None:
        (bench.root / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
        (bench.root / ".netrc").chmod(0o600)
        bench.environment = {}
        self.publish(site, SITE, bench, time)
        assert bench.served() == SITE

    def test_the_password_stands_in_no_problem(self, site: Path, bench: DavBench, time: Time) -> None:
        bench.environment |= {"KBTOOL_WEBDAV_PASSWORD": "sesame-9"}
        with pytest.raises(Stop) as stop:
            self.publish(site, SITE, bench, time)
        assert [problem.rule for problem in stop.value.problems] == ["host-refuses"]
        assert "sesame" not in str(stop.value)
