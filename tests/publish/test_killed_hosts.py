"""`kill -9` at every step of a publish to hosts that switch at once, and to WebDAV, which takes file by file."""

import dataclasses
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from kbtool.pipeline.sending import Outcome, SendOptions, publish_built
from kbtool.problems import Stop
from kbtool.publish import hostlock
from kbtool.publish.hosts import sftp
from tests.publish.contract import Bench, Time, write_built
from tests.publish.crawl import site_of, whole
from tests.publish.killing import Killer, killer
from tests.publish.servers.cloudflare import Cloudflare
from tests.publish.servers.netlify import Netlify
from tests.publish.servers.nginxdav import dav_server
from tests.publish.servers.sshd import Server, ssh_server
from tests.publish.servers.standin import Api, api_server
from tests.publish.test_killed import without_stale
from tests.publish.test_target_command import CommandBench
from tests.publish.test_target_deploys import DeployBench
from tests.publish.test_target_git import ENVIRONMENT, BranchBench
from tests.publish.test_target_sftp import SftpBench
from tests.publish.test_target_ssh import ServerBench
from tests.publish.test_target_webdav import DavBench

pytestmark = pytest.mark.tools

OLD, NEW = site_of("old", 3), site_of("new", 3, gone=(1,), added=1)


class Reachable(Bench, Protocol):
    """A host that another process can publish to."""

    root: Path

    @property
    def url(self) -> str:
        """Return the target."""

    @property
    def environment(self) -> dict[str, str]:
        """Return what kbtool finds in the environment."""


Opening = Callable[[Path], AbstractContextManager[Reachable]]


@pytest.fixture(scope="module")
def dying() -> Iterator[Killer]:
    """The process that dies."""
    with killer() as process:
        yield process


@pytest.fixture(scope="module")
def sftp_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs no commands."""
    with ssh_server(tmp_path_factory.mktemp("sftp"), "ForceCommand internal-sftp") as running:
        yield running


@pytest.fixture(scope="module")
def with_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a shell."""
    with ssh_server(tmp_path_factory.mktemp("ssh")) as running:
        yield running


@pytest.fixture(scope="module")
def dav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A WebDAV server and its folder."""
    folder = tmp_path_factory.mktemp("dav")
    with dav_server(folder, tmp_path_factory.mktemp("nginx")) as port:
        yield port, folder


@contextmanager
def deploys(folder: Path, host: Netlify | Cloudflare) -> Iterator[DeployBench]:
    """Give a host of whole deploys."""
    api = Api(host.answer)
    with api_server(api) as address:
        if isinstance(host, Cloudflare):
            host.address = address
        yield DeployBench(folder, host, api, address)


class Branch(BranchBench):
    """A branch, with the environment of a person's git."""

    environment = ENVIRONMENT


