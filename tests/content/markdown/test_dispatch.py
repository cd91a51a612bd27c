"""Asking a rule only where its first character stands gives what asking every rule everywhere gives."""

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt, helpers

from kbtool.content.markdown.destinations import as_people_write_them
from kbtool.content.markdown.dispatch import dispatch
from tests.thorough import tries

STARTS = [
    "# a",
    "- a",
    "1. a",
    "> a",
    "```",
    "~~~",
    "***",
    "a | b",
    "- | -",
    "[a]: b",
    "<p>",
    "    code",
    "===",
    "---",
    ": a",
    "{#id}",
    "",
]
PIECES = [
    "*a*",
    "`b`",
    "[c](d)",
    "![e](f)",
    "<g@h.i>",
    "<b>",
    "&amp;",
    "\\*",
    "~~j~~",
    "{{ k }}",
    "\n",
    "\t",
    "é",
    "  \n",
    "http://l.m ",
]
lines = st.tuples(st.integers(0, 5), st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=4))
texts = st.lists(lines, max_size=12).map(lambda rows: "\n".join(" " * n + start + "".join(rest) for n, start, rest in rows))


@lru_cache
def parsers() -> tuple[MarkdownIt, MarkdownIt]:
    """Return a parser that asks everybody, and one that asks by first characters."""
    everybody, few = (MarkdownIt("commonmark").enable(["table", "strikethrough"]) for _ in range(2))
    dispatch(few, closed=True)
    return everybody, few


@settings(max_examples=tries(100), deadline=None)
@given(texts)
def test_the_html_is_the_same(text: str) -> None:
    everybody, few = parsers()
    assert few.render(text) == everybody.render(text)


@pytest.mark.parametrize(
    "text", ["    code\n\ntext", "a\n| b |\n", "1. a\n\n   ```\n   b\n   ```\n", "\x0b", "\\\n", "[a]\n\n[a]: /b"]
)
def test_the_html_is_the_same_at_the_edges(text: str) -> None:
    everybody, few = parsers()
    assert few.render(text) == everybody.render(text)


@given(st.text("aB3/.#?=()\\&;%<>", max_size=12), st.sampled_from(["", "amp;", ")"]))
def test_an_address_without_spaces_is_read_as_markdown_it_reads_it(address: str, rest: str) -> None:
    ours = MarkdownIt("commonmark")
    as_people_write_them(ours)
    source = f"({address}{rest})"
    for end in (len(source), len(source) - 1):
        own = ours.helpers.parseLinkDestination(source, 1, end)
        its = helpers.parseLinkDestination(source, 1, end)
        assert (own.ok, own.pos, own.str) == (its.ok, its.pos, its.str)
