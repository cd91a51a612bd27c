"""JSON documents and lines of JSON -> rows: where a product keeps its tickets, and by which keys."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from kbtool.problems import Problem, Stop
from kbtool.tickets.noise import first_line
from kbtool.tickets.redact import redact
from kbtool.tickets.sources.json_shapes import ANY, SHAPES, Shape
from kbtool.tickets.sources.signatures import ALIASES, plain_name
from kbtool.tickets.sources.source import CERTAIN, Content, Row, Skipped, Source, Wanted
from kbtool.tickets.sources.text import BROKEN

_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_KEY = re.compile(r'"([A-Za-z_]{1,40})"\s{0,9}:')
_INLINE = re.compile(r"</?(?:a|b|em|font|i|span|strong|u)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br\s?/?|/p|/div|/li)>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_LARGEST = 400 << 20
_POSSIBLE, _MANY, _NAMED = 4, 50, 20
_LISTS = (
    *("tickets", "results", "conversations", "_embedded.conversations", "data.payload", "payload", "issues", "items"),
    *("cases", "records", "data", "value", "nodes"),
)
_WRAPPERS = ("ticket", "conversation", "issue", "node")


def sources() -> tuple[Source, ...]:
    """Return a source for each product's JSON, and one for any other."""
    return tuple(
        Source(shape.name, shape.title, partial(_tells, shape), partial(_rows, shape), partial(_columns, shape))
        for shape in (*SHAPES, ANY)
    )


def _tells(shape: Shape, content: Content) -> int:
    if not _START.match(content.head):
        return 0
    if shape is ANY:
        return _POSSIBLE
    keys = set(_KEY.findall(content.head))
    fits = next((other for other in SHAPES if any(told <= keys for told in other.tells)), None)
    return CERTAIN if fits is shape else 0


def _columns(shape: Shape, content: Content, wanted: Wanted) -> Mapping[str, str]:
    keys = _keys(shape, content, wanted)
    near = set(_KEY.findall(content.head))
    shown = {
        role: next((key for key in found if near.issuperset(key.replace("[]", "").split("."))), found[0])
        for role, found in keys.items()
    }
    return {role: key for role, key in shown.items() if role in ALIASES and (role != "body" or wanted.body)}


def _rows(shape: Shape, content: Content, wanted: Wanted) -> Iterator[Row | Skipped]:
    keys = _keys(shape, content, wanted)
    for line, thing in _things(content):
        drop = next((what for key, what in shape.drops.items() if isinstance(thing, dict) and key in thing), "")
        if drop:
            yield Skipped(line, drop)
        elif isinstance(thing, dict):
            yield _row(thing, keys, line, body=wanted.body)
        else:
            yield Skipped(line, "broken rows", thing if isinstance(thing, str) else "no object, where a ticket should be")


def _row(thing: dict[str, Any], keys: Mapping[str, tuple[str, ...]], line: int, *, body: bool) -> Row:
    def first(role: str) -> str:
        return next((value for key in keys.get(role, ()) for value in _values(thing, key) if value.strip()), "")

    return Row(
        first_line(plain_text(first("subject"))),
        first("id"),
        first("created"),
        first("status"),
        tuple(next((tuple(found) for key in keys.get("tags", ()) if (found := _values(thing, key))), ())),
        first("person"),
        " ".join(value for key in keys.get("name", ()) for value in _values(thing, key)),
        plain_text(first("body")) if body else "",
        first("reopens") not in ("", "0"),
        line,
    )


def _keys(shape: Shape, content: Content, wanted: Wanted) -> Mapping[str, tuple[str, ...]]:
    """Return role -> keys: the shape's, or those of the first things that go by a known name."""
    chosen = {role: (key,) for role, key in wanted.columns.items()}
    if shape is not ANY:
        return {**shape.keys, **chosen}
    names: dict[str, str] = {}
    inner: dict[str, None] = {}
    for number, (_, thing) in enumerate(_things(content)):
        names.update({plain_name(key): key for key in thing} if isinstance(thing, dict) else {})
        inner.update(dict.fromkeys(_inner_keys(thing)))
        if number > _MANY:
            break
    found = {role: tuple(names[alias] for alias in aliases if alias in names) for role, aliases in ALIASES.items()}
    found["tags"] = tuple(f"{key}{end}" for key in found["tags"] for end in ("[].name", "[]", ""))
    known = {**{role: keys for role, keys in found.items() if keys}, **chosen}
    if "subject" not in known and names:
        seen = ", ".join(map(redact, [*names.values(), *inner][:_NAMED])) or "none"
        hint = f"name it with --columns subject=NAME; the keys are: {seen}"
        raise Stop(Problem(content.path, 0, "no-subject-column", f'"{content.path}" has no subjects', hint))
    return known


