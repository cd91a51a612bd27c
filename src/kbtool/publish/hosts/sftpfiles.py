"""Files on a server that speaks SFTP, many at a time."""

import asyncio
import posixpath
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from kbtool.publish.remote import RemoteFile

if TYPE_CHECKING:  # an extra: it is imported when a site goes to such a server
    import asyncssh

_FILE, _FOLDER = 0o644, 0o755
"""What the web server, which is another user, must be allowed."""
_AT_ONCE = 64
"""Requests on their way at the same time: on a line of 50 ms, many times as fast as one after another."""


async def each_at_once(paths: Iterable[str], act: Callable[[str], Awaitable[None]]) -> None:
    """Do the same with each path, many at a time; the first fault ends it."""
    door = asyncio.Semaphore(_AT_ONCE)

    async def one(path: str) -> None:
        async with door:
            await act(path)

    try:
        async with asyncio.TaskGroup() as group:
            for path in paths:
                group.create_task(one(path))
    except BaseExceptionGroup as faults:
        raise faults.exceptions[0] from None


async def walk(server: "asyncssh.SFTPClient", root: str) -> AsyncIterator[tuple[str, RemoteFile]]:
    """Yield every file below a folder, all folders of one depth at the same time."""
    from asyncssh import FILEXFER_TYPE_DIRECTORY  # noqa: PLC0415 - an extra

    leads = [""]
    while leads:
        listed = await asyncio.gather(*(server.readdir(posixpath.join(root, lead)) for lead in leads))
        below: list[str] = []
        for lead, names in zip(leads, listed, strict=True):
            for each in names:
                name = str(each.filename)
                if name in (".", ".."):
                    continue
                if each.attrs.type == FILEXFER_TYPE_DIRECTORY:
                    below.append(f"{lead}{name}/")
                else:
                    yield lead + name, RemoteFile(each.attrs.size or 0)
        leads = below


async def read_file(server: "asyncssh.SFTPClient", path: str) -> bytes | None:
    """Return a file's bytes, None when there is none."""
    from asyncssh import SFTPNoSuchFile  # noqa: PLC0415 - an extra

    try:
        async with server.open(path, "rb") as file:
            content: bytes = await file.read()
            return content
    except SFTPNoSuchFile:
        return None


async def write_file(server: "asyncssh.SFTPClient", path: str, content: bytes) -> None:
    """Write a file; its folder is there."""
    async with server.open(path, "wb") as file:
        await file.write(content)


async def open_to_readers(server: "asyncssh.SFTPClient", folders: Iterable[str], files: Iterable[str]) -> None:
    """Let a web server read what the server's umask made private; a server that knows no rights is left as it is."""
    import asyncssh  # noqa: PLC0415 - an extra

    async def allow(path: str, mode: int) -> None:
        with suppress(asyncssh.SFTPOpUnsupported, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure):
            await server.chmod(path, mode)

    await each_at_once(folders, lambda path: allow(path, _FOLDER))
    await each_at_once(files, lambda path: allow(path, _FILE))


async def is_open(server: "asyncssh.SFTPClient", folder: str) -> bool:
    """Tell whether a folder just made is as a web server needs it: files made there are then, too."""
    return (await server.stat(folder)).permissions in (None, 0o40000 | _FOLDER, _FOLDER)


async def link_file(server: "asyncssh.SFTPClient", there: str, here: str) -> None:
    """Make the same file stand here too; send its bytes through this machine where the server has no links."""
    import asyncssh  # noqa: PLC0415 - an extra

    try:
        await server.link(there, here)
    except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
        await write_file(server, here, await read_file(server, there) or b"")


def folders_above(paths: Iterable[str]) -> set[str]:
    """Return every folder above the files."""
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found
