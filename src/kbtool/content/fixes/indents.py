"""Numbered lists that break because what stands between two steps is not indented enough -> one list, with that in its step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbtool.content.fixes.numbers import Item, content_column, indentation, numbered_lists
from kbtool.content.fixes.sheet import Change, Edit
from kbtool.content.markdown import Token

_APART = frozenset({"heading_open", "hr", "footnote_block_open", "footnote_open", "ordered_list_open", "code_block"})
"""What ends a list for certain, and what would be no code any more."""
_HELD = frozenset(
    {"list_item_open", "fence", "code_block", "html_block", "table_open", "container_open", "heading_open", "dl_open"}
)
_LOOSE = frozenset({"paragraph_open", "blockquote_open", "alert_open"})
"""Blocks whose lines need not be indented alike."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A numbered list that stands in nothing else."""

    place: int
    """Its place among the blocks."""
    items: tuple[Item, ...]


def list_indents(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Change]:
    """Yield a change for each place where a list breaks in two and certainly is one, or where its bullets stand too far left."""
    blocks = _blocks(tokens)
    places = {id(token): place for place, token in enumerate(blocks)}
    pieces = [_Piece(places[id(tokens[at])], items) for at, items in numbered_lists(lines, tokens) if id(tokens[at]) in places]
    starts = dict(_starts(tokens))
    joined: set[int] = set()
    for one, other in pairwise(pieces):
        between = blocks[one.place + 1 : other.place]
        if between and _is_one_list(one, other, between, lines):
            joined.add(one.place)
            yield from _moved(one, range(_first(between[0]), other.items[0].line), starts, lines)
    for piece in pieces:
        if piece.place not in joined and (bullets := _too_far_left(piece, blocks, lines)):
            yield from _moved(piece, range(*(bullets.map or (0, 0))), starts, lines)


def lists_joined(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Tell whether what changed between two readings of an article is that some of its outermost blocks stand in lists now.

    No numbered step may come, go or sink into another, and what blocks hold must be what it was.
    """
    old, new = _blocks(before), _blocks(after)
    kept = iter(_sign(block) for block in old)
    return (
        len(new) < len(old)
        and _steps(before) == _steps(after)
        and all(_sign(block) in kept for block in new)
        and [*_contents(before)] == [*_contents(after)]
    )


def _contents(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield what must not differ: items, code, tables. Lists and quotes that stand together now may have become one."""
    for token in tokens:
        if token.type in _HELD:
            yield token.type, token.content


def _first(block: Token) -> int:
    return block.map[0] if block.map else 0


def _starts(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the first lines of the outermost blocks, and of the items of lists among them."""
    for token in tokens:
        if token.map and token.nesting >= 0 and (token.level == 0 or (token.level == 1 and token.type == "list_item_open")):
            yield token.map[0], token


def _sign(block: Token) -> tuple[str, int]:
    return block.type, _first(block)


def _blocks(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.level == 0 and token.nesting >= 0 and token.map]


def _steps(tokens: Sequence[Token]) -> int:
    return sum(token.type == "list_item_open" and token.level == 1 and bool(token.info) for token in tokens)


def _is_one_list(one: _Piece, other: _Piece, between: Sequence[Token], lines: Sequence[str]) -> bool:
    """Tell whether the second list certainly goes on with the first.

    It does when its number is the next one; and when all numbers are typed alike, and what stands between is indented, or is a picture,
    a note or code.
    """
    first, last = other.items[0], one.items[-1]
    if first.mark != last.mark or first.start >= content_column(last, lines) or any(block.type in _APART for block in between):
        return False
    typed = [item.number for item in one.items]
    if typed == [*range(typed[0], typed[0] + len(typed))] and first.number == last.number + 1:
        return True
    alike = {item.number for item in (*one.items, *other.items)}
    return len(alike) == 1 and all(_is_aside(block, lines) or indentation(lines[_first(block)]) > last.start for block in between)


def _is_aside(block: Token, lines: Sequence[str]) -> bool:
    """Tell whether a block is a picture, code or a note, none of which stands between two procedures."""
    line = lines[_first(block)].strip()
    if block.type == "paragraph_open":
        return line.startswith("![") and line.endswith(")") and _height(block) == 1
    return block.type in ("fence", "container_open", "alert_open", "blockquote_open")


def _height(block: Token) -> int:
    return block.map[1] - block.map[0] if block.map else 0


def _too_far_left(piece: _Piece, blocks: Sequence[Token], lines: Sequence[str]) -> Token | None:
    """Return the bullets right below a list's last step that are indented, and yet not far enough to belong to it."""
    block = blocks[piece.place + 1] if piece.place + 1 < len(blocks) else None
    last = piece.items[-1]
    if block is None or block.type != "bullet_list_open" or block.map is None or block.map[0] == 0:
        return None
    line = block.map[0]
    near = bool(lines[line - 1].strip()) and line >= last.line + 1
    return block if near and last.start < indentation(lines[line]) < content_column(last, lines) else None


def _moved(piece: _Piece, within: range, starts: Mapping[int, Token], lines: Sequence[str]) -> Iterator[Change]:
    """Yield the change that puts the lines under the list's last step; each block, and each bullet, as far as it needs."""
    column = content_column(piece.items[-1], lines)
    edits: list[Edit] = []
    shift, rest = 0, 0
    for number in within:
        line = lines[number]
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return
        if number in starts:
            shift = missing = max(0, column - indentation(line))
            rest = _shift_below(starts[number], shift, column, lines)
        else:
            missing = max(0, column - indentation(line)) if rest < 0 else rest
        if line and missing:
            edits.append(Edit(number, 0, 0, " " * missing))
    if edits:
        yield Change(rule="broken-list", edits=tuple(edits))


def _shift_below(block: Token, shift: int, column: int, lines: Sequence[str]) -> int:
    """Return how far the lines below a block's first must move with it; -1: each only as far as it needs."""
    if block.type in _LOOSE:
        return -1
    below = [lines[number] for number in range(*(block.map or (0, 0)))][1:]
    if block.type == "list_item_open" and all(indentation(line) >= column + 2 for line in below if line.strip()):
        return 0  # they stand where they belong once the bullet does
    return shift
