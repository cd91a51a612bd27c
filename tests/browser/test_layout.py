"""Pages hold together: long words, large text, wide tables, pictures, forced colours, paper, and a search page that keeps its place."""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sites import build, served, write_site

pytestmark = pytest.mark.browser

LONG = "Zählerstandsübermittlungsbestätigungsschreiben"

HELP = f"""
-- kbtool.yml --
title: Das Hilfe-Center der Musterstadtwerke und Partner
url: https://hilfe.example/de/
language: de
header: [{{title: Status, url: "https://status.example/"}}]
contact: {{url: "https://hilfe.example/kontakt", email: kundenservice-abrechnung@musterstadtwerke-hilfe.example}}
-- content/strom/fragen.md --
---
title: Fragen zum Strom
type: faq
---
## Was bedeutet {LONG}?

Nichts.

## Kann ich später zahlen?

Ja.

## Wo steht die Nummer?

Auf dem Zähler.
-- content/strom/ablesen.md --
---
title: Strom ablesen
type: instructions
---
1. Wählen Sie ![Zahnrad](gear.svg) in der Leiste.
2. Lesen Sie ab.

   ![Der Zähler](tall.svg)

[![Der Schrank](gear.svg)](https://status.example/bild)

## Was der Tarif kostet

| Tarif | Grundpreis | Arbeitspreis | Verbrauch | Laufzeit | Kündigung | Adresse |
|:--|---:|:---:|:--|:--|:--|:--|
| Grundversorgungstarif | 12,50 | 0,32 | 1000 | unbefristet | zwei Wochen | https://status.example/eine/sehr/lange/adresse/die/nicht/bricht |

## Mit einem Befehl ablesen

```sh
zaehler lies
```

```sh
zaehler lies --nummer 12345678901234567890 --ausgabe json --sprache de --mit-allem-was-dazu-gehoert ja --und-noch-etwas
```
-- content/strom/gear.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/></svg>
-- content/strom/tall.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="500" height="1280" viewBox="0 0 500 1280"><circle cx="10" cy="10" r="9"/></svg>
-- content/umzug/adresse.md --
# Eine Adresse mitteilen
Vor dem Umzug steht eine Rechnung an.
""" + "".join(f"-- content/strom/r{number:02}.md --\n# Rechnung {number} lesen\nSo lesen Sie sie.\n" for number in range(24))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a German help center with all that is too long or too wide."""
    with served(build(write_site(tmp_path_factory.mktemp("layout"), HELP))) as place:
        yield place


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page as wide as a phone."""
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(10_000)
    yield page
    page.close()


def _style(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name))


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_long_words_and_large_text_stay_in_the_page(phone: Page, address: str) -> None:
    for url in ("strom/fragen/", "strom/ablesen/", "", "search/"):
        phone.goto(address + url)
        assert _width(phone) <= 390, url
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        assert _width(phone) <= 390, f"{url} at twice the size"


def test_pictures_tables_and_menus_of_an_article(phone: Page, address: str) -> None:
    phone.goto(f"{address}strom/ablesen/")
    assert _style(phone, "img[alt=Zahnrad]", "borderTopWidth") == "0px"
    assert _style(phone, "img[alt=Zahnrad]", "borderTopLeftRadius") == "0px"
    for alone in ("img[alt='Der Zähler']", "a > img[alt='Der Schrank']"):
        assert _style(phone, alone, "borderTopWidth") == "1px"
    tall = phone.locator("img[alt='Der Zähler']").bounding_box()
    assert tall
    assert (round(tall["width"]), round(tall["height"])) == (250, 637)  # its edge is a pixel wide
    assert [_style(phone, f"td:nth-child({place})", "textAlign") for place in (1, 2, 3)] == ["start", "end", "center"]
    topics, contents = phone.locator(".sidebar").bounding_box(), phone.locator(".contents").bounding_box()
    assert topics
    assert contents
    assert topics["y"] == contents["y"]
    phone.locator(".contents-summary").click()
    wide = phone.locator(".contents").bounding_box()
    assert wide
    assert wide["width"] > 350


def test_the_contents_tell_where_one_reads_and_code_that_fits_is_no_stop(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 700})
    page.goto(f"{address}strom/ablesen/")
    code = page.locator("pre")
    expect(code.nth(1)).to_have_attribute("role", "region")
    assert code.nth(1).get_attribute("aria-label") == "Code"
    assert [each.get_attribute("tabindex") for each in code.all()] == [None, "0"]
    here = page.locator(".contents [aria-current=location]")
    expect(here).to_have_count(0)
    for link in reversed(page.locator(".contents a").all()):
        link.click()
        expect(here).to_have_text(link.inner_text())
    page.close()


def test_a_long_sidebar_opens_under_its_topics_name(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 500})
    for number in ("10", "23"):
        page.goto(f"{address}strom/r{number}/")
        bar, topic, here = (page.locator(f".sidebar{part}").bounding_box() for part in ("", " .is-open > a", " [aria-current]"))
        assert bar
        assert topic
        assert here
        assert abs(topic["y"] - bar["y"]) <= 4
        assert topic["y"] + topic["height"] <= here["y"]
        assert here["y"] + here["height"] <= bar["y"] + bar["height"]
    page.close()


