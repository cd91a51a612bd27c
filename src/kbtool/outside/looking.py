"""Links that leave the site -> what is known of each today."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbtool.asynchronous import finished
from kbtool.outside.asking import ask_all
from kbtool.outside.manners import Manners
from kbtool.outside.memory import Known, learn, recall, remember
from kbtool.outside.verdict import Verdict

_SAVED_EACH = 100
"""Answers after which they are written down: a run may be killed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of the addresses that were to be looked at."""

    known: Mapping[str, Known]
    """By address; those that were known today already and those that were asked now."""
    reached: bool = True
    """Whether anybody answered, if anybody was asked."""
    forgot: bool = False
    """Whether what was known before could not be understood, and is begun anew."""
    kept: bool = True
    """Whether the answers could be written down."""


def look_outside(
    addresses: Collection[str], manners: Manners, folder: Path, today: date, progress: Callable[[int, int], None]
) -> Looked:
    """Return what the addresses say; those that said something today already are not asked again.

    What is learned is kept in the folder, also when the work is interrupted. When nobody at all answers, the fault is on this side:
    then nothing is learned.
    """
    memory = recall(folder)
    fresh = {address: known for address, known in memory.known.items() if address in addresses and known.asked == today}
    waiting = sorted({*addresses} - fresh.keys())
    if not waiting:
        return Looked(fresh, forgot=memory.broken)
    lesson = _Lesson(memory.known, folder, today)

    def take(address: str, verdict: Verdict) -> None:
        lesson.take(address, verdict)
        progress(lesson.answers, len(waiting))

    progress(0, len(waiting))
    try:
        finished(lambda: ask_all(waiting, manners, take))
    finally:
        lesson.save()
    return Looked({**fresh, **lesson.learned}, lesson.reached, memory.broken, lesson.kept)


class _Lesson:
    """What is learned in one run. As long as nobody at all has answered, that is nothing."""

    def __init__(self, before: Mapping[str, Known], folder: Path, today: date) -> None:
        self._before = before
        self._folder = folder
        self._today = today
        self._heard: dict[str, Known] = {}
        self._saved = 0
        self.reached = False
        self.kept = True

    @property
    def answers(self) -> int:
        """How many addresses were asked."""
        return len(self._heard)

    @property
    def learned(self) -> Mapping[str, Known]:
        """What is known now that was not known before."""
        return self._heard if self.reached else {}

    def take(self, address: str, verdict: Verdict) -> None:
        """Learn from an answer."""
        self._heard[address] = learn(verdict, self._before.get(address), self._today)
        self.reached = self.reached or verdict.reached
        if self.answers - self._saved >= _SAVED_EACH:
            self.save()

    def save(self) -> None:
        """Keep what was learned."""
        self._saved = self.answers
        if self.learned:
            self.kept = remember(self._folder, self.learned, self._today)
