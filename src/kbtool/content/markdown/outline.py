"""An article's tokens -> its blocks as they were typed, for those who judge the writing."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from kbtool.content.markdown import words
from kbtool.content.markdown.containers import DETAILS, NOTICES
from kbtool.content.markdown.records import CODE, Block, BlockKind, Frame, FrameKind

_FRAMES: dict[str, FrameKind] = {
    "ordered_list_open": "ordered",
    "bullet_list_open": "bullets",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "alert_open": "notice",
    "table_open": "table",
    "dl_open": "definition",
    "footnote_block_open": "footnotes",
    "footnote_open": "other",
}
_CLOSINGS = frozenset(name.replace("_open", "_close") for name in (*_FRAMES, "container_open"))
_LEAVES: dict[str, BlockKind] = {"fence": "code", "code_block": "code", "html_block": "html", "hr": "line"}
_TAGS: dict[str, BlockKind] = {"heading_open": "heading", "td_open": "cell", "th_open": "cell", "dt_open": "paragraph"}


def outline(tokens: Sequence[Token], first_line: int) -> Iterator[Block]:
    """Yield the article's blocks, in order; the tokens are left as they are."""
    frames: list[Frame] = []
    inside: tuple[Frame, ...] = ()
    count, line = 0, first_line
    opened: Token | None = None
    for index, token in enumerate(tokens):
        if token.map:
            line = first_line + token.map[0]
        kind = token.type
        if kind == "inline":
            yield _sentence_block(token, opened, line, inside)
        elif kind in _FRAMES or kind == "container_open":
            count += 1
            frames.append(Frame(_frame_kind(tokens, index), count, line, _value(token)))
            inside = tuple(frames)
        elif kind in _CLOSINGS and frames:
            frames.pop()
            inside = tuple(frames)
        elif kind in _LEAVES:
            yield Block(_LEAVES[kind], line, token.content if kind == "html_block" else "", 0, inside)
        elif kind in _TAGS or kind == "paragraph_open":
            opened = token


def _sentence_block(token: Token, opened: Token | None, line: int, frames: tuple[Frame, ...]) -> Block:
    children = token.children or []
    kind: BlockKind = _TAGS.get(opened.type, "paragraph") if opened else "paragraph"
    text = "".join(_texts(children, code=kind == "heading"))
    if kind == "paragraph" and not text.strip() and any(child.type == "image" for child in children):
        kind = "picture"
    level = int(opened.tag[1]) if opened and kind == "heading" else 0
    return Block(kind, line, text, level, frames, token.info == "snippet", tuple(_labels(children)))


def _texts(children: Sequence[Token], *, code: bool) -> Iterator[str]:
    for child in children:
        kind = child.type
        if kind in ("text", "text_special"):
            yield child.content
        elif kind in ("softbreak", "hardbreak"):
            yield "\n"
        elif kind == "code_inline":
            yield child.content if code else CODE
        elif kind == "html_inline" and child.content[:3].lower() == "<br":
            yield " "


def _labels(children: Sequence[Token]) -> Iterator[str]:
    """Yield what stands in bold."""
    depth = 0
    parts: list[str] = []
    for child in children:
        if child.type == "strong_open":
            depth += 1
        elif child.type == "strong_close" and depth:
            depth -= 1
            if not depth:
                yield "".join(parts)
                parts = []
        elif depth and child.type in ("text", "text_special", "code_inline"):
            parts.append(child.content)


def _frame_kind(tokens: Sequence[Token], index: int) -> FrameKind:
    token = tokens[index]
    if token.type == "container_open":
        name = token.info
        return (
            "notice"
            if name in NOTICES
            else "details"
            if name in DETAILS
            else "tabs"
            if name == "tabs"
            else "tab"
            if name == "tab"
            else "other"
        )
    if token.type == "blockquote_open" and index + 2 < len(tokens) and words.OLD_NOTICE.match(tokens[index + 2].content):
        return "notice"
    return _FRAMES[token.type]


def _value(token: Token) -> int:
    if token.type == "ordered_list_open":
        return int(token.attrs.get("start", 1))
    return int(token.info) if token.type == "list_item_open" and token.info.isdigit() else 0
