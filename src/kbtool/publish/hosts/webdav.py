"""`webdav://` and `webdavs://`: a web server that takes files, folder by folder, each moved into its place when it is whole."""

import re
import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, Entry
from kbtool.publish.remote import RemoteFile
from kbtool.publish.retry import FIRST_BUDGET, Patience
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Clock, Fetched, Limits, Surroundings
from kbtool.publish.web import Answer, Web, http_date
from kbtool.urls import quote_path

_DAV = "{DAV:}"
_ASK = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>'
_ABANDONED = timedelta(hours=1)
_TEMPORARY = f"{OWN_FOLDER}incoming/"
_MISSING, _CONFLICT, _EXISTS, _NOT_ALLOWED = 404, 409, 412, 405
_NO_FOLDER = (_CONFLICT, _MISSING)
"""How servers answer when the folder that a file is to be moved to is not there, or is no folder."""
_RIGHTS = "to read, write, move and delete below the target"
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


def open_webdav(address: Address, surroundings: Surroundings) -> StoreTarget:
    """Return the target. The name and the password stand in KBTOOL_WEBDAV_USER and KBTOOL_WEBDAV_PASSWORD, or in ~/.netrc."""
    if not address.host or address.query or address.fragment:
        raise Stop(wrong_address(f'"{address.text}" names no folder on a server: it looks like webdavs://dav.example/help'))
    scheme = "https" if address.scheme == "webdavs" else "http"
    port = f":{address.port}" if address.port else ""
    base = f"{scheme}://{address.host}{port}/{quote_path(address.prefix)}"
    place = f"{address.scheme}://{address.host}{port}/{address.prefix}".rstrip("/")
    web = Web(place, base, _credentials(address, surroundings), _RIGHTS, surroundings.at_once)
    return StoreTarget(DavStore(web, urlsplit(base).path, surroundings.clock), surroundings)


@dataclass(frozen=True, slots=True)
class DavStore:
    """A folder of a WebDAV server (RFC 4918), as a Store."""

    web: Web
    path: str
    """The folder's path at the server, percent-encoded, with a slash at both ends."""
    clock: Clock
    made: set[str] = field(default_factory=set)
    """Folders that are known to be there."""

    @property
    def place(self) -> str:
        """The server and the folder."""
        return self.web.place

    @property
    def limits(self) -> Limits:
        """It is not known."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """The server decides on headers."""
        return False

    def list(self) -> Mapping[str, RemoteFile]:
        """Return every file, folder by folder: many servers refuse to list a whole tree at once. Each is tried again by itself."""
        patience = Patience(self.clock, FIRST_BUDGET)
        found: dict[str, RemoteFile] = {}
        folders = [""]
        with ThreadPoolExecutor(8) as pool:
            while folders:
                listed = pool.map(lambda folder: patience.run(self.place, lambda: self._folder(folder)), folders)
                folders = []
                for inner, files in listed:
                    folders += [folder for folder in inner if not folder.startswith(OWN_FOLDER)]
                    found |= files
                self.made.update(folders)
        return found

    def get(self, path: str) -> Fetched | None:
        """Return the file, None when there is none."""
        answer = self.web.ask("GET", quote_path(path), expect=(_MISSING,))
        if answer.status == _MISSING:
            return None
        return Fetched(answer.content, _tag(answer.headers.get("etag", "")), http_date(answer.headers.get("last-modified", "")))

    def put(self, path: str, content: bytes, entry: Entry | None, *, if_absent: bool = False) -> str:  # noqa: ARG002 - headers are the server's
        """Write the file beside the site, and move it into its place when it is whole. Raises FileExistsError when it must not be there."""
        if f"{path}/" in self.made:
            raise self._in_the_way(path)
        if path == MANIFEST:
            self._clear()
        self._make_folders(_TEMPORARY)
        self._make_folders(path)
        temporary = f"{_TEMPORARY}{secrets.token_hex(8)}"
        self.web.ask("PUT", temporary, content=content)
        target = {"Destination": f"{self.path}{quote_path(path)}", "Overwrite": "F" if if_absent else "T"}
        answer = self._move(temporary, path, target)
        if answer.status == _EXISTS:
            self.delete((temporary,))
            raise FileExistsError(path)
        return ""

    def delete(self, paths: Sequence[str]) -> None:
        """Delete the files, and the folders that are empty then. Each is tried again by itself."""
        patience = Patience(self.clock)
        for path in paths:
            patience.run(self.place, lambda path=path: self.web.ask("DELETE", quote_path(path), expect=(_MISSING,)))  # type: ignore[misc]
        for folder in sorted({path.rpartition("/")[0] for path in paths} - {""}, key=len, reverse=True):
            patience.run(self.place, lambda folder=folder: self._delete_empty(folder))  # type: ignore[misc]

    def _delete_empty(self, folder: str) -> None:
        """Delete the folder and those above it, as far as nothing stands in them."""
        while folder and f"{folder}/" not in (OWN_FOLDER, _TEMPORARY):
            inner, files = self._folder(f"{folder}/")
            if inner or files:
                return
            self.web.ask("DELETE", f"{quote_path(folder)}/", expect=(_MISSING,))
            self.made.discard(f"{folder}/")
            folder = folder.rpartition("/")[0]

    def _move(self, temporary: str, path: str, headers: Mapping[str, str]) -> Answer:
        """Move the file; a folder that went meanwhile is made again, once."""
        answer = self.web.ask("MOVE", temporary, headers=headers, expect=(_EXISTS, *_NO_FOLDER))
        if answer.status not in _NO_FOLDER:
            return answer
        self.made.clear()
        self._make_folders(path)
        answer = self.web.ask("MOVE", temporary, headers=headers, expect=(_EXISTS, *_NO_FOLDER))
        if answer.status in _NO_FOLDER:
            raise self._in_the_way(path)
        return answer

    def _clear(self) -> None:
        """Remove what publishes that died left half-sent, an hour later by the server's clock."""
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        answer = self.web.ask("PROPFIND", _TEMPORARY, headers=headers, content=_ASK, expect=(_MISSING,))
        if answer.status == _MISSING:
            return
        now = http_date(answer.headers.get("date", ""))
        for path, is_folder, _file, modified in _members(answer.content, self.path):
            if not is_folder and now - http_date(modified) > _ABANDONED:
                self.web.ask("DELETE", quote_path(path), expect=(_MISSING,))

    def _in_the_way(self, path: str) -> Stop:
        hint = "a file and a folder of one name cannot both be there: publish without the new one first, or remove the old one by hand"
        return Stop(
            Problem("", 0, "host-refuses", f'"{path}" cannot be put to "{self.place}": what is there is in its way', hint)
        )

    def _make_folders(self, path: str) -> None:
        """Make every folder above a file, the target's own too, that is not known to be there."""
        folder = path.rpartition("/")[0]
        if f"{folder}/" in self.made:
            return
        parts = folder.split("/") if folder else []
        for depth in range(len(parts) + 1):
            inner = "".join(f"{part}/" for part in parts[:depth])
            if inner not in self.made:
                self._make_folder(inner)
                self.made.add(inner)

    def _make_folder(self, folder: str) -> None:
        answer = self.web.ask("MKCOL", quote_path(folder), expect=(_NOT_ALLOWED, _CONFLICT))
        if answer.status == _CONFLICT:
            hint = "make the folder above it first, or correct the path"
            raise Stop(Problem("", 0, "host-refuses", f'"{self.place}" cannot be made: the folder above it is not there', hint))

    def _folder(self, folder: str) -> tuple[Sequence[str], dict[str, RemoteFile]]:
        """Return the folders and the files that stand in a folder, by their whole paths."""
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        answer = self.web.ask("PROPFIND", quote_path(folder), headers=headers, content=_ASK, expect=(_MISSING,))
        if answer.status == _MISSING:
            return [], {}
        inner: list[str] = []
        files: dict[str, RemoteFile] = {}
        for path, is_folder, file, _ in _members(answer.content, self.path):
            if is_folder and path.rstrip("/") != folder.rstrip("/"):
                inner.append(f"{path.rstrip('/')}/")
            elif not is_folder:
                files[path] = file
        return inner, files


