"""Problems as GitHub's log and code scanning read them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kbtool.cli.reports import github_lines, sarif_log
from kbtool.problems import Problem
from tests.sites import run_kbtool, write_site

TOP = Path("/a checkout").resolve()
AWKWARD = Problem("content/a,b:c%ü.md", 3, "dead-link", 'link to "50%.md"\n::error::forged', "mend it", "warning")
SITE = "-- content/one.md --\n# Pay\n\nThe fee is TBD.\n"


def test_an_annotation_escapes_what_would_end_it() -> None:
    (line,) = github_lines([AWKWARD], TOP / "help", TOP).splitlines()
    assert line == (
        "::warning file=help/content/a%2Cb%3Ac%25ü.md,line=3,title=dead-link::"
        'link to "50%25.md"\\n::error::forged%0Amend it'
    )  # fmt: skip


@pytest.mark.parametrize(("severity", "kind", "level"), [("error", "error", "error"), ("hint", "notice", "note")])
def test_each_severity_has_its_word(severity: str, kind: str, level: str) -> None:
    problem = Problem("", 0, "no-articles", "there is none", severity=severity)  # type: ignore[arg-type]
    assert github_lines([problem], TOP, TOP) == f"::{kind} title=no-articles::there is none\n"
    log = json.loads(json.dumps(sarif_log([problem], TOP, TOP, "1.0")))
    (result,) = log["runs"][0]["results"]
    assert (result["level"], "locations" in result) == (level, False)


def test_a_sarif_place_is_a_uri_from_the_checkout() -> None:
    log = json.loads(json.dumps(sarif_log([AWKWARD], TOP / "help", TOP, "1.0")))
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "help/content/a%2Cb%3Ac%25%C3%BC.md"},
        "region": {"startLine": 3},
    }
    assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "dead-link"


def test_the_command_answers_in_both_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    write_site(tmp_path, SITE)
    github = run_kbtool("check", "--format", "github", cwd=tmp_path)
    assert (github.code, github.out.startswith("::error file=content/one.md,line=3,title=placeholder::")) == (1, True)
    log = json.loads(run_kbtool("check", "--format", "sarif", cwd=tmp_path).out)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["placeholder"]


@pytest.mark.tools
def test_a_sarif_log_keeps_to_its_schema(tmp_path: Path, npm_package: Callable[[str], Path]) -> None:
    write_site(tmp_path, SITE + "\nSee [click here](https://a.example) and [b](lost.md).\n")
    run_kbtool("check", "--hints", "--format", "sarif", "--output", "log.sarif", cwd=tmp_path)
    schema = npm_package("@microsoft/jest-sarif") / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--regex-variant",
        "nonunicode",
        "--schemafile",
        str(schema),
        "log.sarif",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert len(json.loads((tmp_path / "log.sarif").read_text())["runs"][0]["results"]) >= 3


def test_a_junit_report_has_a_test_a_file_and_a_failure_a_problem(tmp_path: Path) -> None:
    text = SITE + "-- content/two.md --\n# Two <&>\n\nSee [b](lost.md) and [c](gone.md).\n"
    write_site(tmp_path, text)
    suites = ElementTree.fromstring(run_kbtool("check", "--format", "junit", cwd=tmp_path).out)  # noqa: S314 - our own
    cases = {case.get("name"): [failure.get("type") for failure in case.iter("failure")] for case in suites.iter("testcase")}
    assert cases["content/one.md"] == ["placeholder"]
    assert cases["content/two.md"].count("dead-link") == 2
    assert [suite.get("failures") for suite in suites.iter("testsuite")] == ["3"]
