"""`checks.baseline`: the findings that a team has accepted, so that only new ones fail."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from kbtool.problems import Problem, Stop

NAME = "checks.baseline"

_HEAD = "# What kbtool check found when these findings were accepted. Only new ones are told. To renew: kbtool check --baseline\n"
_FIELDS = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings held against those that were accepted."""

    new: tuple[Problem, ...]
    old: int
    """How many were accepted before."""
    gone: int
    """How many accepted ones are found no more."""


def judge_findings(problems: Sequence[Problem], root: Path, unasked: frozenset[str] = frozenset()) -> Judged:
    """Return which findings are new; those of rules that were not asked are not gone. Line numbers do not count, so that text may move; a line that was edited is looked at anew.

    Raises Stop when the file cannot be read.
    """
    accepted = _read(root / NAME)
    if not accepted:
        return Judged(tuple(problems), 0, 0)
    new = []
    for problem, mark in zip(problems, _marks(problems, root), strict=True):
        if accepted[mark] > 0:
            accepted[mark] -= 1
        else:
            new.append(problem)
    gone = sum(count for mark, count in accepted.items() if _rule(mark) not in unasked)
    return Judged(tuple(new), len(problems) - len(new), gone)


def accept_findings(problems: Sequence[Problem], root: Path, unasked: frozenset[str] = frozenset()) -> Path:
    """Write the errors and warnings into the file, a line each and sorted, so that two branches merge; return it.

    What was accepted of rules that were not asked now stays.

    Raises Stop when it cannot be written.
    """
    file = root / NAME
    grave = [problem for problem in problems if problem.severity != "hint"]
    kept = _kept(file, unasked)
    text = _HEAD + "".join(f"{mark}\n" for mark in sorted((*_marks(grave, root), *kept)))
    fresh = file.with_name(f".{NAME}.{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        message = f'"{NAME}" cannot be written: {error.strerror or error}'
        raise Stop(Problem(NAME, 0, "cannot-write", message, "make room or rights, and type the command again")) from error
    return file


def _marks(problems: Iterable[Problem], root: Path) -> list[str]:
    """Return for each problem what it is known by: its rule, file, words, and the text of its line."""

    @cache
    def lines(path: str) -> tuple[bytes, ...]:
        with suppress(OSError, ValueError):
            return tuple((root / path).read_bytes().splitlines())
        return ()

    def mark(problem: Problem) -> str:
        known = lines(problem.path) if problem.path else ()
        text = known[problem.line - 1] if 0 < problem.line <= len(known) else b""
        digest = blake2b(b" ".join(text.split()), digest_size=6).hexdigest()
        message = " ".join(problem.message.split())
        return f"{problem.path}\t{problem.rule}\t{digest}\t{message}"

    return [mark(problem) for problem in problems]


def _kept(file: Path, unasked: frozenset[str]) -> list[str]:
    """Return the accepted marks of these rules; none when the file cannot be read: it is being made anew."""
    with suppress(Stop):
        return [mark for mark in _read(file).elements() if _rule(mark) in unasked]
    return []


def _rule(mark: str) -> str:
    return mark.split("\t")[1]


def _read(file: Path) -> Counter[str]:
    """Return the accepted marks with how often each stands there; lines that say nothing are left out."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Counter()
    except (OSError, ValueError) as error:
        message = f'"{NAME}" cannot be read: {getattr(error, "strerror", None) or "it is not UTF-8"}'
        raise Stop(Problem(NAME, 0, "unreadable", message, "renew it: kbtool check --baseline")) from error
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return Counter(line for line in lines if line.count("\t") == _FIELDS - 1)
