"""One publish at a time: a file at the host that says who, kept alive while the publish runs."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Protocol

from kbtool.problems import Problem, Stop
from kbtool.publish.retry import Passing
from kbtool.publish.target import Clock, Fetched, Surroundings

BEAT = 30.0
"""Seconds between two signs of life."""
MOMENT = 1.0
"""Seconds in which two who found no lock have both written theirs."""
DEAD = timedelta(minutes=3)
"""A holder that has given no sign for so long, by the host's clock, is dead."""


class LockPlace(Protocol):
    """Where the lock's file stands."""

    def create(self, content: bytes) -> bool:
        """Write the file; False when there is one. A host that cannot tell may answer True all the same."""

    def create_again(self, content: bytes) -> bool:
        """Write the same once more, if the file is absent, which it is not. False when the host refuses, as it should."""

    def read(self) -> Fetched | None:
        """Return the file, None when there is none."""

    def write(self, content: bytes) -> None:
        """Write the file over whatever is there."""

    def remove(self) -> None:
        """Delete the file."""

    def now(self) -> datetime:
        """Return the host's time."""


class HeldLock:
    """A lock that this publish holds."""

    def __init__(self, place: LockPlace, content: bytes, label: str, now: Callable[[], datetime], *, sure: bool) -> None:
        """Take over what was created. `sure`: the host was seen to refuse a second lock."""
        self.sure = sure
        self._place = place
        self._content = content
        self._label = label
        self._now = now
        self._heard = now()
        self._lost: Problem | None = None

    def beat(self) -> None:
        """Give a sign of life; note when somebody else holds the lock meanwhile."""
        with suppress(Passing, Stop):  # one beat that is not heard does no harm: five more fit into the time
            found = self._place.read()
            if found is None or found.content != self._content:
                self._lost = _busy(self._label, found)
                return
            self._place.write(self._content)
            self._heard = self._now()

    def check(self) -> None:
        """Raise Stop when the lock was taken over, as after a long sleep of this machine."""
        if self._now() - self._heard > DEAD / 2:
            self.beat()
        if self._lost:
            raise Stop(self._lost)


@contextmanager
def hold_lock(place: LockPlace, label: str, surroundings: Surroundings, *, sure: bool, beat: float = BEAT) -> Iterator[HeldLock]:
    """Hold the host's lock while the body runs. Raises Stop with who holds it and since when, when another publish does.

    `label` names the host. `sure`: it is known to refuse a second lock, so that what was written need not be read back.
    """
    now = surroundings.clock.now
    content = json.dumps(
        {"who": surroundings.who, "since": now().isoformat(timespec="seconds"), "nonce": secrets.token_hex(8)}
    ).encode()
    sure = _take(place, content, label, surroundings.clock, sure=sure)
    lock = HeldLock(place, content, label, now, sure=sure)
    done = Event()
    pulse = Thread(target=_pulse, args=(lock, done, beat), daemon=True)
    pulse.start()
    try:
        yield lock
    finally:
        done.set()
        pulse.join()
        with suppress(Passing, Stop):  # it expires by itself; what is not ours is not removed
            lock.check()
            place.remove()


def _take(place: LockPlace, content: bytes, label: str, clock: Clock, *, sure: bool) -> bool:
    """Create the lock's file, over a dead one if need be, and make certain that it is ours. Return whether the host refuses two.

    A host that is not known is asked for the same lock twice. Where it accepts both, the second of two publishes writes over the
    first within a moment: who reads another's then was the first.
    """
    if not sure:
        _refuse_living(place, label)
    new = place.create(content)
    if not new:
        _refuse_living(place, label)
        place.write(content)
    sure = sure or (new and not place.create_again(content))
    if not sure or not new:
        clock.pause(Event(), MOMENT)
        found = place.read()
        if found is None or found.content != content:
            raise Stop(_busy(label, found))
    return sure


def _refuse_living(place: LockPlace, label: str) -> None:
    """Raise Stop when the lock's holder has given a sign of life lately."""
    found = place.read()
    if found is not None and place.now() - found.modified < DEAD:
        raise Stop(_busy(label, found))


def _pulse(lock: HeldLock, done: Event, beat: float) -> None:
    while not done.wait(beat):
        lock.beat()


def _busy(label: str, found: Fetched | None) -> Problem:
    """Return the problem that says who is publishing, and since when."""
    who, since = "somebody", "a moment ago"
    with suppress(ValueError, KeyError, TypeError):
        note = json.loads(found.content if found else b"")
        who, since = str(note["who"]), str(note["since"])
    minutes = int(DEAD.total_seconds() // 60)
    hint = f"wait until it has ended; if it died, the lock ends by itself {minutes} minutes after its last sign of life"
    return Problem("", 0, "publish-busy", f'"{label}" is being published by {who} since {since}', hint)
