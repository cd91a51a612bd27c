"""What a page gains with JavaScript: theme, opened answers, overdue notes, videos, copied code, platform tabs."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.sites import build, served, write_site

pytestmark = pytest.mark.browser

YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - the browser reads the same clock

HELP = f"""
-- content/one.md --
---
title: One
reviewed: {YESTERDAY - timedelta(days=30)}
review_every: 30 days
---
https://youtu.be/dQw4w9WgXcQ

::: tabs
== Windows
Press the Windows key.

#### Deep in Windows {{#deep-windows}}
Here.
== macOS
Press Command.
:::

```python
print("hello")
```
-- content/two.md --
---
title: Two
reviewed: {YESTERDAY + timedelta(days=1)}
review_every: 30 days
---
::: tabs
== macOS
Mac here.
== Windows
Windows here.
:::
-- content/faq.md --
# Questions
## Can I pay later?

Yes.

## Can I pay in cash?

No.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small help center."""
    with served(build(write_site(tmp_path_factory.mktemp("scripts"), HELP))) as place:
        yield place


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A reader with light colours who has never been here."""
    context = chromium.new_context(color_scheme="light")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console stays empty."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_readers_choice_of_dark_lasts(page: Page, address: str) -> None:
    page.goto(address + "one/")
    light = _background(page)
    toggle = page.locator("[data-theme-toggle]")
    toggle.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert toggle.get_attribute("aria-label") == "Theme: dark"
    dark = _background(page)
    assert dark != light
    page.goto(address + "two/")
    assert _background(page) == dark
    toggle.click()
    assert _background(page) == light
    toggle.click()
    assert page.locator("html").get_attribute("data-theme") is None


def test_without_storage_the_page_still_works(page: Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed') } })")
    page.goto(address + "one/")
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_overdue_article_says_so_and_another_does_not(page: Page, address: str) -> None:
    page.goto(address + "one/")
    expect(page.locator("[data-review-due]")).to_be_visible()
    page.goto(address + "two/")
    expect(page.locator("[data-review-due]")).to_be_hidden()


def test_a_link_to_an_answer_opens_it(page: Page, address: str) -> None:
    page.goto(address + "faq/#can-i-pay-in-cash")
    expect(page.get_by_text("No.", exact=True)).to_be_visible()
    expect(page.get_by_text("Yes.", exact=True)).to_be_hidden()
    page.evaluate("location.hash = '#can-i-pay-later'")
    expect(page.get_by_text("Yes.", exact=True)).to_be_visible()


def test_a_video_is_loaded_only_when_it_is_asked_for(context: BrowserContext, page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("https:") else None)
    context.route("https://**", lambda route: route.fulfill(body="a film"))
    page.goto(address + "one/")
    button = page.locator(".video button")
    expect(button).to_be_visible()
    assert asked == []
    button.click()
    expect(page.locator(".video iframe")).to_be_visible()
    assert asked == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"]


@pytest.mark.parametrize(
    "source",
    [
        "javascript:alert(1)",
        "https://www.youtube-nocookie.com.evil.example/embed/x",
        "https://evil.example/?https://player.vimeo.com/video/1",
        "https://www.youtube-nocookie.com/embed/../../evil",
        "data:text/html,<script>alert(1)</script>.mp4",
        "//evil.example/x.html",
        "http://[",
    ],
)
def test_a_player_from_anywhere_else_stays_a_link(page: Page, address: str, source: str) -> None:
    film = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
    page.route(
        "**/one/", lambda route: route.fulfill(body=route.fetch().text().replace(film, escape(source)), content_type="text/html")
    )
    page.goto(address + "one/")
    expect(page.locator(".video a")).to_be_visible()
    assert page.locator(".video button").count() == 0


def test_code_can_be_copied(context: BrowserContext, page: Page, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + "one/")
    button = page.locator(".copy-button")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").strip() == 'print("hello")'


def test_platform_tabs_are_used_by_keyboard_and_remember_the_platform(page: Page, address: str) -> None:
    page.goto(address + "one/")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Windows", "macOS"])
    expect(page.get_by_role("tabpanel")).to_contain_text("Press the Windows key.")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel")).to_contain_text("Press Command.")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(tabs.nth(1)).to_be_focused()
    page.goto(address + "two/")
    expect(page.get_by_role("tabpanel")).to_contain_text("Mac here.")
    page.get_by_role("tab", name="Windows").click()
    page.goto(address + "one/")
    expect(page.get_by_role("tabpanel")).to_contain_text("Press the Windows key.")


def test_a_link_into_a_tab_opens_it(page: Page, address: str) -> None:
    page.goto(address + "one/")
    page.get_by_role("tab", name="macOS").click()
    page.goto(address + "two/")
    page.goto(address + "one/#deep-windows")
    expect(page.get_by_text("Here.", exact=True)).to_be_visible()


def test_on_paper_every_platform_and_every_answer_is_there(page: Page, address: str) -> None:
    page.goto(address + "one/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Press the Windows key.")).to_be_visible()
    expect(page.get_by_text("Press Command.")).to_be_visible()
    expect(page.locator(".site-header")).to_be_hidden()
    page.goto(address + "faq/")
    expect(page.get_by_text("Yes.", exact=True)).to_be_visible()
    expect(page.get_by_text("No.", exact=True)).to_be_visible()


def test_without_javascript_nothing_is_out_of_reach(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "one/")
    expect(page.get_by_text("Press the Windows key.")).to_be_visible()
    page.get_by_text("macOS").click()
    expect(page.get_by_text("Press Command.")).to_be_visible()
    expect(page.locator(".video a")).to_be_visible()
    expect(page.locator("[data-theme-toggle]")).to_be_hidden()
    context.close()
