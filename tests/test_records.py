"""kbtool.records: every text becomes a record, and what is wrong with it is told at its line."""

import datetime
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.content.frontmatter import FrontMatter
from kbtool.kinds import Doc
from kbtool.model import Article, Heading, Link, Meta
from kbtool.problems import Problem
from kbtool.records import decode, encode, json_schema, read_record
from kbtool.settings import Config


@dataclass(frozen=True, slots=True)
class Shelf:
    """A record within a record."""

    name: str
    size: float = 1


@dataclass(frozen=True, slots=True)
class Shop:
    """A record with a key of each kind."""

    title: Annotated[str, Doc("What it is called.")] = ""
    words: tuple[str, ...] = ()
    kind: Literal["big", "small"] | None = None
    open: bool = False
    floor: int = 0
    since: datetime.date | None = None
    shelf: Shelf | None = None
    shelves: tuple[Shelf, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()


def told(text: str | bytes) -> list[tuple[int, str]]:
    """Return line and rule of each problem."""
    return [(problem.line, problem.rule) for problem in read_record(text, Shop, "shop.yml")[1]]


def test_every_kind_of_value_is_read() -> None:
    text = """\
title: Store
words: [a, b]
kind: big
open: yes
floor: 3
since: 2025-03-31
shelf: {name: top, size: 2.5}
shelves:
  - name: one
  - {name: two}
texts: {Search: Find}
groups: [[a, b], [c]]
"""
    expected = Shop(
        title="Store",
        words=("a", "b"),
        kind="big",
        open=True,
        floor=3,
        since=datetime.date(2025, 3, 31),
        shelf=Shelf("top", 2.5),
        shelves=(Shelf("one"), Shelf("two")),
        texts={"Search": "Find"},
        groups=(("a", "b"), ("c",)),
    )
    assert read_record(text, Shop, "shop.yml") == (expected, ())


@pytest.mark.parametrize("typed", ["404", "4408893476242", "yes", "3.10", "2025-03-31", "0x1F", "1e3", "-1", "007"])
def test_a_text_is_kept_as_it_was_typed(typed: str) -> None:
    shop, problems = read_record(f"title: {typed}\nwords: {typed}\ntexts: {{a: {typed}}}", Shop, "shop.yml")
    assert (shop.title, shop.words, shop.texts, problems) == (typed, (typed,), {"a": typed}, ())


@pytest.mark.parametrize("key", ["review-every", "Review Every", "REVIEW_EVERY", "review.every"])
def test_a_key_may_be_spelt_in_other_ways(key: str) -> None:
    assert read_record(f"{key}: 90 days", Meta, "a.md") == (Meta(review_every="90 days"), ())


@pytest.mark.parametrize("text", ["", "# nothing", "title:", "title: ~", "null", "shelf:\nwords:", "---\n...\n"])
def test_what_is_not_said_has_its_default(text: str) -> None:
    assert read_record(text, Shop, "shop.yml") == (Shop(), ())


def test_all_problems_are_told_at_once_each_at_its_line() -> None:
    text = "titel: x\nkind: bgi\nopen: perhaps\nfloor: high\nsince: yesterday\nshelf: {nam: x}\nshelves: [{size: big, name: a}]\n"
    shop, problems = read_record(text, Shop, "shop.yml", 10)
    assert shop == Shop(shelves=(Shelf("a"),))
    assert [str(problem) for problem in problems] == [
        'shop.yml:10: error: unknown key "titel" [unknown-key]\n    did you mean "title"?',
        'shop.yml:11: error: "kind" must be one of "big", "small", not "bgi" [wrong-value]\n    did you mean "big"?',
        'shop.yml:12: error: "open" must be true or false, not "perhaps" [wrong-value]',
        'shop.yml:13: error: "floor" must be a whole number, not "high" [wrong-value]',
        'shop.yml:14: error: "since" must be a date such as 2025-03-31, not "yesterday" [wrong-value]',
        'shop.yml:15: error: unknown key "shelf.nam" [unknown-key]\n    did you mean "name"?',
        'shop.yml:15: error: "shelf.name" is missing [wrong-value]\n    add "name: ..."',
        'shop.yml:16: error: "shelves[0].size" must be a number, not "big" [wrong-value]',
    ]


def test_an_unknown_key_can_be_a_warning() -> None:
    problems = read_record("x: 1", Shop, "a.md", unknown="warning")[1]
    assert [problem.severity for problem in problems] == ["warning"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: a: b", [(1, "broken-yaml")]),
        ("title: x\nwords: [a", [(2, "broken-yaml")]),
        ("title: 'x", [(1, "broken-yaml")]),
        ("title: *x", [(1, "broken-yaml")]),
        ("title: @x", [(1, "broken-yaml")]),
        ("\ttitle: x", [(1, "broken-yaml")]),
        ("title: x\n---\ntitle: y", [(2, "broken-yaml")]),
        ("title: \x07", [(0, "broken-yaml")]),
        ("{[a, b]: c}", [(1, "broken-yaml")]),
        ("title: x\ntitle: y", [(2, "duplicate-key")]),
        ("title: x\nTitle: y", [(2, "duplicate-key")]),
        ("texts: {a: x, a: y}", [(1, "duplicate-key")]),
        ("- a\n- b", [(1, "wrong-value")]),
        ("just words", [(1, "wrong-value")]),
        ("since: 2026-02-30", [(1, "wrong-value")]),
        ("since: 0000-00-00", [(1, "wrong-value")]),
        ("floor: " + "1" * 5000, [(1, "wrong-value")]),
        ("shelf: {name: a, size: .nan}", [(1, "wrong-value")]),
        ("shelf: {name: a, size: 1e999}", [(1, "wrong-value")]),
        ("title: [a]", [(1, "wrong-value")]),
        ("words: {a: b}", [(1, "wrong-value")]),
        ("texts: [a]", [(1, "wrong-value")]),
        ("open: !!python/object/apply:os.system ['true']", [(1, "broken-yaml")]),
        ("title: !shout x", [(1, "broken-yaml")]),
        ("title: !!binary aGk=", [(1, "broken-yaml")]),
    ],
)
def test_a_fault_is_told_once(text: str, expected: list[tuple[int, str]]) -> None:
    assert told(text) == expected


