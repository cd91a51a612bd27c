"""Numbered work, done by forked processes: what they inherit need not be sent, and none outlives the one that waits."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Result = TypeVar("Result")
_NUMBER = 4
"""Bytes of a number in the queue: so few are always read whole."""
MOST = 10_000
"""Numbers that fit into a pipe at once."""


def can_fork() -> bool:
    """Tell whether a fork is safe: on Linux, in a program without other threads."""
    return sys.platform == "linux" and threading.active_count() == 1


def work_apart(work: Callable[[int], Result], count: int, processes: int) -> Generator[tuple[int, Result], None, None]:
    """Yield each number below `count` (at most MOST) with what `work` makes of it, in no certain order.

    A process that ends before its time takes its number with it: that number is not yielded. What `work` raises is raised here.
    """
    from multiprocessing.connection import Pipe, wait  # noqa: PLC0415 - small changes are made without other processes

    queue, feed = os.pipe()
    os.write(feed, b"".join(number.to_bytes(_NUMBER, "little") for number in range(count)))
    os.close(feed)
    children: dict[Connection, int] = {}
    parent = os.getpid()
    try:
        gc.freeze()  # what they inherit they need not look through, and so not copy
        for _ in range(min(processes, count)):
            reader, writer = Pipe(duplex=False)
            child = os.fork()
            if not child:
                _serve(work, queue, writer, parent)
            writer.close()
            children[reader] = child
        gc.unfreeze()
        while children:
            for ready in wait(list(children)):
                reader = next(each for each in children if each is ready)
                try:
                    number, result, error = reader.recv()
                except (EOFError, OSError):
                    _end(reader, children.pop(reader))
                    continue
                if error:
                    raise error
                yield number, result
    finally:
        os.close(queue)
        for reader, child in children.items():
            os.kill(child, signal.SIGKILL)
            _end(reader, child)


def _serve(work: Callable[[int], object], queue: int, results: "Connection", parent: int) -> NoReturn:
    """Take numbers until there are none, or nobody waits for them, and end without what Python does at its end."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
        while (number := os.read(queue, _NUMBER)) and os.getppid() == parent:
            place = int.from_bytes(number, "little")
            answer: tuple[int, object, Exception | None]
            try:
                answer = (place, work(place), None)
            except Exception as error:  # noqa: BLE001 - it is raised again, where somebody waits
                answer = (place, None, error)
            results.send(answer)
    finally:
        os._exit(0)


def _end(reader: "Connection", child: int) -> None:
    reader.close()
    os.waitpid(child, 0)
