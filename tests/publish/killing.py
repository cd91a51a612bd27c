"""Publishes in a process of its own that kills itself (`kill -9`) at a step that it is told: run as a script by `Killer`.

It stays a single process without threads and forks for each publish, so that hundreds of kills cost no start of Python.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

SLOW = {
    "file": ("kbtool.publish.hosts.folder",),
    "sftp": ("asyncssh", "kbtool.publish.hosts.sftp"),
    "webdav": ("httpx", "kbtool.publish.hosts.webdav"),
    "netlify": ("httpx", "kbtool.publish.hosts.netlify"),
    "cloudflare-pages": ("httpx", "blake3", "kbtool.publish.hosts.cloudflare"),
}
"""What is imported once, before any fork, for a URL's scheme."""

FILE_EVENTS = frozenset({"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "open", "shutil.rmtree", "ctypes.dlsym"})


class Killer:
    """The process, seen from the test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take the process."""
        self._process = process

    def publish(self, step: int, site: Path, url: str, root: Path, environment: dict[str, str]) -> str:
        """Let it publish, and kill it at the step; return "killed", "done", or what was wrong."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"step": step, "site": str(site), "url": url, "root": str(root), "environment": environment}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def killer() -> Iterator[Killer]:
    """Give the process; it ends with the block."""
    command = [sys.executable, "-m", "tests.publish.killing"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        yield Killer(process)


def main() -> None:
    """Take orders from standard input."""
    import kbtool.pipeline.sending  # noqa: F401, PLC0415 - imported once, before any fork
    from kbtool.extensions import offered  # noqa: PLC0415

    offered("kbtool.targets")
    for line in sys.stdin:
        order = json.loads(line)
        for module in SLOW.get(order["url"].partition(":")[0], ()):
            import_module(module)
        child = os.fork()
        if child == 0:
            _publish(order)
        _, status = os.waitpid(child, 0)
        ended = "killed" if os.WIFSIGNALED(status) else {0: "done"}.get(os.WEXITSTATUS(status), "failed")
        sys.stdout.write(ended + "\n")
        sys.stdout.flush()


def _publish(order: dict[str, Any]) -> None:
    """Publish, and end the process."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from kbtool.address import parse_address  # noqa: PLC0415
    from kbtool.pipeline.sending import SendOptions, publish_built  # noqa: PLC0415
    from kbtool.publish import hostlock  # noqa: PLC0415
    from kbtool.publish.target import Clock, Surroundings, open_target  # noqa: PLC0415
    from kbtool.settings import TargetSettings  # noqa: PLC0415

    hostlock.MOMENT = 0.0
    try:
        clock = Clock(lambda: datetime.now(UTC), lambda: 0.5)
        root = Path(order["root"])
        around = Surroundings(order["environment"], root, root, root, TargetSettings(""), "one who dies", clock, at_once=4)
        target = open_target(parse_address(order["url"]), around)
        _watch(order["step"], order["url"].partition(":")[0])
        publish_built(Path(order["site"]), target, SendOptions(max_delete=1, clock=clock))
    except BaseException as fault:  # noqa: BLE001 - the child of a fork must not go on as the parent
        sys.stderr.write(f"{fault!r}\n")
        os._exit(1)
    os._exit(0)


def _watch(step: int, scheme: str) -> None:
    """Count steps from now on, and die at one."""
    left = [step]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if scheme == "file":
        sys.addaudithook(lambda event, _arguments: count() if event in FILE_EVENTS else None)
        return
    for owner, names in _steps_of(scheme).items():
        for name in names:
            setattr(owner, name, _counted(getattr(owner, name), count, after=scheme == "s3"))


def _steps_of(scheme: str) -> dict[type, tuple[str, ...]]:
    """Return the calls through which a target speaks with its host."""
    if scheme == "s3":
        from kbtool.publish.hosts.objects import ObjectStore  # noqa: PLC0415

        return {ObjectStore: ("list", "get", "put", "delete")}
    if scheme == "sftp":
        from asyncssh import SFTPClient  # noqa: PLC0415

        changes = ("mkdir", "open", "link", "symlink", "remove", "rename", "posix_rename", "rmdir")
        return {SFTPClient: (*changes, "islink", "readlink", "listdir", "readdir", "exists", "getmtime")}
    if scheme.startswith("git+"):
        from kbtool.publish.gitrepo import Repository  # noqa: PLC0415

        return {Repository: ("run",)}
    if scheme == "ssh":
        from kbtool.publish.shell import Shell  # noqa: PLC0415

        return {Shell: ("run",)}
    if scheme == "exec":
        from kbtool.publish.hosts.command import CommandTarget  # noqa: PLC0415

        return {CommandTarget: ("_run", "_list")}
    from kbtool.publish.web import Web  # noqa: PLC0415

    return {Web: ("ask",)}


def _counted(call: Callable[..., Any], count: Callable[[], None], *, after: bool) -> Callable[..., Any]:
    """Return the call, counted before, and after if that is wanted: the next call's "before" is this one's "after" otherwise."""

    def act(*arguments: object, **named: object) -> object:
        count()
        answer = call(*arguments, **named)
        if after:
            count()
        return answer

    return act


if __name__ == "__main__":
    main()
