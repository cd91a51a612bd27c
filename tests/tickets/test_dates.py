"""Dates as help desks write them are the moments that they mean."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.tickets.dates import DateOrder, read_dates

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-14 10:00:00", "2026-04-14T10:00:00+02:00"),
        ("2026-04-14", "2026-04-14T00:00:00+02:00"),
        ("2026-01-14 10:00", "2026-01-14T10:00:00+01:00"),
        ("2026-01-11T08:00:01.000Z", "2026-01-11T08:00:01+00:00"),
        ("2026-01-11T08:00:01+05:30", "2026-01-11T08:00:01+05:30"),
        ("2026-05-13 04:30 PM", "2026-05-13T16:30:00+02:00"),
        ("2026/05/13 16:30", "2026-05-13T16:30:00+02:00"),
        ("1772355600", "2026-03-01T09:00:00+00:00"),
        ("1772355600000", "2026-03-01T09:00:00+00:00"),
        ("20260301", "2026-03-01T00:00:00+01:00"),
        ("46082.5", "2026-03-01T12:00:00+01:00"),
        ("30/Jul/18 23:33", "2018-07-30T23:33:00+02:00"),
        ("02/Oct/26 11:12 AM", "2026-10-02T11:12:00+02:00"),
        ("12/Mai/26 12:05 AM", "2026-05-12T00:05:00+02:00"),
        ("14.03.2026 09:41", "2026-03-14T09:41:00+01:00"),
        ("14. März 2026, 09:41", "2026-03-14T09:41:00+01:00"),
        ("Mar 14, 2026 9:41 pm", "2026-03-14T21:41:00+01:00"),
        ("14 March 2026", "2026-03-14T00:00:00+01:00"),
        ("Mon, 2 Mar 2026 09:00:00 +0100 (CET)", "2026-03-02T09:00:00+01:00"),
        ("2 Mar 2026 09:00:00 -0500", "2026-03-02T09:00:00-05:00"),
    ],
)
def test_a_date_is_the_moment_that_it_means(text: str, moment: str) -> None:
    (found,) = read_dates([text], None, BERLIN).moments
    assert found == datetime.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("texts", "asked", "months", "doubtful"),
    [
        (["03/04/2026", "13/04/2026"], None, [4, 4], False),
        (["03/04/2026", "04/13/2026"], None, [3, 4], False),
        (["03/04/2026", "04/13/2026"], "day-first", [3, 4], False),
        (["03/04/2026"], "month-first", [3], False),
        (["03/04/2026"], "day-first", [4], False),
        (["03/04/2026"], None, [4], True),
        (["03/04/2026 1:00 PM"], None, [3], True),
        (["03.04.2026"], None, [4], False),
        (["2026-03-04"], None, [3], False),
    ],
)
def test_the_whole_column_says_which_part_is_the_day(
    texts: list[str],
    asked: DateOrder | None,
    months: list[int],
    doubtful: bool,  # noqa: FBT001
) -> None:
    dates = read_dates(texts, asked, UTC)
    assert [moment.month for moment in dates.moments if moment] == months
    assert dates.doubtful == doubtful


def test_what_is_no_date_is_none_and_told() -> None:
    dates = read_dates(["", "yesterday", "2026-02-30", "99/99/2026", "1.2.3", "5", "2026-01-01"], None, UTC)
    assert [moment is not None for moment in dates.moments] == [False] * 6 + [True]
    assert dates.unread == "yesterday"


@given(
    st.one_of(
        st.text(max_size=30), st.from_regex(r"\A[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4}( [0-9]{1,2}:[0-9]{2} ?([AP]M)?)?\Z")
    )
)
def test_any_text_is_a_moment_with_a_zone_or_none(text: str) -> None:
    (moment,) = read_dates([text], None, BERLIN).moments
    assert moment is None or moment.tzinfo is not None


@given(
    st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2060, 1, 1)),  # noqa: DTZ001 - hypothesis wants them bare
    st.sampled_from(["%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p"]),
)
def test_a_date_comes_back_as_it_was_written(moment: datetime.datetime, form: str) -> None:
    whole = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    order: DateOrder = "day-first" if form.startswith("%d") else "month-first"
    assert read_dates([moment.strftime(form)], order, UTC).moments == (whole,)
