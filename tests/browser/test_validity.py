"""What the site consists of is valid: HTML, sitemap, feed, structured data, and addresses under a sub-path."""

import gzip
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

from tests.sites import build, write_site

pytestmark = pytest.mark.browser  # it opens no browser, but needs the two built sites, as the tests beside it do

ATOM = "{http://www.w3.org/2005/Atom}"

SMALL = """
-- kbtool.yml --
title: Help & <b>more</b>
url: https://help.example/some/path/
-- content/index.md --
# Help
-- content/billing/refund.md --
---
title: Get a <refund> & "more"
updated: 2026-03-01
aliases: [old/refund, alt.html]
---
1. Open **Orders**.
2. Select **Refund**.
-- content/billing/faq.md --
---
title: Questions about bills
updated: 2026-02-01
---
## Where is my bill? {#bill}

In **Orders** </script> <!-- &amp; \u2028 there.

## Can I pay later?

Yes.
-- content/billing/broken-card.md --
---
title: The card is refused
type: troubleshooting
---
You see "refused".

## The card is too old

Use another.
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of four articles under a sub-path."""
    return build(write_site(tmp_path_factory.mktemp("small"), SMALL), "--no-search")


@pytest.mark.tools
@pytest.mark.parametrize("center", ["own_site", "arduino_site"])
def test_the_nu_checker_finds_no_error(
    center: str, request: pytest.FixtureRequest, tool: Callable[[str], str], npm_package: Callable[[str], Path]
) -> None:
    site: Path = request.getfixturevalue(center)
    jar = npm_package("vnu-jar") / "build" / "dist" / "vnu.jar"
    options = ("--format", "json", "--exit-zero-always", "--errors-only", "--skip-non-html")
    command = [tool("java"), "-Xss4m", "-jar", str(jar), *options, str(site)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    messages = json.loads(answer.stdout or answer.stderr)["messages"]
    errors = [
        f"{place(each, site)}: {each['message']}" for each in messages if each["type"] != "info" or each.get("subType") == "error"
    ]
    assert not errors, "\n".join(errors[:40])


def place(message: dict[str, Any], site: Path) -> str:
    """Return the page and the line of a checker's message."""
    return f"{message.get('url', '').partition(site.as_posix())[2]}:{message.get('lastLine', 0)}"


@pytest.mark.tools
@pytest.mark.parametrize("center", ["small", "own_site", "arduino_site"])
def test_the_sitemap_is_valid_and_names_pages_that_are_there(
    center: str, request: pytest.FixtureRequest, npm_package: Callable[[str], Path]
) -> None:
    site: Path = request.getfixturevalue(center)
    schema = etree.XMLSchema(file=str(npm_package("sitemap") / "schema" / "sitemap.xsd"))
    sitemap = etree.parse(site / "sitemap.xml")
    assert schema.validate(sitemap), schema.error_log
    base = canonical(site / "index.html")
    places = [each.text or "" for each in sitemap.iter("{*}loc")]
    assert places
    assert len(places) == len(set(places))
    for address in places:
        page = site / unquote(address.removeprefix(base)) / "index.html"
        assert canonical(page) == address
        assert "noindex" not in page.read_text(encoding="utf-8")


def test_the_feed_is_valid(small: Path) -> None:
    """RFC 4287, section 4: what a feed and its entries must have, once each."""
    feed = etree.parse(small / "feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link[@rel='self']")] == ["https://help.example/some/path/feed.xml"]
    assert feed.findtext(f"{ATOM}title") == "Help & <b>more</b>"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ['Get a <refund> & "more"', "Questions about bills"]
    for each in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", each.findtext(f"{ATOM}updated") or "")
        assert urlsplit(each.findtext(f"{ATOM}id") or "").scheme
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    days = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert feed.findtext(f"{ATOM}updated") == max(days)
    assert all(page_of(small, link.get("href") or "").is_file() for link in feed.findall(f"{ATOM}entry/{ATOM}link"))


