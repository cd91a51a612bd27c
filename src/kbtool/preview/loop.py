"""A change -> the site made again -> every open page told, for as long as the preview lives."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

from kbtool.preview.aside import Aside, as_problem
from kbtool.preview.channel import Channel
from kbtool.preview.watcher import Watcher
from kbtool.problems import Problem, Stop

_LOOK = 0.5
"""Seconds after which a wait is interrupted, so that Ctrl-C is heard on systems where a wait hears nothing."""

_PAUSE = 2.0
"""Seconds without a save after which the search index is made: it costs more than a page, and nobody searches while typing."""

_BREATH = 0.1
"""Seconds without a save after which the articles are checked: the page is to be there first."""


class Loop:
    """Makes the site again whenever a watched file has changed."""

    def __init__(  # noqa: PLR0913 - each is named where it is called
        self,
        site: Path,
        watcher: Watcher,
        rebuild: Callable[[], Sequence[Problem]],
        reindex: Callable[[], None],
        channel: Channel,
        *,
        findings: Callable[[], Mapping[str, Sequence[Problem]]],
    ) -> None:
        """Keep the parts; nothing runs before `start`."""
        self._site = site
        self._watcher = watcher
        self._rebuild = rebuild
        self._indexer = Aside(reindex, _PAUSE, "kbtool-index")
        self._checker = Aside(lambda: channel.tell_findings(_found(findings)), _BREATH, "kbtool-findings")
        self._channel = channel
        self._ending = Event()
        self._shown = _identity(site)
        self._said: frozenset[Problem] = frozenset()
        self._announce: Callable[[str], None] = lambda _text: None

    def start(self, announce: Callable[[str], None]) -> None:
        """Watch, and make the site a first time. `announce` is told each problem when it comes up."""
        self._announce = announce
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
        self._checker.close()

    def _make(self) -> None:
        """Make the site and tell the pages; then let its search index be made and its articles be checked."""
        try:
            problems = (*self._rebuild(), *self._indexer.problems)
        except Stop as stop:
            self._tell(stop.problems, stopped=True)
        except Exception as error:  # noqa: BLE001 - a preview outlives whatever goes wrong in one build, and shows it
            self._tell((as_problem(error),), stopped=True)
        else:
            self._tell(problems, stopped=False)
            self._indexer.ask()
            self._checker.ask()

    def _tell(self, problems: tuple[Problem, ...], *, stopped: bool) -> None:
        """Tell the pages what holds now, and the terminal what is new."""
        now = _identity(self._site)
        self._channel.tell(problems, changed=now != self._shown, stopped=stopped)
        self._shown = now
        worth_saying = frozenset(problem for problem in problems if problem.severity != "hint")
        for problem in sorted(worth_saying - self._said):
            self._announce(str(problem))
        self._said = worth_saying


def _found(findings: Callable[[], Mapping[str, Sequence[Problem]]]) -> Mapping[str, Sequence[Problem]]:
    """Return what was found; when nothing could be, the home page says why."""
    try:
        return findings()
    except Stop as stop:
        return {"": stop.problems}
    except Exception as error:  # noqa: BLE001 - as above
        return {"": (as_problem(error),)}


def _identity(folder: Path) -> tuple[int, ...]:
    """Return what differs once another folder has taken the site's place."""
    try:
        state = folder.stat()
    except OSError:
        return ()
    return state.st_dev, state.st_ino, state.st_mtime_ns, state.st_ctime_ns
