"""So much may be in memory at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Room:
    """Bytes that threads take and give back; who wants more than is left waits."""

    def __init__(self, size: int) -> None:
        """Begin empty."""
        self._size = size
        self._taken = 0
        self._changed = Condition()

    @contextmanager
    def take(self, size: int) -> Iterator[None]:
        """Hold so many bytes while the body runs. What is larger than the whole room has it alone."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken == 0 or self._taken + size <= self._size)
            self._taken += size
        try:
            yield
        finally:
            with self._changed:
                self._taken -= size
                self._changed.notify_all()
