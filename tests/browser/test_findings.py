"""What `kbtool check` finds, in the page that a writer looks at: counted, opened, hidden by one key, new after a save."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_accessibility import WCAG
from tests.browser.test_preview import change, expect_new, mark_old, serving
from tests.sites import write_site

pytestmark = pytest.mark.browser

SITE = """
-- kbtool.yml --
title: Help
-- content/refund.md --
# Get a refund

Click [here](https://example.com/) to get one.

###### <img src=x onerror=document.body.id='bad'> `<img src=x onerror=document.body.id='bad'>`
-- content/prices.md --
# Prices

Ask [here](https://example.com/).
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    return write_site(tmp_path, SITE)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that says nothing on its console, but for pictures that the site lacks."""
    said: list[str] = []
    context = chromium.new_context(viewport={"width": 1000, "height": 600}, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [line for line in said if "Failed to load resource" not in line and "ERR_" not in line] == []


def open_page(page: Page, url: str) -> Locator:
    """Go to the page; give its badge, once the check has ended."""
    page.goto(url)
    badge = page.get_by_role("button", name="finding")
    expect(badge).to_be_visible(timeout=15_000)
    return badge


def test_the_badge_opens_what_was_found_and_an_entry_copies_its_place(center: Path, page: Page) -> None:
    with serving(center) as address:
        badge = open_page(page, f"{address}prices/")
        expect(badge).to_have_text("1 finding")
        expect(badge).to_have_attribute("aria-expanded", "false")
        badge.focus()
        page.keyboard.press("Enter")
        expect(badge).to_have_attribute("aria-expanded", "true")
        entry = page.get_by_role("button", name="vague-link")
        expect(entry).to_contain_text("Warning")
        expect(entry).to_contain_text("line 3")
        entry.click()
        expect(page.get_by_role("status").filter(has_text="Copied")).to_have_text("Copied: content/prices.md:3")
        assert page.evaluate("navigator.clipboard.readText()") == "content/prices.md:3"
        entry.press("Escape")
        expect(entry).to_be_hidden()
        expect(badge).to_be_focused()


def test_one_key_hides_it_everywhere_and_shows_it_again(center: Path, page: Page) -> None:
    with serving(center) as address:
        badge = open_page(page, f"{address}prices/")
        page.keyboard.press("Control+F2")
        page.locator("input[type=search]").first.focus()
        page.keyboard.press("F2")
        expect(badge).to_be_visible()
        page.locator("input[type=search]").first.blur()
        page.keyboard.press("F2")
        expect(badge).to_be_hidden()
        with page.expect_response(lambda response: "/_kbtool/findings" in response.url):
            page.goto(f"{address}refund/")
        expect(page.get_by_role("button", name="finding")).to_be_hidden()
        page.keyboard.press("F2")
        expect(page.get_by_role("button", name="finding")).to_be_visible()


def test_a_mended_fault_goes_without_a_second_reload_and_an_open_list_stays_open(center: Path, page: Page) -> None:
    with serving(center) as address:
        badge = open_page(page, f"{address}prices/")
        badge.click()
        mark_old(page)
        change(center / "content/prices.md", "Ask [here]", "See [this](nowhere.md) and [here]")
        expect_new(page)
        mark_old(page)
        expect(page.get_by_role("button", name="dead-link")).to_be_visible(timeout=15_000)
        expect(page.locator("html[data-old]")).to_have_count(1)


def test_what_an_article_says_is_text_in_the_list(center: Path, page: Page) -> None:
    with serving(center) as address:
        open_page(page, f"{address}refund/").click()
        expect(page.get_by_role("button", name="heading-order").first).to_contain_text("<img src=x onerror=")
        assert page.evaluate("document.body.id") != "bad"
        inside = "document.querySelector('[data-kbtool-findings]').shadowRoot.querySelectorAll('img, script').length"
        assert page.evaluate(inside) == 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_list(
    colours: str, center: Path, chromium: Browser, npm_package: Callable[[str], Path]
) -> None:
    axe = (npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    with serving(center) as address, closing(chromium.new_page(color_scheme="dark" if colours == "dark" else "light")) as page:
        open_page(page, f"{address}prices/").click()
        page.evaluate(axe)  # it sets styles inline, which the page's policy forbids and its console tells
        run = "tags => axe.run('[data-kbtool-findings]', {runOnly: {type: 'tag', values: tags}})"
        found = page.evaluate(run, [*WCAG, "best-practice"])
        assert [violation["id"] for violation in found["violations"]] == []


def test_paper_shows_none_of_it(center: Path, page: Page) -> None:
    with serving(center) as address:
        badge = open_page(page, f"{address}prices/")
        page.emulate_media(media="print")
        expect(badge).to_be_hidden()
