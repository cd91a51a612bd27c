"""What a reader's browser fetches for the first search: gzipped kB from opening the box to the results.

.venv/bin/python -m benchmarks.first_search --articles 1000
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response, sync_playwright

from benchmarks.build_speed import ARDUINO
from benchmarks.corpus import replicate
from benchmarks.peers import KBTOOL_CONFIG
from tests.conftest import CHROMIUM_FLAGS
from tests.sites import served

QUERIES = (
    "upload a sketch",
    "driver",
    "reset my board",
    "cancel order",
    "wifi connection",
    "how do I install the IDE?",
    "bootlaoder",
)


def main() -> None:
    """Measure every query in a browser that has seen nothing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kbtool-bench-") as folder, sync_playwright() as playwright:
        site = _built(Path(folder), options.articles)
        browser = playwright.chromium.launch(executable_path=options.chromium, args=list(CHROMIUM_FLAGS))
        with served(site) as address:
            ours = [_fetched(browser, address, query, "input[type=search]", "[role=option]") for query in QUERIES]
        browser.close()
    print(f"| query | kB gzipped, {options.articles:,} articles | files |\n|---|---|---|")
    for query, (size, files) in zip(QUERIES, ours, strict=True):
        print(f"| {query} | {size / 1000:.0f} | {files} |")
    print(f"| median | {median(size for size, _ in ours) / 1000:.0f} | {median(files for _, files in ours):.0f} |")


def _built(folder: Path, articles: int) -> Path:
    replicate(ARDUINO, folder / "content", articles)
    (folder / "kbtool.yml").write_text(KBTOOL_CONFIG, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "kbtool", "build"], cwd=folder, check=True, capture_output=True)
    return folder / "site"


def _fetched(browser: Browser, address: str, query: str, box: str, result: str) -> tuple[int, int]:
    """Return the bytes and the number of files that one visitor's first query takes, what the page had before aside."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks its handlers
    page.locator(box).first.press_sequentially(query, delay=40)
    page.locator(result).first.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    own = [answer for answer in answers if answer.url.startswith(address) and answer.ok]
    size = sum(_sent(answer) for answer in own)
    context.close()
    return size, len(own)


def _sent(answer: Response) -> int:
    """Return what a host that compresses would send: Pagefind's own files are compressed already."""
    body = answer.body()
    ready = urlsplit(answer.url).path.rpartition(".")[2] in ("pf_meta", "pf_index", "pf_fragment", "pagefind", "pf_filter")
    return len(body) if ready else len(gzip.compress(body, 9))


if __name__ == "__main__":
    main()
