"""Problems -> what GitHub's log, code scanning and test reports read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kbtool.problems import Problem, Severity, printable

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ANNOTATIONS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "note"}


def github_lines(problems: Iterable[Problem], root: Path, top: Path) -> str:
    """Return a workflow command a problem, which GitHub shows beside the line.

    `root` is what the problems' paths start from, `top` the checkout that GitHub's do. The form and its escapes are those of GitHub's
    "Workflow commands" and of actions/toolkit's `command.ts`.
    """
    return "".join(f"{_annotation(problem, root, top)}\n" for problem in problems)


def sarif_log(problems: Sequence[Problem], root: Path, top: Path, version: str) -> dict[str, object]:
    """Return a log in SARIF 2.1.0 with one run; its paths start from `top`, as `github_lines` says."""
    names = sorted({problem.rule for problem in problems})
    driver = {"name": "kbtool", "version": version, "rules": [{"id": name} for name in names]}
    results = [_result(problem, names.index(problem.rule), root, top) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def junit_report(problems: Sequence[Problem], root: Path, top: Path) -> str:
    """Return a test report: a file is a test, its errors and warnings are failures, and hints are told as output."""
    from junitparser import Failure, JUnitXml, TestCase, TestSuite  # few ask for it

    suite = TestSuite("kbtool check")
    files: dict[str, list[Problem]] = {}
    for problem in problems:
        files.setdefault(_path(problem, root, top) if problem.path else "", []).append(problem)
    for path, found in sorted(files.items()):
        case = TestCase(path or "the help center", classname="kbtool")
        case.result = [_failure(Failure, problem) for problem in found if problem.severity != "hint"]
        hints = "\n".join(str(problem) for problem in found if problem.severity == "hint")
        if hints:
            case.system_out = hints
        suite.add_testcase(case)
    report = JUnitXml()
    report.add_testsuite(suite)
    text: bytes = report.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8")


def _failure(kind: Any, problem: Problem) -> Any:  # noqa: ANN401 - the library's own
    failure = kind(
        f"line {problem.line}: {printable(problem.message)}" if problem.line else printable(problem.message), problem.rule
    )
    failure.text = str(problem)
    return failure


def _annotation(problem: Problem, root: Path, top: Path) -> str:
    place = {"file": _path(problem, root, top), "line": str(problem.line or "")} if problem.path else {}
    facts = {**place, "title": problem.rule}
    said = ",".join(f"{key}={_escaped_value(value)}" for key, value in facts.items() if value)
    return f"::{_ANNOTATIONS[problem.severity]} {said}::{_escaped(_words(problem))}"


def _result(problem: Problem, number: int, root: Path, top: Path) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": problem.rule,
        "ruleIndex": number,
        "level": _LEVELS[problem.severity],
        "message": {"text": _words(problem)},
    }
    if problem.path:
        place: dict[str, object] = {"artifactLocation": {"uri": quote(_path(problem, root, top))}}
        region = {"region": {"startLine": problem.line}} if problem.line else {}
        result["locations"] = [{"physicalLocation": place | region}]
    return result


def _words(problem: Problem) -> str:
    hint = f"\n{printable(problem.hint)}" if problem.hint else ""
    return printable(problem.message) + hint


def _path(problem: Problem, root: Path, top: Path) -> str:
    """Return the problem's path from the checkout; from the help center when that lies elsewhere."""
    whole = Path(os.path.normpath(root / problem.path))
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else problem.path


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_value(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
