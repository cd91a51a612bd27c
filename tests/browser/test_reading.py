"""The site as people meet it: with no JavaScript, by keyboard, on a phone, in the dark, on paper, right to left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.kinds import pages_of_each_kind
from tests.sites import build, served, write_site

pytestmark = pytest.mark.browser

SITES = ("own", "arduino")

RIGHT_TO_LEFT = """
-- kbtool.yml --
title: مركز المساعدة
url: https://help.example/
language: ar
contact: {email: help@help.example}
-- content/billing/index.md --
# الدفع
-- content/billing/refund.md --
---
title: استرداد المبلغ
---
قبل أن تبدأ، افتح **الطلبات**.

1. افتح صفحة الطلبات.
2. اختر `refund --all`.

> [!NOTE]
> يستغرق ذلك ثلاثة أيام.

```sh
kbtool build
```
-- content/billing/faq.md --
---
title: أسئلة
---
## أين فاتورتي؟

في الطلبات.

## هل يمكنني الدفع لاحقا؟

نعم.
"""


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Each of the two sites: its folder and its address."""
    return request.getfixturevalue(f"{request.param}_site"), request.getfixturevalue(f"{request.param}_address")


LEFT = "net::ERR_ABORTED"
"""What was asked for is not waited for, because the visitor goes on to the next page."""


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:  # noqa: ANN401 - Playwright's own options
    """Give a page of a new visitor, and the list of all that goes wrong on it."""
    context = browser.new_context(**options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "requestfailed", lambda request: wrong.append(f"{request.url}: {request.failure}") if request.failure != LEFT else None
    )
    try:
        yield page, wrong
    finally:
        context.close()


def test_the_console_is_empty_and_nothing_is_asked_of_others(chromium: Browser, site: tuple[Path, str]) -> None:
    folder, address = site
    with opened(chromium) as (page, wrong):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.resource_type != "image" else None)
        for url in pages_of_each_kind(folder).values():
            page.goto(address + url, wait_until="load")
            page.wait_for_timeout(50)
        own = [message for message in wrong if "net::ERR" not in message]
        assert not own
        assert not [url for url in asked if not url.startswith(address)]


def test_the_content_security_policy_holds(chromium: Browser, site: tuple[Path, str]) -> None:
    folder, address = site
    with opened(chromium) as (page, wrong):
        page.goto(address)
        policy = page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content") or ""
        assert "'unsafe-inline'" not in policy
        assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
        assert {"object-src 'none'", "base-uri 'self'", "form-action 'self'"} <= {part.strip() for part in policy.split(";")}
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))")
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in message for message in wrong)
    for html in folder.rglob("*.html"):
        text = html.read_text(encoding="utf-8")
        assert not re.search(r"<[^<>]*\s(?:style|on[a-z]+)\s*=", text), html.relative_to(folder)
        assert not re.search(r"<script(?![^>]*(?: src=| type=\"application/))", text), html.relative_to(folder)
        assert "<style" not in text


MOVES = """
self.moves = [];
const names = (each) => each.sources.map((source) => source.node?.className || source.node?.nodeName).join();
new PerformanceObserver((list) => self.moves.push(...list.getEntries().map(names))).observe({type: "layout-shift", buffered: true});
"""
"""Notes in `moves` what changes its place on a page without the visitor's doing."""


@pytest.mark.parametrize("width", [412, 1280])
def test_nothing_moves_while_a_page_loads(chromium: Browser, site: tuple[Path, str], width: int) -> None:
    folder, address = site
    with opened(chromium, viewport={"width": width, "height": 823}) as (page, _):
        page.add_init_script(MOVES)
        for kind, url in pages_of_each_kind(folder).items():
            page.goto(address + url, wait_until="load")
            page.wait_for_timeout(100)
            assert page.evaluate("self.moves") == [], kind


def test_everything_can_be_read_without_javascript(chromium: Browser, site: tuple[Path, str]) -> None:
    folder, address = site
    with opened(chromium, java_script_enabled=False) as (page, wrong):
        for kind, url in pages_of_each_kind(folder).items():
            page.goto(address + url)
            assert page.locator("h1").count() == 1, kind
            assert page.locator("h1").is_visible(), kind
            assert len(page.locator("main").inner_text().split()) > 3, kind
        page.goto(address)
        page.locator(".card-link").first.click()
        page.locator("main ul:not(.site-links) a[href]:not(nav a)").first.click()
        assert page.locator("main h1").is_visible()
        page.goto(f"{address}search/")
        page.locator("noscript a, main a").first.click()
        assert "a-z" in page.url
        page.locator("main .link-list a").first.click()
        assert page.locator("article h1").is_visible()
        assert not [message for message in wrong if "net::ERR" not in message]


def test_closed_answers_open_without_javascript(chromium: Browser, own_site: Path, own_address: str) -> None:
    url = pages_of_each_kind(own_site)["article of type faq"]
    with opened(chromium, java_script_enabled=False) as (page, _):
        page.goto(own_address + url)
        answer = page.locator("details .answer").first
        assert not answer.is_visible()
        page.locator("details.question > summary").first.click()
        assert answer.is_visible()


