"""A help center being written -> what `kbtool check` finds in it, page by page, found in a process beside."""

import os
import signal
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from kbtool.pipeline.checking import CheckOptions, CheckResult, check_content
from kbtool.problems import Problem, Stop

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

HOME = ""
"""The URL of the page that shows what is about no page: settings, files, lost addresses."""

_POLITE = 10
"""How much the check gives way to others (Unix's niceness)."""


def page_findings(config: Path, today: date) -> Mapping[str, tuple[Problem, ...]]:
    """Return the problems of each page by its URL, sorted by line; pages without any are left out.

    Raises Stop when nothing can be checked. It takes no lock, so no build waits for it; and the work is done in another
    process, so that the one that asks goes on as quickly as without it.
    """
    context = get_context("spawn")  # a fork would take the threads' locks along
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_check_beside, args=(config, today, theirs), name="kbtool-check", daemon=True)
    process.start()
    theirs.close()
    try:
        answer: CheckResult | Stop = ours.recv()
    except (EOFError, OSError):
        raise Stop(_ended(process.exitcode)) from None
    finally:
        ours.close()
        process.join()
    if isinstance(answer, Stop):
        raise answer
    return by_page(answer)


def by_page(result: CheckResult) -> Mapping[str, tuple[Problem, ...]]:
    """Return the problems of each page by its URL; those of no page are the home's."""
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in sorted(result.problems):
        found[result.pages.get(problem.path, HOME)].append(problem)
    return {url: tuple(problems) for url, problems in found.items()}


def _check_beside(config: Path, today: date, answer: "Connection") -> None:
    """Send what the check found, or why nothing can be checked. This runs in the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the preview, which then ends this process
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    try:
        answer.send(check_content(config, CheckOptions(today, waits=False)))
    except Stop as stop:
        answer.send(stop)
    except Exception as error:  # noqa: BLE001 - the writer is told in the page; the terminal stays readable
        what = f'kbtool itself failed: {type(error).__name__}: "{error}"'
        answer.send(Stop(Problem("", 0, "kbtool-failed", what, 'this is a mistake in kbtool; "kbtool check" writes down more')))


def _ended(code: int | None) -> Problem:
    what = "the check ended before its time" + (f" (exit code {code})" if code else "")
    return Problem("", 0, "kbtool-failed", what, 'type "kbtool check" and see what it says')
