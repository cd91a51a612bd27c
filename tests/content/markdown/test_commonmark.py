"""CommonMark's own examples, with the extras off: the HTML means the same."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from kbtool.content.markdown import MarkdownOptions, render_markdown

EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)
PLAIN = MarkdownOptions(trusted_html=True, extras=False)
EXAMPLES = 652
BLOCKS = frozenset(
    ("p", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "tr", "td", "th", "div")
)


def test_every_example_of_the_specification(npm_package: Callable[[str], Path]) -> None:
    text = (npm_package("commonmark-spec") / "spec.txt").read_text(encoding="utf-8").replace("→", "\t")
    examples = EXAMPLE.findall(text)
    assert len(examples) == EXAMPLES
    wrong = [(number, source) for number, (source, html) in enumerate(examples, 1) if meaning(render(source)) != meaning(html)]
    assert wrong == []


def test_the_comparison_sees_differences() -> None:
    assert meaning("<p>a  b</p>") == meaning("<p>a b</p>\n")
    assert meaning("<pre>a  b</pre>") != meaning("<pre>a b</pre>")
    assert meaning('<a href="x">') != meaning('<a href="y">')
    assert meaning("<p>a</p>") != meaning("<div>a</div>")


def render(source: str) -> str:
    return render_markdown(source, "example.md", 1, PLAIN, None).html


def meaning(html: str) -> list[object]:
    """Return what a browser would make of it: tags, attributes, text; spaces between blocks do not count."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.events()


class Reader(HTMLParser):
    """HTML as a list of what is in it."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__(convert_charrefs=True)
        self.seen: list[object] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and its attributes, in no order."""
        self.preformatted += tag == "pre"
        self.seen.append(("open", tag, tuple(sorted((name, value or "") for name, value in attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<br />` for `<br>`."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Keep the end."""
        self.preformatted -= tag == "pre"
        self.seen.append(("close", tag))

    def handle_data(self, data: str) -> None:
        """Keep the text, its spaces only where a browser shows them."""
        self.seen.append(data if self.preformatted else re.sub(r"\s+", " ", data))

    def handle_comment(self, data: str) -> None:
        """Keep the comment."""
        self.seen.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        """Keep `<!DOCTYPE>` and the like."""
        self.seen.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        """Keep `<?php ?>` and the like."""
        self.seen.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        """Keep `<![CDATA[]]>`."""
        self.seen.append(("unknown", data))

    def events(self) -> list[object]:
        """Return all of it, less the spaces beside blocks."""
        out: list[object] = []
        for index, event in enumerate(self.seen):
            kept = event
            if isinstance(kept, str):
                kept = kept.lstrip(" ") if index and is_block(self.seen[index - 1]) else kept
                last = index + 1 == len(self.seen) or is_block(self.seen[index + 1])
                kept = kept.rstrip(" ") if last else kept
            if kept:
                out.append(kept)
        return out


def is_block(event: object) -> bool:
    """Tell whether spaces beside it are not shown."""
    return isinstance(event, tuple) and event[0] in ("open", "close") and event[1] in BLOCKS
