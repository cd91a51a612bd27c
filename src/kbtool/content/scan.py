"""The content folder -> its files, each with what the disk says of it."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kbtool.problems import Problem, Severity
from kbtool.urls import is_page

SNIPPETS = "_snippets"

_DOUBLE_ENDING = re.compile(r"\.(?:md|markdown)\.txt$", re.IGNORECASE)
"""What Notepad makes of "prices.md"."""
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class File:
    """A file of the content folder."""

    path: str
    """Under the content folder, POSIX, NFC."""
    disk: str
    """Where it is read from."""
    size: int
    mtime_ns: int
    inode: int
    unsaved: bytes | None = None
    """What it holds in an editor, where that is to be read and not what is on the disk."""


@dataclass(frozen=True, slots=True)
class Scan:
    """All that the content folder holds, sorted by path."""

    pages: tuple[File, ...]
    snippets: tuple[File, ...]
    assets: tuple[File, ...]
    problems: tuple[Problem, ...]


def scan_content(content: Path, name: str) -> Scan:
    """Return the files that count; `name` is the folder's, as the user types it.

    Names that begin with a dot or an underscore are passed over, `_snippets` aside. A link that leaves the folder is a
    problem and is not followed, nor is a link to a folder: what it holds would have two addresses.
    """
    walk = _Walk(os.path.realpath(content), name)
    files: dict[str, File] = {}
    for file in sorted(walk.files(str(content)), key=lambda file: (file.path, file.disk)):
        if file.path in files:
            message = f'two files are called "{file.path}", spelt with different Unicode characters; only the first is read'
            walk.tell(file.path, "url-collision", message, "rename one of them")
        files.setdefault(file.path, file)
    for path in files:
        if _DOUBLE_ENDING.search(path):
            hint = f'rename it to "{path.rpartition("/")[2][:-4]}"; on Windows, let the Explorer show the endings of file names'
            walk.tell(path, "wrong-ending", f'"{path}" is no article: its name ends with ".txt"', hint, "warning")
    snippets = tuple(file for file in files.values() if file.path.startswith(f"{SNIPPETS}/"))
    others = [file for file in files.values() if not file.path.startswith(f"{SNIPPETS}/")]
    pages = tuple(file for file in others if is_page(file.path))
    return Scan(pages, snippets, tuple(file for file in others if not is_page(file.path)), tuple(walk.problems))


def with_unsaved(scan: Scan, unsaved: Mapping[str, bytes]) -> Scan:
    """Return the scan with pages as an editor has them, by path; a page that is not on the disk yet is there, too."""
    if not unsaved:
        return scan
    on_disk = {page.path: page for page in scan.pages}
    held = {path: on_disk.get(path, File(path, "", 0, 0, 0)) for path in unsaved}
    open_now = {path: replace(file, size=len(unsaved[path]), unsaved=unsaved[path]) for path, file in held.items()}
    pages = {**on_disk, **open_now}
    return replace(scan, pages=tuple(pages[path] for path in sorted(pages)))


@dataclass(frozen=True, slots=True)
class _Walk:
    real: str
    """The content folder with every link followed."""
    name: str
    problems: list[Problem] = field(default_factory=list)

    def files(self, content: str) -> Iterator[File]:
        folders = [(content, "")]
        while folders:
            folder, above = folders.pop()
            for entry in self.entries(folder, above):
                path = above + unicodedata.normalize("NFC", entry.name)
                if not self.counts(entry, path):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append((entry.path, f"{path}/"))
                    elif entry.is_file():
                        state = entry.stat()
                        yield File(path, entry.path, state.st_size, state.st_mtime_ns, state.st_ino)
                    else:
                        self.tell(path, "unreadable", f'"{path}" is no file but a pipe, a socket or a device', "delete it")
                except OSError as error:
                    self.tell(path, "unreadable", f'"{path}" cannot be read: {error.strerror}')

    def entries(self, folder: str, path: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self.tell(path.rstrip("/"), "unreadable", f'the folder "{path or self.name}" cannot be read: {error.strerror}')
            return []

    def counts(self, entry: "os.DirEntry[str]", path: str) -> bool:
        """Tell whether the entry is content, and tell the problem when it is a link that must not be followed."""
        name = entry.name
        if name.startswith((".", "_")) and path != SNIPPETS:
            return False
        if name.lower() in _LITTER or name.endswith("~"):
            return False
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = path.encode("utf-8", "replace").decode()
            self.tell(shown, "wrong-encoding", f'the name "{shown}" is not UTF-8', "rename the file")
            return False
        return not entry.is_symlink() or self.may_follow(entry, path)

    def may_follow(self, entry: "os.DirEntry[str]", path: str) -> bool:
        target = os.path.realpath(entry.path)
        if os.path.commonpath([target, self.real]) != self.real:
            hint = "put the file itself there"
            self.tell(path, "outside-content", f'"{path}" is a link that leaves the folder "{self.name}"', hint)
            return False
        if not os.path.exists(target):  # noqa: PTH110 - as below, strings are quicker than paths
            self.tell(path, "unreadable", f'"{path}" is a link to a file that is not there', "delete it or mend it")
            return False
        if os.path.isdir(target):  # noqa: PTH112
            hint = "move the folder itself there, or link to its articles"
            self.tell(path, "linked-folder", f'"{path}" is a link to a folder, which is not followed', hint)
            return False
        return True

    def tell(self, path: str, rule: str, message: str, hint: str = "", severity: Severity = "error") -> None:
        place = f"{self.name}/{path}" if path else self.name
        self.problems.append(Problem(place, 0, rule, message, hint, severity))
