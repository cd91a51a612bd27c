"""Rules, each asked only where its first character stands: the same result as asking all of them everywhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, text
from markdown_it.token import Token
from markdown_it.utils import EnvType

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


def dispatch(md: MarkdownIt, *, closed: bool) -> None:
    """Replace the parser's rules by ones that look at the first character first. No rule may be added afterwards.

    `closed`: no rule within a line begins anywhere else than at the parser's terminators.
    """
    names = md.get_active_rules()
    _dispatch_blocks(md, names["block"])
    _dispatch_inlines(md, names["inline"], closed=closed)


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
        for rule in table.get(first, others):  # noqa: SIM110 - any() takes a third longer, and this runs for every line
            if rule(state, start, end, silent):
                return True
        return False

    return ask


def _dispatch_inlines(md: MarkdownIt, names: Sequence[str], *, closed: bool) -> None:
    if names[0] != "text":
        raise ValueError(names)
    _, *rules = md.inline.ruler.getRules("")
    inline = _Inline(rules, names[1:], closed=closed)
    inline.ruler2, inline.terminator_re = md.inline.ruler2, md.inline.terminator_re
    md.inline = inline


class _Inline(ParserInline):
    """markdown-it's reader of sentences: text is taken up to the next place where a rule may begin, without asking one."""

    def __init__(self, rules: Sequence[RuleFuncInlineType], names: Sequence[str], *, closed: bool) -> None:
        """Take the rules, the one for text left out; `closed` when none of them begins anywhere else than where text ends."""
        super().__init__()
        self._table, self._others = _table(rules, [_INLINES.get(name) for name in names])
        self._closed = closed
        self.ruler = Ruler()
        self.ruler.push("inline", self._ask)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Put a sentence's tokens into the list; half of all sentences are one text and nothing else."""
        if self._closed and src and not self.terminator_re.search(src):
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        return super().parse(src, md, env, tokens)

    def tokenize(self, state: StateInline) -> None:
        """Read up to the state's end."""
        deepest, stop = state.md.options["maxNesting"], self.terminator_re.search
        source, end = state.src, state.posMax
        while (place := state.pos) < end:
            if state.level >= deepest:
                state.append_pending(source[place])
                state.pos += 1
                continue
            found = stop(source, place)
            text_end = found.start() if found else end
            if text_end > place:
                state.append_pending(source[place:text_end])
                state.pos = text_end
            elif not self._asked(state, silent=False):
                state.append_pending(source[place])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def _asked(self, state: StateInline, *, silent: bool) -> bool:
        """Tell whether one of the rules that the next character allows took something."""
        place = state.pos
        for rule in self._table.get(state.src[place], self._others):
            if rule(state, silent):
                if state.pos <= place:
                    raise RuntimeError(rule)
                return True
        return False

    def _ask(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form
        return text(state, silent) or self._asked(state, silent=silent)


def _table(rules: Sequence[Callable[..., Any]], firsts: Sequence[str | None]) -> tuple[dict[str, Any], Any]:
    """Return for each first character the rules to ask, and the rules for every other character."""
    pairs = list(zip(rules, firsts, strict=True))
    letters = {letter for first in firsts if first for letter in first}
    table = {letter: tuple(rule for rule, first in pairs if first is None or letter in first) for letter in letters}
    return table, tuple(rule for rule, first in pairs if first is None)
