"""`{#id .class}` beside links, images and code, or on a line below a block -> the token's attributes."""

import re
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

_LINE = re.compile(r"\{:?[ \t]*((?:[.#][\w-]+[ \t]*)+)\}[ \t]*")
_NAMES = re.compile(r"([.#])([\w-]+)")


def attributes(md: MarkdownIt) -> None:
    """The rules for both, as a plugin."""
    md.use(attrs_plugin, after=("image", "code_inline", "link_close"), allowed=("id", "class"))
    md.block.ruler.before("paragraph", "attribute_line", _attribute_line, {"alt": ["paragraph", "list", "blockquote"]})


def _attribute_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001, FBT001 - markdown-it's form of a rule
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("{", start) or state.is_code_block(start_line):
        return False
    match = _LINE.fullmatch(state.src, start, state.eMarks[start_line])
    if match is None:
        return False
    if not silent:
        block = _block_before(state.tokens, state.level)
        for mark, name in _NAMES.findall(match[1]):
            if block and mark == ".":
                block.attrJoin("class", name)
            elif block:
                block.attrs["id"] = name
        state.line = start_line + 1
    return True


def _block_before(tokens: list[Token], level: int) -> Token | None:
    """Return the opening token of the block that has just ended."""
    if not tokens or tokens[-1].level != level or tokens[-1].nesting > 0:
        return None
    if tokens[-1].nesting == 0:
        return tokens[-1]
    kind = tokens[-1].type.replace("_close", "_open")
    return next((token for token in reversed(tokens) if token.level == level and token.type == kind), None)


def written(token: Token) -> str:
    """Return the attributes that an author has typed, for the tag."""
    return "".join(f' {name}="{escape(str(token.attrs[name]))}"' for name in ("id", "class") if token.attrs.get(name))
