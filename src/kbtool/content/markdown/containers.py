"""`:::` containers -> tokens: notices, details, tabs."""

import re
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from kbtool.content.markdown.draft import Draft
from kbtool.problems import did_you_mean

NOTICES = {
    "note": "note",
    "info": "note",
    "tip": "tip",
    "hint": "tip",
    "success": "tip",
    "important": "important",
    "warning": "warning",
    "attention": "warning",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
}
"""Names of notices, with the kind whose look and title they get."""

DETAILS = ("details", "collapsible", "collapse", "spoiler")
NAMES = (*NOTICES, *DETAILS, "tabs", "tab")

_OPEN = re.compile(r"(:{3,})[ \t]*\{?([A-Za-z][\w-]*)\}?[ \t]*(?:\[([^\]\n]*)\]|(.*?))[ \t]*:*[ \t]*")
_CLOSE = re.compile(r"(:{3,})[ \t]*")
_TAB = re.compile(r"={2,}[ \t]+(\S.*?)[ \t]*")
_FENCE = re.compile(r"(`{3,}|~{3,})")


def containers(md: MarkdownIt) -> None:
    """The rule, as a plugin."""
    md.block.ruler.before("fence", "container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's form of a rule
    if not state.src.startswith(":::", state.bMarks[start_line] + state.tShift[start_line]) or state.is_code_block(start_line):
        return False
    match = _OPEN.fullmatch(_line(state, start_line))
    if match is None:
        return False
    if silent:
        return True
    name, title = match[2].lower(), (match[3] or match[4] or "").strip().strip('"')
    last, closed, splits = _end(state, start_line, end_line, len(match[1]))
    if not _known(state, name, start_line, closed=closed):
        return False
    _write(state, name, title, (start_line, last), splits if name == "tabs" else [])
    state.line = last + (1 if closed else 0)
    return True


def _known(state: StateBlock, name: str, line: int, *, closed: bool) -> bool:
    """Tell whether there is a container to write, and note what is wrong with it."""
    draft = cast("Draft", state.env["draft"])
    place = draft.first_line + line
    if name not in NAMES:
        hint = did_you_mean(name, NAMES) or f"known are {', '.join(NAMES)}"
        draft.problem("unknown-container", f'no container is called "{name}"', hint, "warning", line=place)
        return closed
    if not closed:
        draft.problem("unclosed-container", f'the container "{name}" has no end', 'close it with ":::"', "warning", line=place)
    return True


def _end(state: StateBlock, start_line: int, end_line: int, colons: int) -> tuple[int, bool, list[tuple[int, str]]]:
    """Return the closing line or the line after the last, whether it closes, and the `== tab` lines in between."""
    depth, fence = [colons], ""
    splits: list[tuple[int, str]] = []
    for line in range(start_line + 1, end_line):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line, False, splits
        text = _line(state, line)
        fence = _fence_after(fence, text)
        if fence or text[:1] not in (":", "="):
            continue
        closing = _CLOSE.fullmatch(text)
        if closing:
            while len(depth) > 1 and depth[-1] < len(closing[1]) and len(closing[1]) in depth:
                depth.pop()
            depth.pop()
            if not depth:
                return line, True, splits
        elif opening := _OPEN.fullmatch(text):
            depth.append(len(opening[1]))
        elif len(depth) == 1 and (tab := _TAB.fullmatch(text)):
            splits.append((line, tab[1]))
    return end_line, False, splits


def _fence_after(fence: str, text: str) -> str:
    """Return the code fence that is open after this line."""
    mark = _FENCE.match(text)
    if not mark:
        return fence
    if not fence:
        return mark[1]
    return "" if text.startswith(fence) and not text.strip(fence[0] + " \t") else fence


def _write(state: StateBlock, name: str, title: str, lines: tuple[int, int], splits: list[tuple[int, str]]) -> None:
    token = state.push("container_open", "div", 1)
    token.map, token.info, token.content = [*lines], name, title
    first, last = lines
    old_parent, old_last = state.parentType, state.lineMax
    state.parentType = "container"
    starts = [(first, ""), *splits]
    for (line, tab), end in zip(starts, [*(line for line, _ in splits), last], strict=True):
        state.lineMax = end
        if tab:
            opening = state.push("container_open", "div", 1)
            opening.map, opening.info, opening.content = [line, end], "tab", tab
        state.md.block.tokenize(state, line + 1, end)
        if tab:
            state.push("container_close", "div", -1).info = "tab"
    state.parentType, state.lineMax = old_parent, old_last
    state.push("container_close", "div", -1).info = name
