"""A review goes into an article's front matter, and everything else stays as it was, byte for byte."""

import datetime
import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.content.amend import Amendment, amend_article, as_yaml
from kbtool.content.frontmatter import read_source
from kbtool.content.reviewing import review_article
from kbtool.content.wording import digest_wording
from kbtool.encoding import byte_order, decode_text
from kbtool.problems import Stop
from tests.thorough import tries

DAY = datetime.date(2026, 11, 22)
OURS = re.compile(rb"[ \t]*(?:reviewed|reviewed_by|reviewed_text|last_reviewed_on|[Mm]s\.date):")

names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)
texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\u2028\u2029\ufffe\uffff"), max_size=20
)
scalars = texts.map(lambda text: yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("...\n").strip("\n"))
entries = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(["title", "summary", "owner", "Review-Every", "other"]), scalars),
    st.builds("{}: plain # {}".format, st.sampled_from(["a", "b"]), texts),
    st.builds("# {}".format, texts),
    st.sampled_from(
        ["", "   ", "pinned: yes", "keywords: [a, 'b, c']", "tags:\n- one # 1\n- two\n# end", "related:\n  - x.md\n  - y.md"]
    ),
    st.sampled_from(
        ["summary: |\n  one\n  two\n", "summary: >-\n  one\n\n  two", 'owner: "a\n  b"', "nested:\n  reviewed: 1999-01-01"]
    ),
    st.sampled_from(
        ["reviewed: 2020-01-01", "reviewed:   2020-01-01   # then", "reviewed:", "reviewed_by: 'Bo'", "reviewed_text: x"]
    ),
    st.sampled_from(
        [
            "keywords: a, b c",
            'keywords: "x: y" # ours',
            "keywords:\n  - a # one\n  - b",
            "Keywords:\n- 'a'",
            "keywords:",
            "keywords: [\n  a,\n  b ]",
        ]
    ),
    st.sampled_from(["last_reviewed_on: 2020-01-01", "ms.date: 03/31/2020", "Ms.date: 2020-03-31 # American"]),
)


def key_of(entry: str) -> str:
    return entry.partition(":")[0].lower().replace("-", "_")


