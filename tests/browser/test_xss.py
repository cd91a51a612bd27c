"""Nothing that an author or a reader types runs in the browser: npm's list of naughty strings and our own, with and without the policy."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page

from tests.sites import run_kbtool, served, write_site

pytestmark = pytest.mark.browser

OWN = (Path(__file__).with_name("xss_payloads.txt")).read_text(encoding="utf-8").splitlines()
TYPES = ("article", "faq", "instructions", "troubleshooting")
FRAMES = 40
"""Pages that are opened at once."""

HOOKS = """for (const name of ["pwned", "alert", "confirm", "prompt", "print"])
  Object.defineProperty(window, name, {value: () => { window.__ran(name + " in " + location.href); return null; }, writable: false});"""

ANSWERED = "document.querySelector('[data-search-results]').childElementCount"
"""The search page shows what it found, or that it found nothing."""

FOREIGN = """() => [...document.querySelectorAll("*")].filter((element) => {
  const within = (content) => content.startsWith("0; url=") && new URL(content.slice(7), document.baseURI).origin === location.origin;
  const dangerous = (value) => /^(javascript|vbscript|view-source|data:(?!image\\/(png|gif|jpeg|webp|svg)))/i.test(value.replace(/[\\s\\0-\\x20]/g, ""));
  const room = (name, value) => name === "style" && element.className === "search-popup" && /^--room: -?\\d+px;$/.test(value);
  return [...element.attributes].some(({name, value}) => (/^on|^style$|^srcdoc$|^ping$/i.test(name) && !room(name, value))
      || (/^(xlink:)?href$|^src$|action$|^data$|^background$|^poster$/i.test(name) && dangerous(value)))
    || /^(iframe|frame|frameset|object|embed|applet|base|style|portal|animate|set|foreignobject|math|plaintext|xmp)$/i.test(element.localName)
    || (element.localName === "script" && !/^application\\/(ld\\+)?json$/.test(element.type) && !/\\/assets\\/[a-z-]+\\.[0-9a-f]+\\.js$/.test(element.src))
    || (element.localName === "link" && !["canonical", "stylesheet", "icon", "alternate", "search", "preload", "modulepreload"].includes(element.rel))
    || (element.localName === "meta" && element.httpEquiv === "refresh" && !within(element.content))
    || (element.localName === "form" && !element.matches("[role=search]"));
}).map((element) => element.outerHTML.slice(0, 200))"""
"""What kbtool never writes: of redirects, all that lead away from the site; of styles, all but the search box's own height."""


@pytest.fixture(scope="module")
def payloads(npm_package: Callable[[str], Path]) -> list[str]:
    """Every string of both lists, each on one line."""
    naughty: list[str] = json.loads((npm_package("blns") / "resources" / "blns.json").read_text(encoding="utf-8"))
    assert len(naughty) > 400
    assert len(OWN) > 200
    return list(dict.fromkeys([*OWN, *(re.sub(r"[\0\r\n]", " ", text) for text in naughty)]))