def _members(content: bytes, base: str) -> list[tuple[str, bool, RemoteFile, str]]:
    """Return what a listing names: path below the target, whether it is a folder, size and date. Raises Stop when it is none."""
    hint = "look whether the address is that of a WebDAV folder"
    unreadable = Stop(Problem("", 0, "host-refuses", "the server's listing cannot be read", hint))
    if _DOCTYPE.search(content[:2_000]):
        raise unreadable
    try:
        tree = ET.fromstring(content)  # noqa: S314 - a DOCTYPE, and with it every entity, is refused above
    except ET.ParseError:
        raise unreadable from None
    found = []
    for response in tree.iter(f"{_DAV}response"):
        path = unquote(urlsplit(response.findtext(f"{_DAV}href", "")).path)
        size = response.findtext(f".//{_DAV}getcontentlength", "0")
        is_folder = response.find(f".//{_DAV}resourcetype/{_DAV}collection") is not None
        if path.startswith(unquote(base)):
            modified = response.findtext(f".//{_DAV}getlastmodified", "")
            about = RemoteFile(int(size) if size.isdigit() else 0)
            found.append((path.removeprefix(unquote(base)), is_folder, about, modified))
    return found


def _credentials(address: Address, surroundings: Surroundings) -> dict[str, str]:
    """Return the header that says who publishes, if anything does."""
    import base64  # noqa: PLC0415 - needed here alone

    environment = surroundings.environment
    user = address.user or environment.get("KBTOOL_WEBDAV_USER", "")
    password = environment.get("KBTOOL_WEBDAV_PASSWORD", "")
    if not password:
        user, password = _netrc(Path(environment.get("NETRC") or surroundings.home / ".netrc"), address.host, user)
    if not password:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def _netrc(file: Path, host: str, user: str) -> tuple[str, str]:
    """Return the name and the password for a host, both empty when the file says nothing of it."""
    import netrc  # noqa: PLC0415 - needed here alone

    try:
        found = netrc.netrc(str(file)).authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return user, ""
    if not found or (user and found[0] != user):
        return user, ""
    return found[0], found[2] or ""


def _tag(said: str) -> str:
    return said.removeprefix("W/").strip('"')
