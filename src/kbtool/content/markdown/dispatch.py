"""Rules, each asked only where its first character stands: the same result as asking all of them everywhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_BLOCKS = {
    "container": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "abbreviation": "*",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "snippet": "{",
    "attribute_line": "{",
}
"""What a line must begin with, indentation aside, for the rule to take it. A rule that is not here may take any line."""

_INLINES = {
    "newline": "\n",
    "variable": "{",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "attr": "{",
}
"""The same for the places within a line."""

_CHAINS = ("paragraph", "reference", "blockquote", "list")
"""Who asks which rules may end it (markdown-it's "alt")."""


def dispatch(md: MarkdownIt) -> None:
    """Replace the parser's rules by ones that look at the first character first. No rule may be added afterwards."""
    names = md.get_active_rules()
    _dispatch_blocks(md, names["block"])
    _dispatch_inlines(md, names["inline"])


def _dispatch_blocks(md: MarkdownIt, names: Sequence[str]) -> None:
    ruler: Ruler[RuleFuncBlockType] = Ruler()
    rules = md.block.ruler.getRules("")
    named = dict(zip(map(id, rules), names, strict=True))
    # StateBlock knows indented code by asking whether there is a rule of this name
    ruler.push("code", _block_rule(rules, named), {"alt": []})
    for chain in _CHAINS:
        ruler.push(chain, _block_rule(md.block.ruler.getRules(chain), named), {"alt": [chain]})
    md.block.ruler = ruler


def _block_rule(rules: Sequence[RuleFuncBlockType], named: Mapping[int, str]) -> RuleFuncBlockType:
    """Return one rule that asks, in order, those of the rules that a line's first character allows."""
    table, others = _table(rules, [_BLOCKS.get(named[id(rule)]) for rule in rules])

    def ask(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
        first = state.src[state.bMarks[start] + state.tShift[start]]
        return any(rule(state, start, end, silent) for rule in table.get(first, others))

    return ask


def _dispatch_inlines(md: MarkdownIt, names: Sequence[str]) -> None:
    ruler: Ruler[RuleFuncInlineType] = Ruler()
    table, others = _table(md.inline.ruler.getRules(""), [_INLINES.get(name) for name in names])

    def ask(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
        return any(rule(state, silent) for rule in table.get(state.src[state.pos], others))

    ruler.push("inline", ask)
    md.inline.ruler = ruler


def _table(rules: Sequence[Callable[..., Any]], firsts: Sequence[str | None]) -> tuple[dict[str, Any], Any]:
    """Return for each first character the rules to ask, and the rules for every other character."""
    pairs = list(zip(rules, firsts, strict=True))
    letters = {letter for first in firsts if first for letter in first}
    table = {letter: tuple(rule for rule, first in pairs if first is None or letter in first) for letter in letters}
    return table, tuple(rule for rule, first in pairs if first is None)
