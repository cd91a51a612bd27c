"""kbtool.content.frontmatter: the head of a file, in our words and in other tools'."""

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.content.frontmatter import Source, read_source
from kbtool.model import Meta

DAY = datetime.date(2025, 3, 31)


def meta_of(head: str) -> Meta:
    """Return what front matter without a fault says."""
    source = read_source(f"---\n{head}\n---\nText", "a.md")
    assert source.problems == ()
    return source.meta


def faults(text: str) -> list[tuple[int, str, str]]:
    """Return line, rule and severity of each problem."""
    return [(problem.line, problem.rule, problem.severity) for problem in read_source(text, "a.md").problems]


@pytest.mark.parametrize(
    ("text", "title", "body", "line"),
    [
        ("---\ntitle: A\n---\nText", "A", "Text", 4),
        ("---\ntitle: A\n...\nText\n---\n", "A", "Text\n---\n", 4),
        ("---  \ntitle: A\n--- \n\nText", "A", "\nText", 4),
        ("---\ntitle: A\n---", "A", "", 3),
        ("---\n---\nText", "", "Text", 3),
        ("---\n\n---\nText", "", "Text", 4),
        ("Text\n---\ntitle: A\n---\n", "", "Text\n---\ntitle: A\n---\n", 1),
        ("---\nwords, and a line\n\nText", "", "---\nwords, and a line\n\nText", 1),
        ("", "", "", 1),
        ("---", "", "---", 1),
    ],
)
def test_head_and_body_are_told_apart(text: str, title: str, body: str, line: int) -> None:
    assert read_source(text, "a.md") == Source(Meta(title=title), body, line, ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n---\ntitle: A\n---\nText", 3),
        ("----\ntitle: A\n----\nText", 2),
        ("\u2014--\nstatus: draft\n\u2014--\nText", 2),
        ("title: A\nsummary: B\n\nText", 1),
    ],
)
def test_a_head_that_nobody_would_see_is_told_and_holds_its_article_back(text: str, line: int) -> None:
    source = read_source(text, "a.md")
    assert [(problem.line, problem.rule) for problem in source.problems] == [(line, "broken-yaml")]
    assert source.meta.status == "draft"


@pytest.mark.parametrize("text", ["Title: no", "Text\n\ntitle: no", "-----\n\nNote: below a line", "# A\n\n---\ntype: x\n"])
def test_what_only_looks_like_a_head_is_text(text: str) -> None:
    assert read_source(text, "a.md").problems == ()


CONFLICT = "<<<<<<< HEAD\nsummary: a\n=======\nsummary: b\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"---\ntitle: A\n{CONFLICT}---\nText", 3),
        (f"# A\n\n{CONFLICT}", 3),
        ("# A\n\nfirst\n=======\nsecond\n>>>>>>> branch\n", 4),
        (f"# A\n\n```\n{CONFLICT}```\n", 0),
        (f"# A\n\n    {CONFLICT}".replace("\n", "\n    "), 0),
        ("A\n=======\n\nText with ======= in it.\n", 0),
        ("# A\n\nfirst\nsecond\n>>>>>>> branch\n", 5),
        ("# A\n\n``` git ``` says:\n\nfirst\n>>>>>>> branch\n", 6),
        (">>>>>>> seven times quoted\n", 0),
        ("A\n\n> once\n>>>>>>> seven times quoted\n>>>>>>> and again\n", 0),
    ],
)
def test_a_merge_that_nobody_finished_is_told_as_such(text: str, line: int) -> None:
    assert faults(text) == ([(line, "merge-conflict", "error")] if line else [])


def test_a_head_without_an_end_is_a_problem() -> None:
    source = read_source("---\ntitle: A\n\nText", "a.md")
    assert [(problem.line, problem.rule) for problem in source.problems] == [(1, "broken-yaml")]


@pytest.mark.parametrize(
    ("head", "meta"),
    [
        ("last_reviewed_on: 2025-03-31\nreview_in: 6 months", Meta(reviewed=DAY, review_every="6 months")),
        ("ms.date: 03/31/2025", Meta(reviewed=DAY)),
        ("ms.date: 2025-03-31", Meta(reviewed=DAY)),
        ("lastmod: 2025-03-31T12:00:00+02:00", Meta(updated=DAY)),
        ("date: 2025-03-31 12:00", Meta(updated=DAY)),
        ("date: 2024-01-01\nlastmod: 2025-03-31", Meta(updated=DAY)),
        ("updated: 2025-03-31\ndate: 2024-01-01", Meta(updated=DAY)),
        ("tags: [a, b]\nlabels: [b, c]\nkeywords: [d]", Meta(keywords=("d", "a", "b", "c"))),
        ("tags: money back, refund", Meta(keywords=("money back", "refund"))),
        ("description: In short.", Meta(summary="In short.")),
        ("draft: true", Meta(status="draft")),
        ("draft: false", Meta()),
        ("title: 404\nid: 4408893476242", Meta(title="404", id="4408893476242")),
        ("pinned: yes\norder: 2", Meta(pinned=True, order=2)),
    ],
)
def test_other_tools_words_are_understood(head: str, meta: Meta) -> None:
    assert meta_of(head) == meta


