"""`kbtool search` as a process: a line a hit, JSON alone, a table on a terminal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import run_kbtool, write_site

SITE = """
-- content/billing/refund.md --
---
title: Get a refund [EU]
keywords: [reimbursement]
---

Ask us within 30 days.
-- content/prices.md --
# Prices

A refund is possible.
-- content/draft.md --
---
title: Refund policy
status: draft
---

Words.
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """The folder of a help center of three articles, one of them a draft."""
    return write_site(tmp_path, SITE)


def test_it_prints_a_line_a_hit_best_first(center: Path) -> None:
    run = run_kbtool("search", "how", "to", "get", "refunds", cwd=center)
    assert (run.code, run.err) == (0, "")
    lines = [line.split("\t") for line in run.out.splitlines()]
    assert [line[1:] for line in lines] == [
        ["Get a refund [EU]", "billing/refund.md", "get, refunds"],
        ["Prices", "prices.md", "refunds"],
    ]
    assert all(re.fullmatch(r"\d+\.\d", line[0]) for line in lines)


def test_json_alone_is_on_stdout(center: Path) -> None:
    run = run_kbtool("search", "pirces", "--format", "json", cwd=center)
    answer = json.loads(run.out)
    assert (run.code, run.err) == (0, "")
    assert answer == {"query": "pirces", "hits": [], "suggestion": "prices"}


def test_a_hit_in_json_has_all_that_is_known(center: Path) -> None:
    (hit,) = json.loads(run_kbtool("search", "reimbursement", "--format", "json", cwd=center).out)["hits"]
    assert hit.pop("score") > 0
    assert hit == {
        "article": "billing/refund.md",
        "title": "Get a refund [EU]",
        "url": "billing/refund/",
        "words": ["reimbursement"],
    }


def test_nothing_found_is_said_with_what_was_meant(center: Path) -> None:
    run = run_kbtool("search", "pirces", cwd=center)
    assert (run.code, run.out) == (0, "")
    assert run.err == 'No article was found for "pirces".\nDid you mean "prices"?\n'


def test_the_limit_is_kept_and_a_query_is_needed(center: Path) -> None:
    assert len(run_kbtool("search", "refund", "--limit", "1", cwd=center).out.splitlines()) == 1
    assert run_kbtool("search", "refund", "--limit", "0", cwd=center).code == 2
    assert run_kbtool("search", cwd=center).code == 2


def test_an_edit_is_found_by_the_next_search(center: Path) -> None:
    run_kbtool("search", "refund", cwd=center)
    (center / "content/prices.md").write_text("# Prices\n\nA discount for schools.\n")
    assert "prices.md" in run_kbtool("search", "discount", cwd=center).out
    assert "prices.md" not in run_kbtool("search", "refund", cwd=center).out


@pytest.mark.parametrize(
    "query", ['"', "title:(", "--", "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "* OR", "%s [red]"]
)
def test_any_text_is_a_query(center: Path, query: str) -> None:
    assert run_kbtool("search", "--", query.replace("\0", ""), cwd=center).code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the terminal is util-linux's script")
def test_a_terminal_gets_a_table(center: Path) -> None:
    command = f"{sys.executable} -m kbtool search refund"
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "TERM": "xterm"}
    run = subprocess.run(
        ["script", "-qec", command, "/dev/null"], cwd=center, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    shown = re.sub(r"\x1b\[\d*m", "", run.stdout)
    assert re.search(r"^Score\s+Title\s+Article\s+Words that matched", shown, re.MULTILINE), shown
    assert re.search(r"\d\s+Get a refund \[EU\]\s+billing/refund\.md\s+refund", shown), shown
