"""What an article gives besides its HTML."""

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from kbtool.content.markdown import Markdown, MarkdownOptions, fill_variables, old_url_id, parser, render_markdown
from kbtool.kinds import ArticleType
from kbtool.model import Heading, Section
from kbtool.problems import Problem

PLAIN = MarkdownOptions()


def render(
    body: str, options: MarkdownOptions = PLAIN, article_type: ArticleType | None = None, *, path: str = "a.md", line: int = 1
) -> Markdown:
    return render_markdown(body, path, line, options, article_type)


def test_lines_are_lines_of_the_file() -> None:
    body = "# T\n\none\ntwo [a](a.md)\n\n## H\n\n- x\n- [b](b.md) ![c](c.png)\n\n<p>\n<a href='d.md'>d</a></p>\n\n{{ x }}\n"
    article = render(body, line=10)
    assert [(link.target, link.line) for link in article.links] == [("a.md", 13), ("b.md", 18), ("c.png", 18), ("d.md", 21)]
    assert article.headings == (Heading(2, "H", "h", 15),)
    assert [problem.line for problem in article.problems] == [23]


def test_a_problem_in_a_snippet_is_told_where_it_is_called() -> None:
    options = MarkdownOptions(snippets={"s": "one\n\ntwo {{ gone }}\n\n- [x](x.md)\n\n::: nothing\n:::\n"})
    article = render("a\n\nb\n\n{{ snippet s }}\n", options)
    assert {problem.rule: problem.line for problem in article.problems} == {"unknown-variable": 5, "unknown-container": 5}
    assert article.links[0].line == 5


def test_links_know_their_words_and_whether_they_are_images() -> None:
    article = render("[**a** `b`](x.md) [![alt](i.png)](y.md) <a href='z.md'>z *y*</a> https://example.com")
    assert [(link.text, link.image) for link in article.links] == [("a b", False), ("alt", False), ("alt", True), ("z y", False)]
    assert [(link.target, link.text) for link in article.external] == [("https://example.com", "https://example.com")]


def test_every_link_of_the_site_is_a_mark_and_every_mark_a_link() -> None:
    article = render(
        "[a](a.md) ![b](b.png)\n\n<a href=c.md>c</a> <img src='d.png'>\n\n<div><a href=\"e.md\">e</a></div>\n\n[f](#g)"
    )
    marks = re.findall(r'(?:href|src)="kb:(\d+)"', article.html)
    assert marks == [str(number) for number in range(len(article.links))]
    assert [link.target for link in article.links] == ["a.md", "b.png", "c.md", "d.png", "e.md", "#g"]


def test_sections_are_what_search_shows() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    article = render(f"Intro.\n\n## One\n\nFirst `code`.\n\n### Two\n\n{table}\n\n#### Deep\n\nMore.\n\n## Three\n")
    assert article.sections == (
        Section("", "", "Intro."),
        Section("one", "One", "First code."),
        Section("two", "Two", "a b 1 2 Deep More."),
        Section("three", "Three", ""),
    )
    assert article.text == "Intro. One First code. Two a b 1 2 Deep More. Three"
    assert article.words == 12


def test_questions_with_their_answers() -> None:
    article = render("## How?\n\nSo [x](x.md).\n\n### Why\n\nBecause.\n\n## What?\n\nThat.\n")
    assert article.guessed_type == "faq"
    how, what = article.questions
    assert (how.id, how.text, how.answer) == ("how", "How?", "So x. Why Because.")
    assert how.html == '<p>So <a href="kb:0">x</a>.</p>\n<h3 id="why">Why</h3>\n<p>Because.</p>\n'
    assert what.answer == "That."


def test_in_a_declared_faq_every_second_level_heading_is_a_question() -> None:
    body = "## Fees\n\nNone.\n\n## Hours\n\nAll.\n"
    assert len(render(body, article_type="faq").questions) == 2
    assert render(body).questions == ()


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("## How do I?\n\na\n\n## Can I pay\n\nb\n", "x.md", "faq"),
        ("## Wie bezahle ich\n\na\n\n## Kann ich zahlen\n\nb\n", "x.md", "faq"),
        ("## How to pay\n\na\n\n## What you need\n\nb\n", "x.md", "article"),
        ("1. Open\n2. Close\n", "x.md", "instructions"),
        ("Text\n\n## Schritt 1: Auf\n\na\n\n## Schritt 2: Zu\n\nb\n", "x.md", "instructions"),
        ("1. Open\n", "x.md", "article"),
        ("Long.\n\n" * 20 + "1. a\n2. b\n", "x.md", "article"),
        ("1. a\n2. b\n", "About-fees.md", "article"),
        ("- Paper\n- Ink\n", "If-the-printer-doesnt-print.md", "troubleshooting"),
        ("# Drucker funktioniert nicht\n\n- Papier\n", "x.md", "troubleshooting"),
        ("## Ursache\n\na\n\n## Lösung\n\nb\n", "x.md", "troubleshooting"),
        ("Text.\n", "x.md", "article"),
    ],
)
def test_the_type_is_told_from_the_text(body: str, path: str, expected: ArticleType) -> None:
    assert render(body, path=path).guessed_type == expected