def test_a_link_to_a_question_opens_it(chromium: Browser, own_site: Path, own_address: str) -> None:
    url = pages_of_each_kind(own_site)["article of type faq"]
    with opened(chromium) as (page, _):
        page.goto(own_address + url)
        ids = page.eval_on_selector_all("details.question", "all => all.map((each) => each.id || each.querySelector('[id]').id)")
        page.goto(f"{own_address}{url}#{ids[-1]}")
        page.wait_for_function("[...document.querySelectorAll('details.question')].at(-1).open")
        assert page.locator("details.question .answer").last.is_visible()


@pytest.mark.parametrize("width", [320, 375])
def test_a_phone_never_scrolls_sideways(chromium: Browser, site: tuple[Path, str], width: int) -> None:
    folder, address = site
    with opened(chromium, viewport={"width": width, "height": 640}, is_mobile=True, has_touch=True) as (page, _):
        for kind, url in pages_of_each_kind(folder).items():
            page.goto(address + url)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{kind} ({url}) is {wide} pixels wide"
            sizes = page.eval_on_selector_all(
                ".prose > p", "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
            )
            assert all(size >= 15 for size in sizes), kind


def test_all_is_reached_by_keyboard(chromium: Browser, site: tuple[Path, str]) -> None:
    folder, address = site
    with opened(chromium) as (page, _):
        page.goto(address + pages_of_each_kind(folder)["article of type instructions"])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        assert page.locator(".skip-link").bounding_box()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "kb-content"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.type") == "search"
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(FOCUSED))
        assert all(each["visible"] for each in seen), [each for each in seen if not each["visible"]]
        assert all(each["outlined"] for each in seen), [each for each in seen if not each["outlined"]][:3]


FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const outlined = element === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none";
  return {what: element.outerHTML.slice(0, 120), visible: element === document.body || box.width * box.height > 0, outlined};
}"""


def test_the_dark_is_dark_and_can_be_chosen(chromium: Browser, own_address: str) -> None:
    def brightness(page: Page) -> float:
        """0 is black, 255 white."""
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        if colour == "rgba(0, 0, 0, 0)":
            colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3

    with opened(chromium, color_scheme="dark") as (page, _):
        page.goto(own_address)
        assert brightness(page) < 60
    with opened(chromium, color_scheme="light") as (page, wrong):
        page.goto(own_address)
        assert brightness(page) > 200
        page.locator("[data-theme-toggle]").click()
        assert brightness(page) < 60
        page.goto(f"{own_address}a-z/")
        assert brightness(page) < 60
        assert not wrong


def test_a_printed_article_is_the_article(chromium: Browser, own_site: Path, own_address: str) -> None:
    kinds = pages_of_each_kind(own_site)
    with opened(chromium) as (page, _):
        page.goto(own_address + kinds["article of type instructions"])
        page.emulate_media(media="print")
        for part in (".site-header form", ".sidebar", ".contents", ".site-footer", ".pager", ".skip-link"):
            assert not [each for each in page.locator(part).all() if each.is_visible()], part
        assert page.locator("article h1").is_visible()
        assert page.locator("article .prose").is_visible()
        page.goto(own_address + kinds["article of type faq"])
        page.emulate_media(media="print")
        assert page.locator("details.question .answer").first.is_visible()


def test_right_to_left(chromium: Browser, tmp_path: Path) -> None:
    site = build(write_site(tmp_path, RIGHT_TO_LEFT), "--no-search")
    with served(site) as address, opened(chromium, viewport={"width": 1280, "height": 800}) as (page, wrong):
        for url in pages_of_each_kind(site).values():
            page.goto(address + url)
            assert page.get_attribute("html", "dir") == "rtl"
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        page.goto(address + pages_of_each_kind(site)["article of type instructions"])
        main, sidebar = page.locator("main").bounding_box(), page.locator(".sidebar").bounding_box()
        assert main
        assert sidebar
        assert sidebar["x"] > main["x"]
        assert page.evaluate("getComputedStyle(document.querySelector('pre')).direction") == "ltr"
        english = re.findall(r"[A-Za-z]{4,}", page.locator("body").inner_text().replace("refund", "").replace("kbtool build", ""))
        assert not [word for word in english if word not in "help@help.example"]
        assert not wrong


def test_a_site_in_a_sub_folder_works(chromium: Browser, own_site: Path, tmp_path: Path) -> None:
    (tmp_path / "help").symlink_to(own_site)
    with served(tmp_path) as host, opened(chromium) as (page, wrong):
        page.goto(f"{host}help/")
        page.locator(".card-link").first.click()
        assert page.url.startswith(f"{host}help/")
        page.locator("input[type=search]").fill("install")
        page.locator("[role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.startswith(f"{host}help/")
        assert page.locator("h1").is_visible()
        page.goto(f"{host}help/search/?q=install")
        page.locator("[data-search-results] a").first.wait_for()
        page.goto(f"{host}help/nothing/at/all/")
        assert page.locator("body.page-not-found").count() == 0 or page.locator("h1").is_visible()
        assert not [message for message in wrong if "404" not in message]
