"""The search box and the search page, used as a reader uses them: by keyboard, with typing errors, with nothing found."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sites import build, served, write_site

pytestmark = pytest.mark.browser

HELP = """
-- kbtool.yml --
title: Help
url: https://help.example/some/path/
contact: {email: help@help.example, url: https://help.example/contact}
synonyms: [[invoice, bill, receipt]]
-- content/billing/refund.md --
---
title: Get a refund
keywords: [money back]
---
Write to us within a week, and we return what you paid.

## How long it takes

The bank needs three days.
-- content/billing/invoice.md --
# Find your invoice
It is in the list of orders.
-- content/billing/archived.md --
---
title: Get a refund by telegram
status: archived
---
Old.
-- content/billing/agents.md --
---
title: Get a refund for a VIP
audience: agents
---
Secret.
-- content/account/password.md --
# Reset your password
Select **Forgot password**. We send you a link.
-- content/account/wifi.md --
# Connect to Wi-Fi
Open the settings of your device.
-- content/account/enter.md --
# When you cannot log in
Ask whoever let you in.
## Username and password
Both are short.
-- content/account/logfour.md --
# The log4j library
It writes the log in which all is told.
-- content/account/hostile.md --
---
title: "<img src=x onerror=window.hacked=1> & \\"quotes\\""
---
Telescope <script>window.hacked=1</script> &lt;img src=x onerror=window.hacked=1&gt; here.
-- content/account/questions.md --
# Questions about accounts
## Can I have two accounts?

Yes, with two addresses.

## How do I close my account?

Write to the helicopter department.
"""


@dataclass(slots=True)
class Console:
    """What a page complained about."""

    lines: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Keep what the page says from now on."""
        page.on("console", lambda message: self.lines.append(message.text))
        page.on("pageerror", lambda error: self.lines.append(str(error)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center under a sub-path: the folder that is served."""
    folder = tmp_path_factory.mktemp("searched")
    built = build(write_site(folder / "center", HELP))
    shutil.copytree(built, folder / "host" / "some" / "path")
    return folder / "host"


@pytest.fixture
def open_page(chromium: Browser, site: Path) -> Iterator[Callable[[str], Page]]:
    """Opens a page of the site; fails when anything is on its console at the end."""
    with _opened(chromium, site) as opened:
        yield opened


@contextmanager
def _opened(browser: Browser, site: Path) -> Iterator[Callable[[str], Page]]:
    console = Console()
    context = browser.new_context()
    context.set_default_timeout(10_000)
    with served(site) as address:

        def opened(path: str) -> Page:
            page = context.new_page()
            console.listen(page)
            page.goto(f"{address}some/path/{path}")
            return page

        yield opened
        context.close()
    assert console.lines == []


def _type(page: Page, words: str) -> None:
    page.locator("input[type=search]").press_sequentially(words, delay=5)


def _titles(page: Page) -> list[str]:
    page.locator("[role=option]").first.wait_for()
    return page.locator("[role=option] .search-title").all_inner_texts()


def _hits(page: Page) -> list[str]:
    page.locator(".search-hit").first.wait_for()
    return page.locator(".search-hit .search-title").all_inner_texts()


def test_a_reader_finds_and_opens_an_answer_by_keyboard_alone(open_page: Callable[[str], Page]) -> None:
    page = open_page("account/wifi/")
    box = page.locator("input[type=search]")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("refund")
    option = page.locator("[role=option]").first
    option.wait_for()
    assert box.get_attribute("role") == "combobox"
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/some/path/billing/refund/**")


def test_arrows_home_and_end_move_through_the_results_and_escape_closes_them(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "your")
    count = len(_titles(page))
    box = page.locator("input[type=search]")
    options = page.locator("[role=option]")
    page.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options.nth(0)).to_be_hidden()
    assert box.input_value() == "your"
    assert box.get_attribute("aria-activedescendant") is None


def test_the_number_of_results_is_said_to_screen_readers(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "invoice")
    expect(page.locator("form [role=status]")).to_have_text("1 result")


def test_results_show_where_the_words_stand(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "bank days")
    option = page.locator("[role=option]").first
    expect(option.locator("mark")).to_have_text(["bank", "days"])
    assert option.locator(".search-place").inner_text() == "Billing \u203a How long it takes"
    assert (option.get_attribute("href") or "").endswith("/some/path/billing/refund/#how-long-it-takes")


def test_archived_articles_and_those_for_agents_are_never_found(open_page: Callable[[str], Page], site: Path) -> None:
    page = open_page("")
    _type(page, "get a refund telegram vip")
    assert _titles(page)[0] == "Get a refund"
    assert not {"Get a refund by telegram", "Get a refund for a VIP"} & set(_titles(page))
    words = (site / "some" / "path" / "pagefind" / "words.json").read_text(encoding="utf-8")
    assert "telegram" not in words


@pytest.mark.parametrize(
    ("typed", "found", "corrected"),
    [
        ("reset pasword", "Reset your password", "reset password"),
        ("get a refnud", "Get a refund", "get a refund"),
        ("find your invocie please", "Find your invoice", "find your invoice please"),
        ("resetpassword", "Reset your password", "reset password"),
    ],
)
def test_a_misspelt_question_is_answered_and_can_be_asked_as_typed(
    open_page: Callable[[str], Page], typed: str, found: str, corrected: str
) -> None:
    page = open_page("")
    _type(page, typed + " ")
    expect(page.locator(".search-suggestion")).to_contain_text(f"Did you mean {corrected}?")
    assert _titles(page)[0] == found
    page.locator(".search-suggestion button").click()
    expect(page.locator(".search-suggestion")).to_have_count(0)


@pytest.mark.parametrize("typed", ["a refund for honey", "a refund, whow"])
def test_a_word_of_its_own_is_not_taken_for_a_misspelt_one(open_page: Callable[[str], Page], typed: str) -> None:
    page = open_page("")
    _type(page, typed + " ")
    assert _titles(page)[0] == "Get a refund"
    expect(page.locator(".search-suggestion")).to_have_count(0)


@pytest.mark.parametrize("typed", ["receipt", "receipts", "bills"])
def test_a_synonym_is_found_in_its_forms(open_page: Callable[[str], Page], typed: str) -> None:
    page = open_page("")
    _type(page, typed + " ")
    assert _titles(page)[0] == "Find your invoice"
    expect(page.locator(".search-suggestion")).to_have_count(0)


def test_a_word_half_typed_is_no_mistake(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "reset your passw")
    assert _titles(page)[0] == "Reset your password"
    expect(page.locator(".search-suggestion")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("hello, how can I please get my money back from you?", "Get a refund"),
        ("where is the receipt", "Find your invoice"),
        ("wifi", "Connect to Wi-Fi"),
        ("wi fi", "Connect to Wi-Fi"),
        ("HELICOPTER", "How do I close my account?"),
        ("log in", "When you cannot log in"),
        ("login", "When you cannot log in"),
        ("I was logged out, logging in fails", "When you cannot log in"),
        ("my user name", "When you cannot log in"),
    ],
)
def test_questions_as_people_ask_them(open_page: Callable[[str], Page], question: str, found: str) -> None:
    page = open_page("")
    _type(page, question)
    expect(page.locator("[role=option] .search-title").first).to_have_text(found)


def test_a_question_of_a_faq_opens_at_its_answer(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "how do i close my account")
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/account/questions/#how-do-i-close-my-account")
    expect(page.locator("details[open] summary")).to_have_text("How do I close my account?")


def test_results_can_be_narrowed_down_to_a_topic(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    _type(page, "your")
    assert len(_titles(page)) == 3
    chip = page.locator(".chip", has_text="Billing (1)")
    chip.click()
    expect(page.locator("[role=option]")).to_have_count(1)
    expect(page.locator(".chip", has_text="Billing (1)")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("input[type=search]")).to_be_focused()


def test_the_search_page_answers_a_question_from_its_address(open_page: Callable[[str], Page]) -> None:
    page = open_page("search/?q=refund")
    assert _hits(page)[0] == "Get a refund"
    page.locator("input[type=search]").fill("password")
    expect(page.locator(".search-hit .search-title").first).to_have_text("Reset your password")
    assert page.url.endswith("search/?q=password")
    assert page.evaluate("history.length") <= 2
    page.reload()
    assert _hits(page)[0] == "Reset your password"


def test_the_search_page_keeps_its_topic_in_the_address(open_page: Callable[[str], Page]) -> None:
    page = open_page("search/?q=your")
    assert len(_hits(page)) == 3
    page.locator(".chip", has_text="Account").click()
    expect(page.locator(".search-hit")).to_have_count(2)
    assert page.url.endswith("?q=your&topic=Account")


def test_a_dead_end_shows_topics_and_the_way_to_a_human(open_page: Callable[[str], Page]) -> None:
    for path in ("", "search/"):
        page = open_page(path)
        _type(page, "xylophone")
        expect(page.locator(".search-nothing")).to_have_text("Nothing found for “xylophone”")
        links = page.locator(".search-near a")
        hrefs = [link.get_attribute("href") or "" for link in links.all()]
        assert any(href.endswith("/some/path/billing/") for href in hrefs)
        assert any(href.endswith("/some/path/a-z/") for href in hrefs)
        assert "https://help.example/contact" in hrefs
        assert "mailto:help@help.example" in hrefs


@pytest.mark.parametrize("lost", ["**/pagefind/**", "**/pagefind/words.json", "**/pagefind/pagefind.js*"])
def test_an_index_that_cannot_be_loaded_is_said_in_words(chromium: Browser, site: Path, lost: str) -> None:
    with served(site) as address:
        page = chromium.new_page()
        page.route(lost, lambda route: route.abort())
        page.goto(f"{address}some/path/")
        _type(page, "refund")
        expect(page.locator(".search-nothing")).to_contain_text("Search could not be loaded.")
        page.unroute(lost)
        _type(page, " please")
        assert _titles(page)[0] == "Get a refund"
        page.close()


@pytest.mark.parametrize("lost", ["**/search-box.*", "**/search-engine.*"])
def test_a_script_that_could_not_be_loaded_is_asked_for_again(chromium: Browser, site: Path, lost: str) -> None:
    with served(site) as address:
        page = chromium.new_page()
        page.route(lost, lambda route: route.abort())
        page.goto(f"{address}some/path/")
        page.locator("#kb-search").focus()
        expect(page.locator("form.search-failed")).to_have_count(1)
        page.unroute(lost)
        page.locator("#kb-search").blur()
        _type(page, "refund")
        assert _titles(page)[0] == "Get a refund"
        page.close()


def test_hostile_titles_text_and_questions_stay_text(open_page: Callable[[str], Page]) -> None:
    for question in ("telescope", "<img src=x onerror=window.hacked=1>", "'\"><script>window.hacked=1</script>"):
        page = open_page("")
        _type(page, question)
        page.locator("[role=option], .search-nothing").first.wait_for()
        page.goto(f"{page.url}search/?q={question.replace('<', '%3C')}")
        page.locator(".search-hit, .search-nothing").first.wait_for()
        assert page.evaluate("window.hacked") is None
        assert page.locator(".search-results img, .search-results script").count() == 0


def test_a_stale_answer_never_takes_the_place_of_a_newer_one(open_page: Callable[[str], Page]) -> None:
    page = open_page("")
    box = page.locator("input[type=search]")
    box.fill("refund")
    _titles(page)
    box.fill("password")
    box.fill("")
    page.wait_for_timeout(300)
    expect(page.locator(".search-popup")).to_be_hidden()
    assert page.locator("[role=option]").count() == 0


def test_nothing_of_search_is_fetched_before_it_is_used(chromium: Browser, site: Path) -> None:
    fetched: list[str] = []
    with served(site) as address:
        page = chromium.new_page()
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(f"{address}some/path/billing/refund/")
        page.wait_for_load_state("networkidle")
        assert [url for url in fetched if "pagefind" in url or "search-" in url] == []
        with page.expect_request("**/pagefind/words.json"):
            page.locator("input[type=search]").focus()
        assert all(url.startswith(address) for url in fetched)
        page.close()


def test_without_javascript_the_form_leads_to_the_list_of_all_articles(chromium: Browser, site: Path) -> None:
    with served(site) as address:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}some/path/billing/refund/")
        page.locator("input[type=search]").fill("refund")
        page.keyboard.press("Enter")
        page.wait_for_url("**/some/path/search/?q=refund")
        page.locator("noscript a, .notice a").first.click()
        page.wait_for_url("**/some/path/a-z/")
        context.close()


def test_other_languages_are_searched_too(chromium: Browser, tmp_path: Path) -> None:
    german = """
-- kbtool.yml --
title: Hilfe
language: de
-- content/konto/passwort.md --
# Passwort zurücksetzen
Öffnen Sie die Einstellungen und wählen Sie **Vergessen**.
-- content/konto/rechnung.md --
# Rechnungen herunterladen
Sie finden sie unter Bestellungen.
"""
    chinese = """
-- kbtool.yml --
title: 帮助
language: zh
-- content/konto/mima.md --
# 如何重置密码
我们的账户页面可以重置您的密码。
-- content/konto/fapiao.md --
# 下载发票
发票在订单列表中。
"""
    asked = [
        (german, "wie kann ich bitte meine rechnung bekommen?", "Rechnungen herunterladen"),
        (german, "pasword zurucksetzen", "Passwort zurücksetzen"),
        (german, "einstellung", "Passwort zurücksetzen"),
        (chinese, "密码", "如何重置密码"),
        (chinese, "订单列表", "下载发票"),
    ]
    sites = {text: build(write_site(tmp_path / str(number), text)) for number, text in enumerate((german, chinese))}
    for text, question, found in asked:
        with served(sites[text]) as address:
            page = chromium.new_page()
            page.goto(address)
            _type(page, question)
            expect(page.locator("[role=option] .search-title").first).to_have_text(found)
            page.close()
