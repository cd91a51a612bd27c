"""How a command that takes long says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is: 0 while nobody knows."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""
