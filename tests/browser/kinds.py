"""A built site -> one page of each kind."""

import re
from pathlib import Path

KINDS = ("home", "topic", "faq", "search", "a-z", "not-found")
ARTICLES = ("article", "faq", "instructions", "troubleshooting")


def pages_of_each_kind(site: Path) -> dict[str, str]:
    """Return, for each kind of page and each type of article, the address of the longest such page of a moderate length."""
    found: dict[str, tuple[int, str]] = {}
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for kind in re.findall(r'<body class="page-([a-z-]+)"|<article class="article article-([a-z]+)"', text):
            name = kind[0] or f"article of type {kind[1]}"
            url = page.relative_to(site).as_posix().removesuffix("index.html")
            found[name] = max(found.get(name, (0, "")), (min(len(text), 60_000), url))
    return {name: url for name, (_, url) in found.items() if name != "article"}
