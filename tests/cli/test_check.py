"""`kbtool check` as a process: what it prints where, and how it ends."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sites import ROOT, copy_center, run_kbtool, write_site

SITE = """\
-- content/a/one.md --
---
title: Get a refund
reviewed: 2026-11-01
---

## Introduction

The fee is TBD. See [the prices](prices.md).
-- content/b/two.md --
# Pay

By card. Look at the CVV below it.
"""
LINES = """\
content/a/one.md:6: warning: the article begins with a heading [answer-first]
    begin with a sentence that gives the answer, or says what the reader can do here
content/a/one.md:8: error: link to "prices.md", which is not there [dead-link]
content/a/one.md:8: error: "TBD" waits for the words that belong there [placeholder]
    write them, or take the sentence out
"""


def test_problems_are_lines_by_path_and_line_and_the_sum_goes_to_stderr(tmp_path: Path) -> None:
    answer = run_kbtool("check", cwd=write_site(tmp_path, SITE))
    assert (answer.code, answer.out) == (1, LINES)
    assert answer.err == "2 articles checked: 2 errors, 1 warning in 1 file; 2 hints not shown (--hints).\n"


@pytest.mark.parametrize(
    ("options", "code", "rules"),
    [
        (["content/b"], 0, []),
        (["content/b", "--hints"], 0, ["review", "acronym"]),
        (["--rule", "acronym"], 0, ["acronym"]),
        (["--rule", "answer-first"], 0, ["answer-first"]),
        (["--rule", "answer-first", "--strict"], 1, ["answer-first"]),
        (["content/b", "--strict"], 0, []),
        (["content/c"], 2, []),
        (["--rule", "anser-first"], 2, []),
    ],
)
def test_options_choose_what_is_told_and_what_fails(tmp_path: Path, options: list[str], code: int, rules: list[str]) -> None:
    answer = run_kbtool("check", *options, cwd=write_site(tmp_path, SITE))
    assert answer.code == code, answer.err
    told = [line.rpartition("[")[2].rstrip("]") for line in answer.out.splitlines() if not line.startswith(" ")]
    assert told == rules


def test_json_is_one_object_alone_on_stdout(tmp_path: Path) -> None:
    answer = run_kbtool("check", "--format", "json", cwd=write_site(tmp_path, SITE))
    problems = json.loads(answer.out)["problems"]
    assert [(problem["rule"], problem["severity"]) for problem in problems] == [
        ("answer-first", "warning"),
        ("dead-link", "error"),
        ("placeholder", "error"),
    ]
    assert set(problems[0]) == {"path", "line", "rule", "severity", "message", "hint"}


def test_a_file_that_is_not_saved_comes_on_stdin(tmp_path: Path) -> None:
    write_site(tmp_path, SITE)
    command = [sys.executable, "-m", "kbtool", "check", "--stdin", "content/b/two.md"]
    text = "# Pay\n\nLorem ipsum. [Refund](../a/one.md#introduction)\n"
    answer = subprocess.run(command, cwd=tmp_path, input=text, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    assert [line for line in answer.stdout.splitlines() if "[" in line] == [
        'content/b/two.md:3: error: "Lorem ipsum" waits for the words that belong there [placeholder]'
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made as on Unix")
def test_on_a_terminal_the_line_is_shown_with_its_problem(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - there is none on Windows

    write_site(tmp_path, SITE)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kbtool", "check", "content/a"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # Linux says so when the other end is closed
            while part := os.read(ours, 10_000):
                shown += part
        process.wait(60)
    os.close(ours)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")
    assert "    8 | The fee is TBD. See [the prices](prices.md).\n" in plain
    assert b"\x1b[" in shown


def test_a_build_obeys_the_levels(tmp_path: Path) -> None:
    write_site(tmp_path, f"-- kbtool.yml --\nchecks: {{dead-link: hint}}\n{SITE}")
    assert run_kbtool("build", "--strict", "--no-search", cwd=tmp_path).code == 0


def test_the_manual_obeys_its_own_rules(tmp_path: Path) -> None:
    center = copy_center(ROOT / "content", tmp_path, (ROOT / "kbtool.yml").read_text(encoding="utf-8"))
    answer = run_kbtool("check", "--strict", cwd=center)
    assert (answer.code, answer.out) == (0, "")


def test_what_kbtool_starts_obeys_its_own_rules(tmp_path: Path) -> None:
    run_kbtool("init", "help", cwd=tmp_path)
    answer = run_kbtool("check", "--strict", cwd=tmp_path / "help")
    assert (answer.code, answer.out) == (0, "")


@pytest.mark.parametrize(("name", "near"), [("broken-export", ""), ("dead-lnk", 'did you mean "dead-link"?')])
def test_a_rule_that_check_does_not_have_is_said_to_be_of_another_command(tmp_path: Path, name: str, near: str) -> None:
    answer = run_kbtool("check", "--rule", name, cwd=write_site(tmp_path, "-- content/one.md --\n# A\n\nText.\n"))
    assert answer.code == 2
    assert f'"kbtool check" has no rule called "{name}"' in answer.err
    assert near in answer.err
    assert "those of exports, imports and publishing are told by their own commands" in answer.err


def test_a_rule_that_only_a_build_can_tell_is_named_as_such(tmp_path: Path) -> None:
    answer = run_kbtool("check", "--rule", "missing-asset", cwd=write_site(tmp_path, SITE))
    assert answer.code == 2
    assert '"missing-asset" is told by "kbtool build"' in answer.err
