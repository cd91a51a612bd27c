"""YAML text -> a typed record and all that is wrong with it, each with its line; records <-> JSON for caches and editors."""

import datetime
import functools
import math
import re
import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import msgspec

from kbtool.encoding import decode_text
from kbtool.model import Doc, Json
from kbtool.problems import Problem, Severity, Stop, did_you_mean
from kbtool.yamlnodes import Node, read_nodes

T = TypeVar("T")

_LARGEST = 1_000_000
_NOTHING = object()
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?")
_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def read_record(
    data: bytes | str, kind: type[T], path: str, first_line: int = 1, *, unknown: Severity = "error"
) -> tuple[T, tuple[Problem, ...]]:
    """Return the record, with its defaults for all that was missing or wrong, and every problem at once.

    Keys may be typed with hyphens, dots or capitals: `review-every` is `review_every`. Where a text is expected a value is
    taken as it was typed, so `title: 404` and `title: yes` are titles. `unknown` says how grave an unknown key is.
    Every field of `kind` needs a default; the records inside it may have required ones.
    """
    try:
        text = decode_text(data, path, first_line) if isinstance(data, bytes) else data
    except Stop as stop:
        return kind(), stop.problems
    if len(text) > _LARGEST:
        return kind(), (Problem(path, 0, "too-large", f"{len(text)} characters of settings; at most {_LARGEST} are read"),)
    nodes = read_nodes(text, path, first_line)
    reader = _Reader(path, unknown, [])
    record = kind() if nodes.root is None or nodes.root.is_nothing else reader.record(nodes.root, kind, "")
    told = nodes.problems if nodes.broken else (*nodes.problems, *reader.problems)
    return (kind() if record is _NOTHING else cast("T", record)), tuple(sorted(told))


