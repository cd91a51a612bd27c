"""A record's annotations -> what each of its keys expects to be typed."""

import datetime
import functools
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Literal

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?")
_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field expects, made from its annotation once."""

    kind: Literal["text", "choice", "bool", "int", "float", "date", "list", "map", "record"]
    type: Any
    choices: tuple[str, ...] = ()

    def inner(self) -> "Shape":
        """The shape of a list's items or a mapping's values."""
        return shape_of(self.type)

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
def shape_of(hint: Any) -> Shape:  # noqa: ANN401 - an annotation can be anything
    """Return the shape of what an annotation allows. Raises KeyError for a type that no record has."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return shape_of(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return shape_of(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is Literal:
        return Shape("choice", str, arguments)
    if origin in (tuple, Mapping):
        return Shape("list", arguments[0]) if origin is tuple else Shape("map", arguments[1])
    if is_dataclass(hint):
        return Shape("record", hint)
    return Shape(_SCALARS[hint], hint)


class NoSuchDayError(ValueError):
    """Raised for the 30th of February."""


_SCALARS: dict[type, Literal["text", "bool", "int", "float", "date"]] = {
    str: "text",
    bool: "bool",
    int: "int",
    float: "float",
    datetime.date: "date",
}


def read_scalar(text: str, shape: Shape) -> object:
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
        raise NoSuchDayError from None


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
def hints_of(kind: type) -> dict[str, Any]:
    """Return the annotation of each of a record's keys, with its sentence."""
    return typing.get_type_hints(kind, include_extras=True)


@functools.cache
def shapes_of(kind: type) -> dict[str, Shape]:
    """Return the shape of each of a record's keys."""
    return {name: shape_of(hint) for name, hint in hints_of(kind).items()}


@functools.cache
def required_keys(kind: type) -> tuple[str, ...]:
    """Return the keys that have no default."""
    return tuple(field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING)