def test_what_stands_before_a_break_is_kept() -> None:
    assert read_record("title: Prices\nkind: [big", Shop, "a.md")[0] == Shop(title="Prices")


def test_a_short_hint_says_what_to_do_about_the_commonest_break() -> None:
    (problem,) = read_record("title: Refunds: how", Shop, "a.md")[1]
    assert problem.hint == 'put a value that has ": " in it between quotes'


def test_aliases_and_merge_keys_are_read() -> None:
    text = "shelf: &top {name: top, size: 3}\nshelves: [*top, {<<: *top, size: 4}]"
    expected = Shop(shelf=Shelf("top", 3), shelves=(Shelf("top", 3), Shelf("top", 4)))
    assert read_record(text, Shop, "shop.yml") == (expected, ())


def bomb(levels: int) -> str:
    """Return the billion laughs."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [bomb(10), "[" * 64_000, "{a: " * 64_000, "- " * 30_000, "a: &a [*a]", "\n".join(" " * n + "a:" for n in range(1000))],
    ids=["laughs", "lists", "mappings", "dashes", "itself", "indents"],
)
def test_a_bomb_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    shop, problems = read_record(text, Shop, "shop.yml")
    assert (shop, [problem.rule for problem in problems]) == (Shop(), ["broken-yaml"])
    assert time.process_time() - start < 2


def test_a_huge_text_is_refused() -> None:
    assert told("title: " + "x" * 2_000_000) == [(0, "too-large")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_bytes_of_every_marked_encoding_are_read(encoding: str) -> None:
    assert read_record("title: Grüße\r\nopen: true\r\n".encode(encoding), Shop, "shop.yml") == (Shop("Grüße", open=True), ())


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"title: x\nwords: \xe9t\xe9\n", 2, 'byte 17 ("e9") is not UTF-8'),
        (b"title: x\r\nopen: \0", 2, "character 17 is a NUL, which no text holds"),
        ("title: x".encode("utf-16-le"), 1, "character 2 is a NUL, which no text holds"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_place(data: bytes, line: int, message: str) -> None:
    shop, (problem,) = read_record(data, Shop, "shop.yml")
    assert (shop, problem.line, problem.rule, problem.message) == (Shop(), line, "wrong-encoding", message)


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_makes_it_fail(text: str) -> None:
    for kind in (Shop, Config, FrontMatter):
        record, problems = read_record(text, kind, "a.yml")
        assert isinstance(record, kind)
        assert all(isinstance(problem, Problem) for problem in problems)


YAMLISH = st.lists(
    st.sampled_from(
        [*"[]{}:,-&*!|>'\"%@`#~ \n\t", "- ", ": ", "title", "shelf", "words", "<<", "!!str", "&a", "*a", "2026-02-30", "1"]
    )
).map("".join)


@given(YAMLISH)
def test_no_yaml_makes_it_fail(text: str) -> None:
    assert isinstance(read_record(text, Shop, "a.yml")[0], Shop)


@given(st.binary())
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert isinstance(read_record(data, Shop, "a.yml")[0], Shop)


def test_a_thousand_heads_are_read_quickly() -> None:
    head = 'title: "Refunds and returns"\nid: 9207690465436\nkeywords: [money, back]\nreviewed: 2025-03-31\ntype: faq\n'
    start = time.process_time()
    for _ in range(1000):
        read_record(head, Meta, "a.md")
    assert time.process_time() - start < 0.6, "four times what it takes on a quiet machine"


def test_the_schema_explains_each_key_and_allows_no_other() -> None:
    schema = json_schema(Config)["$defs"]
    assert schema["Config"]["additionalProperties"] is False
    assert schema["Config"]["properties"]["theme"]["description"] == "The name of a shipped theme or of a folder in themes/."
    assert schema["NavLink"]["required"] == ["title", "url"]
    missing = [
        f"{name}.{key}"
        for name, record in schema.items()
        for key, entry in record["properties"].items()
        if not entry["description"]
    ]
    assert not missing


def test_the_schema_takes_what_the_reader_takes() -> None:
    properties = json_schema(Shop)["$defs"]["Shop"]["properties"]
    assert "number" in properties["title"]["type"], "title: 404"
    text = {"type": ["string", "number", "boolean"]}
    assert properties["words"]["anyOf"] == [{"type": "array", "items": text, "default": []}, text], "words: one"
    assert properties["texts"]["additionalProperties"] == text
    assert properties["kind"]["anyOf"][0]["enum"] == ["big", "small"]


def test_a_value_comes_back_from_json_as_it_was() -> None:
    article = Article(
        "a.md", "a/", "faq", Meta(title="A", reviewed=datetime.date(2025, 3, 31), order=1.5), "A", "s", "<p>", "t",
        headings=(Heading(2, "H", "h", 3),), links=(Link("b.md", 4, "b"),), anchors=frozenset({"h", "i"}),
        problems=(Problem("a.md", 1, "x", "y"),),
    )  # fmt: skip
    assert decode(encode(article), Article) == article
    assert decode(encode({"a": Path("b")}), dict[str, Path]) == {"a": Path("b")}
    assert encode(frozenset("zyx")) == encode(frozenset("xyz"))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"path": 1}', b"\xff"])
def test_bytes_that_are_no_such_value_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is msgspec's
        decode(data, Article)