def test_the_title_is_a_leading_first_level_heading() -> None:
    options = MarkdownOptions(variables={"p": "Acme"})
    article = render("<!-- a comment -->\n# Start `{{ p }}` {{ p }}\n\nText\n", options)
    assert (article.title, article.html, article.first_paragraph) == ("Start {{ p }} Acme", "<p>Text</p>\n", "Text")


def test_the_first_paragraph_says_something() -> None:
    assert render("![x](x.png)\n\nYou need:\n\n- a\n\nReal *words*.\n").first_paragraph == "Real words."


def test_ids_are_unique_whoever_gives_them() -> None:
    article = render('<a id="fees"></a>\n\n## Fees\n\n## Fees\n\n<p id="fees">x</p>\n\n## One {#x}\n\n## Two {#x}\n\n## ???\n')
    ids = re.findall(r'\bid="([^"]+)"', article.html)
    assert ids == ["fees", "fees-1", "fees-2", "x", "x-1", "section"]
    assert article.anchors == frozenset(ids)


def test_a_glossary_explains_each_term_once_an_article() -> None:
    options = MarkdownOptions(glossary={"API": "x", "beta version": "y", "C++": "z"})
    html = render("API apis API.\n\nBeta version, alphabeta version, C++!", options).html
    assert re.findall(r">([^<]+)</button>", html) == ["API", "Beta version", "C++"]


def test_the_renderer_speaks_the_language_of_the_site() -> None:
    html = render("> [!TIP]\n> x\n\n- [x] y\n\n| a |\n|---|\n| b |\n", MarkdownOptions(language="de-CH")).html
    assert ">Tipp<" in html
    assert 'aria-label="erledigt"' in html
    assert 'aria-label="Tabelle"' in html


def test_trusted_html_is_kept_with_its_links_marked() -> None:
    html = render(
        '<script src="x.js"></script>\n\n<my-tag onclick="a()"><a href="b.md">b</a></my-tag>', MarkdownOptions(trusted_html=True)
    ).html
    assert "<script" in html
    assert 'onclick="a()"' in html
    assert 'href="kb:0"' in html


def test_variables_in_titles() -> None:
    assert fill_variables("{{ a }} {{b}} {{ a }} {{ 1 }}", {"b": "B"}) == ("{{ a }} B {{ a }} {{ 1 }}", ("a",))
    assert fill_variables("none", {}) == ("none", ())


def test_a_value_is_text_not_markup() -> None:
    options = MarkdownOptions(variables={"x": "<b>*&*</b>"})
    assert render("{{ x }}", options).html == "<p>&lt;b&gt;*&amp;*&lt;/b&gt;</p>\n"
    assert "&lt;b&gt;" in render("<div>{{ x }}</div>", options).html


@pytest.mark.parametrize(
    ("url", "pattern", "expected"),
    [
        ("https://a.example/hc/en-us/articles/12-Title", "https://a.example/hc/*/articles/{id}-*", "12"),
        ("http://a.example/hc/de/articles/12-T-t?x#y", "https://a.example/hc/*/articles/{id}-*", "12"),
        ("https://a.example/hc/de/articles/12", "https://a.example/hc/*/articles/{id}-*", "12"),
        ("https://a.example/kb/12.html", "https://a.example/kb/{id}.html", "12"),
        ("https://b.example/hc/de/articles/12", "https://a.example/hc/*/articles/{id}-*", None),
        ("https://a.example/blog/12", "https://a.example/hc/{id}", None),
    ],
)
def test_old_addresses(url: str, pattern: str, expected: str | None) -> None:
    assert old_url_id(url, (pattern,)) == expected


def test_a_loss_is_told_once_an_article() -> None:
    article = render('<p style="a">x</p>\n\n<p style="b">y</p>\n\n<p align="left">z</p>\n')
    message = 'the attribute "style" is not kept: it is not among the safe ones'
    hint = 'take it out, or set "trusted_html: true" in kbtool.yml if you trust all who write here'
    assert article.problems == (Problem("a.md", 1, "unsafe-html", message, hint, "hint"),)