def encode(value: object) -> bytes:
    """Return the value as JSON, for a cache."""
    return _ENCODER.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Return the value that was encoded. Raises ValueError when the bytes are no such value."""
    return cast("T", _decoder(cast("Hashable", kind)).decode(data))


def json_schema(kind: type) -> Json:
    """Return the record's JSON Schema: each key with its sentence, and no other keys allowed."""
    schema = msgspec.json.schema(kind, schema_hook=lambda _: {"type": "string"})
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for record in _records_within(kind):
        described = schema["$defs"][record.__name__]
        described["additionalProperties"] = False
        for name, hint in _hints(record).items():
            entry = _loosened(described["properties"][name])
            described["properties"][name] = {"description": _sentence(hint), **entry}
    return schema


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known while one text is read."""

    path: str
    unknown: Severity
    problems: list[Problem]

    def record(self, node: Node, kind: type, name: str) -> object:
        """Return the mapping as a record, or _NOTHING when something required is missing."""
        if node.pairs is None:
            return self.wrong(node, name, "keys with values")
        shapes = _shapes(kind)
        seen: dict[str, int] = {}
        values: dict[str, object] = {}
        for key, value in node.pairs:
            field = key.text if key.text in shapes else _plain_key(key.text or "")
            if field in seen:
                self.tell(key, "duplicate-key", f'the key "{key.text}" stands here twice', f"the first is in line {seen[field]}")
            elif field not in shapes:
                hint = did_you_mean(field, shapes) or f"known here: {', '.join(shapes)}"
                self.tell(key, "unknown-key", f'unknown key "{_dotted(name, _short(key))}"', hint, self.unknown)
            elif not value.is_nothing:
                values[field] = self.value(value, shapes[field], _dotted(name, field))
            seen.setdefault(field, key.line)
        missing = [field for field in _required(kind) if field not in values]
        for field in missing:
            self.tell(node, "wrong-value", f'"{_dotted(name, field)}" is missing', f'add "{field}: ..."')
        kept = {field: value for field, value in values.items() if value is not _NOTHING}
        return _NOTHING if any(field not in kept for field in _required(kind)) else kind(**kept)

    def value(self, node: Node, shape: "_Shape", name: str) -> object:
        """Return the node as what the shape expects, or _NOTHING after the problem was told."""
        match shape.kind:
            case "record":
                return self.record(node, shape.type, name)
            case "list":
                return self.many(node, shape.inner(), name)
            case "map":
                return self.named(node, shape.inner(), name)
            case _:
                return self.one(node, shape, name)

    def one(self, node: Node, shape: "_Shape", name: str) -> object:
        """Return the text as the scalar that the shape expects."""
        if node.text is None:
            return self.wrong(node, name, shape.expected)
        try:
            return _scalar(node.text, shape)
        except _NoSuchDayError:
            return self.wrong(node, name, "a day that exists")
        except ValueError:
            return self.wrong(node, name, shape.expected, did_you_mean(node.text.lower(), shape.choices))

    def many(self, node: Node, shape: "_Shape", name: str) -> object:
        """Return a tuple of what can be read; one text alone is a list of one."""
        if node.items is None:
            if shape.kind == "text" and node.text is not None:
                return (node.text,)
            return self.wrong(node, name, 'a list, each with "- " before it')
        values = [self.value(item, shape, f"{name}[{at}]") for at, item in enumerate(node.items) if not item.is_nothing]
        return tuple(value for value in values if value is not _NOTHING)

    def named(self, node: Node, shape: "_Shape", name: str) -> object:
        """Return a mapping of what can be read."""
        if node.pairs is None:
            return self.wrong(node, name, "names with values")
        found: dict[str, object] = {}
        for key, item in node.pairs:
            if key.text in found:
                self.tell(key, "duplicate-key", f'the key "{_dotted(name, _short(key))}" stands here twice')
            elif key.text is not None and not item.is_nothing:
                found[key.text] = self.value(item, shape, _dotted(name, key.text))
        return {key: value for key, value in found.items() if value is not _NOTHING}

    def wrong(self, node: Node, name: str, expected: str, hint: str = "") -> object:
        """Tell that the node is not what was expected, and return _NOTHING."""
        subject = f'"{name}"' if name else "this"
        self.tell(node, "wrong-value", f"{subject} must be {expected}, not {_shown(node)}", hint)
        return _NOTHING

    def tell(self, node: Node, rule: str, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Keep a problem at the node's line."""
        self.problems.append(Problem(self.path, node.line, rule, message, hint, severity))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a field expects, made from its annotation once."""

    kind: Literal["text", "choice", "bool", "int", "float", "date", "list", "map", "record"]
    type: Any
    choices: tuple[str, ...] = ()

    def inner(self) -> "_Shape":
        """The shape of a list's items or a mapping's values."""
        return _shape(self.type)

    @property
    def expected(self) -> str:
        """The words for a person."""
        if self.choices:
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        return _EXPECTED.get(self.kind, self.kind)


_EXPECTED = {
    "text": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "date": "a date such as 2025-03-31",
}


@functools.cache
def _shape(hint: Any) -> _Shape:  # noqa: ANN401 - an annotation can be anything
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _shape(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return _shape(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is Literal:
        return _Shape("choice", str, arguments)
    if origin in (tuple, Mapping):
        return _Shape("list", arguments[0]) if origin is tuple else _Shape("map", arguments[1])
    if is_dataclass(hint):
        return _Shape("record", hint)
    return _Shape(_SCALARS[hint], hint)


class _NoSuchDayError(ValueError):
    """Raised for the 30th of February."""


_SCALARS: dict[type, Literal["text", "bool", "int", "float", "date"]] = {
    str: "text",
    bool: "bool",
    int: "int",
    float: "float",
    datetime.date: "date",
}


def _scalar(text: str, shape: _Shape) -> object:
    """Return the text as the type expected. Raises ValueError when it is none."""
    match shape.kind:
        case "text":
            return text
        case "choice":
            return shape.choices[shape.choices.index(text.lower())]
        case "bool":
            return _bool(text)
        case "date":
            return _date(text)
        case "int":
            return _number(text, int)
        case _:
            return _number(text, float)


def _bool(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise ValueError
    return _WORDS[text.lower()]


def _date(text: str) -> datetime.date:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        raise _NoSuchDayError from None


def _number(text: str, kind: type[int] | type[float]) -> float:
    try:
        number = kind(text)
        finite = math.isfinite(number)
    except (ValueError, OverflowError):  # int() refuses 5,000 digits with a sentence that is no help here
        raise ValueError from None
    if not finite:
        raise ValueError
    return number


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


@functools.cache
def _shapes(kind: type) -> dict[str, _Shape]:
    return {name: _shape(hint) for name, hint in _hints(kind).items()}


@functools.cache
def _required(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING)


def _plain_key(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(".", "_").replace(" ", "_")


def _dotted(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _short(node: Node) -> str:
    text = node.text if node.text is not None else "..."
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004


def _shown(node: Node) -> str:
    if node.text is not None:
        return f'"{_short(node)}"'
    return "a list" if node.items is not None else "keys with values"


def _records_within(kind: type) -> tuple[type, ...]:
    found = [kind]
    for record in found:
        for shape in _shapes(record).values():
            while shape.kind in ("list", "map"):
                shape = shape.inner()  # noqa: PLW2901
            if shape.kind == "record" and shape.type not in found:
                found.append(shape.type)
    return tuple(found)


def _sentence(hint: Any) -> str:  # noqa: ANN401
    return next((extra.text for extra in typing.get_args(hint)[1:] if isinstance(extra, Doc)), "")


def _loosened(entry: Json) -> Json:
    """Allow in the editor what the reader takes: a number for a text, one text for a list of them."""
    if entry.get("type") == "string" and "format" not in entry:
        return {**entry, "type": ["string", "number", "boolean"]}
    if entry.get("type") == "array" and entry["items"].get("type") == "string":
        return {"anyOf": [entry, {"type": "string"}], "default": entry.get("default", [])}
    return entry


def _to_json(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError


def _from_json(kind: type, value: object) -> object:
    if issubclass(kind, Path):
        return Path(str(value))
    raise NotImplementedError


_ENCODER = msgspec.json.Encoder(enc_hook=_to_json, order="deterministic")


@functools.cache
def _decoder(kind: Hashable) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind, dec_hook=_from_json)
