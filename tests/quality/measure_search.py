"""How well search finds, in a real browser: a built site's search box and plain Pagefind on the same pages, side by side.

    python -m tests.quality.measure_search FOLDER [QUESTIONS.yml] [--misses] [--bytes]

FOLDER is a help center that `kbtool build` has built. A case counts when the right article is among the first three.
"""

import argparse
import gzip
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

import yaml
from pagefind_bin import get_executable
from playwright.sync_api import Browser, Page, Request, sync_playwright

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.model import SearchDocument
from kbtool.site.assemble import assemble_site
from kbtool.site.search import search_documents, write_search_index
from kbtool.site.theme import load_theme
from tests.sites import served

FIRST = 3
_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_OURS = """async () => {
  const data = JSON.parse(document.getElementById("kb-data").textContent);
  const engine = await import(new URL(data.assets["search-engine.js"], document.baseURI).href);
  const searcher = await engine.openSearch(new URL(data.root || "./", document.baseURI).href, data.language);
  window.find = async (question, most) => {
    const { results, corrected } = await engine.search(searcher, question);
    const shown = await Promise.all(results.slice(0, 12).map((result) => engine.describe(result)));
    return { corrected, found: [...new Set(shown.map((each) => each.address.split("#")[0]))].slice(0, most) };
  };
}"""
_PLAIN = """async () => {
  const pagefind = await import("/plain/pagefind.js");
  window.find = async (question, most) => {
    const { results } = await pagefind.search(question);
    const shown = await Promise.all(results.slice(0, most).map((result) => result.data()));
    return { corrected: "", found: shown.map((each) => each.raw_url.replace(/^\\//, "")) };
  };
}"""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the page that answers it."""

    question: str
    url: str


@dataclass(frozen=True, slots=True)
class Score:
    """How often the right page was among the first three, and when it was not."""

    cases: int
    found: int
    misses: tuple[tuple[Case, tuple[str, ...], str], ...]

    @property
    def share(self) -> float:
        """Of the cases, 0 to 1."""
        return self.found / self.cases


def documents_of(folder: Path) -> tuple[SearchDocument, ...]:
    """Return what search may find in the help center, as a build today would have it."""
    center = load_config(folder / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=date(2026, 11, 22))
    site = assemble_site(library, center, load_theme(center), drafts=False, today=date(2026, 11, 22))
    return search_documents(site)


def title_cases(documents: Sequence[SearchDocument]) -> list[Case]:
    """Return every article's title as a question."""
    return [Case(document.title, document.url) for document in documents if "#" not in document.url]


def typo_cases(documents: Sequence[SearchDocument], seed: int = 1) -> list[Case]:
    """Return every title with one typing error, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    return [Case(misspelt(case.question, chance), case.url) for case in title_cases(documents) if _WORD.search(case.question)]


def misspelt(text: str, chance: random.Random) -> str:
    """Return the text with two letters swapped, or one dropped, doubled or replaced, in a word of at least four."""
    word = chance.choice(list(_WORD.finditer(text)))
    at = chance.randrange(word.start(), word.end())
    kind = chance.choice(("swap", "drop", "double", "replace"))
    if kind == "swap":
        places = [place for place in range(word.start(), word.end() - 1) if text[place].lower() != text[place + 1].lower()]
        at = chance.choice(places or [word.start()])
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    other = chance.choice([letter for letter in _LETTERS if letter != text[at].lower()])
    instead = {"drop": "", "double": text[at] * 2, "replace": other}[kind]
    return text[:at] + instead + text[at + 1 :]


def asked_cases(file: Path, urls: dict[str, str]) -> list[Case]:
    """Return the questions of a file; `urls` has the page of each article's path."""
    return [Case(each["question"], urls[each["article"]]) for each in yaml.safe_load(file.read_text(encoding="utf-8"))]


def article_urls(folder: Path) -> dict[str, str]:
    """Return the URL of each article by its path."""
    center = load_config(folder / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=date(2026, 11, 22))
    return {article.path: article.url for article in library.articles}


def ask(page: Page, cases: Sequence[Case]) -> Score:
    """Return how the page's search answers."""
    script = "async ([cases, most]) => { const all = []; for (const each of cases) all.push(await window.find(each, most)); return all; }"
    answers = page.evaluate(script, [[case.question for case in cases], FIRST])
    misses = tuple(
        (case, tuple(answer["found"]), str(answer["corrected"]))
        for case, answer in zip(cases, answers, strict=True)
        if case.url not in answer["found"]
    )
    return Score(len(cases), len(cases) - len(misses), misses)


