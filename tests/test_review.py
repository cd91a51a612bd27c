"""When an article must be checked again."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.intervals import add_interval
from kbtool.model import Meta
from kbtool.review import review_due
from kbtool.settings import Config, TopicDefaults

DAY = datetime.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("interval", "due"),
    [
        ("1 month", (2026, 2, 28)),
        ("90 days", (2026, 5, 1)),
        ("2 Weeks", (2026, 2, 14)),
        ("11 months", (2026, 12, 31)),
        ("2 years", (2028, 1, 31)),
    ],
)
def test_an_interval_is_added(interval: str, due: tuple[int, int, int]) -> None:
    assert add_interval(DAY, interval) == datetime.date(*due)


@pytest.mark.parametrize("interval", ["", "soon", "month", "99999 years", "-1 days", "1 months and more"])
def test_what_is_no_interval_gives_no_day(interval: str) -> None:
    assert add_interval(DAY, interval) is None


@settings(deadline=None)
@given(st.dates(), st.integers(0, 99999), st.sampled_from(["day", "weeks", "month", "years"]))
def test_no_interval_breaks_or_goes_back(day: datetime.date, number: int, unit: str) -> None:
    due = add_interval(day, f"{number} {unit}")
    assert due is None or due >= day


def test_the_nearest_that_says_how_often_decides() -> None:
    config = Config(review_every="1 year", topics={"a": TopicDefaults(review_every="1 month"), "a/b/c": TopicDefaults(owner="x")})
    assert review_due(Meta(reviewed=DAY, review_every="1 day"), "a", config) == datetime.date(2026, 2, 1)
    assert review_due(Meta(reviewed=DAY), "a/b/c", config) == datetime.date(2026, 2, 28)
    assert review_due(Meta(reviewed=DAY), "", config) == datetime.date(2027, 1, 31)
    assert review_due(Meta(review_every="1 day"), "a", config) is None
