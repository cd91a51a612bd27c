"""The report's page in Chromium, opened as a file: quiet, sorted, filtered, and readable by all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from kbtool.tickets.page import as_html
from tests.browser.test_accessibility import violations
from tests.tickets.gap_reports import gap_report

pytestmark = pytest.mark.browser

OWN = (Path(__file__).with_name("xss_payloads.txt")).read_text(encoding="utf-8").splitlines()
SUBJECTS = ("how do I use a gift card", "Invoice in French", "can two people edit at once", "webcam stays black")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "gaps.html"
    file.write_text(as_html(gap_report(SUBJECTS)), encoding="utf-8")
    return file


@pytest.fixture
def page(chromium: Browser, report: Path) -> Iterator[Page]:
    context = chromium.new_context()
    opened = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def names(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "#table-topics tbody tr", "rows => rows.filter(row => !row.hidden).map(row => row.cells[1].textContent.trim())"
    )
    return found


def test_a_click_sorts_the_table_and_says_so(page: Page) -> None:
    heads = page.locator("#table-topics thead th")
    heads.nth(1).get_by_role("button").click()
    assert names(page) == sorted(SUBJECTS, key=str.lower)
    assert heads.nth(1).get_attribute("aria-sort") == "ascending"
    heads.nth(1).get_by_role("button").press("Enter")
    assert names(page) == sorted(SUBJECTS, key=str.lower, reverse=True)
    heads.nth(2).get_by_role("button").click()
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    assert names(page)[0] == SUBJECTS[0]


def test_typing_filters_the_table_and_says_how_many(page: Page) -> None:
    page.get_by_label("Find a topic").fill("card GIFT")
    assert names(page) == ["how do I use a gift card"]
    assert page.get_by_role("status").first.text_content() == "1 of 4"
    page.get_by_label("Find a topic").fill("")
    assert len(names(page)) == len(SUBJECTS)


def test_without_javascript_all_is_there_and_nothing_useless(chromium: Browser, report: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#table-topics tbody tr").count() == len(SUBJECTS)
    assert page.locator(".chart-wide svg").first.is_visible()
    assert page.get_by_label("Find a topic").is_hidden()
    assert page.locator("th button").count() == 0
    context.close()


def test_nothing_is_wider_than_a_phone_and_the_chart_is_the_phones(chromium: Browser, report: Path) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".chart-narrow svg").first.is_visible()
    assert page.locator(".chart-wide svg").first.is_hidden()
    context.close()


def test_on_paper_it_is_light_whole_and_without_controls(chromium: Browser, report: Path) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert colours == ["rgb(255, 255, 255)", "rgb(28, 30, 33)"]
    assert page.get_by_label("Find a topic").is_hidden()
    assert page.locator("details table").first.is_visible()
    assert len(page.pdf()) > 10_000
    context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(
    colours: Literal["light", "dark"], chromium: Browser, npm_package: Callable[[str], Path], report: Path
) -> None:
    context = chromium.new_context(color_scheme=colours, bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true })")
    axe = (npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    found = violations(page, axe)
    context.close()
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
def test_nothing_that_a_customer_types_runs(
    policy: bool,  # noqa: FBT001
    chromium: Browser,
    npm_package: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    naughty = json.loads((npm_package("blns") / "resources" / "blns.json").read_text(encoding="utf-8"))
    payloads = [text.encode("utf-8", "replace").decode() for text in [*OWN, *naughty[::4]] if text.strip()]
    file = tmp_path / "gaps.html"
    file.write_text(as_html(gap_report(payloads)), encoding="utf-8")
    ran: list[str] = []
    said: list[str] = []
    context = chromium.new_context(bypass_csp=not policy)
    context.expose_binding("__ran", lambda _source, what: ran.append(what))
    context.add_init_script(
        "for (const name of ['pwned', 'alert', 'confirm', 'prompt']) window[name] = () => window.__ran(name);"
    )
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    page.get_by_label("Find a topic").fill("<img src=x onerror=pwned()>")
    page.wait_for_timeout(200)
    assert page.locator("script, img, iframe, object, embed, base, form").count() == 1
    context.close()
    assert ran == []
    assert said == []