def test_plugins_can_do_what_markdown_it_lets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def shout(md: MarkdownIt) -> None:
        md.core.ruler.push("shout", louder)

    def louder(state: StateCore) -> None:
        for token in state.tokens:
            for child in token.children or ():
                child.content = child.content.upper()

    monkeypatch.setattr(parser, "all_of", lambda group: (shout,) if group == "kbtool.markdown_plugins" else ())
    parser.parser.cache_clear()
    try:
        assert render("hello").html == "<p>HELLO</p>\n"
    finally:
        parser.parser.cache_clear()


def test_code_whose_language_is_a_space_that_is_typed_as_an_entity() -> None:
    assert "<code>x\n</code>" in render_markdown("```&nbsp;\nx\n```\n", "a.md", 1, MarkdownOptions(), None).html


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# Pay\n\nText.\n", "Pay"),
        ("<!-- draft -->\n\n![Logo](logo.png)\n\n# Pay\n\nText.\n", "Pay"),
        ("Billing\n\n# Pay\n\n## How\n\nText.\n", "Pay"),
        ("## How\n\nText.\n\n# Pay\n", ""),
        ("Text.\n\n# Pay\n\n# Return\n", ""),
        ("> # Pay\n\nText.\n", ""),
    ],
)
def test_the_title_is_the_first_heading_where_only_it_can_be_meant(body: str, title: str) -> None:
    article = render(body)
    assert article.title == title
    assert [heading.text for heading in article.headings] == [
        text for text in re.findall("(?m)^[> ]*#+ (.*)", body) if text != title
    ]


def test_a_heading_below_other_words_stays_when_the_front_matter_has_the_title() -> None:
    article = render_markdown("Text.\n\n# Pay\n\nMore.\n", "a.md", 1, PLAIN, None, titled=True)
    assert (article.title, article.headings) == ("", (Heading(2, "Pay", "pay", 3),))


def test_headings_that_begin_deep_or_high_are_written_from_the_second_level_on() -> None:
    deep = render("### How do I pay?\n\nSo.\n\n#### By card\n\nYes.\n\n### How do I return it?\n\nSo.\n")
    assert [heading.level for heading in deep.headings] == [2, 3, 2]
    assert [question.text for question in deep.questions] == ["How do I pay?", "How do I return it?"]
    assert not deep.problems
    high = render("# Pay\n\nText.\n\n# Card\n\n### Fees\n")
    assert [heading.level for heading in high.headings] == [2, 3]
    assert [problem.message for problem in high.problems] == ['the heading "Fees" is of level 3, below one of level 1']


def test_the_parts_of_an_arabic_article_are_known() -> None:
    done = render("## قبل أن تبدأ\n\nب\n\n1. ب\n2. ت\n\n## النتيجة المتوقعة\n\nث\n")
    assert re.findall(r'<section class="([a-z]+)">', done.html) == ["before", "done"]
    mended = render("## المشكلة\n\nب\n\n## الأسباب المحتملة\n\nب\n\n## خطوات الحل\n\nت\n")
    assert mended.guessed_type == "troubleshooting"
    assert re.findall(r'<section class="([a-z]+)">', mended.html) == ["symptom", "cause", "fix"]


@pytest.mark.parametrize(
    ("paragraph", "alone"),
    [
        ("![A](a.png)", True),
        ("[![A](a.png)](https://example.com)", True),
        ("![A](a.png) says", False),
        ("Press ![A](a.png)", False),
        ("[A](https://example.com)", False),
        ("![A](a.png) ![B](b.png)", False),
    ],
)
def test_a_paragraph_that_is_a_picture_is_marked(paragraph: str, alone: bool) -> None:  # noqa: FBT001 - a case
    assert ('<p class="picture">' in render(f"{paragraph}\n").html) == alone


@pytest.mark.parametrize(("lines", "marked"), [("![A](a.png)\n![B](b.png)", [True, True]), ("![A](a.png)\nsays", [False])])
def test_pictures_in_lines_below_one_another_are_all_marked(lines: str, marked: list[bool]) -> None:
    assert ['class="picture"' in tag for tag in re.findall("<img[^>]*>", render(f"{lines}\n").html)] == marked


def test_a_picture_in_a_line_of_its_own_is_marked_where_words_stand_above() -> None:
    html = render("1. Press ![B](b.png) now.\n   ![Shot](a.png)\n2. Done.\n").html
    assert [bool(re.search("picture", tag)) for tag in re.findall("<img[^>]*>", html)] == [False, True]
