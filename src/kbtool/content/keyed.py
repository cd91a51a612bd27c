"""A YAML text and what is to be different in it -> the text with that, and every other character as it was."""

import re
from collections.abc import Callable, Mapping

from kbtool.content.amend import as_yaml
from kbtool.yamlnodes import read_collection, read_scalars

_PATH = re.compile(r"(?=.*(?:[/].|\.md$))[./\w][\w./-]*")
"""A path that YAML takes for a text without quotes."""
_BREAK = re.compile(r"\r\n|\n|\r")


def replace_scalars(text: str, new: Callable[[tuple[str, ...], str], str | None]) -> str:
    """Return the text with each scalar as `new` has it, which is given its keys and its text; None: it stays."""
    for child in reversed(read_scalars(text)):
        said = new(child.path, child.text)
        if said is not None and said != child.text:
            text = text[: child.start] + _like(text[child.start : child.end], said) + text[child.end :]
    return text


def remove_children(text: str, key: str, unwanted: Callable[[str], bool]) -> str:
    """Return the text without the items, or the pairs, of the key's value that are unwanted; without the key when none is left."""
    found = read_collection(text, key)
    gone = [child for child in found.children if unwanted(child.text)] if found else []
    if found is None or not gone:
        return text
    if len(gone) == len(found.children):
        return _without_lines(text, found.key_start, found.end if found.flow else found.children[-1].end)
    for child in reversed(gone):
        if not found.flow:
            text = _without_lines(text, child.start, child.end)
            continue
        number = found.children.index(child)
        following = found.children[number + 1] if number + 1 < len(found.children) else None
        start = child.start if following else found.children[number - 1].end
        text = text[:start] + text[following.start if following else child.end :]
    return text


def add_pairs(text: str, key: str, pairs: Mapping[str, str]) -> str:
    """Return the text with the pairs at the end of the key's mapping; the key comes last when it is not there."""
    if not pairs:
        return text
    end = (_BREAK.search(text) or ["\n"])[0]
    typed = [f"{as_yaml(old)}: {as_yaml(new)}" for old, new in pairs.items()]
    found = read_collection(text, key)
    if found is None:
        lead = "" if not text or text.endswith(("\n", "\r")) else end
        return text + lead + f"{key}:{end}" + "".join(f"  {line}{end}" for line in typed)
    if found.flow:
        place = found.children[-1].end if found.children else found.start + 1
        return text[:place] + (", " if found.children else " ") + ", ".join(typed) + text[place:]
    place = _line_end(text, found.children[-1].end)
    lead = "" if text[:place].endswith(("\n", "\r")) else end
    return text[:place] + lead + "".join(f"{' ' * found.column}{line}{end}" for line in typed) + text[place:]


def _like(typed: str, new: str) -> str:
    """Return the new text in the quotes of the old one, where it can stand in them."""
    if typed.startswith("'") and new.isprintable():
        return "'" + new.replace("'", "''") + "'"
    if not typed.startswith('"') and _PATH.fullmatch(new):
        return new
    return f'"{new}"' if new.isprintable() and not re.search(r'["\\]', new) else as_yaml(new)


def _without_lines(text: str, start: int, end: int) -> str:
    """Return the text without the lines from one place to another."""
    first = max(text.rfind(sign, 0, start) for sign in "\r\n") + 1
    return text[:first] + text[_line_end(text, end) :]


def _line_end(text: str, place: int) -> int:
    """Return where the line after this place's begins; the place itself where a line just began."""
    if place and text[place - 1] in "\r\n":
        return place
    found = _BREAK.search(text, place)
    return found.end() if found else len(text)