@contextmanager
def search_page(browser: Browser, site: Path) -> Iterator[Page]:
    """Open the built site with our engine."""
    with served(site) as address:
        page = browser.new_page()
        page.goto(address + "a-z/")
        page.evaluate(_OURS)
        yield page
        page.close()


@contextmanager
def plain_page(browser: Browser, site: Path) -> Iterator[Page]:
    """Open plain Pagefind, as its command makes it from the same articles' pages, with no option of ours."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(get_executable()), "--site", str(site), "--output-path", f"{folder}/plain", "--root-selector", "article"]
        subprocess.run(command, check=True, capture_output=True)
        (Path(folder) / "index.html").write_text('<!doctype html><html lang="en"><title>plain</title></html>', encoding="utf-8")
        with served(Path(folder)) as address:
            page = browser.new_page()
            page.goto(address)
            page.evaluate(_PLAIN)
            yield page
            page.close()


def first_search_bytes(browser: Browser, site: Path, question: str) -> dict[str, int]:
    """Return what a first search fetches, file by file, each as small as a server that compresses sends it."""
    sizes: dict[str, int] = {}

    def note(request: Request) -> None:
        answer = request.response()
        sizes[request.url] = _sent(answer.body()) if answer else 0

    with served(site) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address + "a-z/")
        page.wait_for_load_state("networkidle")
        page.on("requestfinished", note)
        page.fill("input[type=search]", question)
        page.wait_for_selector("[role=option]")
        page.wait_for_load_state("networkidle")
        context.close()
    return {url.removeprefix(address).partition("?")[0]: size for url, size in sizes.items()}


def _sent(body: bytes) -> int:
    return min(len(body), len(gzip.compress(body, 6)))


def grown_site(folder: Path, target: Path, articles: int) -> Path:
    """Return a site with the search index of that many articles: the help center's own, again and again under new names."""
    documents = documents_of(folder)
    pages = [document for document in documents if "#" not in document.url]
    grown = [
        replace(
            document,
            url=f"copy-{number // len(pages)}/{document.url}",
            title=f"{document.title} {_mark(number // len(pages))}".strip(),
        )
        for number, document in ((number, pages[number % len(pages)]) for number in range(articles))
    ]
    shutil.copytree(folder / "site" / "assets", target / "assets")
    shutil.copytree(folder / "site" / "a-z", target / "a-z")
    write_search_index(grown, load_config(folder / "kbtool.yml"), target)
    return target


def _mark(number: int) -> str:
    return f"({_LETTERS[number] * 3})" if number else ""


def _print_row(name: str, ours: Score, plain: Score) -> None:
    print(f"| {name} | {ours.cases} | {ours.share:.1%} | {plain.share:.1%} |")  # noqa: T201


def _print_misses(score: Score) -> None:
    for case, found, corrected in score.misses:
        print(f'  - "{case.question}" -> {case.url}{f", read as {corrected!r}" if corrected else ""}; first: {", ".join(found)}')  # noqa: T201


def _print_bytes(browser: Browser, folder: Path, questions: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as target:
        site = grown_site(folder, Path(target), 1000)
        totals = [sum(first_search_bytes(browser, site, question).values()) for question in questions]
        one = first_search_bytes(browser, site, "password")
    print(f"one word, 1,000 articles: {sum(one.values()) / 1000:.0f} kB")  # noqa: T201
    for url, size in sorted(one.items(), key=lambda item: -item[1]):
        print(f"    {size / 1000:6.1f} kB  {url}")  # noqa: T201
    if totals:
        print(f"{len(totals)} whole questions: median {median(totals) / 1000:.0f} kB, most {max(totals) / 1000:.0f} kB")  # noqa: T201


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--bytes", action="store_true")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    given = parser.parse_args()
    documents = documents_of(given.folder)
    sets = {"exact titles": title_cases(documents), "titles with one typo": typo_cases(documents)}
    if given.questions:
        sets["questions reworded by hand"] = asked_cases(given.questions, article_urls(given.folder))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"])
        print("| the right article in the first three | cases | kbtool | plain Pagefind |\n|---|---|---|---|")  # noqa: T201
        with search_page(browser, given.folder / "site") as ours, plain_page(browser, given.folder / "site") as plain:
            for name, cases in sets.items():
                score = ask(ours, cases)
                _print_row(name, score, ask(plain, cases))
                if given.misses:
                    _print_misses(score)
        if given.bytes:
            _print_bytes(browser, given.folder, [case.question for case in sets.get("questions reworded by hand", [])][::5])
        browser.close()


if __name__ == "__main__":
    main()
