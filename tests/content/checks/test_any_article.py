"""Whatever stands in an article, every rule ends, and what it finds has a line of the file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.content.article import Order, make_article
from kbtool.content.checks.examine import examine_article
from kbtool.content.checks.records import Setup
from kbtool.content.frontmatter import read_source
from kbtool.content.markdown import MarkdownOptions, render_markdown
from kbtool.content.scan import File
from kbtool.content.topics import Defaults
from kbtool.kinds import ArticleType
from kbtool.terms import Term
from tests.thorough import tries

PIECES = (
    *(
        "# A",
        "## B",
        "#### C `code`",
        "## ",
        "1. Open **Save** in the menu.",
        "7. Select it, and then press OK.",
        "- one",
        "   - two",
    ),
    *(
        "   indented",
        "![](a.png)",
        "![img](b.gif)",
        "[here](c.md)",
        "<https://a.example/b>",
        "> [!NOTE]",
        "> **Warning:** x",
        ":::note",
    ),
    *(
        ":::",
        "::: tabs",
        "== Tab",
        "```",
        "`03/04/2025`",
        "03/04/2025 TODO xxx",
        "| a | b |",
        "|---|---|",
        "Term",
        ": meaning",
        "[^1]: note",
    ),
    *(
        "<!-- kbtool: off title -->",
        "<!--",
        "-->",
        "<details>",
        "Log in to the CVV (Card Verification Value).",
        "jane.roe@parcels.io",
        "***",
    ),
    *(
        "4539 5787 6362 1486",
        "Der Text ist auf Deutsch, und das ist nicht alles.",
        "{{ x }}",
        "{{ snippet y }}",
        "",
        "",
        "\u202e",
        "word " * 45,
    ),
)
SETUP = Setup(terms=(Term("sign in", avoid=("log in",)), Term("B", was=("A",))), glossary={"CVV": "three digits"})
KINDS: tuple[ArticleType | None, ...] = ("faq", "instructions", "troubleshooting", "article", None)


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=25), st.sampled_from(KINDS), st.booleans())
def test_every_finding_has_a_line_of_the_file(pieces: list[str], kind: ArticleType | None, headed: bool) -> None:  # noqa: FBT001 - what hypothesis draws
    text = ("---\ntitle: A\n---\n" if headed else "") + "\n".join(pieces).replace("\r", "").replace("\0", "")
    source = read_source(text, "content/a/one.md")
    order = Order(File("a/one.md", "", 0, 0, 0), Defaults(type=kind), None, "", "Home")
    markdown = render_markdown(source.body, "content/a/one.md", source.first_line, MarkdownOptions(outline=True), kind)
    article = make_article(source, markdown, order, "content/a/one.md", "")
    examined = examine_article(article, markdown, text, setup=SETUP, shape="")
    assert [problem for problem in examined.problems if problem.rule == "internal-error"] == []
    lines = text.count("\n") + 1
    assert [str(problem) for problem in examined.problems if not 0 <= problem.line <= lines] == []
