"""A coroutine -> what it returns, wherever it is called from."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def finished(work: Callable[[], Coroutine[object, object, T]]) -> T:
    """Return what the work returns; where a loop is running already, it gets a thread of its own: two in one thread cannot run."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(work())).result()
