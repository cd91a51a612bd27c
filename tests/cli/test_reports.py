"""Problems as GitHub's log and code scanning read them."""

import json
from pathlib import Path

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
