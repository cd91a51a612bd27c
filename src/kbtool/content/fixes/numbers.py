"""Numbered lists whose typed numbers are not those that readers see -> the lists with the numbers that the page shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbtool.content.fixes.sheet import Change, Edit
from kbtool.content.markdown import Token

_WIDEST = 2
"""Digits: longer numbers are years and the like."""
_MOST_SPACES = 4
"""More spaces than that after a number are code."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a numbered list."""

    line: int
    end: int
    """The line behind its last."""
    typed: str
    mark: str
    """The sign behind the number."""
    start: int
    """Where in its line the number stands."""

    @property
    def number(self) -> int:
        """The number as it is typed."""
        return int(self.typed)


def numbered_lists(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[Item, ...]]]:
    """Yield the place among the tokens of each numbered list, and its items; a list with an item that is not found is left out."""
    starts = _starts(lines, tokens)
    for index, token in enumerate(tokens):
        if token.type == "ordered_list_open":
            items = tuple(_items(tokens, index, starts))
            if items and all(item.start >= 0 for item in items):
                yield index, items


def list_numbers(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Change]:
    """Yield a change for each list whose numbers do not go up by one.

    Lists whose numbers are all the same are meant so, as are those that count down; years and the like are no steps. A list that
    begins in the middle may go on with another: only its last number can then tell that its first one is right.
    """
    for _, items in numbered_lists(lines, tokens):
        typed = [item.number for item in items]
        wanted = [*range(typed[0], typed[0] + len(typed))]
        meant = len(set(typed)) == 1 or typed == sorted(typed, reverse=True) or _is_odd(items)
        if typed == wanted or meant or (typed[0] > 1 and typed[-1] != wanted[-1]):
            continue
        edits = [_edits(item, str(number), lines) for item, number in zip(items, wanted, strict=True) if item.number != number]
        if all(edits):
            yield Change(rule="list-numbers", edits=tuple(edit for item in edits for edit in item))


def indentation(line: str) -> int:
    """Return how many spaces a line begins with; a tab ends them."""
    return len(line) - len(line.lstrip(" "))


def content_column(item: Item, lines: Sequence[str]) -> int:
    """Return the column at which an item's text begins, and at which whatever belongs to it must."""
    end = item.start + len(item.typed) + 1
    spaces = indentation(lines[item.line][end:])
    empty = not lines[item.line][end:].strip()
    return end + (1 if empty or spaces > _MOST_SPACES else spaces)


def _items(tokens: Sequence[Token], index: int, starts: dict[int, int]) -> Iterator[Item]:
    level = tokens[index].level
    for place in range(index + 1, len(tokens)):
        token = tokens[place]
        if token.level == level and token.type == "ordered_list_close":
            return
        if token.level == level + 1 and token.type == "list_item_open" and token.map:
            yield Item(token.map[0], token.map[1], token.info, token.markup, starts.get(place, -1))


def _starts(lines: Sequence[str], tokens: Sequence[Token]) -> dict[int, int]:
    """Return for each numbered item, by its place among the tokens, where in its line the number stands: a line may have several."""
    found: dict[int, int] = {}
    done: dict[int, int] = {}
    for place, token in enumerate(tokens):
        if token.type != "list_item_open" or not token.info or not token.map or token.map[0] >= len(lines):
            continue
        line = token.map[0]
        sign = re.compile(rf"(?<![\w.)]){re.escape(token.info + token.markup)}(?=[ \t]|\Z)")
        match = sign.search(lines[line], done.get(line, 0))
        if match:
            found[place], done[line] = match.start(), match.end()
    return found


def _is_odd(items: Sequence[Item]) -> bool:
    return any(len(item.typed) > _WIDEST or (item.typed.startswith("0") and len(item.typed) > 1) for item in items)


def _edits(item: Item, number: str, lines: Sequence[str]) -> tuple[Edit, ...]:
    """Return how an item gets its number, what belongs to it staying within it; nothing when that cannot be told."""
    wider = len(number) - len(item.typed)
    end = item.start + len(item.typed)
    renamed = Edit(item.line, item.start, end, number)
    within = [at for at in range(item.line + 1, min(item.end, len(lines))) if lines[at].startswith((" ", "\t"))]
    spaces = indentation(lines[item.line][end + 1 :])
    if not wider or not within:
        return (renamed,)
    if lines[item.line][: item.start].strip(" -*+.)0123456789") or any(_has_tab(lines[at]) for at in within):
        return ()
    if wider < 0:
        room = spaces - wider <= _MOST_SPACES
        return (Edit(item.line, item.start, end + 1, f"{number}{item.mark}{' ' * -wider}"),) if room else ()
    if wider < spaces <= _MOST_SPACES:
        return (Edit(item.line, item.start, end + 1 + wider, f"{number}{item.mark}"),)
    column = content_column(item, lines)
    return (renamed, *(Edit(at, 0, 0, " " * wider) for at in within if indentation(lines[at]) >= column))


def _has_tab(line: str) -> bool:
    return "\t" in line[: len(line) - len(line.lstrip())]
