"""A real help center and subjects as its customers would write them: what is found, and what is missing noticed."""

import csv
from collections import Counter

import pytest

from benchmarks.arduino_gaps import SUBJECTS, Measured, measure
from kbtool.tickets.scoring import MatchOptions
from tests.sites import ROOT

CONTENT = ROOT.parent / "shared" / "corpora" / "arduino-help-center" / "content"
pytestmark = pytest.mark.quality
needs_arduino = pytest.mark.skipif(not CONTENT.is_dir(), reason="Arduino's articles are not here")


def test_the_subjects_are_half_and_half() -> None:
    with SUBJECTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 150
    assert len({row["subject"] for row in rows}) == len(rows)
    assert 0.4 <= sum(bool(row["article"]) for row in rows) / len(rows) <= 0.6
    assert all(bool(row["article"]) != bool(row["gap"]) for row in rows)


@pytest.fixture(scope="module")
def found() -> Measured:
    return measure(CONTENT, MatchOptions())


@needs_arduino
def test_every_article_named_by_hand_is_there(found: Measured) -> None:
    there = {file.stem for file in CONTENT.rglob("*.md")}
    assert {row["article"] for row in found.rows} - {""} <= there


@needs_arduino
def test_what_was_measured_holds(found: Measured) -> None:
    """The floors are what was reached when they were written, less a subject or two: see docs/benchmarks.md."""
    assert found.top1 >= 0.60
    assert found.f1 >= 0.62
    assert len(found.found) >= 5
    assert all(name in {row["subject"] for row in found.rows} or " " in name for name in found.found.values())
    assert Counter(match.state for match in found.matches)["answered"] >= 60
