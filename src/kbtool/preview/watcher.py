"""Folders and files -> "something changed", once they have come to rest."""

import fnmatch
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from time import monotonic

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

_REST = 0.1
"""Seconds without a change after which files are at rest: an editor's save is several events within a few milliseconds."""

_PATIENCE = 1.0
"""Seconds after which a change is told even though files keep changing."""

_POLL = 0.4
"""Seconds between two looks at the files where the system tells no changes."""

_IGNORED_NAMES = (
    ".kbtool", ".git", ".hg", ".svn", "__pycache__", "node_modules", ".DS_Store", "Thumbs.db",
    "*~", "*.sw[a-z]", "*.tmp", "*.part", "*.crdownload", "*.kate-swp",
    ".#*", "#*#", "~$*", ".~lock.*#", ".goutputstream-*", "4913", "*___jb_???___", ".*.kbtool-new", ".*.kbtool-old",
)  # fmt: skip
"""Folders of tools, and the files that editors put beside the one being saved."""

_TOLD: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent,
    DirCreatedEvent, DirMovedEvent, DirDeletedEvent,
]  # fmt: skip
"""Reading a file is no change: without this list every build would ask for the next."""


class Watcher:
    """Watches files and folders, whether they are there yet or not."""

    def __init__(
        self, watched: Iterable[Path], ignored: Iterable[Path] = (), *, rest: float = _REST, polling: bool = False
    ) -> None:
        """Keep what to watch. Nothing is watched before `start`; `polling` looks at the files instead of asking the system."""
        self._roots = tuple(sorted({path.resolve() for path in watched}))
        self._ignored = frozenset(path.resolve() for path in ignored)
        self._rest = rest
        self._polling = polling
        self._stirred = Event()
        self._uprooted = Event()
        self._observer: BaseObserver | None = None

    def start(self) -> None:
        """Watch from now on."""
        # a folder that is moved away and back is known to the system as the same one: watchdog hears it as before, and says so at length
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, r"watchdog\.")
        if not self._polling:
            try:
                self._observer = self._observe(Observer())
            except OSError:  # the system has no more watches to give, or the file system tells no changes
                self._polling = True
            else:
                return
        self._observer = self._observe(PollingObserver(timeout=_POLL))

    def stop(self) -> None:
        """Watch no longer. The threads have ended when this returns."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def wait(self, timeout: float) -> bool:
        """Tell whether something has changed since the last call, as soon as it has come to rest; False after `timeout` seconds."""
        if not self._stirred.wait(timeout):
            return False
        impatient = monotonic() + _PATIENCE
        self._stirred.clear()
        while self._stirred.wait(self._rest) and monotonic() < impatient:
            self._stirred.clear()
        if self._uprooted.is_set():
            self._uprooted.clear()
            self._watch_again()
        return True

    def wake(self) -> None:
        """Let the one who waits go on at once, as if something had changed."""
        self._stirred.set()

    def hear(self, *paths: str, folder: bool) -> None:
        """Take note of a change, if it is one that matters."""
        changed = [Path(path) for path in paths if path]
        if not any(self._matters(path) for path in changed):
            return
        if folder and any(root.is_relative_to(path) for root in self._roots for path in changed):
            self._uprooted.set()
        self._stirred.set()

    def _matters(self, path: Path) -> bool:
        """Tell whether the path is watched or on the way to what is watched, and nobody's scrap."""
        for root in self._roots:
            if path.is_relative_to(root):
                below = path.relative_to(root).parts
                return not _is_scrap(below) and self._ignored.isdisjoint((path, *path.parents))
        return any(root.is_relative_to(path) for root in self._roots)

    def _observe(self, observer: BaseObserver) -> BaseObserver:
        """Start the observer on everything that is there. Raises OSError when the system cannot."""
        try:
            self._schedule(observer)
            observer.start()
        except OSError:
            observer.unschedule_all()
            raise
        return observer

    def _schedule(self, observer: BaseObserver) -> None:
        """Watch each folder with all below it, and what a file or folder stands in, so that it may come and go."""
        ears = _Ears(self)
        for root in self._roots:
            if root.is_dir():
                observer.schedule(ears, os.fspath(root), recursive=True, event_filter=_TOLD)
        for folder in {_nearest(root.parent) for root in self._roots}:
            observer.schedule(ears, os.fspath(folder), recursive=False, event_filter=_TOLD)

    def _watch_again(self) -> None:
        """Look anew at which folders are there: a watch on a folder ends with it, even when one of the same name follows."""
        if self._observer is None:
            return
        try:
            self._observer.unschedule_all()
            self._schedule(self._observer)
        except OSError:
            self.stop()
            self._polling = True
            self.start()


class _Ears(FileSystemEventHandler):
    """Hands watchdog's events on as paths."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell the watcher."""
        self._watcher.hear(os.fsdecode(event.src_path), os.fsdecode(event.dest_path), folder=event.is_directory)


def _is_scrap(parts: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(part, pattern) for part in parts for pattern in _IGNORED_NAMES)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())
