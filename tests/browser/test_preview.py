"""`kbtool serve` as a writer sees it: a save is in the browser, where they were, and so is what they broke."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sites import write_site

pytestmark = pytest.mark.browser

PARAGRAPHS = "\n\n".join(f"## Part {number}\n\n" + f"Words of part {number}. " * 60 for number in range(30))

SITE = f"""
-- kbtool.yml --
title: Help
-- content/refund.md --
# Get a refund

{PARAGRAPHS}

<details><summary>More about it</summary>

It takes a week.

</details>
-- content/prices.md --
# Prices

See [refunds](refund.md).
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """The folder of a help center of two articles."""
    return write_site(tmp_path, SITE)


@contextmanager
def serving(center: Path, port: int = 0) -> Iterator[str]:
    """Run `kbtool serve`; give the address."""
    command = [sys.executable, "-m", "kbtool", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=center, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = (re.search(r"http://\S+/", line) for line in process.stdout)
            yield next(found[0] for found in lines if found)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose console stays empty, the network's own complaints aside."""
    said: list[str] = []
    context = chromium.new_context(viewport={"width": 1000, "height": 600})
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [line for line in said if "Failed to load resource" not in line and "ERR_" not in line] == []


def change(file: Path, old: str, new: str) -> None:
    """Save the file with other words."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def mark_old(page: Page) -> None:
    """Mark the page, so that it can be told from the one that takes its place."""
    page.evaluate("document.documentElement.dataset.old = ''")


def expect_new(page: Page) -> None:
    """Wait until the page has been loaded again."""
    expect(page.locator("html:not([data-old])")).to_have_count(1, timeout=15_000)
    page.wait_for_load_state()


def test_a_save_is_shown_where_the_reader_was(center: Path, page: Page) -> None:
    with serving(center) as address:
        page.goto(f"{address}refund/")
        page.locator("#part-20").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#part-20').scrollIntoView()")
        page.evaluate("document.querySelector('main details, article details').open = true")
        before = page.evaluate("document.querySelector('#part-20').getBoundingClientRect().top")
        mark_old(page)
        change(center / "content/refund.md", "Words of part 3.", "Many more words than there were in part 3.")
        expect_new(page)
        expect(page.locator("body")).to_contain_text("Many more words")
        after = page.evaluate("document.querySelector('#part-20').getBoundingClientRect().top")
        assert abs(before - after) < 3
        assert page.evaluate("scrollY") > 1000
        assert page.evaluate("document.querySelector('main details, article details').open")


def test_what_is_typed_into_search_stays(center: Path, page: Page) -> None:
    with serving(center) as address:
        page.goto(f"{address}refund/")
        box = page.locator("input[type=search]").first
        box.fill("refu")
        mark_old(page)
        change(center / "content/refund.md", "takes a week", "takes two weeks")
        expect_new(page)
        expect(page.locator("input[type=search]").first).to_have_value("refu")


def test_an_error_lies_over_the_last_good_site_until_it_is_mended(center: Path, page: Page) -> None:
    with serving(center) as address:
        page.goto(f"{address}prices/")
        overlay = page.get_by_role("dialog")
        expect(overlay).to_have_count(0)
        change(center / "kbtool.yml", "title", "titel")
        expect(overlay).to_be_visible()
        expect(overlay).to_have_accessible_name("The site could not be built")
        expect(overlay).to_contain_text('did you mean "title"?')
        expect(page.locator("h1")).to_have_text("Prices")
        page.keyboard.press("Escape")
        expect(overlay).to_be_hidden()
        badge = page.get_by_role("button", name="1 error")
        badge.click()
        expect(overlay).to_be_visible()
        change(center / "kbtool.yml", "titel", "title")
        expect(overlay).to_be_hidden()
        expect(badge).to_be_hidden()


def test_an_error_that_is_put_away_stays_away_on_other_pages_and_a_new_one_comes_up(center: Path, page: Page) -> None:
    with serving(center) as address:
        page.goto(f"{address}prices/")
        change(center / "content/prices.md", "refund.md", "refnud.md")
        overlay = page.get_by_role("dialog")
        expect(overlay).to_contain_text("refnud.md")
        overlay.get_by_role("button", name="Dismiss").click()
        page.goto(f"{address}refund/")
        expect(page.get_by_role("button", name="1 error")).to_be_visible()
        expect(overlay).to_be_hidden()
        change(center / "content/refund.md", "It takes a week.", "[x](nowhere.md)")
        expect(overlay).to_contain_text("nowhere.md")


def test_errors_that_were_there_before_are_shown_only_when_asked_for(center: Path, page: Page) -> None:
    change(center / "content/prices.md", "refund.md", "refnud.md")
    with serving(center) as address:
        page.goto(f"{address}prices/")
        expect(page.get_by_role("button", name="1 error")).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_page_finds_the_preview_again_after_it_was_restarted(center: Path, page: Page) -> None:
    with serving(center) as address:
        page.goto(f"{address}prices/")
        mark_old(page)
        port = int(address.rstrip("/").rpartition(":")[2])
    change(center / "content/prices.md", "# Prices", "# Plans")
    with serving(center, port):
        expect_new(page)
        expect(page.locator("h1")).to_have_text("Plans")


def test_beside_a_site_from_right_to_left_kbtools_own_words_read_from_left_to_right(center: Path, page: Page) -> None:
    config = center / "kbtool.yml"
    config.write_text(f"{config.read_text()}language: ar\n")
    change(center / "content/prices.md", "refund.md", "refnud.md")
    with serving(center) as address:
        page.goto(f"{address}prices/")
        errors, findings = (page.get_by_role("button", name=name) for name in ("1 error", "finding"))
        boxes = [button.bounding_box() for button in (errors, findings)]
        assert all(boxes)
        left, right = sorted((box for box in boxes if box), key=lambda box: box["x"])
        assert left["x"] + left["width"] < right["x"], "one lies over the other"
        errors.click()
        overlay = page.get_by_role("dialog")
        assert overlay.evaluate("each => getComputedStyle(each).direction") == "ltr"
        assert page.locator("html").evaluate("each => getComputedStyle(each).direction") == "rtl"
