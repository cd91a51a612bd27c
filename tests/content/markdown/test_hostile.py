"""Input that means harm, or that nobody meant: an answer in bounded time, and nothing in it that runs."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtool.content.markdown import Markdown, MarkdownOptions, render_markdown
from tests.thorough import tries

OPTIONS = MarkdownOptions(
    variables={"a": "b"},
    glossary={"API": "x", "a b": "y"},
    snippets={
        "s": "x",
        "loop": "{{ snippet loop }}",
        "bomb": "{{ snippet bomb2 }}\n" * 50,
        "bomb2": "{{ snippet bomb3 }}\n" * 50,
        "bomb3": "x\n" * 50,
    },
    old_urls=("https://h.example/*/a/*/{id}-*",),
)
RUNS = re.compile(r"\s*(?:javascript|vbscript|data(?!:image/(?:png|gif|jpeg|webp);base64,))\s*:", re.IGNORECASE)
NEVER = frozenset(
    ("script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta", "link", "template")
)

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img/src=x/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='https://www.youtube.com.evil.example/embed/aaaaaaaaaaa'></iframe>",
    "<div data-video='javascript:alert(1)'>x</div>",
    "<div data-video='https://evil.example/embed/x'>x</div>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:image/svg+xml;base64,PHN2Zz4='>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='kb:0'>x</a><a href='kb:99999'>x</a>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><input type=submit></form>",
    "<button onclick='alert(1)' formaction='javascript:alert(1)'>x</button>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>",
    "<video src='javascript:alert(1)' onerror=alert(1)><source src='javascript:alert(1)'></video>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml ?><script>alert(1)</script>",
    "<x onclick=alert(1)>x</x>",
    "<p id='\"><script>alert(1)</script>'>x</p>",
    "<h2 onclick=alert(1)>x</h2>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](JAVASCRIPT&colon;alert(1))",
    "[x](javascript&#x3a;alert(1))",
    "[x](java\\\nscript:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](a.png)',
    '[x](a.md "\\" onclick=\\"alert(1)")',
    '![a](b.png "<script>alert(1)</script>")',
    "<javascript:alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '## x {#"onclick=alert(1)}',
    '[x](a.md){onclick=alert(1) .a"b}',
    '```"><script>alert(1)</script>\nx\n```',
    '::: note "><script>alert(1)</script>\nx\n:::',
    '::: x"onclick=alert(1)\nx\n:::',
    "::: details <img src=x onerror=alert(1)>\nx\n:::",
    "::: tabs\n== <img src=x onerror=alert(1)>\nx\n:::",
    "*[API]: <img src=x onerror=alert(1)>\n\nAPI",
    '[https://www.youtube.com/watch?v=aaaaaaaaaaa](https://www.youtube.com/watch?v=aaaaaaaaaaa"onclick=alert(1))',
    '| a"onclick=alert(1) |\n|---|\n| <img src=x onerror=alert(1)> |',
    "[^<script>]\n\n[^<script>]: x",
)


class Watcher(HTMLParser):
    """Reads HTML as a browser does, and keeps what could run."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep tags that run, handlers, and addresses that run."""
        self.found += [tag] if tag in NEVER else []
        for name, value in attrs:
            if (
                name.startswith("on")
                or name in ("style", "srcdoc", "formaction", "action", "xlink:href")
                or RUNS.match(value or "")
            ):
                self.found.append(f"{name}={value}")
            if name in ("href", "src") and (value or "").startswith("kb:") and not re.fullmatch(r"kb:\d{1,5}", value or ""):
                self.found.append(f"{name}={value}")


def render(body: str, options: MarkdownOptions = OPTIONS) -> Markdown:
    return render_markdown(body, "a.md", 1, options, None)


