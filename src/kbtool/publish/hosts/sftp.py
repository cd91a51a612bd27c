"""`sftp://`: a server that takes files and runs no commands; a release is made beside the others, and a link switched to it."""

import os
import posixpath
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from kbtool.address import Address, wrong_address
from kbtool.asynchronous import finished
from kbtool.problems import Problem, Stop
from kbtool.publish.hosts.sftpfiles import (
    each_at_once,
    folders_above,
    is_open,
    link_file,
    open_to_readers,
    read_file,
    walk,
    write_file,
)
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote
from kbtool.publish.retry import Passing, Patience
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings

if TYPE_CHECKING:  # an extra: it is imported when a site goes to such a server
    import asyncssh

T = TypeVar("T")

_RELEASE = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_ABANDONED = timedelta(hours=1)
"""A release that is being made, and has been for so long, belongs to a publish that died."""
_SWITCHING = timedelta(minutes=1)
"""So does the switch, after so long."""
_DOOR_TRIES = 150
"""So many seconds another publish that switches is waited for."""


def open_sftp(address: Address, surroundings: Surroundings) -> "SftpTarget":
    """Return the target of an `sftp://user@host/path`. Raises Stop when it names no folder on a server."""
    if not address.host or not address.prefix or address.query or address.fragment:
        raise Stop(wrong_address(f'"{address.text}" names no folder on a server: it looks like sftp://user@host/var/www/help'))
    if find_spec("asyncssh") is None:
        message = "\"asyncssh\" is needed to publish by SFTP; type: pip install 'kbtool[sftp]'"
        raise Stop(Problem("", 0, "missing-package", message))
    return SftpTarget(address, address.path.rstrip("/"), surroundings, Patience(surroundings.clock))


