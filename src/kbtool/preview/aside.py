"""Work that a save need not wait for -> done beside, once the writer pauses."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from kbtool.problems import Problem, Stop

_FAREWELL = 0.5
"""Seconds that work which goes on is waited for at the end."""


class Aside:
    """Does its work in a thread of its own: once more when it was asked for meanwhile, never twice at a time."""

    def __init__(self, work: Callable[[], None], pause: float, name: str) -> None:
        """Keep the work; it begins when it was asked for and nobody asked again for `pause` seconds."""
        self.problems: tuple[Problem, ...] = ()
        self._work = work
        self._pause = pause
        self._asked = Event()
        self._closed = False
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def ask(self) -> None:
        """Do the work on what there is now, soon."""
        if not self._thread.is_alive():
            with suppress(RuntimeError):  # the interpreter is ending
                self._thread.start()
        self._asked.set()

    def close(self) -> None:
        """Begin nothing more. What goes on is given a moment and then left to itself: it is put in place whole or not at all."""
        self._closed = True
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join(_FAREWELL)

    def _run(self) -> None:
        while self._asked.wait() and not self._closed:
            self._asked.clear()
            if self._asked.wait(self._pause):
                continue
            try:
                self._work()
                self.problems = ()
            except Stop as stop:
                self.problems = stop.problems
            except Exception as error:  # noqa: BLE001 - a preview outlives whatever goes wrong beside it, and shows it
                self.problems = (as_problem(error),)


def as_problem(error: Exception) -> Problem:
    """Return a mistake of kbtool's own as a problem."""
    what = f'kbtool itself failed: {type(error).__name__}: "{error}"'
    return Problem("", 0, "kbtool-failed", what, 'this is a mistake in kbtool; "kbtool build" writes down more about it')
