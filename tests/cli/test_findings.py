"""What `kbtool serve` finds in each page, by the check's own process."""

from datetime import date
from pathlib import Path

import pytest

from kbtool.pipeline.findings import page_findings
from kbtool.problems import Stop
from kbtool.publish.lock import only_one
from tests.sites import write_site

SITE = """
-- kbtool.yml --
title: Help
topics:
  nowhere:
    checks:
      acronym: off
-- content/billing/index.md --
# Billing

See [this](nowhere.md).
-- content/billing/Get a refund.md --
# Get a refund

See [prices](prise.md).
-- content/fine.md --
# Fine
"""


def test_problems_are_their_pages_and_all_others_the_homes(tmp_path: Path) -> None:
    center = write_site(tmp_path, SITE)
    with only_one(center / ".kbtool"):  # as while a build goes on: it waits for nobody, and nobody for it
        found = page_findings(center / "kbtool.yml", date(2026, 1, 1))
    paths = {url: {problem.path for problem in problems} for url, problems in found.items()}
    assert paths["billing/"] == {"content/billing/index.md"}
    assert paths["billing/get-a-refund/"] == {"content/billing/Get a refund.md"}
    assert "kbtool.yml" in paths[""]
    assert all(problem.rule != "dead-link" for problem in found.get("fine/", ()))
    assert "dead-link" in {problem.rule for problem in found["billing/get-a-refund/"]}


def test_what_makes_a_check_impossible_is_told(tmp_path: Path) -> None:
    (tmp_path / "kbtool.yml").write_text("title: Help\n")
    with pytest.raises(Stop) as stopped:
        page_findings(tmp_path / "kbtool.yml", date(2026, 1, 1))
    assert [problem.rule for problem in stopped.value.problems] == ["no-content"]