def test_all_answers_open_at_once_and_each_has_a_link(phone: Page, address: str) -> None:
    phone.goto(f"{address}strom/fragen/")
    button = phone.locator("[data-open-all]")
    button.click()
    expect(phone.locator("details.question[open]")).to_have_count(3)
    expect(button).to_have_text("Alle Antworten schließen")
    button.click()
    expect(phone.locator("details.question[open]")).to_have_count(0)
    phone.goto(f"{address}faq/")
    phone.locator("details.question summary").nth(1).click()
    phone.locator(".answer-link").nth(1).click()
    ident = phone.locator(".answer").nth(1).get_attribute("id")
    assert unquote(phone.url).endswith(f"#{ident}")


def test_on_paper_a_wide_table_is_whole(phone: Page, address: str) -> None:
    phone.goto(f"{address}strom/ablesen/")
    phone.set_viewport_size({"width": 640, "height": 900})
    expect(phone.locator(".page-address")).to_be_hidden()
    phone.emulate_media(media="print")
    assert (
        phone.evaluate("(() => { const box = document.querySelector('.table'); return box.scrollWidth - box.clientWidth })()")
        <= 1
    )
    assert _style(phone, ".table", "overflowX") == "visible"
    assert phone.evaluate("getComputedStyle(document.querySelector('.picture > a'), '::after').content") == "none"
    expect(phone.locator(".page-address")).to_have_text("https://hilfe.example/de/strom/ablesen/")


def test_in_forced_colours_what_can_be_pressed_has_an_edge(chromium: Browser, address: str) -> None:
    page = chromium.new_page(forced_colors="active")
    page.goto(f"{address}strom/ablesen/")
    for button in (".copy-button", ".contact-ways a"):
        assert _style(page, button, "borderTopWidth") != "0px", button
    assert page.evaluate("getComputedStyle(document.querySelector('.steps > li'), '::before').borderTopWidth") != "0px"
    seen = set()
    for _ in range(3):
        seen.add(page.locator(".theme-toggle").screenshot())
        page.locator(".theme-toggle").click()
    assert len(seen) == 3
    page.goto(f"{address}search/?q=rechnung")
    for button in (".search-button", ".chip"):
        page.locator(button).first.wait_for()
        assert _style(page, button, "borderTopWidth") != "0px", button
    page.close()


def test_the_search_page_keeps_the_readers_place(phone: Page, address: str) -> None:
    phone.goto(f"{address}search/?q=rechnung")
    phone.get_by_role("button", name="Mehr anzeigen").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".search-hit:nth-child(21) a")).to_be_focused()
    phone.locator(".chip", has_text="Umzug").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".search-hit")).to_have_count(1)
    expect(phone.locator(".chip[aria-pressed=true]")).to_be_focused()
    assert phone.title() == "rechnung \u2013 Suche \u2013 Das Hilfe-Center der Musterstadtwerke und Partner"
    status, box = phone.locator(".search-results [role=status]"), phone.locator("#kb-search")
    box.fill("rehcnung lesen")
    box.press("Enter")
    expect(status).to_have_text("Meinten Sie rechnung lesen? 24 Ergebnisse")
    phone.locator(".search-suggestion button").press("Enter")
    expect(box).to_be_focused()
    box.fill("xylophon")
    box.press("Enter")
    expect(status).to_have_text(
        "Nichts gefunden für „xylophon“. Diese Themen helfen vielleicht weiter: Strom, Umzug. Oder versuchen Sie: "
        "Alle Artikel von A bis Z, Kontakt aufnehmen und kundenservice-abrechnung@musterstadtwerke-hilfe.example."
    )


@pytest.mark.parametrize("size", [(390, 640), (1440, 640)])
def test_the_way_to_all_results_is_in_sight(chromium: Browser, address: str, size: tuple[int, int]) -> None:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    for url in ("", "strom/ablesen/"):
        page.goto(address + url)
        page.locator("#kb-search").fill("rechnung")
        every, last = page.locator(".search-every"), page.locator("[role=option]").last
        every.wait_for()
        page.keyboard.press("ArrowUp")
        expect(last).to_have_attribute("aria-selected", "true")
        link, option = every.bounding_box(), last.bounding_box()
        assert link
        assert option
        assert link["y"] + link["height"] <= size[1], url
        assert option["y"] + option["height"] <= link["y"], url
    page.close()


MOVES = """
self.moves = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => { self.moves += each.value })).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_when_results_come(chromium: Browser, address: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 844})
    page.add_init_script(MOVES)
    for question, found in (("rechnung", ".search-hit"), ("xylophon", ".search-nothing")):
        page.goto(f"{address}search/?q={question}")
        page.locator(found).first.wait_for()
        page.wait_for_timeout(100)
        assert page.evaluate("self.moves") < 0.01
    page.close()
