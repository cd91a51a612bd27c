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
    today_known = {
        address: memory.known[address]
        for address in addresses
        if address in memory.known and memory.known[address].asked == today
    }
    waiting = sorted({*addresses} - today_known.keys())
    answers: dict[str, Verdict] = {}

    def take(address: str, verdict: Verdict) -> None:
        answers[address] = verdict
        progress(len(answers), len(waiting))

    learned: dict[str, Known] = {}
    kept = True
    try:
        if waiting:
            progress(0, len(waiting))
            finished(lambda: ask_all(waiting, manners, take))
    finally:
        if any(verdict.reached for verdict in answers.values()):
            learned = {address: learn(verdict, memory.known.get(address), today) for address, verdict in answers.items()}
            kept = remember(folder, learned, today)
    return Looked({**today_known, **learned}, not waiting or bool(learned), memory.broken, kept)
