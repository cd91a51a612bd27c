"""`file://`: a folder that a web server shows; the new site is made beside it, and the two change places in one step."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.hostlock import hold_lock
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, Entry, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.swap import bring_in, recover
from kbtool.publish.target import Fetched, Limits, Moved, Report, Sent, Surroundings

_NEW = "new-"
"""Begins the name of a folder that is being made; what is left of it holds a whole release only when a manifest stands in it."""


def open_folder(address: Address, surroundings: Surroundings) -> "FolderTarget":
    """Return the target of a `file:///absolute/path`. Raises Stop when it is no place for a site."""
    if address.host not in ("", "localhost") or not address.path.startswith("/") or address.prefix == "":
        raise Stop(wrong_address(f'"{address.text}" names no folder: it needs three slashes and a path'))
    place = Path(os.path.normpath(address.path))
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise Stop(_not_ours(place, "it is no folder"))
    root = surroundings.root.resolve()
    if place.resolve() in (root, root / ".kbtool", *root.parents):
        raise Stop(_not_ours(place, "the help center itself is there"))
    return FolderTarget(place, surroundings)


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder of this machine."""

    folder: Path
    surroundings: Surroundings

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.folder)

    @property
    def limits(self) -> Limits:
        """A folder takes anything."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """The web server decides on headers."""
        return False

    @property
    def _beside(self) -> Path:
        """Where releases are made and kept: on the same file system, so that changing places is one step."""
        return self.folder.with_name(f".{self.folder.name}.kbtool")

    def look(self) -> Remote:
        """Return what is in the folder. Raises Stop when it holds files and none of them by kbtool's hand."""
        with _told(self.folder):
            recover(self.folder)
            data = _read(self.folder / MANIFEST)
            manifest, problems = read_manifest(data)
            files = dict(_files(self.folder)) if self.folder.is_dir() else {}
        if manifest is None and files:
            raise Stop(_not_ours(self.folder, "it holds files that kbtool did not publish"))
        return Remote(files, manifest, hashlib.sha256(data).hexdigest() if data else "", problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Make the new site beside the folder, and let the two change places."""
        with _told(self.folder):
            self._beside.mkdir(parents=True, exist_ok=True)
            with hold_lock(_LockFile(self._beside / "lock.json"), self.place, self.surroundings, sure=True) as lock:
                if self.look().state != plan.state:
                    raise Moved
                self._clear()
                new = self._beside / f"{_NEW}{plan.manifest.release}"
                try:
                    self._make(new, site, plan, report)
                    lock.check()
                except BaseException:
                    shutil.rmtree(new, ignore_errors=True)
                    raise
                self._switch(new)
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Let the folder and the release before change places."""
        current = self.look().manifest
        with _told(self.folder):
            older = [release for release in self._releases() if current and release.name < current.release]
            if not older:
                hint = f"{self.surroundings.settings.keep} are kept; take the change back in git and publish"
                raise Stop(Problem("", 0, "no-release", f'no release before this one is kept for "{self.place}"', hint))
            with hold_lock(_LockFile(self._beside / "lock.json"), self.place, self.surroundings, sure=True):
                report("Switching", 0, 1)
                self._switch(older[-1])
                report("Switching", 1, 1)
        return older[-1].name

    def _make(self, new: Path, site: Snapshot, plan: PublishPlan, report: Report) -> None:
        """Fill the new folder: what goes up is written, what stays is the same file, the manifest comes last."""
        new.mkdir()
        if self.folder.is_dir():
            shutil.copystat(self.folder, new)
        entries: dict[str, Entry] = dict(plan.manifest.files)
        for done, upload in enumerate(plan.uploads, 1):
            file = new / upload.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(site.read(upload.path))
            entries[upload.path] = replace(entries[upload.path], tag=_tag(file.stat()))
            report("Publishing", done, len(plan.uploads))
        written = {upload.path for upload in plan.uploads}
        for path in (*(entries.keys() - written), *plan.waiting, *plan.foreign):
            _link(self.folder / path, new / path)
        (new / OWN_FOLDER).mkdir()
        (new / MANIFEST).write_bytes(write_manifest(replace(plan.manifest, files=entries)))

    def _switch(self, new: Path) -> None:
        """Let the folders change places, and keep the old site under its release's name."""
        bring_in(new, self.folder)
        if new.is_dir():
            manifest = read_manifest(_read(new / MANIFEST))[0]
            old = self._beside / manifest.release if manifest and manifest.release else None
            if old and old != new and not old.exists():
                new.rename(old)
            elif old != new:
                shutil.rmtree(new)
        self._prune()

    def _prune(self) -> None:
        """Remove the releases that are more than are to be kept."""
        releases = self._releases()
        for release in releases[: max(0, len(releases) - self.surroundings.settings.keep)]:
            shutil.rmtree(release)

    def _clear(self) -> None:
        """Mend what a publish that died left: half a release goes, a whole one is kept under its name."""
        current = read_manifest(_read(self.folder / MANIFEST))[0]
        for left in self._beside.glob(f"{_NEW}*"):
            manifest = read_manifest(_read(left / MANIFEST))[0]
            known = manifest and current and manifest.release < current.release
            if manifest and known and not (self._beside / manifest.release).exists():
                left.rename(self._beside / manifest.release)
            else:
                shutil.rmtree(left)

    def _releases(self) -> list[Path]:
        """Return the kept releases, oldest first."""
        folders = self._beside.iterdir() if self._beside.is_dir() else ()
        return sorted(folder for folder in folders if folder.is_dir() and not folder.name.startswith(_NEW))


@dataclass(frozen=True, slots=True)
class _LockFile:
    """The lock's file beside the folder; its age is told by the file system that it is on."""

    file: Path

    def create(self, content: bytes) -> bool:
        """Write the file if there is none."""
        try:
            with self.file.open("xb") as stream:
                stream.write(content)
        except FileExistsError:
            return False
        return True

    def create_again(self, _content: bytes) -> bool:
        """Return False: a file system refuses."""
        return False

    def read(self) -> Fetched | None:
        """Return the file."""
        content = _read(self.file)
        if content is None:
            return None
        return Fetched(content, "", datetime.fromtimestamp(self.file.stat().st_mtime, UTC))

    def write(self, content: bytes) -> None:
        """Write the file over whatever is there, in one step."""
        temporary = self.file.with_name(f"{self.file.name}.{os.getpid()}")
        temporary.write_bytes(content)
        temporary.replace(self.file)

    def remove(self) -> None:
        """Delete the file."""
        self.file.unlink(missing_ok=True)

    def now(self) -> datetime:
        """Return the time by the file system's clock."""
        probe = self.file.with_name(f"clock.{os.getpid()}")
        probe.write_bytes(b"")
        modified = probe.stat().st_mtime
        probe.unlink()
        return datetime.fromtimestamp(modified, UTC)


def _files(folder: Path) -> Iterator[tuple[str, RemoteFile]]:
    """Yield every file below the folder, kbtool's own aside."""
    folders = [""]
    while folders:
        lead = folders.pop()
        with os.scandir(folder / lead) as entries:
            for entry in entries:
                path = lead + entry.name
                if f"{path}/" == OWN_FOLDER:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                else:
                    state = entry.stat(follow_symlinks=False)
                    yield path, RemoteFile(state.st_size, _tag(state))


def _tag(state: os.stat_result) -> str:
    """Return what tells a file that somebody touched: a link keeps it, an edit does not."""
    return f"{state.st_mtime_ns:x}-{state.st_size:x}"


def _link(there: Path, here: Path) -> None:
    """Make the same file stand here too; copy it, times included, where there are no links."""
    here.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(there, here, follow_symlinks=False)
    except OSError:
        shutil.copy2(there, here, follow_symlinks=False)


def _read(file: Path) -> bytes | None:
    with suppress(FileNotFoundError, NotADirectoryError):
        return file.read_bytes()
    return None


def _not_ours(place: Path, why: str) -> Problem:
    hint = "choose an empty folder, or one that is not there yet"
    return Problem("", 0, "not-ours", f'"{place}" is no place to publish to: {why}', hint)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn a full disk and missing rights into a problem that says so."""
    try:
        yield
    except OSError as error:
        hint = "the site there is as it was before; make room or rights and publish again"
        what = f'"{error.filename or folder}" cannot be written: {error.strerror or error}'
        raise Stop(Problem("", 0, "cannot-write", what, hint)) from error