def _inner_keys(thing: object) -> Iterator[str]:
    """Yield the keys of texts that stand one object deeper, as `--columns` takes them: fields.summary."""
    for outer, value in thing.items() if isinstance(thing, dict) else ():
        yield from (f"{outer}.{key}" for key, text in value.items() if isinstance(text, str)) if isinstance(value, dict) else ()


def _things(content: Content) -> Iterator[tuple[int, Any]]:
    """Yield each ticket with its line, 0 where lines do not say; a broken line's is the reason as text."""
    if _is_lines(content):
        with content.open_text() as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    thing = _parsed(line)
                    yield from ((number, one) for one in (_unpacked(thing) if isinstance(thing, dict) else [thing]))
    else:
        yield from ((0, thing) for thing in _unpacked(_document(content)))


def _is_lines(content: Content) -> bool:
    lines = [line.strip() for line in content.head.splitlines() if line.strip()]
    whole = lines[:2] if content.whole else lines[:-1][:2]
    return len(lines) > 1 and bool(whole) and all(line[0] == "{" and line[-1] == "}" for line in whole)


def _parsed(line: str) -> object:
    """Return the value, or what is wrong with it."""
    if BROKEN in line:
        return "bytes that are no text"
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"no JSON: {_reason(error)}"


def _document(content: Content) -> object:
    with content.open_text() as stream:
        text = stream.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        hint = "export it as NDJSON, a ticket a line, or in parts"
        raise Stop(Problem(content.path, 0, "export-too-large", f'"{content.path}" is one JSON value of more than 400 MB', hint))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        message = f'"{content.path}" is broken JSON: {_reason(error)}'
        raise Stop(Problem(content.path, line, "broken-export", message, "export the tickets again")) from None


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = error.msg if isinstance(error, json.JSONDecodeError) else str(error).partition(";")[0]
    return text[:1].lower() + text[1:]


def _unpacked(value: object) -> Iterable[object]:
    """Return the tickets in a document: its list, the list that it holds, or itself."""
    if isinstance(value, list):
        return [_unwrapped(one) for one in value]
    if not isinstance(value, dict):
        return [value]
    for path in _LISTS:
        inner: object = value
        for key in path.split("."):
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, list):
            return [_unwrapped(one) for one in inner if not _is_other(one)]
    return [_unwrapped(value)]


def _is_other(thing: object) -> bool:
    """Tell whether a search's result is a user, a group or an organisation."""
    return isinstance(thing, dict) and thing.get("result_type", "ticket") != "ticket"


def _unwrapped(thing: object) -> object:
    if isinstance(thing, dict):
        return next((thing[key] for key in _WRAPPERS if isinstance(thing.get(key), dict)), thing)
    return thing


def _values(thing: object, path: str) -> list[str]:
    """Return the texts that stand at a path.

    >>> _values({"tags": [{"name": "a"}, {"name": "b"}]}, "tags[].name")
    ['a', 'b']
    """
    found = [thing]
    for key in path.split("."):
        name = key.removesuffix("[]")
        found = [one[name] for one in found if isinstance(one, dict) and one.get(name) is not None]
        if key.endswith("[]"):
            found = [inner for one in found if isinstance(one, list) for inner in one]
    return [_scalar(one) for one in found if isinstance(one, (str, int, float))]


def _scalar(value: float | str) -> str:
    if isinstance(value, str):
        return value
    try:
        return str(value)
    except ValueError:  # more digits than Python writes
        return ""


def plain_text(text: str) -> str:
    """Return the text of a message in HTML, its paragraphs as lines.

    >>> plain_text("<p>Where is my <b>card</b>?</p>")
    'Where is my card?'
    """
    if "<" in text:
        text = _MARKUP.sub(" ", _INLINE.sub("", _BREAK.sub("\n", text)))
    return html.unescape(text).strip() if "&" in text else text.strip()
