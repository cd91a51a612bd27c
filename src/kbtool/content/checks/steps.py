"""Instructions: numbered, one action each, short, and where comes before what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbtool.content.checks.records import Finding, Manuscript, Sentence
from kbtool.content.checks.sentences import count_words
from kbtool.content.checks.vocabulary import ACTIONS, VERBS
from kbtool.content.markdown import Block, Frame
from kbtool.content.markdown.words import BEFORE, DONE

_LONGEST = 25
_MOST = 7
_SHORT = 12
"""Words of a step that may hold two actions in one place: Microsoft's guide lets short ones stand together."""
_JOINED = re.compile(
    r"(?:\band then,?|[,;] then) (?!(?:press|hit|tap|click|select) (?:the )?(?:enter|return|ok|next|done)\b)(?P<verb>[a-z-]+)\b",
    re.IGNORECASE,
)
"""What ends a dialogue or a command line is no action of its own."""
_FIRST = re.compile(r"(?:(?:now|then|next|finally|first|again|optionally|please),? )?([a-z-]+)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d")
"""What readers are to find on a screen: they look for it, and read on. It counts as one word."""
_NOTE = re.compile(r"\(|(?:note|tip|important|hinweis|tipp|wichtig)\b", re.IGNORECASE)
_BEFORE_ORDER = re.compile(
    r"(?:if|when|once|after|before|until|while|to|in|on|from|under|at|with|for|using|by|next to|optional(?:ly)?|make sure|ensure|double|right"
    r"|do|don['\u2019]t|never|always|you (?:can|should|must|need)|carefully|gently|quickly|[\W\d_]*`)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:if|when|once|after|until|unless|while|in case)\b", re.IGNORECASE)
