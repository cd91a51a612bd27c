"""A built site's folder -> Snapshot: every file hashed once, and sent as it was hashed or not at all."""

import hashlib
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kbtool.media import content_type
from kbtool.places import SITE_MARK
from kbtool.problems import Problem, Stop
from kbtool.publish.headers import cache_control, is_page_file
from kbtool.publish.manifest import OWN_FOLDER, Entry

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10))}
)
_LONGEST = 1_000
"""Bytes in a path: S3 takes 1,024 with the prefix."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One file as it is to be sent."""

    entry: Entry
    """Without a tag: the host gives it."""
    md5: str | None = None
    """In hex: what most object stores call these bytes. None: nobody asked, since the host's manifest says what it calls them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A site in a folder at one moment."""

    folder: Path
    files: Mapping[str, LocalFile]
    """By path, sorted; kbtool's mark is not among them."""

    @property
    def size(self) -> int:
        """The size of all files."""
        return sum(file.entry.size for file in self.files.values())

    def read(self, path: str) -> bytes:
        """Return the very bytes that were hashed. Raises Stop when the file changed since, or went."""
        try:
            content = _content(self.folder, path)
        except OSError:
            raise Stop(_changed(path)) from None
        if hashlib.sha256(content).hexdigest() != self.files[path].entry.digest:
            raise Stop(_changed(path))
        return content


def take_snapshot(folder: Path, *, headers: bool) -> Snapshot:
    """Return the folder's files. Raises Stop when it is no whole site that kbtool built, or when names in it cannot be served.

    `headers`: whether the host serves files with the headers that it was sent.
    """
    _demand_site(folder)
    try:
        paths = sorted(_paths(folder))
        problems = tuple(_wrong_names(paths))
        if problems:
            raise Stop(*problems)
        return Snapshot(folder, {path: _hashed(folder, path, headers=headers) for path in paths})
    except OSError as error:
        raise Stop(Problem("", 0, "unreadable", f'"{error.filename}" cannot be read: {error.strerror}')) from None


def named_as_stores_do(site: Snapshot, paths: Collection[str]) -> Snapshot:
    """Return the snapshot with the MD5 of these files, for a host whose manifest does not say what it calls what it holds."""
    named = {path: replace(site.files[path], md5=_md5(site.read(path))) for path in paths if path in site.files}
    return Snapshot(site.folder, {**site.files, **named})


def _demand_site(folder: Path) -> None:
    """Raise Stop unless the folder holds a finished site with a home."""
    if not (folder / SITE_MARK).is_file():
        hint = 'type "kbtool build", or leave out --no-build'
        raise Stop(Problem("", 0, "no-site", f'there is no site in "{folder.name}" that kbtool built', hint))
    if not (folder / "index.html").is_file() or (folder / "index.html").stat().st_size == 0:
        hint = "build it again; nothing was sent"
        raise Stop(Problem("", 0, "no-site", f'the site in "{folder.name}" has no home page', hint))


def _hashed(folder: Path, path: str, *, headers: bool) -> LocalFile:
    """Return the file's digest."""
    content = _content(folder, path)
    sent = (content_type(path), cache_control(path)) if headers else ("", "")
    entry = Entry(hashlib.sha256(content).hexdigest(), len(content), *sent)
    return LocalFile(entry)


def _content(folder: Path, path: str) -> bytes:
    """Return a file's bytes."""
    with open(f"{os.fspath(folder)}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 - thousands of them: pathlib takes longer than hashing
        return file.read()


def _md5(content: bytes) -> str:
    """Return the name that object stores give to bytes; it protects nothing here."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _paths(folder: Path) -> Iterator[str]:
    """Yield every file below the folder. Raises Stop at a symbolic link: what it leads to is no part of the site."""
    folders = [""]
    while folders:
        lead = folders.pop()
        with os.scandir(f"{os.fspath(folder)}/{lead}") as entries:
            for entry in entries:
                path = f"{lead}{entry.name}"
                if entry.is_symlink():
                    message = f'"{path}" is a symbolic link, which no host can serve'
                    raise Stop(Problem("", 0, "unfit-name", message, "build the site again"))
                if entry.is_dir():
                    folders.append(f"{path}/")
                elif path != SITE_MARK and not path.startswith(OWN_FOLDER):
                    yield path


def _wrong_names(paths: list[str]) -> Iterator[Problem]:
    """Yield a problem for each path that some host would lose or mistake for another."""
    folded: dict[str, str] = {}
    for path in paths:
        fault = _fault(path)
        if fault:
            yield Problem("", 0, "unfit-name", f'"{path}" cannot be published: {fault}', "rename what it is made from")
        twin = folded.setdefault(path.casefold(), path)
        if twin != path:
            message = f'"{path}" and "{twin}" differ in capitals only, and some hosts take them for one file'
            yield Problem("", 0, "unfit-name", message, "rename one of them")


def _fault(path: str) -> str:
    """Return what is wrong with a path; empty: nothing."""
    if not path.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs") for sign in path):
        return "it holds a character that cannot be written"
    if not unicodedata.is_normalized("NFC", path):
        return "its letters are not composed (Unicode NFC)"
    if len(path.encode()) > _LONGEST:
        return f"it is longer than {_LONGEST} bytes"
    if any(part in ("", ".", "..") or part.partition(".")[0].lower() in _RESERVED for part in path.split("/")):
        return "a part of it is a name with a meaning of its own"
    return "it has a backslash in it" if "\\" in path else ""


def _changed(path: str) -> Problem:
    hint = "publish again when nothing else builds the site"
    return Problem("", 0, "changed-meanwhile", f'"{path}" was changed while the site was published', hint)


def count_pages(paths: Mapping[str, object]) -> int:
    """Return how many of the paths are pages."""
    return sum(map(is_page_file, paths))