@pytest.fixture(scope="module")
def folder(payloads: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A help center in which every payload stands in every place that an author can reach, built."""
    folder = write_site(tmp_path_factory.mktemp("xss"), "")
    (folder / "kbtool.yml").write_text(as_yaml(settings(payloads)), encoding="utf-8")
    for number, payload in enumerate(payloads):
        write(folder / "content" / "every place" / f"{number}.md", article(number, payload))
        name = re.sub(r"[/\0]", "\u2215", payload)
        if number < len(OWN) and len(name.encode()) < 200:
            write(folder / "content" / "names" / f"{name}.md", f"Named after {number}.\n")
        if payload in OWN[::4]:
            write(folder / "content" / "topics" / name / f"{number}.md", f"# In a topic {number}\n\nWords.\n")
    answer = run_kbtool("build", cwd=folder, timeout=300)
    assert answer.code == 0, answer.err[-2000:]
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """Its address."""
    with served(folder / "site") as address:
        yield address


def settings(payloads: list[str]) -> Mapping[str, object]:
    """Return settings full of payloads."""
    own = [*OWN, *payloads[-20:]]
    return {
        "title": "Help " + " ".join(own[:40]),
        "description": " ".join(own),
        "footer_text": " ".join(own[60:110]),
        "url": "https://help.example/",
        "contact": {
            "text": " ".join(own[110:160]),
            "phone": own[0],
            "url": "https://help.example/?'\"<script>pwned()</script>",
        },
        "header": [{"title": payload, "url": "https://help.example/"} for payload in own[:30]],
        "footer": [{"title": payload, "url": "search/"} for payload in own[30:60]],
        "texts": {
            "Search": own[7],
            "Topics": own[8],
            "Popular": own[9],
            "No results for {query}": own[10],
            "Home": own[4],
            "Did you mean": own[20],
        },
        "variables": {f"v{number}": payload for number, payload in enumerate(payloads)},
        "glossary": {f"Term{number}": payload for number, payload in enumerate(own)},
        "synonyms": [[payload, "payload"] for payload in own],
        "edit_url": "https://help.example/{path}?\"'><script>pwned()</script>",
    }


def as_yaml(value: object) -> str:
    """Return the value as YAML in one line; what YAML does not take as it is stands escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def article(number: int, payload: str) -> str:
    """Return an article with the payload in every field and in every kind of place in its body."""
    meta = {
        "title": f"{payload} {number}",
        "summary": payload,
        "keywords": [payload, f"word{number}"],
        "owner": payload,
        "related": [payload],
        "aliases": [f"old/{number}/{payload}"],
        "id": f"{number}{payload}"[:40],
        "type": TYPES[number % 4],
        "pinned": number % 50 == 0,
        "updated": "2026-01-01",
        **({"status": "archived", "replacement": payload} if number % 10 == 0 else {}),
    }
    head = "\n".join(f"{key}: {as_yaml(value)}" for key, value in meta.items())
    return (
        f"---\n{head}\n---\n\nWords.\n\n{payload}\n\n## {payload}\n\nText {payload} and **{payload}** Term{number % len(OWN)}.\n\n"
        f"1. {payload}\n\n   {payload}\n\n> {payload}\n\n## Is it {payload}?\n\n```{payload}\n{payload}\n```\n\n`{payload}`\n\n"
        f"| {payload} | b |\n|---|---|\n| {payload} | c |\n\n::: note {payload}\n{payload}\n:::\n\n"
        f'{{{{ v{number} }}}} <b title="{{{{ v{number} }}}}">x</b> [x]({{{{ v{number} }}}}) ![{{{{ v{number} }}}}](x.png)\n\n'
        f'<a href="{payload}">one</a> <a href=\'{payload}\'>two</a> <img alt="{payload}" src="{payload}">\n\n'
        f"[{payload}](<{payload}>) ![{payload}](<{payload}>) [{payload}]: {payload}\n\n[^1]\n\n[^1]: {payload}\n"
    )


def write(file: Path, text: str) -> None:
    """Write the file where the file system allows its name."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
    except (OSError, UnicodeEncodeError):
        return


def context_of(chromium: Browser, *, policy: bool, ran: list[str]) -> BrowserContext:
    """Return a visitor for whom anything that runs is written down, with the site's policy in force or not."""
    context = chromium.new_context(bypass_csp=not policy)
    context.expose_binding("__ran", lambda _source, what: ran.append(what))
    context.add_init_script(HOOKS)
    context.on("dialog", lambda dialog: ran.append(f"dialog {dialog.message}"))
    return context


def visit(page: Page, addresses: list[str], ready: str = "true") -> list[str]:
    """Open the pages in frames, many at a time, until each is ready; return what stands in them that kbtool never writes."""
    found = []
    for start in range(0, len(addresses), FRAMES):
        frames = "".join(f'<iframe src="{address}"></iframe>' for address in addresses[start : start + FRAMES])
        page.set_content(frames, wait_until="load", timeout=60_000)
        page.wait_for_timeout(50)
        for frame in page.frames[1:]:
            if ready != "true":
                frame.wait_for_function(ready, timeout=60_000)
            found += [f"{frame.url}: {element}" for element in foreign(frame)]
    return found


def foreign(frame: Frame, tries: int = 10) -> list[str]:
    """Return what kbtool never writes. A redirect moves its frame on while it is asked: then it is asked again."""
    try:
        frame.wait_for_load_state("load")
        return list(frame.evaluate(FOREIGN))
    except Error as error:
        if tries == 1 or "navigation" not in str(error):
            raise
        return foreign(frame, tries - 1)


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
def test_no_payload_runs_in_any_page(policy: bool, chromium: Browser, folder: Path, site: str, payloads: list[str]) -> None:  # noqa: FBT001
    ran: list[str] = []
    pages = sorted(page.relative_to(folder / "site").as_posix() for page in (folder / "site").rglob("*.html"))
    written = [number for number in range(len(payloads)) if f"every-place/{number}/index.html" in pages]
    assert len(written) > len(payloads) * 0.97, sorted(set(range(len(payloads))) - set(written))
    context = context_of(chromium, policy=policy, ran=ran)
    found = visit(context.new_page(), [site + quote(page.removesuffix("index.html")) for page in pages])
    context.close()
    assert not ran
    assert not found, "\n".join(found[:10])


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
@pytest.mark.parametrize("place", ["a-z/", "search/"])
def test_no_payload_runs_in_the_search_box(place: str, policy: bool, chromium: Browser, site: str, payloads: list[str]) -> None:  # noqa: FBT001
    ran: list[str] = []
    context = context_of(chromium, policy=policy, ran=ran)
    page = context.new_page()
    page.goto(f"{site}{place}?q={quote(OWN[0])}")
    box = page.locator("input[type=search]")
    box.fill("words")
    page.locator("[role=option], [data-search-results] a").first.wait_for()
    found = []
    for payload in payloads:
        box.fill(payload.encode("utf-8", "replace").decode("utf-8"))
        page.wait_for_timeout(30)
        found += [f"{payload}: {element}" for element in page.evaluate(FOREIGN)]
    context.close()
    assert not ran
    assert not found, "\n".join(found[:10])


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
def test_no_payload_runs_in_the_address_of_a_search(policy: bool, chromium: Browser, site: str) -> None:  # noqa: FBT001
    ran: list[str] = []
    context = context_of(chromium, policy=policy, ran=ran)
    asked = OWN[::5] if policy else OWN
    found = visit(context.new_page(), [f"{site}search/?q={quote(payload)}" for payload in asked], ready=ANSWERED)
    context.close()
    assert not ran
    assert not found, "\n".join(found[:10])


def test_what_runs_would_be_noticed(chromium: Browser, tmp_path: Path) -> None:
    text = '-- kbtool.yml --\ntitle: Help\ntrusted_html: true\n-- content/one.md --\n# One\n\n<script>pwned()</script><b onclick="pwned()">x</b>\n'
    write_site(tmp_path, text)
    assert run_kbtool("build", "--no-search", cwd=tmp_path).code == 0
    ran: list[str] = []
    with served(tmp_path / "site") as address:
        context = context_of(chromium, policy=False, ran=ran)
        found = visit(context.new_page(), [f"{address}one/"])
        context.close()
    assert ran == [f"pwned in {address}one/"]
    assert any("onclick" in each for each in found)
