"""An article's bytes and what its front matter is to say -> the bytes with that in it, and every other byte as it was."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kbtool.content.frontmatter import LARGEST, read_source
from kbtool.encoding import byte_order, decode_text
from kbtool.problems import Problem, Stop
from kbtool.yamlnodes import Entry, Layout, Node, read_layout, read_nodes

_BREAK = r"(?:\r\n|\n|\r)"
_OPENING = re.compile(rf"---[ \t]*{_BREAK}")
_CLOSING = re.compile(rf"(?:(?<=\n)|(?<=\r))(?:---|\.\.\.)[ \t]*(?:{_BREAK}|\Z)")
_NEXT = re.compile(_BREAK)
_PLAIN = re.compile(r"[^\W\d_](?:[\w .'()!-]*[\w.)!])?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""YAML takes them for no texts."""
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

_Edit = tuple[int, int, str]
"""From where to where, and what takes its place."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What front matter is to say."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Key -> its value, as YAML has it: what is there already is replaced, else the key is added."""
    additions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Key of a list -> texts to put at its end."""
    after: str = ""
    """The key behind which new ones are put; at the front matter's end when it is not there."""


def amend_article(data: bytes, path: str, amendment: Amendment) -> bytes:
    """Return the article with the amendment. An article without front matter gets some.

    The result is read again: raises Stop when the file is no text, when its front matter is broken, and when anything but what was
    to be changed would be.
    """
    mark, encoding = byte_order(data)
    before = decode_text(data, path)
    raw = data[len(mark) :].decode(encoding)
    typed = front_matter(raw)
    source = read_source(before, path)
    broken = [problem for problem in source.problems if problem.rule in ("broken-yaml", "too-large")]
    if broken:
        raise Stop(*broken)
    if typed is None:
        end = _line_break(raw)
        lines = _new_lines(_all_new(amendment), Layout((), 0, 0), end)
        after = f"---{end}{lines}---{end}{raw}"
    else:
        start, stop = typed
        after = raw[:start] + _amended(raw[start:stop], amendment, path, _line_break(raw)) + raw[stop:]
    result = mark + after.encode(encoding)
    _verify(before, decode_text(result, path), amendment, path)
    return result


def as_yaml(text: str) -> str:
    """Return a text as YAML reads it back, in a list in brackets too.

    >>> as_yaml("Ada Roe"), as_yaml("Roe, Ada"), as_yaml("no")
    ('Ada Roe', '"Roe, Ada"', '"no"')
    """
    clean = one_line(text)
    return clean if _PLAIN.fullmatch(clean) and clean.lower() not in _WORDS else json.dumps(clean, ensure_ascii=False)


def one_line(text: str) -> str:
    """Return the text in one line, without what YAML refuses."""
    return " ".join(_NO_TEXT.sub(" ", text).split())


def plain_key(key: str) -> str:
    """Return the key as it is known, however it was typed.

    >>> plain_key("Review-Every")
    'review_every'
    """
    return re.sub(r"[-. ]", "_", key.strip().lower())


def front_matter(text: str) -> tuple[int, int] | None:
    """Return where the front matter begins and ends, its dashes aside, as `read_source` finds it; None when there is none."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return (opening.end(), closing.start()) if opening and closing and closing.start() - opening.end() <= LARGEST else None


def typed_keys(text: str) -> dict[str, str]:
    """Return the front matter's keys, as they are known, with the text of each; lists are empty texts."""
    place = front_matter(text)
    root = read_nodes(text[slice(*place)], "", 1).root if place else None
    pairs = root.pairs or () if root else ()
    return {plain_key(key.text or ""): "" if value.is_nothing else value.text or "" for key, value in reversed(list(pairs))}


def _line_break(text: str) -> str:
    found = _NEXT.search(text)
    return found[0] if found else "\n"


def _all_new(amendment: Amendment) -> dict[str, str]:
    lists = {key: _list(texts) for key, texts in amendment.additions.items() if texts}
    return {**amendment.values, **lists}


def _list(texts: Iterable[object]) -> str:
    return f"[{', '.join(as_yaml(str(text)) for text in texts)}]"


def _new_lines(values: Mapping[str, str], layout: Layout, end: str) -> str:
    return "".join(f"{' ' * layout.column}{key}: {value}{end}" for key, value in values.items())


