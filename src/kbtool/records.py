"""YAML text -> a typed record and all that is wrong with it, each with its line; records <-> JSON for caches and editors."""

import functools
import typing
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from kbtool.encoding import decode_text
from kbtool.kinds import Doc, Json
from kbtool.problems import Problem, Severity, Stop, did_you_mean
from kbtool.shapes import NoSuchDayError, Shape, hints_of, read_scalar, required_keys, shapes_of
from kbtool.yamlnodes import Node, read_nodes

T = TypeVar("T")

_LARGEST = 1_000_000
_NOTHING = object()


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
    schema = cast("Json", msgspec.json.decode(encode(msgspec.json.schema(kind))))
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for record in _records_within(kind):
        described = schema["$defs"][record.__name__]
        described["additionalProperties"] = False
        for name, hint in hints_of(record).items():
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
        shapes = shapes_of(kind)
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
        missing = [field for field in required_keys(kind) if field not in values]
        for field in missing:
            self.tell(node, "wrong-value", f'"{_dotted(name, field)}" is missing', f'add "{field}: ..."')
        kept = {field: value for field, value in values.items() if value is not _NOTHING}
        return _NOTHING if any(field not in kept for field in required_keys(kind)) else kind(**kept)

    def value(self, node: Node, shape: Shape, name: str) -> object:
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

    def one(self, node: Node, shape: Shape, name: str) -> object:
        """Return the text as the scalar that the shape expects."""
        if node.text is None:
            return self.wrong(node, name, shape.expected)
        try:
            return read_scalar(node.text, shape)
        except NoSuchDayError:
            return self.wrong(node, name, "a day that exists")
        except ValueError:
            return self.wrong(node, name, shape.expected, did_you_mean(node.text.lower(), shape.choices))

    def many(self, node: Node, shape: Shape, name: str) -> object:
        """Return a tuple of what can be read; one text alone is a list of one."""
        if node.items is None:
            if shape.kind == "text" and node.text is not None:
                return (node.text,)
            return self.wrong(node, name, 'a list, each with "- " before it')
        values = [self.value(item, shape, f"{name}[{at}]") for at, item in enumerate(node.items) if not item.is_nothing]
        return tuple(value for value in values if value is not _NOTHING)

    def named(self, node: Node, shape: Shape, name: str) -> object:
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
        for shape in shapes_of(record).values():
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
    if isinstance(entry.get("additionalProperties"), dict):
        return {**entry, "additionalProperties": _loosened(entry["additionalProperties"])}
    if entry.get("type") == "array":
        items = _loosened(entry["items"])
        list_ = {**entry, "items": items}
        alone = "number" in items.get("type", ())
        return {"anyOf": [list_, items], "default": entry.get("default", [])} if alone else list_
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
