"""A change -> the site made again -> every open page told, for as long as the preview lives."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from kbtool.preview.channel import Channel
from kbtool.preview.watcher import Watcher
from kbtool.problems import Problem, Stop

_LOOK = 0.5
"""Seconds after which a wait is interrupted, so that Ctrl-C is heard on systems where a wait hears nothing."""

_FAREWELL = 0.8
"""Seconds that a search index in the making is waited for at the end."""


class Loop:
    """Makes the site again whenever a watched file has changed."""

    def __init__(
        self,
        site: Path,
        watcher: Watcher,
        rebuild: Callable[[], Sequence[Problem]],
        reindex: Callable[[], None],
        channel: Channel,
    ) -> None:
        """Keep the parts; nothing runs before `run`."""
        self._site = site
        self._watcher = watcher
        self._rebuild = rebuild
        self._indexer = _Indexer(reindex)
        self._channel = channel
        self._ending = Event()

    def start(self) -> None:
        """Watch, and make the site a first time."""
        self._watcher.start()
        self._make()

    def run(self) -> None:
        """Make the site again after each change, until `end` is called."""
        while not self._ending.is_set():
            if self._watcher.wait(_LOOK) and not self._ending.is_set():
                self._make()

    def end(self) -> None:
        """Let `run` return. May be called from any thread."""
        self._ending.set()
        self._watcher.wake()

    def close(self) -> None:
        """End what runs beside."""
        self._watcher.stop()
        self._indexer.close()

    def _make(self) -> None:
        """Make the site and tell the pages; then let its search index be made."""
        before = _identity(self._site)
        try:
            problems = tuple(self._rebuild())
        except Stop as stop:
            self._channel.tell(stop.problems, changed=False, stopped=True)
        except Exception as error:  # noqa: BLE001 - a preview outlives whatever goes wrong in one build, and shows it
            self._channel.tell((_as_problem(error),), changed=False, stopped=True)
        else:
            self._channel.tell((*problems, *self._indexer.problems), changed=_identity(self._site) != before)
            self._indexer.ask()


class _Indexer:
    """Makes the search index in a thread of its own: once more when it was asked for meanwhile, never twice at a time."""

    def __init__(self, reindex: Callable[[], None]) -> None:
        self.problems: tuple[Problem, ...] = ()
        self._reindex = reindex
        self._asked = Event()
        self._closed = False
        self._thread = Thread(target=self._run, name="kbtool-index", daemon=True)

    def ask(self) -> None:
        """Make the index of what there is now, soon."""
        if not self._thread.is_alive():
            with suppress(RuntimeError):  # the interpreter is ending
                self._thread.start()
        self._asked.set()

    def close(self) -> None:
        """Make no further index. One in the making is given a moment and then left to itself: it is put in place whole or not at all."""
        self._closed = True
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL)

    def _run(self) -> None:
        while self._asked.wait() and not self._closed:
            self._asked.clear()
            try:
                self._reindex()
                self.problems = ()
            except Stop as stop:
                self.problems = stop.problems
            except Exception as error:  # noqa: BLE001 - as above
                self.problems = (_as_problem(error),)


def _identity(folder: Path) -> tuple[int, int, int]:
    """Return what differs once another folder has taken the site's place."""
    try:
        state = folder.stat()
    except OSError:
        return 0, 0, 0
    return state.st_dev, state.st_ino, state.st_mtime_ns


def _as_problem(error: Exception) -> Problem:
    what = f'kbtool itself failed: {type(error).__name__}: "{error}"'
    return Problem("", 0, "kbtool-failed", what, 'this is a mistake in kbtool; "kbtool build" writes down more about it')