@st.composite
def articles(draw: st.DrawFn) -> bytes:
    """An article with any front matter, line ends and byte order mark, or with none of it."""
    lines = draw(st.lists(entries, max_size=8, unique_by=key_of))
    indent = draw(st.sampled_from(["", "", "  "]))
    typed = "".join(f"{indent}{line}\n" for entry in lines for line in entry.split("\n"))
    body = draw(
        st.sampled_from(
            ["", "\n# Title\n\nText.\n", "Text without an end", "Line\n\n---\n\nunder a rule\n", "\n\n  indented\t \n"]
        )
    )
    opening, closing = draw(st.sampled_from([("---\n", "---\n"), ("--- \n", "...\n"), ("---\t\n", "---  \n")]))
    text = draw(st.sampled_from([f"{opening}{typed}{closing}{body}", f"{opening}{typed}{closing}{body}", body]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    mark, encoding = draw(st.sampled_from([(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le")]))
    return mark + text.encode(encoding)


def others(data: bytes) -> list[bytes]:
    """The lines that a review may not touch."""
    mark, encoding = byte_order(data)
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data[len(mark) :].decode(encoding).encode())
    return [mark, *(line for line in lines if line and not OURS.match(line) and line.rstrip() != b"---")]


@settings(max_examples=tries(60), deadline=None)
@given(articles(), names)
def test_a_review_is_recorded_and_nothing_else_is_touched(data: bytes, person: str) -> None:
    before = read_source(decode_text(data, "x.md"), "x.md")
    if any(problem.rule == "broken-yaml" for problem in before.problems):
        with pytest.raises(Stop):
            review_article(data, "x.md", DAY, person)
        return
    result = review_article(data, "x.md", DAY, person)
    after = read_source(decode_text(result, "x.md"), "x.md")
    expected = replace(before.meta, reviewed=DAY, reviewed_by=after.meta.reviewed_by, reviewed_text=digest_wording(before.body))
    assert after.meta == expected
    assert " ".join(after.meta.reviewed_by.split()) == " ".join(after.meta.reviewed_by.split(" "))
    assert after.body == before.body
    assert others(result) == others(data)
    assert review_article(result, "x.md", DAY, person) == result


@settings(max_examples=tries(50), deadline=None)
@given(articles(), st.lists(st.sampled_from(["pin", "2fa", "log in", "no", "x: y", "it's"]), min_size=1, max_size=3, unique=True))
def test_keywords_are_added_and_nothing_else_is_touched(data: bytes, words: list[str]) -> None:
    before = read_source(decode_text(data, "x.md"), "x.md")
    if any(problem.rule == "broken-yaml" for problem in before.problems):
        return
    result = amend_article(data, "x.md", Amendment(additions={"keywords": words}))
    after = read_source(decode_text(result, "x.md"), "x.md")
    assert set(after.meta.keywords) == {*before.meta.keywords, *words}
    assert replace(after.meta, keywords=()) == replace(before.meta, keywords=())
    assert after.body == before.body
    kept = [line for line in others(data) if not re.match(rb"\s*(?:[Kk]eywords:|- |a,|b \])", line)]
    rest = iter(others(result))
    assert all(line in rest for line in kept), "in their order, byte for byte"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Prices\n", "---\nreviewed: 2026-11-22\nreviewed_by: Ana\nreviewed_text: @\n---\n# Prices\n"),
        ("---\r\ntitle: A\r\n---\r\nT", "---\r\ntitle: A\r\nreviewed: 2026-11-22\r\nreviewed_by: Ana\r\nreviewed_text: @\r\n---\r\nT"),
        ("---\nlast_reviewed_on: 2020-01-01 # GOV\ntitle: A\n---\n", "---\nlast_reviewed_on: 2026-11-22 # GOV\nreviewed_by: Ana\nreviewed_text: @\ntitle: A\n---\n"),
        ("---\nms.date: 03/31/2020\n---\n", "---\nms.date: 11/22/2026\nreviewed_by: Ana\nreviewed_text: @\n---\n"),
        ("---\n{title: A}\n---\n", "---\n{reviewed: 2026-11-22, reviewed_by: Ana, reviewed_text: @, title: A}\n---\n"),
        ("---\n# nothing yet\n---\n", "---\n# nothing yet\nreviewed: 2026-11-22\nreviewed_by: Ana\nreviewed_text: @\n---\n"),
        ("---\nreviewed:\ntitle: A\n---\n", "---\nreviewed: 2026-11-22\nreviewed_by: Ana\nreviewed_text: @\ntitle: A\n---\n"),
        ("T\n<!--* freshness: { owner: 'bo' reviewed: '2020-01-01' } *-->\n", "---\nreviewed_by: Ana\nreviewed_text: @\n---\nT\n<!--* freshness: { owner: 'bo' reviewed: '2026-11-22' } *-->\n"),
        ("---\n\nA rule, and no front matter\n", "---\nreviewed: 2026-11-22\nreviewed_by: Ana\nreviewed_text: @\n---\n---\n\nA rule, and no front matter\n"),
    ],
)  # fmt: skip
def test_where_it_goes(before: str, after: str) -> None:
    result = review_article(before.encode(), "x.md", DAY, "Ana").decode()
    assert re.sub(r"sha256:[0-9a-f]{16}", "@", result) == after


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: [a\n---\nT",
        "---\ntitle: A\nno end",
        "---\njust a text\n---\nT",
        "---\nreviewed: &day 2020-01-01\nupdated: *day\n---\nT",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(Stop):
        review_article(text.encode(), "x.md", DAY, "Ana")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("title: A", 'title: A\nkeywords: [pin, "2fa"]'),
        ("keywords: [a, b]", 'keywords: [a, b, pin, "2fa"]'),
        ("keywords: []", 'keywords: [pin, "2fa"]'),
        ("keywords:", 'keywords: [pin, "2fa"]'),
        ("keywords: a, b c", 'keywords: [a, b c, pin, "2fa"]'),
        ("keywords:\n  - a # one\n  - b\ntitle: A", 'keywords:\n  - a # one\n  - b\n  - pin\n  - "2fa"\ntitle: A'),
        ("tags: [a]", 'tags: [a]\nkeywords: [pin, "2fa"]'),
    ],
)
def test_a_list_grows_in_the_form_that_it_has(typed: str, expected: str) -> None:
    amended = amend_article(f"---\n{typed}\n---\nT".encode(), "x.md", Amendment(additions={"keywords": ("pin", "2fa")}))
    assert amended.decode() == f"---\n{expected}\n---\nT"


@given(texts.filter(str.strip))
def test_a_text_is_read_back(text: str) -> None:
    assert yaml.safe_load(f"[{as_yaml(text)}, x]")[0] == " ".join(text.split())


def test_what_counts_as_the_same_text() -> None:
    text = "See [prices](prices.md), ![a button](img/a.png) and [us](https://a.example).\n"
    assert digest_wording(text) == digest_wording(text.replace("\n", "\r\n").replace("prices.md", "../shop/prices.md#fees"))
    assert digest_wording(text) != digest_wording(text.replace("https://a.example", "https://b.example"))
    assert digest_wording(text) != digest_wording(text.replace("button", "switch"))


def test_a_freshness_comment_that_is_only_shown_is_none() -> None:
    shown = "Type `<!--* freshness: { owner: 'bo' reviewed: '2020-01-01' } *-->` into it.\n"
    assert read_source(shown, "x.md").meta.owner == ""
    assert review_article(shown.encode(), "x.md", DAY, "Ana").decode().endswith(f"---\n{shown}")
