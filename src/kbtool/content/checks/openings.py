"""How an article begins, how it is divided, and how it ends."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kbtool.content.checks.records import Finding, Manuscript
from kbtool.content.checks.sentences import count_words
from kbtool.content.markdown import Block
from kbtool.content.topics import is_topic_page

_LONGEST_OPENING = 60
_LAST_BLOCKS = 6
_WAY_ON = re.compile(
    r"\b(?:contact|support|help ?desk|customer (?:service|care)|e-?mail|call (?:us|our)|chat|write to|get in touch|reach (?:out|us)|ask (?:us|your|for|in)"
    r"|let us know|tell us|report (?:it|the|a|this)|forum|community|see also|replacement|warranty|return (?:it|the)|kontakt\w*|wenden sie|schreiben sie"
    r"|rufen sie|hilfe|melden sie)\b",
    re.IGNORECASE,
)
_RETIRED = re.compile(
    r"\b(?:deprecated|discontinued|retired|no longer (?:supported|available|maintained|sold|offered)|end of life|replaced by|has moved)\b",
    re.IGNORECASE,
)
_STANDS_FIRST = {"heading": "a heading", "picture": "a picture"}


def check_opening(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield an article that begins with something else than its answer, or with too long a paragraph."""
    if is_topic_page(manuscript.article.path) or manuscript.article.type == "faq":
        return
    blocks = _without_title(manuscript.blocks)
    if not blocks:
        return
    first = blocks[0]
    retired = first.within("notice") and _RETIRED.search(
        " ".join(block.text for block in blocks if block.frames[:1] == first.frames[:1])
    )
    if retired:
        return  # that what follows no longer holds is the answer
    kind = "a notice" if first.within("notice") else _STANDS_FIRST.get(first.kind, "")
    if kind:
        hint = "begin with a sentence that gives the answer, or says what the reader can do here"
        yield Finding(first.line, f"the article begins with {kind}", hint)
    elif first.kind == "paragraph" and not first.frames and (words := count_words(first.text)) > _LONGEST_OPENING:
        hint = f"give the answer in {_LONGEST_OPENING} words at most, and the rest below it"
        yield Finding(first.line, f"the first paragraph has {words} words", hint)


def check_headings(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield sections without words, and headings that stand there twice; a level left out is told when the article is read."""
    blocks = _without_title(manuscript.blocks)
    for block, following in pairwise((*blocks, None)):
        if block and block.kind == "heading" and not block.frames and _is_empty(block, following):
            hint = "write what belongs there, or delete the heading"
            yield Finding(block.line, f'nothing stands below the heading "{_one_line(block)}"', hint)
    yield from _repeated([block for block in blocks if block.kind == "heading" and not block.frames])


def check_end(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield a troubleshooting article that ends with no link and no way to a human; a site with a contact shows it everywhere."""
    article = manuscript.article
    if article.type != "troubleshooting" or manuscript.setup.contact or is_topic_page(article.path) or article.meta.related:
        return
    blocks = [block for block in manuscript.blocks if block.kind != "line"]
    last = blocks[-_LAST_BLOCKS:]
    if not last or any(_WAY_ON.search(block.text) for block in last):
        return
    after = last[0].line
    if not any(link.line >= after for link in manuscript.links):
        hint = "say what to do when nothing helped: link to another article, or name a way to reach you"
        yield Finding(blocks[-1].line, "a reader who is not helped finds no way on at the end", hint)


def _without_title(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that a reader sees, without the leading heading that is the title."""
    seen = [block for block in blocks if not (block.kind == "html" and _only_comments(block.text))]
    return seen[1:] if seen and seen[0].kind == "heading" and seen[0].level == 1 else seen


def _only_comments(html: str) -> bool:
    rest = html.strip()
    while rest.startswith("<!--"):
        rest = rest.partition("-->")[2].lstrip()
    return not rest


def _is_empty(heading: Block, following: Block | None) -> bool:
    return following is None or (following.kind == "heading" and not following.frames and following.level <= heading.level)


def _repeated(headings: Sequence[Block]) -> Iterator[Finding]:
    """Yield each heading that stands a second time in the same section."""
    above: list[tuple[int, str]] = []
    seen: dict[tuple[tuple[int, str], ...], int] = {}
    for heading in headings:
        while above and above[-1][0] >= heading.level:
            above.pop()
        above.append((heading.level, _one_line(heading).casefold()))
        first = seen.setdefault(tuple(above), heading.line)
        if first != heading.line:
            message = f'the heading "{_one_line(heading)}" stands here twice'
            yield Finding(heading.line, message, f"the first is in line {first}: say how they differ")


def _one_line(block: Block) -> str:
    return " ".join(block.text.split())
