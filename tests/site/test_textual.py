"""Articles as Markdown."""

import pytest

from kbtool.site.textual import html_to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One\ntwo <strong>three </strong>four</p><p>Five</p>", "One two **three** four\n\nFive"),
        ('<h2 id="x">A <code>b</code></h2>\n<p>c</p>', "## A `b`\n\nc"),
        ('<ol class="steps">\n<li>One</li>\n<li>Two\n<ul>\n<li>Three</li>\n</ul>\n</li>\n</ol>', "1. One\n2. Two\n   - Three"),
        (
            '<ol start="3"><li><p>a</p><pre><code>x\n\n\n  y</code></pre></li></ol>',
            "3. a\n\n   ```\n   x\n   \n   \n     y\n   ```",
        ),
        (
            '<p><a href="../b/?a=1&amp;b=2">x</a> <a>dead</a> <img src="i.png" alt="An &lt;i&gt;"></p>',
            "[x](../b/?a=1&b=2) dead ![An <i>](i.png)",
        ),
        ('<pre><code class="language-py">a = "&lt;"\n# `b` ```</code></pre>', '````py\na = "<"\n# `b` ```\n````'),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<table><thead><tr><th>A</th><th>B</th></tr></thead>\n<tbody><tr><td>1 | 2</td><td><em>x</em></td></tr></tbody></table>",
            "| A | B |\n| --- | --- |\n| 1 \\| 2 | *x* |",
        ),
        ("<details><summary><h2>Why?</h2></summary><div>So.</div></details>", "## Why?\n\nSo."),
        ("<details><summary>More</summary><p>So.</p></details>", "**More**\n\nSo."),
        ("<p>a<br>b</p><hr><p>2 * 3 [x] &lt;y&gt;</p>", "a\\\nb\n\n---\n\n2 \\* 3 \\[x\\] \\<y>"),
        ("<p>one</b></p></div><p>two", "one\n\ntwo"),
        ("<p><!-- a secret -->a<script>b()</script></p>", "a"),
        ("<dl><dt>T</dt><dd>Means</dd></dl>", "**T**\n\n: Means"),
        ('<ul><li><input type="checkbox" checked> done</li></ul>', "- [x] done"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown + "\n"


def test_deep_nesting_ends() -> None:
    assert "deep" in html_to_markdown("<div>" * 2000 + "deep")