@pytest.mark.parametrize("center", ["small", "own_site", "arduino_site"])
def test_structured_data_has_what_search_engines_require(center: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(center)
    kinds: set[str] = set()
    for page in sorted(site.rglob("*.html")):
        for item in structured(page):
            kinds.add(item["@type"])
            assert item["@context"] == "https://schema.org"
            REQUIRED[item["@type"]](item, page)
    assert {"BreadcrumbList", "FAQPage", "TechArticle"} <= kinds or center == "arduino_site"
    assert {"BreadcrumbList", "TechArticle"} <= kinds


def _breadcrumbs(item: dict[str, Any], page: Path) -> None:
    steps = item["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1)), page
    assert all(step["@type"] == "ListItem" and step["name"] and urlsplit(step["item"]).netloc for step in steps), page


def _article(item: dict[str, Any], page: Path) -> None:
    assert item["headline"], page
    assert item["mainEntityOfPage"] == canonical(page)


def _questions(item: dict[str, Any], page: Path) -> None:
    shown = " ".join(html.parse(page).getroot().text_content().split())
    assert item["mainEntity"], page
    for each in item["mainEntity"]:
        assert each["@type"] == "Question", page
        assert each["acceptedAnswer"]["@type"] == "Answer", page
        assert " ".join(each["name"].split()) in shown, page
        assert each["acceptedAnswer"]["text"], page


def _site(item: dict[str, Any], page: Path) -> None:
    assert item["name"], page
    assert urlsplit(item["url"]).netloc, page


REQUIRED: dict[str, Callable[[dict[str, Any], Path], None]] = {
    "BreadcrumbList": _breadcrumbs,
    "Article": _article,
    "TechArticle": _article,
    "FAQPage": _questions,
    "WebSite": _site,
}


@pytest.mark.parametrize("center", ["small", "own_site", "arduino_site"])
def test_every_link_within_the_site_leads_somewhere(center: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(center)
    base = canonical(site / "index.html")
    host = urljoin(base, "/")
    ids: dict[Path, frozenset[str]] = {}
    dead = []
    for page in sorted(site.rglob("*.html")):
        own = base + page.relative_to(site).as_posix().removesuffix("index.html")
        for attribute, link in links(page):
            target = urljoin(own, link)
            if not target.startswith(host):
                continue
            path, _, fragment = target.removeprefix(base).partition("#")
            fragment = fragment.partition(":~:")[0]
            file = site / unquote(path.partition("?")[0])
            file = file / "index.html" if file.is_dir() else file
            if target.startswith(base) and file.is_file():
                if not fragment or attribute != "href" or file.suffix != ".html":
                    continue
                ids.setdefault(file, frozenset(html.parse(file).xpath("//@id")))
                if unquote(fragment) in ids[file]:
                    continue
            dead.append(f"{page.relative_to(site)}: {link}")
    assert not dead, "\n".join(dead[:40])


@pytest.mark.parametrize("center", ["own_site", "arduino_site"])
def test_an_id_stands_once_in_a_page(center: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(center)
    for page in sorted(site.rglob("*.html")):
        ids = html.parse(page).xpath("//@id")
        twice = {each for each in ids if ids.count(each) > 1}
        assert not twice, page.relative_to(site)


def test_old_places_lead_on(small: Path) -> None:
    stub = (small / "old" / "refund" / "index.html").read_text(encoding="utf-8")
    assert 'url=../../billing/refund/"' in stub
    assert 'href="https://help.example/some/path/billing/refund/"' in stub
    assert "/some/path/old/refund" in (small / "_redirects").read_text(encoding="utf-8")
    assert (small / "alt.html").is_file()


def test_a_page_is_small(own_site: Path, arduino_site: Path) -> None:
    """At most 30 kB of our HTML, CSS and JavaScript before search is opened, gzipped."""
    for site in (own_site, arduino_site):
        heavy = []
        for page in sorted(site.rglob("index.html")):
            own = [(page.parent / unquote(link)).resolve() for link in loaded(page)]
            size = sum(len(gzip.compress(file.read_bytes(), 9)) for file in (page, *own))
            if size > 30_000:
                heavy.append((size, page.relative_to(site).as_posix()))
        assert not heavy, sorted(heavy)[-5:]


def loaded(page: Path) -> Iterator[str]:
    """Yield the scripts and style sheets that a page loads by itself."""
    tree = html.parse(page)
    yield from tree.xpath("//script/@src")
    yield from tree.xpath("//link[@rel='stylesheet']/@href")


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield every address in a page, with the attribute that holds it."""
    for _, attribute, link, _ in html.parse(page).getroot().iterlinks():
        if attribute and not re.match(r"[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE):
            yield attribute, link


def structured(page: Path) -> list[dict[str, Any]]:
    """Return the page's JSON-LD."""
    found = [json.loads(text) for text in html.parse(page).xpath("//script[@type='application/ld+json']/text()")]
    return [item for each in found for item in (each if isinstance(each, list) else [each])]


def canonical(page: Path) -> str:
    """Return the page's public address."""
    found = re.search(r'<link rel="canonical" href="([^"]+)"', page.read_text(encoding="utf-8"))
    return found[1] if found else ""


def page_of(site: Path, address: str) -> Path:
    """Return the file that a public address of the site shows."""
    return site / unquote(address.removeprefix(canonical(site / "index.html"))) / "index.html"