def _amended(typed: str, amendment: Amendment, path: str, end: str) -> str:
    """Return the front matter with the amendment."""
    layout = read_layout(typed)
    if layout is None:
        raise _unsafe(path)
    known: dict[str, Entry] = {}
    for entry in layout.entries:
        known.setdefault(plain_key(entry.key), entry)
    edits = [
        *(_replacing(typed, known[key], value) for key, value in amendment.values.items() if key in known),
        *(edit for key, texts in amendment.additions.items() if key in known for edit in _extending(typed, known[key], texts)),
    ]
    fresh = {key: value for key, value in _all_new(amendment).items() if key not in known}
    if fresh:
        edits.append(_inserting(typed, layout, known.get(amendment.after), fresh, end))
    for start, stop, text in sorted(edits, reverse=True):
        typed = typed[:start] + text + typed[stop:]
    return typed


def _replacing(typed: str, entry: Entry, value: str) -> _Edit:
    """Return how the value takes the place of the one that is there."""
    stop = entry.start + len(typed[entry.start : entry.end].rstrip())
    return entry.start, stop, value if typed[entry.start - 1 : entry.start].isspace() else f" {value}"


def _extending(typed: str, entry: Entry, texts: Sequence[str]) -> Iterator[_Edit]:
    """Yield how the texts come to the end of the list, in the form that it has."""
    if not texts:
        return
    words = [as_yaml(text) for text in texts]
    if entry.kind == "[list]":
        at = entry.items[-1][1] if entry.items else entry.start + 1
        yield at, at, (", " if entry.items else "") + ", ".join(words)
    elif entry.kind == "- list":
        at = entry.items[-1][1]
        line_start = max(typed.rfind(sign, 0, entry.items[-1][0]) for sign in "\r\n") + 1
        lead = typed[line_start : entry.items[-1][0]]
        end = _line_break(typed[at:])
        stop = _NEXT.search(typed, at)
        place = stop.start() if stop else len(typed)
        yield place, place, "".join(f"{end}{lead}{word}" for word in words)
    else:
        old = read_nodes(typed[entry.start : entry.end], "", 1).root
        yield _replacing(typed, entry, _list((*_texts(_plain(old)), *texts)))


def _inserting(typed: str, layout: Layout, after: Entry | None, values: Mapping[str, str], end: str) -> _Edit:
    """Return how keys that are not there yet come in."""
    if layout.brace:
        more = ", " if layout.entries else ""
        return layout.brace, layout.brace, ", ".join(f"{key}: {value}" for key, value in values.items()) + more
    found = _NEXT.search(typed, after.end) if after and after.kind == "text" else None
    place = found.end() if found else len(typed)
    return place, place, _new_lines(values, layout, end)


def _verify(before: str, after: str, amendment: Amendment, path: str) -> None:
    """Raise Stop unless the articles differ in what was to be changed alone."""
    old, new = _pairs(before, path), _pairs(after, path)
    wanted = dict(old)
    for key, value in amendment.values.items():
        wanted[key] = _plain(read_nodes(value, path, 1).root)
    for key, texts in amendment.additions.items():
        wanted[key] = _texts((*_texts(old.get(key)), *map(one_line, texts)))
        new[key] = _texts(new.get(key))
    if new != wanted or read_source(before, path).body != read_source(after, path).body:
        raise _unsafe(path)


_Plain = str | tuple[object, ...] | None


def _texts(value: _Plain) -> tuple[object, ...]:
    """Return the texts of a list, or of a line with commas."""
    parts = value if isinstance(value, tuple) else (value or "",)
    split = [part.split(",") if isinstance(part, str) else [part] for part in parts]
    texts = (part.strip() if isinstance(part, str) else part for each in split for part in each)
    return tuple(text for text in texts if text)


def _pairs(text: str, path: str) -> dict[str, _Plain]:
    place = front_matter(text)
    root = read_nodes(text[slice(*place)], path, 2).root if place else None
    found: dict[str, _Plain] = {}
    for key, value in (root.pairs or ()) if root else ():
        found.setdefault(plain_key(key.text or ""), _plain(value))
    return found


def _plain(node: Node | None) -> _Plain:
    """Return what a node says, without its lines."""
    if node is None or node.is_nothing:
        return None
    if node.items is not None:
        return tuple(_plain(item) for item in node.items)
    if node.pairs is not None:
        return tuple((_plain(key), _plain(value)) for key, value in node.pairs)
    return node.text


def _unsafe(path: str) -> Stop:
    message = "the front matter is typed in a way that kbtool does not dare to change"
    hint = 'put each key in a line of its own, as "key: value", without "&" and "*"'
    return Stop(Problem(path, 1, "cannot-amend", message, hint))