_PLACE = "menu|tab|page|panel|pane|window|dialog|dialogue|toolbar|bar|section|screen|corner|sidebar|settings|list|dropdown|drop-down|row|column"
_WHAT_BEFORE_WHERE = re.compile(
    rf"(?:click|select|choose|tap|press|open|tick|pick) (?!(?:on|in|the|your) (?:{_PLACE})\b)(?P<what>[^.,;:]{{2,60}}?) "
    rf"(?:in|on|under|at|from|inside) (?P<where>(?:the|your) (?:[\w'>-]+ ){{0,5}}(?:{_PLACE}))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """An item of a numbered list."""

    list: Frame
    item: Frame
    text: Block
    """Its first paragraph: notes and pictures stand below it."""


def steps_of(blocks: Sequence[Block]) -> list[Step]:
    """Return the items of the numbered lists that are not within other numbered lists' items, in order."""
    steps: list[Step] = []
    seen: set[int] = set()
    for block in blocks:
        place = next((at for at, frame in enumerate(block.frames) if frame.kind == "ordered"), -1)
        if place < 0 or len(block.frames) <= place + 1 or block.kind != "paragraph" or len(block.frames) > place + 2:
            continue
        item = block.frames[place + 1]
        if item.number not in seen:
            seen.add(item.number)
            steps.append(Step(block.frames[place], item, block))
    return steps


def procedure_of(manuscript: Manuscript) -> list[Step]:
    """Return the items of those numbered lists that say what to do: most begin with a verb, or with when and where to do it.

    A list of causes or conditions is none. In a language whose verbs are not known every numbered list counts.
    """
    steps = steps_of(manuscript.blocks)
    if manuscript.language != "en":
        return steps
    orders: dict[int, list[bool]] = {}
    for step in steps:
        orders.setdefault(step.list.number, []).append(_is_order(step.text.text))
    return [step for step in steps if 2 * sum(orders[step.list.number]) > len(orders[step.list.number])]


def _is_order(text: str) -> bool:
    first = _FIRST.match(text)
    return bool(_BEFORE_ORDER.match(text) or (first and first[1].lower() in VERBS))


def check_numbered(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield instructions without a numbered list; what one does in a single step may be a bullet."""
    article = manuscript.article
    if article.type != "instructions" or any(block.within("ordered") for block in manuscript.blocks):
        return
    headings = [block for block in manuscript.blocks if block.kind == "heading" and block.level > 1]
    bullets = list(_actions_in_bullets(manuscript))
    parts = len(headings) > 1 and not bullets  # each may be done in one step
    if parts or len(bullets) == 1 or not manuscript.blocks:
        return
    line = bullets[0].line if bullets else manuscript.blocks[-1].line
    yield Finding(line, "instructions without a numbered list", "number the steps, so that readers can keep their place")


def _actions_in_bullets(manuscript: Manuscript) -> Iterator[Block]:
    """Yield the items of bulleted lists that tell the reader to do something; what comes before the steps and after them aside."""
    items: set[int] = set()
    aside = False
    for block in manuscript.blocks:
        if block.kind == "heading":
            aside = bool(BEFORE.fullmatch(block.text) or DONE.fullmatch(block.text))
        elif not aside and block.kind == "paragraph" and [frame.kind for frame in block.frames] == ["bullets", "item"]:
            first = _FIRST.match(block.text)
            known = manuscript.language != "en" or (first and first[1].lower() in VERBS)
            if known and block.frames[1].number not in items:
                items.add(block.frames[1].number)
                yield block


def check_actions(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the steps that hold two actions."""
    sentences = _by_block(manuscript.sentences)
    links = tuple(link.text for link in manuscript.links if link.text)
    for step in procedure_of(manuscript):
        told = [sentence for sentence in sentences.get(id(step.text), []) if not sentence.text.startswith(links)]
        if second := _second_action(told):
            hint = "make a step of each action: readers look away and back while they work"
            yield Finding(second[1], f'the step has a second action: "{second[0]} ..."', hint)


def check_length(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the steps that are too long, and lists of too many; a step with two actions is told as that."""
    sentences = _by_block(manuscript.sentences)
    counts: dict[int, int] = {}
    steps = procedure_of(manuscript)
    for step in steps:
        counts[step.list.number] = counts.get(step.list.number, 0) + 1
        told = sentences.get(id(step.text), [])
        words = sum(
            count_words(_QUOTED.sub("it", _ASIDE.sub("", sentence.text))) for sentence in told if not _NOTE.match(sentence.text)
        )
        if words > _LONGEST and not (manuscript.language == "en" and _second_action(told)):
            hint = f"say in {_LONGEST} words what to do; put the rest below it as a note"
            yield Finding(step.text.line, f"a step of {words} words", hint)
    for number, count in counts.items():
        if count > _MOST:
            line = next(step.list.line for step in steps if step.list.number == number)
            hint = f"make parts of {_MOST} steps at most, each below a heading"
            yield Finding(line, f"a list of {count} steps", hint, "hint")


def check_place(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the steps that say what to select before they say where it is."""
    sentences = _by_block(manuscript.sentences)
    for step in procedure_of(manuscript):
        for sentence in sentences.get(id(step.text), [])[:1]:
            if found := _WHAT_BEFORE_WHERE.match(sentence.text):
                verb = sentence.text.partition(" ")[0].lower()
                hint = f'say where first: "In {found["where"]}, {verb} {found["what"]}"'
                yield Finding(sentence.line, "the step says what to do before it says where", hint)


def check_broken(manuscript: Manuscript) -> Iterator[Finding]:
    """Yield the numbered lists that start anew because what stands between two steps is not indented."""
    last: Frame | None = None
    between: list[Block] = []
    numbers: dict[int, int] = {}
    for block in manuscript.blocks:
        lists = [frame for frame in block.frames if frame.kind == "ordered"]
        if not block.frames or not lists:
            between = [*between, block] if last and not lists else []
            continue
        items = [frame for frame in block.frames if frame.kind == "item"]
        here = lists[0]
        if last and here.number != last.number and between and _starts_anew(here, between, numbers.get(last.number, 0)):
            culprit = "picture" if between[0].kind == "picture" else "note" if between[0].within("notice") else "text"
            indent = "indent it by three spaces, so that it belongs to the step above"
            yield Finding(between[0].line, f"the numbers start anew in line {here.line}: this {culprit} is not indented", indent)
        numbers[here.number] = numbers.get(here.number, 0) + (1 if items and items[0].number not in numbers else 0)
        numbers.setdefault(items[0].number, 0) if items else None
        last, between = here, []


def _starts_anew(here: Frame, between: Sequence[Block], before: int) -> bool:
    """Tell whether a list goes on with the steps of the one before: nothing but pictures, notes and code stands between them."""
    aside = all(block.kind in ("picture", "code") or block.within("notice") for block in between)
    return aside and before > 0 and here.value <= 1


def _second_action(sentences: Sequence[Sentence]) -> tuple[str, int] | None:
    """Return the first words of a second action in a step, and its line; None when there is none."""
    if sum(sentence.words for sentence in sentences) <= _SHORT:
        return None
    acting = False
    for sentence in sentences:
        starts = _starts_with_action(sentence.text)
        if acting and starts:
            return " ".join(sentence.text.split()[:4]), sentence.line
        acting = acting or starts
        if acting and (joined := _JOINED.search(sentence.text)) and joined["verb"].lower() in VERBS:
            return joined[0].strip(",; "), sentence.line
    return None


def _starts_with_action(text: str) -> bool:
    first = _FIRST.match(text)
    return bool(first and first[1].lower() in ACTIONS and not _CONDITION.match(text))


def _by_block(sentences: Sequence[Sentence]) -> dict[int, list[Sentence]]:
    found: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        found.setdefault(id(sentence.block), []).append(sentence)
    return found
