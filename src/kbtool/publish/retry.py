"""Trying again: full jitter, what the host asks for, and one budget of time for the whole publish."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Lock
from typing import TypeVar

from kbtool.problems import Problem, Stop
from kbtool.publish.target import Clock

T = TypeVar("T")

SHORTEST, LONGEST = 0.5, 20.0
"""Seconds between two tries: a random time up to a bound, which doubles from the one to the other."""
BUDGET = 300.0
"""Seconds in which not one request succeeds: then the host is told to be ill."""
FIRST_BUDGET = 30.0
"""The same for the first look at a host: a name that was mistyped must not take minutes."""
TRIES = 12

PASSING_STATUSES = frozenset({408, 425, 429, *range(500, 600)}) - {501, 505, 507}


class Passing(Exception):  # noqa: N818 - a fault of the host's, not of the program
    """Raised when a request failed in a way that may pass: a status of the 500s, a throttle, a lost connection."""

    def __init__(self, words: str, wait: float | None = None) -> None:
        """Keep what the host said, and for how many seconds it wants to be left alone, if it said so."""
        super().__init__(words)
        self.words = words
        self.wait = wait


class Patience:
    """How long one publish goes on trying; shared by its threads."""

    def __init__(self, clock: Clock, budget: float = BUDGET) -> None:
        """Begin with the whole budget. It runs from the first fault after a success, for all threads together."""
        self._clock = clock
        self._budget = budget
        self._first: datetime | None = None
        self._lock = Lock()
        self._over = Event()

    def give_up(self) -> None:
        """Let nobody wait any longer: the publish has failed, or was stopped."""
        self._over.set()

    def run(self, place: str, act: Callable[[], T]) -> T:
        """Return what the call returns, called again while its faults may pass. Raises Stop when patience ends."""
        bound = SHORTEST
        for tried in range(1, TRIES + 1):
            try:
                answer = act()
            except Passing as fault:
                pause = self._pause(bound, fault)
                if tried == TRIES or not self._allows(pause):
                    raise Stop(_ill(place, fault.words, tried)) from fault
                if self._clock.pause(self._over, pause):
                    raise Stop(_ill(place, fault.words, tried)) from fault
                bound = min(2 * bound, LONGEST)
            else:
                self._first = None
                return answer
        raise AssertionError

    def _pause(self, bound: float, fault: Passing) -> float:
        """Return how long to wait: what the host asks for, or by chance, so that many do not come back at once (full jitter).

        https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        """
        chance = self._clock.random() * bound
        return chance if fault.wait is None else fault.wait + chance

    def _allows(self, pause: float) -> bool:
        """Tell whether the budget, which runs from the first fault, lasts for this pause."""
        with self._lock:
            now = self._clock.now()
            self._first = self._first or now
            return (now - self._first).total_seconds() + pause <= self._budget


def _ill(place: str, words: str, tried: int) -> Problem:
    hint = "nothing is half-switched; publish again when the host answers: only what is missing is sent"
    return Problem("", 0, "host-fails", f'"{place}" did not answer as it should, {tried} times: {words}', hint)
