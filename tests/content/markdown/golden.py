"""The golden files: Markdown, the HTML it becomes, and what is told about it. Run this file to write them anew, then read the difference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbtool.content.markdown import Markdown, MarkdownOptions, render_markdown

FOLDER = Path(__file__).with_name("golden")
OPTIONS = MarkdownOptions(
    variables={"product": "Acme Desk", "phone": "+1 555 0100", "portal": "https://portal.example/start"},
    glossary={"sandbox": "A copy of your account to try things in.", "API": "How programs talk to Acme."},
    snippets={
        "contact": "Call us at **{{ phone }}**.\n\n- every day\n- [by form](../contact.md)",
        "round": "{{ snippet about }}",
        "about": "{{ snippet round }}",
    },
    old_urls=("https://help.example/hc/*/articles/{id}-*",),
)
_CASE = re.compile(r"^=== ([^\n]*)\n(.*?)^--- html\n(.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a golden file."""

    file: str
    title: str
    source: str
    result: str

    def __str__(self) -> str:
        """The case's name in pytest's words."""
        return f"{self.file}: {self.title}"


def cases() -> Iterator[Case]:
    """Yield every case of every golden file."""
    for file in sorted(FOLDER.glob("*.txt")):
        for title, source, result in _CASE.findall(file.read_text(encoding="utf-8")):
            yield Case(file.stem, title, source, result)


def shown(source: str) -> str:
    """Return what a case shows: the HTML, then whatever else there is to tell."""
    article = render_markdown(source, "case.md", 1, OPTIONS, None)
    return article.html + "".join(f"--- {name}\n{text}\n" for name, text in _facts(article) if text)


def _facts(article: Markdown) -> Iterator[tuple[str, str]]:
    yield "title", article.title
    yield "type", article.guessed_type if article.guessed_type != "article" else ""
    yield "links", "\n".join(f"{number}: {link.target}" for number, link in enumerate(article.links))
    yield "problems", "\n".join(map(str, article.problems))


def write() -> None:
    """Write every golden file anew from its Markdown."""
    for file in sorted(FOLDER.glob("*.txt")):
        found = [case for case in cases() if case.file == file.stem]
        text = "".join(f"=== {case.title}\n{case.source}--- html\n{shown(case.source)}\n" for case in found)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
