"""axe-core finds nothing against WCAG 2.2 A and AA on one page of each kind, light and dark."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.kinds import pages_of_each_kind

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SITES = ("own", "arduino")


def violations(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds on the page as it is now, a line for each element."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", WCAG)
    assert found["passes"]
    return [
        f"{each['id']}: {node['html'][:160]}: {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]
    ]


@pytest.fixture(scope="session")
def axe(npm_package: Callable[[str], Path]) -> str:
    """The checker, as a script."""
    return (npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", SITES)
def test_axe_finds_nothing(
    name: str, colours: Literal["light", "dark"], chromium: Browser, axe: str, request: pytest.FixtureRequest
) -> None:
    site, address = request.getfixturevalue(f"{name}_site"), request.getfixturevalue(f"{name}_address")
    context = chromium.new_context(color_scheme=colours, bypass_csp=True)
    page = context.new_page()
    found = []
    for kind, url in pages_of_each_kind(site).items():
        page.goto(address + url)
        page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true })")
        found += [f"{kind} ({url}): {each}" for each in violations(page, axe)]
    context.close()
    assert not found, "\n".join(found[:20])


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_while_people_search(
    colours: Literal["light", "dark"], chromium: Browser, axe: str, own_address: str
) -> None:
    context = chromium.new_context(color_scheme=colours, bypass_csp=True)
    page = context.new_page()
    page.goto(own_address)
    page.locator("input[type=search]").fill("publish")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    found = violations(page, axe)
    page.goto(f"{own_address}search/?q=publish")
    page.locator("[data-search-results] a").first.wait_for()
    found += violations(page, axe)
    page.goto(f"{own_address}search/?q=zzzzzzzz")
    page.wait_for_timeout(500)
    found += violations(page, axe)
    context.close()
    assert not found, "\n".join(found[:20])