def what_runs(article: Markdown) -> list[str]:
    watcher = Watcher()
    watcher.feed("".join((article.html, *(question.html for question in article.questions))))
    watcher.close()
    return watcher.found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_runs(payload: str) -> None:
    for body in (payload, f"Text {payload} text", f"- {payload}", f"## {payload}?\n\n{payload}\n\n## How?\n\n> {payload}"):
        article = render(body)
        assert what_runs(article) == []
        marks = {int(mark) for mark in re.findall(r'"kb:(\d+)"', article.html)}
        assert marks <= set(range(len(article.links)))


def test_the_watcher_sees_what_runs() -> None:
    watcher = Watcher()
    watcher.feed("<a href='javascript:x'><img onerror=x><script>")
    assert len(watcher.found) == 3


@pytest.mark.parametrize(
    "unit",
    ["[", "![", "{", "{{ a }} ", "*", "<", "<a ", '<a "', "<!--", "<style>", "<h2>", "<https://", "http://a.b_c ", ":::", "::: note\n", "> ", "- ",
     "# a\n", "|a|b|\n|-|-|\n", "1. a\n\n![x](y)\n\n", "[a](b ", "API ", "{{ snippet s }}\n\n", "*[a]: b\n", "<a><b>", "a\n: b\n", "`", "&"],
)  # fmt: skip
def test_bounded_time(unit: str) -> None:
    render("warm")
    seconds = {size: _seconds(unit * (size // len(unit))) for size in (2_000, 8_000)}
    assert seconds[8_000] < max(0.25, 12 * seconds[2_000])


def _seconds(body: str) -> float:
    start = time.process_time()
    render(body)
    return time.process_time() - start


def test_thousands_of_headings() -> None:
    article = render("## heading\n\ntext\n\n" * 4_000)
    assert len(article.headings) == len({heading.id for heading in article.headings}) == 4_000


@pytest.mark.parametrize(
    "body", ["> " * 1000 + "x", "".join("  " * depth + "- a\n" for depth in range(1000)), "[" * 1000 + "x" + "](y)" * 1000]
)
def test_a_thousand_levels(body: str) -> None:
    assert render(body).html


def test_what_is_nested_too_deep_is_told() -> None:
    (problem,) = render("> " * 40 + "x").problems
    assert (problem.rule, problem.line) == ("too-deep", 1)


def test_snippets_that_call_more_and_more_snippets_end() -> None:
    article = render("{{ snippet bomb }}\n\n{{ snippet loop }}")
    assert {problem.rule for problem in article.problems} == {"snippet-cycle"}
    assert len(article.html) < 300_000


def test_bytes_that_are_no_text() -> None:
    article = render("a\0b \ufeff c\r\nd\re \u2028 f \U0010ffff\n\n\ud7ff")
    assert "\0" not in article.html
    assert article.words


MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "## ", "- ", "1. ", "> ", "> [!NOTE]\n", "\n", "\n\n", "    ", "```\n", "::: tabs\n", "== a\n", ":::\n", "::: note\n", "[a](b c.md)",
             '![x](y "z")', "<b>", "</b>", "<div>\n", "<a href='x'>", "<!--", "-->", "{{ a }}", "{{ snippet s }}\n", "{#id}", "{.c}\n", "|", "|-|\n", "[^1]",
             "[^1]: ", "*", "**", "`", "~~", "\\", "&amp;", "https://a.example", "*[API]: x\n", "API", ": ", "- [x] ", "<port>", "?", "---\n", "\t"]
        ),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=tries(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKDOWN, st.sampled_from([None, "faq", "instructions", "troubleshooting", "article"]))
def test_any_text_renders(body: str, article_type: None) -> None:
    article = render_markdown(body, "a.md", 1, OPTIONS, article_type)
    assert what_runs(article) == []
    ids = re.findall(r'<[^<>]*\sid="([^"]*)"', article.html)
    assert len(ids) == len(set(ids))
    assert {int(mark) for mark in re.findall(r'"kb:(\d+)"', article.html)} <= set(range(len(article.links)))
    assert all(problem.line >= 1 for problem in article.problems)
    assert [section.id for section in article.sections if section.id] == [
        heading.id for heading in article.headings if heading.level <= 3
    ]
