"""Tokens of an article -> its parts: questions, what comes before the steps, symptom, causes, fixes."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from kbtool.content.markdown import words
from kbtool.content.markdown.plain import plain
from kbtool.kinds import ArticleType

PartKind = Literal["text", "question", "before", "done", "symptom", "cause", "fix", "footnotes"]
_KNOWN_PARTS: dict[ArticleType, tuple[tuple[PartKind, re.Pattern[str]], ...]] = {
    "instructions": (("before", words.BEFORE), ("done", words.DONE)),
    "troubleshooting": (("symptom", words.SYMPTOM), ("cause", words.CAUSE), ("fix", words.FIX)),
}
_KEEP_APART = frozenset(("heading_open", "hr", "bullet_list_open", "footnote_block_open"))
_LONGEST_HEADING = 200
_BLOCK = 3
"""A paragraph or a heading is three tokens."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an article's tokens."""

    kind: PartKind
    tokens: list[Token]


def split_title(tokens: list[Token], *, titled: bool) -> tuple[str, list[Token]]:
    """Return the words of the first-level heading that is the title, and the tokens without it.

    It begins the article; comments and pictures may stand before it. In an article that is not `titled` elsewhere it may stand
    below other text, when it is the first heading and the only one of its level.
    """
    start = 0
    while start < len(tokens) and (length := _wordless(tokens, start)):
        start += length
    if not titled and sum(token.type == "heading_open" and token.tag == "h1" for token in tokens) == 1:
        start = next(index for index, token in enumerate(tokens) if token.type == "heading_open")
    if start < len(tokens) and (tokens[start].type, tokens[start].tag, tokens[start].level) == ("heading_open", "h1", 0):
        return plain(tokens[start + 1].children or ()), tokens[:start] + tokens[start + 3 :]
    return "", tokens


def settle_levels(tokens: Sequence[Token]) -> int:
    """Make the article's highest headings second-level ones, the others by as much; return by how many levels."""
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=2)
    shift = 2 - highest
    if shift:
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
    return shift


def _wordless(tokens: Sequence[Token], start: int) -> int:
    """Return how many tokens a comment or a paragraph of pictures there takes; 0 for anything else."""
    if tokens[start].type == "html_block" and tokens[start].content.startswith("<!--"):
        return 1
    children = tokens[start + 1].children or () if tokens[start].type == "paragraph_open" else ()
    pictures = any(child.type == "image" for child in children) and not plain(
        child for child in children if child.type != "image"
    )
    return _BLOCK if pictures else 0


def is_question(text: str) -> bool:
    """Tell whether a heading asks something.

    >>> is_question("How do I pay?"), is_question("Wie bezahle ich"), is_question("Payment")
    (True, True, False)
    """
    return text.rstrip().endswith(("?", "？", "؟", ";")) or bool(words.QUESTION.match(text[:_LONGEST_HEADING]))  # noqa: RUF001


def headings(tokens: Sequence[Token], level: str = "") -> list[str]:
    """Return the words of the article's own headings, of one level or of all."""
    return [
        plain(tokens[index + 1].children or ())
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and level in ("", token.tag)
    ]


def without_contents(tokens: list[Token]) -> list[Token]:
    """Return the tokens without a hand-written list of the article's own headings: the theme shows one that is never stale."""
    kept: list[Token] = []
    done = 0
    for index, token in enumerate(tokens):
        if index < done or token.level or token.type not in ("bullet_list_open", "ordered_list_open"):
            continue
        start, sentence = _contents_start(tokens, index), _announced(tokens, index)
        end = _end(tokens, index) if start < index or sentence else index
        if end > index and _only_own_anchors(tokens[index:end]):
            if sentence:
                sentence.content = words.CONTENTS_AT_END.sub("", sentence.content)
            kept += tokens[done:start]
            done = end
    return [*kept, *tokens[done:]] if done else tokens


def _announced(tokens: Sequence[Token], index: int) -> Token | None:
    """Return the text before a list that ends in "In this article:" after another sentence."""
    inline = tokens[index - 2] if index >= _BLOCK else None
    last = inline.children[-1] if inline and inline.type == "inline" and inline.children else None
    return last if last and last.type == "text" and words.CONTENTS_AT_END.search(last.content) else None


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return the place after the block that opens at `start`."""
    closing = tokens[start].type.replace("_open", "_close")
    end = start + 1
    while end < len(tokens) and not (tokens[end].level == tokens[start].level and tokens[end].type == closing):
        end += 1
    return end + 1


def _contents_start(tokens: Sequence[Token], index: int) -> int:
    """Return where the words "In this article" before a list begin; the list's own place when there are none."""
    start, marked = index, False
    while start and tokens[start - 1].type == "html_block" and words.COMMENT.match(tokens[start - 1].content):
        start -= 1
        marked = marked or bool(words.CONTENTS_MARK.match(tokens[start].content))
    block = tokens[start - _BLOCK : start] if start >= _BLOCK else ()
    named = block and block[1].type == "inline" and block[0].level == 0
    if named and words.CONTENTS.fullmatch(block[1].content.strip("*_ ")[:_LONGEST_HEADING]):
        return start - _BLOCK
    return start if marked else index


def _only_own_anchors(tokens: Sequence[Token]) -> bool:
    lines = [token.children or [] for token in tokens if token.type == "inline"]
    return (
        bool(lines)
        and all(
            line and line[0].type == "link_open" and str(line[0].attrs["href"]).startswith("#") and line[-1].type == "link_close"
            for line in lines
        )
        and not any(token.type in ("fence", "code_block", "html_block", "table_open") for token in tokens)
    )


