"""What the world sees is held against what was sent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtool.publish.plan import PublishPlan, plan_publish
from kbtool.publish.remote import Remote
from kbtool.publish.snapshot import take_snapshot
from kbtool.publish.verify import MOST_CHANGED, verify_site
from tests.publish.contract import SITE, Time, write_built
from tests.sites import served


def plan_of(site: Path) -> PublishPlan:
    return plan_publish(take_snapshot(site, headers=True), Remote({}, None, ""), now=Time().now())


def test_a_site_that_is_served_as_it_was_sent_has_no_problems(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    with served(site, "/help/") as address:
        seen = verify_site(address, plan_of(site), Time().clock, headers=False)
    assert seen.problems == ()
    assert seen.asked == len(SITE) + 1


def change(path: str, content: bytes) -> Callable[[Path], object]:
    return lambda site: (site / path).write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (change("billing/refund/index.html", b"old"), '/help/billing/refund/" is not what was sent'),
        (lambda site: (site / "sitemap.xml").unlink(), '/help/sitemap.xml" answers 404'),
        (lambda site: (site / "kbtool-asks-for-a-page-that-is-not-there").mkdir(), "should not be there, and answers 200"),
    ],
)
def test_what_differs_is_told_after_a_minute(tmp_path: Path, harm: Callable[[Path], object], words: str) -> None:
    site, time = write_built(tmp_path / "site", SITE), Time()
    plan, begun = plan_of(site), time.at
    harm(site)
    with served(site, "/help/") as address:
        seen = verify_site(address, plan, time.clock, headers=False)
    assert [words in problem.message for problem in seen.problems] == [True]
    assert 60 <= (time.at - begun).total_seconds() < 80


def test_other_headers_are_told_where_they_were_sent(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    with served(site) as address:
        problems = verify_site(address, plan_of(site), Time().clock, headers=True).problems
    assert len(problems) == len(SITE)
    assert "is served as" in problems[0].message


def test_a_host_that_is_not_there_is_told(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    problems = verify_site("http://127.0.0.1:9/", plan_of(site), Time().clock, headers=False).problems
    assert "cannot be read" in problems[0].message


def test_so_many_pages_are_asked_and_no_more(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", {**SITE, **{f"a{number}/index.html": b"x" for number in range(700)}})
    with served(site) as address:
        seen = verify_site(address, plan_of(site), Time().clock, headers=False)
    assert MOST_CHANGED < seen.asked < MOST_CHANGED + 40
    assert seen.problems == ()
