"""Ctrl-C and a polite kill -> the end of what runs, told once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM both end what runs, once; while it ends, further ones are not heard."""
    if current_thread() is not main_thread():
        yield
        return
    heard = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal heard
        if heard:
            return
        heard = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