@dataclass(frozen=True, slots=True)
class SftpTarget:
    """A link on a server, and the releases beside it."""

    address: Address
    path: str
    """Where the link is."""
    surroundings: Surroundings
    patience: Patience

    @property
    def place(self) -> str:
        """The server and the path."""
        return f"{self.address.host}:{self.path}"

    @property
    def limits(self) -> Limits:
        """A disk takes anything."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """The web server decides on headers."""
        return False

    @property
    def _beside(self) -> str:
        """The folder of the releases."""
        folder, name = posixpath.split(self.path)
        return posixpath.join(folder, f".{name}.kbtool")

    def look(self) -> Remote:
        """Return what the link shows. Raises Stop when there is something else in its place."""
        return self._run(self._look)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Make the release, and let the link lead to it. Raises Moved when it leads to another release by now."""

        async def act(server: "asyncssh.SFTPClient") -> None:
            if await self._current(server) != plan.state:
                raise Moved
            await self._make(server, site, plan, report)
            await self._switch(server, plan.state, plan.manifest.release)

        self._run(act)
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Let the link lead to the release before the one that is shown."""

        async def act(server: "asyncssh.SFTPClient") -> str | None:
            current = await self._current(server)
            older = [release for release in await self._releases(server) if release < current]
            if not older:
                return None
            report("Switching", 0, 1)
            await self._switch(server, current, older[-1])
            report("Switching", 1, 1)
            return older[-1]

        return self._run(act)

    def _run(self, act: "Callable[[asyncssh.SFTPClient], Coroutine[object, object, T]]") -> T:
        """Return what the work over one connection returns; what may pass is tried again from its start."""

        async def connected() -> T:
            async with self._connected() as server:
                return await act(server)

        return self.patience.run(self.place, lambda: finished(connected))

    @asynccontextmanager
    async def _connected(self) -> "AsyncIterator[asyncssh.SFTPClient]":
        """Give a connection; its faults become Passing and Stop."""
        import asyncssh  # noqa: PLC0415 - an extra

        environment = self.surroundings.environment
        given: dict[str, object] = {"username": self.address.user} if self.address.user else {}
        keys = {"KBTOOL_SFTP_KEY": "client_keys", "KBTOOL_SFTP_PASSWORD": "password", "KBTOOL_SFTP_KNOWN_HOSTS": "known_hosts"}
        given |= {option: environment[name] for name, option in keys.items() if environment.get(name)}
        port = {"port": self.address.port} if self.address.port else {}
        try:
            async with (
                asyncssh.connect(self.address.host, connect_timeout=30, keepalive_interval=20, **port, **given) as connection,
                connection.start_sftp_client() as server,
            ):
                yield server
        except (asyncssh.PermissionDenied, asyncssh.HostKeyNotVerifiable, asyncssh.KeyImportError) as fault:
            hint = "give the key or the password, and let SSH know the server (log in by hand once); nothing was changed"
            raise Stop(Problem("", 0, "no-access", f'"{self.address.host}" lets nobody in: {fault}', hint)) from None
        except (
            asyncssh.SFTPConnectionLost,
            asyncssh.SFTPNoConnection,
            asyncssh.ConnectionLost,
            asyncssh.DisconnectError,
        ) as fault:
            raise Passing(str(fault)) from None
        except asyncssh.SFTPError as fault:
            hint = "the site there is as it was before; make room or rights on the server and publish again"
            message = f'"{self.place}" cannot be written: {fault.reason or type(fault).__name__}'
            raise Stop(Problem("", 0, "cannot-write", message, hint)) from None
        except (FileNotFoundError, PermissionError) as fault:
            hint = "look at KBTOOL_SFTP_KEY and KBTOOL_SFTP_KNOWN_HOSTS, or at what stands in ~/.ssh; nothing was changed"
            raise Stop(Problem("", 0, "no-access", f'"{fault.filename}" cannot be read: {fault.strerror}', hint)) from None
        except (OSError, TimeoutError) as fault:
            raise Passing(str(fault) or "no connection in time") from None

    async def _look(self, server: "asyncssh.SFTPClient") -> Remote:
        current = await self._current(server)
        if not current:
            return Remote({}, None, "")
        release = posixpath.join(self._beside, current)
        data = await read_file(server, posixpath.join(release, MANIFEST))
        manifest, problems = read_manifest(data)
        files = {path: file async for path, file in walk(server, release) if not path.startswith(OWN_FOLDER)}
        return Remote(files, manifest, current, problems)

    async def _current(self, server: "asyncssh.SFTPClient") -> str:
        """Return the release that the link leads to, empty when there is no link. Raises Stop when something else is there."""
        if await server.islink(self.path):
            return posixpath.basename(str(await server.readlink(self.path)))
        if await server.exists(self.path):
            message = f'"{self.place}" is no place to publish to: it holds what kbtool did not publish'
            hint = "move it away, or publish to a path that is not there yet: kbtool makes a link there"
            raise Stop(Problem("", 0, "not-ours", message, hint))
        return ""

    async def _make(self, server: "asyncssh.SFTPClient", site: Snapshot, plan: PublishPlan, report: Report) -> None:
        """Fill a new folder: what goes up is sent, what stays is the same file, the manifest comes last."""
        if not await server.exists(self._beside):
            await server.makedirs(self._beside, exist_ok=True)
            await open_to_readers(server, (self._beside,), ())
        await self._clear(server)
        new = posixpath.join(self._beside, f"new-{plan.manifest.release}")
        if await server.exists(new):
            await server.rmtree(new)
        stays = (*(plan.manifest.files.keys() - {upload.path for upload in plan.uploads}), *plan.waiting, *plan.foreign)
        uploads = [upload.path for upload in plan.uploads]
        folders = [posixpath.join(new, each) for each in sorted({"", OWN_FOLDER.rstrip("/"), *folders_above((*uploads, *stays))})]
        for folder in folders:
            await server.mkdir(folder)
        old = posixpath.join(self._beside, plan.state)
        sent = 0

        async def put(path: str) -> None:
            nonlocal sent
            await write_file(server, posixpath.join(new, path), site.read(path))
            sent += 1
            report("Publishing", sent, len(uploads))

        await each_at_once(stays, lambda path: link_file(server, posixpath.join(old, path), posixpath.join(new, path)))
        await each_at_once(uploads, put)
        await write_file(server, posixpath.join(new, MANIFEST), write_manifest(plan.manifest))
        if not await is_open(server, folders[0]):
            await open_to_readers(
                server, folders, (posixpath.join(new, path) for path in (*plan.manifest.files, *plan.waiting, MANIFEST))
            )

    async def _switch(self, server: "asyncssh.SFTPClient", expected: str, release: str) -> None:
        """Let the link lead to the release, in one step, when it still leads to the expected one; then forget old releases."""
        import asyncssh  # noqa: PLC0415 - an extra

        door = posixpath.join(self._beside, "switching")
        await self._enter(server, door)
        try:
            if await self._current(server) != expected:
                raise Moved
            made = posixpath.join(self._beside, f"new-{release}")
            if await server.exists(made):
                await server.rename(made, posixpath.join(self._beside, release))
            link = posixpath.join(self._beside, "link")
            with suppress(asyncssh.SFTPNoSuchFile):
                await server.remove(link)
            await server.symlink(posixpath.join(posixpath.basename(self._beside), release), link)
            await server.posix_rename(link, self.path)
            others = [each for each in await self._releases(server) if each != release]
            for old in others[: max(0, len(others) - self.surroundings.settings.keep)]:
                await server.rmtree(posixpath.join(self._beside, old))
        finally:
            await server.rmdir(door)

    async def _enter(self, server: "asyncssh.SFTPClient", door: str) -> None:
        """Make the folder that only one publish can make; wait while another has it, which lets go after a minute if it died."""
        import asyncssh  # noqa: PLC0415 - an extra

        for _ in range(_DOOR_TRIES):
            await self._forget(server, door, _SWITCHING)
            try:
                await server.mkdir(door)
            except asyncssh.SFTPError:
                if not await server.exists(door):
                    raise
                self.surroundings.clock.pause(Event(), 1.0)
            else:
                return
        raise Moved

    async def _clear(self, server: "asyncssh.SFTPClient") -> None:
        """Remove what publishes left that died."""
        for name in await server.listdir(self._beside):
            if str(name).startswith("new-"):
                await self._forget(server, posixpath.join(self._beside, str(name)), _ABANDONED)

    async def _forget(self, server: "asyncssh.SFTPClient", folder: str, after: timedelta) -> None:
        """Remove a folder that has stood for so long, by the server's clock."""
        import asyncssh  # noqa: PLC0415 - an extra

        with suppress(asyncssh.SFTPNoSuchFile):
            made = datetime.fromtimestamp(float(await server.getmtime(folder) or 0), UTC)
            if await self._clock(server) - made > after:
                await server.rmtree(folder)

    async def _clock(self, server: "asyncssh.SFTPClient") -> datetime:
        """Return the server's time: that of a file written just now."""
        probe = posixpath.join(self._beside, f"clock-{os.getpid()}")
        await write_file(server, probe, b"")
        now = float(await server.getmtime(probe) or 0)
        await server.remove(probe)
        return datetime.fromtimestamp(now, UTC)

    async def _releases(self, server: "asyncssh.SFTPClient") -> list[str]:
        """Return the releases, oldest first."""
        if not await server.exists(self._beside):
            return []
        return sorted(str(name) for name in await server.listdir(self._beside) if _RELEASE.fullmatch(str(name)))
