"""`{{ name }}` -> the words that the help center gives it; `{{ snippet name }}` -> the Markdown of that name."""

import re
from collections.abc import Mapping
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from kbtool.content.markdown.draft import Draft
from kbtool.problems import did_you_mean

VARIABLE = re.compile(r"\{\{[ \t]*([^\W\d][\w.-]*)[ \t]*\}\}")
_SNIPPET = re.compile(r"\{\{[ \t]*snippet[ \t]+([\w./-]+)[ \t]*\}\}[ \t]*")
_MOST_SNIPPETS = 500


def fill_variables(text: str, variables: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the text with every known `{{ name }}` filled in, and the names that nobody has explained.

    >>> fill_variables("Call {{ phone }} or {{ fax }}", {"phone": "110"})
    ('Call 110 or {{ fax }}', ('fax',))
    """
    if "{{" not in text:
        return text, ()
    unknown = tuple(dict.fromkeys(name for name in VARIABLE.findall(text) if name not in variables))
    return VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text), unknown


def tell_unknown(text: str, draft: Draft) -> None:
    """Note the variables that were left as they were typed."""
    for name in VARIABLE.findall(text):
        if name == "snippet":
            hint = 'name the snippet\'s file without its ending, as in "{{ snippet delivery-times }}"'
            draft.problem("unknown-snippet", "the snippet's name is missing", hint)
            continue
        hint = did_you_mean(name, draft.options.variables) or f'add "{name}" to "variables" in kbtool.yml'
        draft.problem("unknown-variable", f'no variable is called "{name}"', hint)
    for match in _SNIPPET.finditer(text):
        draft.problem("unknown-snippet", f'the snippet "{match[1]}" stands within a sentence', "put it on a line of its own")


def variables_and_snippets(md: MarkdownIt) -> None:
    """The rules for both, as a plugin."""
    md.inline.ruler.before("escape", "variable", _variable)
    md.block.ruler.before("paragraph", "snippet", _snippet, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.after("block", "snippets", _read_snippets)


def _variable(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form of a rule
    if not state.src.startswith("{{", state.pos):
        return False
    match = VARIABLE.match(state.src, state.pos, state.posMax)
    value = cast("Draft", state.env["draft"]).options.variables.get(match[1]) if match else None
    if match is None or value is None:
        return False
    if not silent:
        state.pending += value
    state.pos = match.end()
    return True


def _snippet(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001, FBT001 - the same
    start, end = state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    if not state.src.startswith("{{", start) or state.is_code_block(start_line):
        return False
    match = _SNIPPET.fullmatch(state.src, start, end)
    if match is None:
        return False
    if not silent:
        token = state.push("snippet", "", 0)
        token.content, token.map = match[1], [start_line, start_line + 1]
        state.line = start_line + 1
    return True


def _read_snippets(state: StateCore) -> None:
    """Put each snippet's blocks in the place of its call."""
    if "{{" in state.src:
        reading = _Reading(state, state.env["draft"])
        state.tokens = [new for token in state.tokens for new in reading.blocks(token, ())]


class _Reading:
    """The snippets of one article being read: how many were, and in whose place."""

    def __init__(self, state: StateCore, draft: Draft) -> None:
        self.state, self.draft, self.count = state, draft, 0

    def blocks(self, token: Token, callers: tuple[str, ...]) -> list[Token]:
        """Return the token itself, or the blocks of the snippet that it calls."""
        if token.type != "snippet":
            return [token]
        name, line = token.content, (token.map or [0])[0]
        source = self.draft.options.snippets.get(name)
        self.count += 1
        if source is None or name in callers or self.count > _MOST_SNIPPETS:
            self._tell(name, line, callers, known=source is not None)
            return _as_typed(token)
        return self._parse(source, line, (*callers, name))

    def _parse(self, source: str, line: int, callers: tuple[str, ...]) -> list[Token]:
        tokens: list[Token] = []
        self.draft.calling_line = self.draft.first_line + line
        self.state.md.block.parse(source.replace("\r\n", "\n").replace("\0", "\ufffd"), self.state.md, self.state.env, tokens)
        self.draft.calling_line = 0
        for token in tokens:
            if token.map:
                token.map = [line, line + 1]
            if token.type == "inline":
                token.info = "snippet"
        return [new for token in tokens for new in self.blocks(token, callers)]

    def _tell(self, name: str, line: int, callers: tuple[str, ...], *, known: bool) -> None:
        place = self.draft.first_line + line
        if not known:
            hint = did_you_mean(name, self.draft.options.snippets) or f'add a file "{name}.md" to the snippets'
            self.draft.problem("unknown-snippet", f'no snippet is called "{name}"', hint, line=place)
        elif name in callers:
            circle = " -> ".join((*callers[callers.index(name) :], name))
            self.draft.problem("snippet-cycle", f'the snippet "{name}" calls itself: {circle}', "break the circle", line=place)
        elif self.count == _MOST_SNIPPETS + 1:
            message = f'more than {_MOST_SNIPPETS} snippets in one article, "{name}" is the first that is left out'
            self.draft.problem("snippet-cycle", message, "let snippets call fewer snippets", line=place)


def _as_typed(token: Token) -> list[Token]:
    text = Token("text_special", "", 0, content=f"{{{{ snippet {token.content} }}}}")
    inline = Token("inline", "", 0, children=[text], map=token.map, level=token.level + 1, info="typed", block=True)
    opening = Token("paragraph_open", "p", 1, map=token.map, level=token.level, block=True)
    return [opening, inline, Token("paragraph_close", "p", -1, level=token.level, block=True)]
