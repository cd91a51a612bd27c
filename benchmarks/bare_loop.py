"""The least that a Python program can do: markdown-it-py and Jinja2, one page after the other, one list of pages a topic."""

import sys
from collections import defaultdict
from pathlib import Path

import jinja2
import yaml
from markdown_it import MarkdownIt

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<nav>{{ topic|safe }}</nav><main><h1>{{ title }}</h1>{{ body|safe }}</main></body></html>"""


def main(content: Path, output: Path) -> None:
    """Write a page for each article."""
    template = jinja2.Environment(autoescape=True).from_string(PAGE)
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    topics = defaultdict(list)
    for file in sorted(content.rglob("*.md")):
        _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
        topics[file.parent].append((file, yaml.load(head, yaml.CSafeLoader)["title"], body))
    for articles in topics.values():
        links = "".join(f'<li><a href="../{file.stem}/">{title}</a>' for file, title, _ in articles)
        for file, title, body in articles:
            page = output / file.relative_to(content).with_suffix("") / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            words = template.render(title=title, topic=links, body=parser.render(body))
            page.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
