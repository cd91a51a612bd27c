"""Two folders change places in one step, so that nobody ever sees half of either."""

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_HERE = -100  # AT_FDCWD, fcntl.h
_LINUX_EXCHANGE = 2  # RENAME_EXCHANGE, renameat2(2)
_MACOS_SWAP = 2  # RENAME_SWAP, renamex_np(2)


def bring_in(new: Path, place: Path) -> None:
    """Put the folder `new` at `place`; what was at `place` is afterwards at `new`, if there was anything.

    One atomic step on Linux and macOS; elsewhere two renames, which `recover` completes after a crash.
    """
    if not place.exists():
        new.rename(place)
        return
    with suppress(OSError, AttributeError):
        _exchange(os.fsencode(new), os.fsencode(place))
        return
    aside = _aside(place)
    place.rename(aside)
    new.rename(place)
    aside.rename(new)


def recover(place: Path) -> None:
    """Bring back a folder that a crash between two renames left aside."""
    aside = _aside(place)
    if aside.exists() and not place.exists():
        aside.rename(place)


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.kbtool-old")


def _exchange(one: bytes, other: bytes) -> None:
    """Exchange two paths atomically. Raises OSError or AttributeError where the system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    calls: dict[str, Callable[[], int]] = {
        "linux": lambda: int(libc.renameat2(_HERE, one, _HERE, other, _LINUX_EXCHANGE)),
        "darwin": lambda: int(libc.renamex_np(one, other, _MACOS_SWAP)),
    }
    if sys.platform not in calls:
        raise OSError
    if calls[sys.platform]() != 0:
        raise OSError(ctypes.get_errno(), "exchange")
