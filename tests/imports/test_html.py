"""kbtool.imports: whatever another tool wrote, it becomes Markdown, and never an accident."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.imports.mkdocs import translate

pytest.importorskip("markdownify")
from kbtool.imports.html import Carrier, html_to_markdown, take_apart

PIECES = (
    "<p>",
    "</p>",
    "<ul><li>",
    "</li></ul>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<a href='x#y'>",
    "</a>",
    "<img src=a alt='[x]'>",
)
MORE = (
    "<div class=note>",
    "</div>",
    "<pre>",
    "</pre>",
    "{{x}}",
    ":::",
    "# ",
    "1. ",
    "&lt;b&gt;",
    "<!--",
    "|",
    "`",
    "<iframe src=//v>",
)
HTML = st.lists(st.sampled_from((*PIECES, *MORE)) | st.text(max_size=5), max_size=20).map("".join)


def convert(html: str) -> str:
    return html_to_markdown(html, Carrier(lambda address, _purpose: address))


@settings(deadline=None)
@given(HTML)
def test_no_html_makes_it_fail(html: str) -> None:
    assert convert(html).endswith("\n")
    assert take_apart(html).title == " ".join(take_apart(html).title.split())


@given(st.text())
def test_no_markdown_makes_it_fail(body: str) -> None:
    assert translate(body).endswith("\n")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a &lt;script&gt; {{ b }}</p>", "a \\<script> \\{{ b }}\n"),
        ("<p># no heading</p><p>- no list</p><p>2. none</p><p>::: note</p>", "\\# no heading\n\n\\- no list\n\n2\\. none\n\n\\::: note\n"),
        ("<details><summary>More</summary><p>x</p></details>", "::: details More\nx\n:::\n"),
        ("<section class='callout-red'>x</section>", "::: caution\nx\n:::\n"),
        ("<table><tr><td rowspan=2 style='x'>a</td><td><ul><li>b</li></ul></td></tr></table>",
         '<table><tr><td rowspan="2">a</td><td><ul><li>b</li></ul></td></tr></table>\n'),
        ("<p><a href='my page.html'>x</a></p>", "[x](my%20page.html)\n"),
        ("<pre>a < b {{c}}</pre>", "```\na < b {{c}}\n```\n"),
    ],
)  # fmt: skip
def test_what_html_becomes(html: str, markdown: str) -> None:
    assert convert(html) == markdown
