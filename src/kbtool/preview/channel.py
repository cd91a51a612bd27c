"""What open pages are told: which version of the site there is, and what is wrong with it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Condition

from kbtool.problems import Problem

_SHOWN = 100
"""Problems that the page shows at most; the terminal has them all."""

_HEARTBEAT = 10.0
"""Seconds after which a word is sent even though there is no news: it shows whether the page is still there."""


@dataclass(frozen=True, slots=True)
class News:
    """What holds for the site as it is served now."""

    version: str
    """Another one when the pages may differ, also after kbtool was started again."""
    problems: tuple[Problem, ...] = ()
    """The errors, those that came up since the preview started first."""
    urgent: bool = False
    """Whether they are to be shown at once, not only when asked for."""
    stopped: bool = False
    """Whether the site could not be made, so that the last good one is shown."""
    findings: int = 0
    """Another number when a page's findings may differ: they come after the page, which then stays."""

    def as_json(self) -> str:
        """Return the news as the page's script reads them, in one line."""
        shown = [{"text": _first_line(problem), "hint": problem.hint} for problem in self.problems[:_SHOWN]]
        problems = {"shown": shown, "total": len(self.problems), "key": _digest(self.problems)}
        return json.dumps(
            {"version": self.version, "urgent": self.urgent, "stopped": self.stopped, "findings": self.findings, **problems}
        )


class Channel:
    """Hands the news to every page that listens. Any thread may tell, any number may listen."""

    def __init__(self, run: str) -> None:
        """Start with version 0; `run` is a word that no other run of the preview uses."""
        self._run = run
        self._count = 0
        self._known: frozenset[tuple[str, str, str]] | None = None
        self._latest = News(f"{run}-0")
        self._findings: Mapping[str, Sequence[Problem]] = {}
        self._changed = Condition()
        self._closed = False

    @property
    def latest(self) -> News:
        """The news that hold now."""
        return self._latest

    def tell(self, problems: Sequence[Problem], *, changed: bool, stopped: bool = False) -> None:
        """Tell every page. `changed`: its files may differ from before; `stopped`: the site could not be made.

        What was wrong when the preview started is no news: it is shown when asked for, whatever came up later at once.
        """
        errors = sorted(problem for problem in problems if problem.severity == "error")
        with self._changed:
            if not stopped:
                now = frozenset(map(_identity, errors))
                self._known = now if self._known is None else self._known & now
            known = self._known or frozenset()
            errors.sort(key=lambda error: _identity(error) in known)
            urgent = stopped or any(_identity(error) not in known for error in errors)
            self._count += changed
            version = f"{self._run}-{self._count}"
            self._latest = News(version, tuple(errors), urgent, stopped, self._latest.findings)
            self._changed.notify_all()

    def tell_findings(self, findings: Mapping[str, Sequence[Problem]]) -> None:
        """Tell every page that there are other findings, when there are; each page then asks for its own."""
        with self._changed:
            if findings != self._findings:
                self._findings = findings
                self._latest = replace(self._latest, findings=self._latest.findings + 1)
                self._changed.notify_all()

    def findings_of(self, url: str) -> str:
        """Return, as JSON, what was found in the page at a URL under the site's root."""
        with self._changed:
            number, found = self._latest.findings, self._findings.get(url, ())
        return json.dumps({"number": number, "findings": [_as_finding(problem) for problem in found]})

    def listen(self) -> Iterator[News | None]:
        """Yield the news that hold now and then each that follow, until the channel is closed; None now and then: no news."""
        told: News | None = None
        while not self._closed:
            with self._changed:
                if self._latest is told and not self._closed:
                    self._changed.wait(_HEARTBEAT)
                latest = self._latest
            if not self._closed:
                yield None if latest is told else latest
                told = latest

    def close(self) -> None:
        """Let everyone who listens go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _identity(problem: Problem) -> tuple[str, str, str]:
    """Return what stays the same when lines are added above."""
    return problem.path, problem.rule, problem.message


def _first_line(problem: Problem) -> str:
    return str(problem).partition("\n")[0]


def _as_finding(problem: Problem) -> dict[str, str | int]:
    return {
        "path": problem.path,
        "line": problem.line,
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }


def _digest(problems: tuple[Problem, ...]) -> str:
    """Return what stays the same while the same things are wrong: the page remembers by it what was put away."""
    return hashlib.sha256(repr(sorted(map(_identity, problems))).encode()).hexdigest()[:16]