def split_parts(tokens: list[Token], article_type: ArticleType, *, declared: bool) -> list[Part]:
    """Return the article in parts, in order; footnotes stand by themselves at the end.

    In a FAQ that is declared to be one every second-level heading is a question; else those that read like one.
    """
    foot = next((index for index, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    body, notes = tokens[:foot], tokens[foot:]
    if article_type == "faq":
        parts = _questions(body, every=declared)
    elif article_type in _KNOWN_PARTS:
        parts = _known_parts(body, article_type)
    else:
        parts = [Part("text", body)]
    return [_without_last_rule(part) for part in (*parts, Part("footnotes", notes)) if part.tokens]


def _without_last_rule(part: Part) -> Part:
    """Return a part that has a frame of its own without the line that its writer drew below it."""
    if part.kind == "text" or part.tokens[-1].type != "hr":
        return part
    return Part(part.kind, part.tokens[:-1])


def _questions(tokens: list[Token], *, every: bool) -> list[Part]:
    starts = [
        index for index, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2" and token.level == 0
    ]
    bounds = [*starts, len(tokens)]
    parts = [Part("text", tokens[: bounds[0]])]
    for start, end in itertools.pairwise(bounds):
        text = plain(tokens[start + 1].children or ())
        parts.append(Part("question" if text and (every or is_question(text)) else "text", tokens[start:end]))
    return parts


def _known_parts(tokens: list[Token], article_type: ArticleType) -> list[Part]:
    parts: list[Part] = []
    kind: PartKind = "text"
    start, level = 0, 0
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.level:
            continue
        here, found = int(token.tag[1]), _part_kind(plain(tokens[index + 1].children or ()), article_type)
        if (kind != "text" and here <= level) or (kind == "text" and found != "text"):
            parts.append(Part(kind, tokens[start:index]))
            start, level, kind = index, here, found
    return [*parts, Part(kind, tokens[start:])]


def _part_kind(text: str, article_type: ArticleType) -> PartKind:
    for kind, expression in _KNOWN_PARTS[article_type]:
        if expression.fullmatch(text[:_LONGEST_HEADING]):
            return kind
    return "text"


def join_steps(tokens: list[Token]) -> list[Token]:
    """Return the tokens with each list that an image, a note or code broke in two joined again, and what broke it inside its step."""
    out: list[Token] = []
    broken: Token | None = None
    after, number = 0, 1
    for token in tokens:
        if token.level == 0 and token.type in _KEEP_APART:
            broken = None
        if token.type == "ordered_list_open" and token.level == 0:
            start = int(token.attrs.get("start", 1))
            if broken and len(out) > after and start == number > 1:
                out[after - 2 :] = [*out[after:], Token("list_item_close", "li", -1, level=1, block=True)]
                broken.map = [broken.map[0], token.map[1]] if broken.map and token.map else broken.map
                continue
            broken, number = token, start
        out.append(token)
        if token.type == "list_item_open" and token.level == 1 and token.info:
            number += 1
        if token.type == "ordered_list_close" and token.level == 0:
            after = len(out)
    return out


def mark_steps(tokens: Sequence[Token]) -> None:
    """Tell the ordered lists that they are steps."""
    for token in tokens:
        if token.type == "ordered_list_open" and token.level == 0:
            token.attrJoin("class", "steps")


def guess_type(tokens: Sequence[Token], name: str) -> ArticleType:
    """Return the kind of article that its headings and lists show; `name` is its title or its file's name."""
    asked = headings(tokens, "h2")
    questions = sum(map(is_question, asked))
    if questions > 1 and questions * 2 > len(asked):
        return "faq"
    explains = bool(words.EXPLAINS.match(name))
    if not explains and _shows_trouble(tokens, name):
        return "troubleshooting"
    return "instructions" if not explains and _shows_steps(tokens) else "article"


def _shows_trouble(tokens: Sequence[Token], name: str) -> bool:
    """Tell whether there are symptoms, causes or fixes; where the name tells of a fault, a list or two headings are fixes."""
    kinds = {_part_kind(text, "troubleshooting") for text in headings(tokens)} - {"text"}
    if len(kinds) > 1:
        return True
    lists = any(token.type in ("bullet_list_open", "ordered_list_open") and token.level == 0 for token in tokens)
    return bool(words.TROUBLE.search(name[:_LONGEST_HEADING])) and (bool(kinds) or lists or len(headings(tokens)) > 1)


def _shows_steps(tokens: Sequence[Token]) -> bool:
    """Tell whether lists of two steps and more fill a third of the article, or headings are numbered as steps."""
    if sum(bool(words.STEP.match(text)) for text in headings(tokens)) > 1:
        return True
    steps, lines, total = _steps(tokens)
    return steps > 1 and lines * 3 >= total


def _steps(tokens: Sequence[Token]) -> tuple[int, int, int]:
    """Return the most steps of a list, the lines of all ordered lists, and the lines of all blocks."""
    steps = most = lines = total = 0
    for token in tokens:
        if token.level == 0 and token.map:
            total += token.map[1] - token.map[0]
        if token.level == 0 and token.type == "ordered_list_open":
            steps, lines = 0, lines + (token.map[1] - token.map[0] if token.map else 0)
        if token.level == 1 and token.type == "list_item_open" and token.info:
            steps += 1
            most = max(most, steps)
    return most, lines, total
