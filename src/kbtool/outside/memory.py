"""`.kbtool/external.json`: what addresses said, and when, so that nobody is asked twice a day."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kbtool.outside.verdict import State, Verdict
from kbtool.records import decode, encode

NAME = "external.json"
_KEPT = timedelta(days=120)
"""How long an address is remembered that nobody asks about any more."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address."""

    asked: date
    state: State
    said: str = ""
    """Why, where it does not simply answer."""
    to: str = ""
    """Where it has moved for good."""
    dead_since: date | None = None
    """The first day on which it was dead; it has not answered since."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the file held."""

    known: Mapping[str, Known]
    broken: bool = False
    """Whether the file could not be understood."""


def recall(folder: Path) -> Memory:
    """Return what is known; nothing when there is no such file, or none that can be understood."""
    try:
        return Memory(decode((folder / NAME).read_bytes(), dict[str, Known]))
    except FileNotFoundError:
        return Memory({})
    except (OSError, ValueError, RecursionError):
        return Memory({}, broken=True)


def remember(folder: Path, learned: Mapping[str, Known], today: date) -> bool:
    """Add what was learned to the file as it is now: another run may have written meanwhile. Return whether that was possible."""
    before = {address: known for address, known in recall(folder).known.items() if today - known.asked <= _KEPT}
    fresh = folder / f"{NAME}.{os.getpid()}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(encode(dict(sorted({**before, **learned}.items()))))
        fresh.replace(folder / NAME)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        return False
    return True


def learn(verdict: Verdict, before: Known | None, today: date) -> Known:
    """Return what is known of an address now. That it could not be looked at does not make a dead one alive."""
    since = before.dead_since if before else None
    if verdict.state == "dead":
        since = since or today
    elif verdict.state != "unknown":
        since = None
    return Known(today, verdict.state, verdict.said, verdict.to, since)