def test_netlify_killed_at_any_step(tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kill_everywhere(tmp_path, dying, monkeypatch, lambda folder: deploys(folder, Netlify())) > 10


def test_cloudflare_killed_at_any_step(tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kill_everywhere(tmp_path, dying, monkeypatch, lambda folder: deploys(folder, Cloudflare())) > 6


def test_a_branch_killed_at_any_step(tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kill_everywhere(tmp_path, dying, monkeypatch, always(Branch)) > 6


def test_a_server_killed_at_any_step(tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch, with_shell: Server) -> None:
    assert kill_everywhere(tmp_path, dying, monkeypatch, always(lambda folder: ServerBench(folder, with_shell))) > 2


def test_sftp_killed_at_any_step(tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch, sftp_only: Server) -> None:
    steps = kill_everywhere(tmp_path, dying, monkeypatch, always(lambda folder: SftpBench(folder, sftp_only)))
    assert steps > 25


def test_webdav_killed_at_any_step_shows_no_page_that_asks_for_what_is_not_there(
    tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch, dav: tuple[int, Path]
) -> None:
    steps = kill_everywhere(tmp_path, dying, monkeypatch, always(lambda folder: DavBench(folder, dav)), by_file=True)
    assert steps > 25


def test_a_command_killed_at_any_step_shows_no_page_that_asks_for_what_is_not_there(
    tmp_path: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each run of the command, and before each list that one is given."""
    assert kill_everywhere(tmp_path, dying, monkeypatch, always(CommandBench), by_file=True) > 15


def test_a_command_that_dies_itself_at_any_file(tmp_path: Path) -> None:
    """The script is killed after each file that it copies or deletes, the manifests among them, while kbtool lives."""
    old, new, time = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW), Time()
    dies, seen = "left=$(($(cat ../left)-1)); echo $left > ../left; test $left -ne 0 || kill -9 $$", set()
    for step in range(1, 1_000):
        (folder := tmp_path / f"{step}").mkdir()
        bench = CommandBench(folder)
        send(old, bench, time)
        script = (bench.root / "publish.sh").read_text()
        (bench.root / "publish.sh").write_text(script.replace("; do rm", f"; do {dies}; rm").replace("; do\n", f"; do {dies}\n"))
        (left := bench.www.parent / "left").write_text(f"{step}")
        try:
            send(new, bench, time)
        except Stop as stop:
            ended = [problem.rule for problem in stop.problems]
        else:
            ended = []
        assert whole(bench.served()) == [], f"dead links after file {step}"
        seen.add(without_stale(bench.served()) == NEW)
        if not ended:
            break
        assert ended == ["command-failed"]
        left.write_text("0")
        send(new, bench, time)
        assert without_stale(bench.served()) == NEW
    assert seen == {True, False}
    assert step > 10


@pytest.mark.parametrize("cut", range(0, 12_000, 1_500))
def test_a_line_that_breaks_while_the_site_goes_to_a_server(tmp_path: Path, with_shell: Server, cut: int) -> None:
    old, new, time = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW), Time()
    bench = ServerBench(tmp_path, with_shell)
    send(old, bench, time)
    short = shlex.join(["sh", "-c", f'head -c {cut} | {with_shell.command} "$@"', "ssh"])
    with pytest.raises(Stop):
        send(new, replace(bench, short), time)
    assert bench.served() == OLD
    send(new, bench, time)
    assert without_stale(bench.served()) == NEW


def test_a_server_whose_shell_dies_at_any_command(tmp_path: Path) -> None:
    """Every other command of the scripts that make and switch a release is one at which the shell there is killed."""
    old, new, time = write_built(tmp_path / "old", OLD), write_built(tmp_path / "new", NEW), Time()
    script = Path(__file__).with_name("servers") / "dyingshell.sh"
    nobody = Server(22, "nobody", tmp_path, tmp_path, f"bash {script}")
    (first := tmp_path / "0").mkdir()
    send(old, ServerBench(first, nobody), time)
    seen = set()
    for step in range(1, 1_000, 2):
        (folder := tmp_path / f"{step}").mkdir()
        bench = ServerBench(folder, nobody)
        shutil.copytree(first / "www", folder / "www", symlinks=True, dirs_exist_ok=True)
        (counter := folder / "left").write_text(f"{step}")
        try:
            send(new, replace(bench, f"{nobody.command} {counter}"), time)
        except Stop:
            died = True
        else:
            died = False
        assert without_stale(bench.served()) in (OLD, NEW), f"half a site after command {step}"
        seen.add(without_stale(bench.served()) == NEW)
        if not died:
            break
        for left in bench.link.parent.glob(".*/switching"):
            os.utime(left, (0, 0))
        site, files = (old, OLD) if bench.served() != OLD else (new, NEW)
        send(site, bench, time)
        assert without_stale(bench.served()) == files
        assert not list(bench.link.parent.glob(".*/switching"))
    assert seen == {True, False}
    assert step > 30


def always(make: Callable[[Path], Reachable]) -> Opening:
    """Return what gives a host that needs no end."""

    @contextmanager
    def opened(folder: Path) -> Iterator[Reachable]:
        yield make(folder)

    return opened


def kill_everywhere(
    folder: Path, dying: Killer, monkeypatch: pytest.MonkeyPatch, opened: Opening, *, by_file: bool = False
) -> int:
    """Kill a publish at each step, look at what readers see, and publish again. Return how many steps there are."""
    monkeypatch.setattr(hostlock, "DEAD", timedelta(0))
    monkeypatch.setattr(sftp, "_SWITCHING", timedelta(0))
    old, new, time = write_built(folder / "old", OLD), write_built(folder / "new", NEW), Time()
    seen = set()
    for step in range(1, 1_000):
        inner = folder / f"{step}"
        inner.mkdir()
        with opened(inner) as bench:
            send(old, bench, time)
            ended = dying.publish(step, new, bench.url, bench.root, dict(bench.environment))
            served = bench.served()
            assert whole(served) == [], f"dead links after step {step}"
            if not by_file:
                assert without_stale(served) in (OLD, NEW), f"half a site after step {step}"
            seen.add(without_stale(served) == NEW)
            if ended == "done":
                assert seen == {True, False}
                return step
            assert ended == "killed"
            send(new, bench, time)
            assert without_stale(bench.served()) == NEW
    raise AssertionError


def replace(bench: ServerBench, command: str) -> ServerBench:
    """Return the same place, reached by another ssh."""
    other = copy(bench)
    other.server = dataclasses.replace(bench.server, command=command)
    return other


def send(site: Path, bench: Reachable, time: Time) -> Outcome:
    """Publish in this process."""
    return publish_built(site, bench.target(time.clock), SendOptions(max_delete=1, clock=time.clock))