@pytest.mark.parametrize(
    "comment",
    [
        "<!--* freshness: { owner: 'ada' reviewed: '2025-03-31' } *-->",
        '<!--*\nfreshness: { reviewed: "2025-03-31", owner: ada }\n*-->',
        "<!--*freshness:{owner:'ada'reviewed:'2025-03-31'}*-->",
    ],
)
def test_a_comment_says_who_checked_it_and_when(comment: str) -> None:
    source = read_source(f"# Title\n\n{comment}\n\nText", "a.md")
    assert (source.meta, source.problems) == (Meta(owner="ada", reviewed=DAY), ())


def test_front_matter_goes_before_the_comment() -> None:
    text = "---\nowner: eve\nreviewed: 2025-04-01\n---\n<!--* freshness: { owner: 'ada' reviewed: '2025-03-31' } *-->"
    assert read_source(text, "a.md").meta == Meta(owner="eve", reviewed=datetime.date(2025, 4, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: A\ntitel: B\n---\n", [(3, "unknown-key", "warning")]),
        ("---\nreview_every: often\n---\n", [(2, "wrong-value", "error")]),
        ("---\nreviewed: 2026-02-30\n---\n", [(2, "wrong-value", "error")]),
        ("---\ntitle: A\nms.date: 31/31/2025\n---\n", [(3, "wrong-value", "error")]),
        ("\n<!--* freshness: { reviewed: 'May' } *-->", [(2, "wrong-value", "error")]),
        ("---\ntitle: A\nslug: a\n---\n", [(3, "unknown-key", "warning")]),
        ("---\ntitle: A\nslug: ../../a\n---\n", [(3, "outside-content", "error")]),
        ("---\npermalink: /../a/\n---\n", [(2, "outside-content", "error")]),
        ("---\npermalink: ..\\a\n---\n", [(2, "outside-content", "error")]),
        ("---\ntitle: '" + "x" * 70_000 + "'\n---\n", [(1, "too-large", "error")]),
    ],
)
def test_a_fault_is_told_at_its_line(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    "head",
    [
        "title: a: b\naudience: agents",
        "audiance: agents",
        "audience: agent",
        "status: Drafts",
        "draft: maybe",
        "title: x\nTitle: [y",
        "statsu: draft",
    ],
)
def test_what_may_not_be_for_everybody_is_held_back(head: str) -> None:
    source = read_source(f"---\n{head}\n---\nText", "a.md")
    assert source.meta.status == "draft"
    assert "until then the article is a draft" in source.problems[0].hint


@pytest.mark.parametrize(
    "text", ["---\naudience: agents\n\nText", "---\naudience: agents\nsummary: " + "x" * 70_000 + "\n---\nText"]
)
def test_a_head_that_is_not_read_holds_its_article_back(text: str) -> None:
    assert read_source(text, "a.md").meta.status == "draft"


@pytest.mark.parametrize("head", ["titel: x", "order: first", "title: [x]"])
def test_another_fault_holds_nothing_back(head: str) -> None:
    assert read_source(f"---\n{head}\n---\nText", "a.md").meta.status == "published"


@pytest.mark.parametrize(
    "text",
    [
        "<!--* freshness: {" * 100_000,
        "<!--*" + " " * 1_000_000 + "freshness: {",
        "---\n" + "#\n" * 500_000,
        "---\n" + "\n" * 60_000 + "slug: a\n---\n",
        "---\n" * 200_000,
        "---\n" + " \n" * 1_000_000,
    ],
    ids=["comments", "spaces", "remarks", "lines", "rules", "blanks"],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    read_source(text, "a.md")
    assert time.process_time() - start < 3


@given(st.text())
def test_the_body_is_all_that_is_not_the_head(text: str) -> None:
    source = read_source(text, "a.md")
    assert text.endswith(source.body)
    assert source.first_line == 1 + text[: len(text) - len(source.body)].count("\n")


@given(st.text(alphabet=st.sampled_from("-. \n#'\"a:[]{}<!*&|>%@`")).map(lambda head: f"---\n{head}\n---\nText"))
def test_no_head_makes_it_fail(text: str) -> None:
    assert text.endswith(read_source(text, "a.md").body)
