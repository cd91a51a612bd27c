"""Orders -> readings, in this process or in several; one article's failure is its own."""

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.content.article import Examine, Order, read_order
from kbtool.content.cache import Reading
from kbtool.content.markdown import MarkdownOptions
from kbtool.content.markdown.parser import parser
from kbtool.forked import MOST, can_fork, work_apart
from kbtool.problems import Problem, Stop

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_FEW = 100
"""Up to so many files one process is done before the others have started."""
_CHUNK = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """What all orders have in common."""

    options: MarkdownOptions = field(default_factory=MarkdownOptions)
    name: str = "content"
    """The content folder's."""
    examine: Examine | None = None
    """What is to be done with each article beside reading it; it goes to other processes, so it is a function of a module."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order: a reading, or the problems that made one impossible."""

    reading: Reading | None
    problems: tuple[Problem, ...] = ()


def read_orders(orders: Sequence[Order], table: Table, *, workers: int, progress: Progress) -> Iterator[tuple[Order, Outcome]]:
    """Yield each order with what came of it, in no certain order. Nothing is raised; a bug is a problem of its article."""
    if workers < 2 or len(orders) <= _FEW:  # noqa: PLR2004
        for done, order in enumerate(orders, 1):
            yield order, read_one(order, table)
            progress(done, len(orders))
        return
    done = 0
    for outcomes in _in_processes(orders, table, workers):
        done += len(outcomes)
        progress(done, len(orders))
        yield from outcomes


def read_one(order: Order, table: Table) -> Outcome:
    """Return what came of one order, whatever happens on the way."""
    name = table.name
    try:
        return Outcome(read_order(order, table.options, name, time.time_ns(), table.examine))
    except Stop as stop:
        return Outcome(None, stop.problems)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - a bug must not take the other articles with it
        return Outcome(None, (_bug(order, name, error),))


def _in_processes(orders: Sequence[Order], table: Table, workers: int) -> Iterator[tuple[tuple[Order, Outcome], ...]]:
    """Yield the orders with their outcomes by chunks; those that were lost with a process are read again."""
    size = max(_CHUNK, len(orders) // MOST + 1)
    chunks = [tuple(orders[start : start + size]) for start in range(0, len(orders), size)]
    lost = set(range(len(chunks)))
    for number, outcomes in _forked(chunks, table, workers) if can_fork() else _pooled(chunks, table, workers):
        lost.discard(number)
        yield tuple(zip(chunks[number], outcomes, strict=True))
    rest = tuple(order for number in sorted(lost) for order in chunks[number])
    yield tuple(zip(rest, _salvage(rest, table), strict=True))


def _forked(chunks: Sequence[tuple[Order, ...]], table: Table, workers: int) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    """Yield each chunk's number and outcomes, from processes that have all of it from this one."""
    parser(extras=table.options.extras)  # made once, for all of them
    return work_apart(lambda number: tuple(read_one(order, table) for order in chunks[number]), len(chunks), workers)


def _pooled(chunks: Sequence[tuple[Order, ...]], table: Table, workers: int) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    """Yield the same where a fork is not safe."""
    from concurrent.futures import as_completed  # noqa: PLC0415 - where a fork is safe, nothing of it is needed, and its import takes long
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    with _pool(workers, table) as pool:
        waiting = {pool.submit(_read_chunk, chunk): number for number, chunk in enumerate(chunks)}
        for future in as_completed(tuple(waiting)):
            with suppress(BrokenProcessPool):
                yield waiting.pop(future), future.result()


def _salvage(orders: tuple[Order, ...], table: Table) -> tuple[Outcome, ...]:
    """Return the outcomes of orders one of which ends its process: they are halved until it is alone."""
    if not orders:
        return ()
    outcomes = _read_apart(orders, table)
    if outcomes is not None:
        return outcomes
    if len(orders) == 1:
        return (Outcome(None, (_bug(orders[0], table.name, ChildProcessError("the process that read it ended at once")),)),)
    middle = len(orders) // 2
    return _salvage(orders[:middle], table) + _salvage(orders[middle:], table)


def _read_apart(orders: tuple[Order, ...], table: Table) -> tuple[Outcome, ...] | None:
    """Return the outcomes from a process of their own; None when it ends before its time."""
    if can_fork():
        return next((outcomes for _, outcomes in _forked([orders], table, 1)), None)
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as above

    with _pool(1, table) as pool:
        try:
            return pool.submit(_read_chunk, orders).result()
        except BrokenProcessPool:
            return None


def _pool(workers: int, table: Table) -> "ProcessPoolExecutor":
    """Return processes that know the options. Forking is quick, but not safe beside other threads."""
    import multiprocessing  # noqa: PLC0415 - as above
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    context = multiprocessing.get_context("fork" if can_fork() else "spawn")
    return ProcessPoolExecutor(workers, context, _begin, (table,))


_shared = Table()


def _begin(table: Table) -> None:
    global _shared  # noqa: PLW0603 - a worker process has no other place for what all its chunks need
    _shared = table


def _read_chunk(orders: tuple[Order, ...]) -> tuple[Outcome, ...]:
    return tuple(read_one(order, _shared) for order in orders)


def _bug(order: Order, name: str, error: BaseException) -> Problem:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    words = " ".join(str(error).split())[:200]
    message = f'"{order.file.path}" cannot be read: {type(error).__name__}{place}: {words}'
    hint = "this is a bug in kbtool: please report it with this line and the article"
    return Problem(f"{name}/{order.file.path}", 0, "internal-error", message, hint)
