"""YAML text -> nodes that keep each value's text and line, safe against every bomb: nothing is run, little is expanded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import yaml

from kbtool.problems import Problem, Stop

_DEEPEST = 50
_MOST_NODES = 50_000
"""A list that an alias repeats counts again each time."""
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map"))
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's is nine times faster; a Python without it still reads."""
_HINTS = {
    "mapping values are not allowed": 'put a value that has ": " in it between quotes',
    "cannot start any token": "put the value between quotes, and indent with spaces, not with tabs",
    "tab character": "indent with spaces, not with tabs",
    **dict.fromkeys(("end of stream", "unexpected end"), "close the quotes or the bracket"),
    "could not find expected ':'": 'a line needs "key: value"; put a text that goes over several lines between quotes',
    "unknown escape": 'write "\\\\" for a backslash between double quotes, or use single quotes',
    "did not find expected key": "indent the keys of one list alike, and put a value with quotes inside between quotes",
    "did not find expected alphabetic": 'put a value that begins with "*" or "&" between quotes',
    "did not find expected ',' or": 'close the bracket; put a value that begins with "[" or "{" between quotes',
    "control characters": "delete the invisible character",
}


@dataclass(slots=True)
class Node:
    """A value of a YAML text: one of text, items and pairs is not None."""

    line: int
    text: str | None = None
    plain: bool = False
    """Typed without quotes."""
    items: "list[Node] | None" = None
    pairs: "list[tuple[Node, Node]] | None" = None
    weight: int = 1
    """How many nodes it is, with all within."""

    @property
    def is_nothing(self) -> bool:
        """A key without a value, or with null."""
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Nodes:
    """What was read of a YAML text."""

    root: Node | None
    """None for an empty text."""
    problems: tuple[Problem, ...]
    broken: bool
    """The text could not be read to its end; what stands before that place is here."""


def read_nodes(text: str, path: str, first_line: int) -> Nodes:
    """Return the text's only document. Nothing is raised."""
    composer = _Composer(path, first_line)
    broken: tuple[Problem, ...] = ()
    try:
        composer.read(text)
    except Stop as stop:
        broken = stop.problems
    except yaml.YAMLError as error:
        broken = (_broken(error, text, path, first_line),)
    except (ValueError, RecursionError) as error:
        broken = (Problem(path, 0, "broken-yaml", f"this cannot be read: {type(error).__name__}"),)
    return Nodes(composer.root, (*composer.problems, *broken), bool(broken))


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a key of a YAML text's outermost mapping has its value: places in the text, so that it can be changed alone."""

    key: str
    start: int
    """Where the value begins; behind the colon when there is none."""
    end: int
    kind: Literal["text", "[list]", "- list", "other"]
    items: tuple[tuple[int, int], ...] = ()
    """Where a list's items stand."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in a YAML text that is one mapping."""

    entries: tuple[Entry, ...]
    column: int
    """How far its keys are indented."""
    brace: int
    """Where the mapping begins inside its braces; 0 when it has none."""


def read_layout(text: str) -> Layout | None:
    """Return where keys and values stand in a text that `read_nodes` has read; None when it is no mapping."""
    root = _composed(text)
    if root is None:
        return Layout((), 0, 0)
    if not isinstance(root, yaml.MappingNode):
        return None
    entries = tuple(_entry(key, value) for key, value in root.value if isinstance(key, yaml.ScalarNode))
    return Layout(entries, root.start_mark.column, root.start_mark.index + 1 if root.flow_style else 0)


def _entry(key: Any, value: Any) -> Entry:  # noqa: ANN401 - PyYAML's nodes are untyped
    items: tuple[tuple[int, int], ...] = ()
    kind: Literal["text", "[list]", "- list", "other"] = "other"
    if isinstance(value, yaml.ScalarNode) and value.style not in ("|", ">"):
        kind = "text"
    elif isinstance(value, yaml.SequenceNode):
        kind = "[list]" if value.flow_style else "- list"
        items = tuple((item.start_mark.index, item.end_mark.index) for item in value.value)
    return Entry(key.value, value.start_mark.index, value.end_mark.index, kind, items)


@dataclass(frozen=True, slots=True)
class Child:
    """A scalar of a YAML text, or an item of a collection, with where it stands."""

    path: tuple[str, ...]
    """The keys above it, then its own; a key's own place ends with ":"."""
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """The list or the mapping that an outermost key has for a value."""

    flow: bool  # typed between brackets or braces
    column: int
    key_start: int
    start: int
    end: int
    children: tuple[Child, ...]
    """Items, or keys with their values."""


def read_scalars(text: str) -> tuple[Child, ...]:
    """Return every scalar that `read_nodes` has read, keys too; nothing for what cannot be read."""
    return tuple(_scalars(_composed(text), ()))


def read_collection(text: str, key: str) -> Collection | None:
    """Return where the list or mapping of an outermost key stands; None when it has none."""
    root = _composed(text)
    for named, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if named.value == key and isinstance(value, yaml.CollectionNode):
            pairs = value.value if isinstance(value, yaml.MappingNode) else [(item, item) for item in value.value]
            children = tuple(
                Child(
                    (key,), one.start_mark.index, other.end_mark.index, str(one.value) if isinstance(one, yaml.ScalarNode) else ""
                )
                for one, other in pairs
            )
            first, last = value.start_mark, value.end_mark
            return Collection(bool(value.flow_style), first.column, named.start_mark.index, first.index, last.index, children)
    return None


def _composed(text: str) -> Any:  # noqa: ANN401 - PyYAML's nodes are untyped
    """Return the outermost node, None for an empty text, and what is no node for one that cannot be read."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ()


def _scalars(node: Any, path: tuple[str, ...]) -> Iterator[Child]:  # noqa: ANN401 - PyYAML's nodes are untyped
    if isinstance(node, yaml.ScalarNode):
        if node.style not in ("|", ">"):
            yield Child(path, node.start_mark.index, node.end_mark.index, node.value)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key, (*path, ":"))
            yield from _scalars(value, (*path, key.value if isinstance(key, yaml.ScalarNode) else ""))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*path, str(number)))


@dataclass(slots=True)
class _Composer:
    """Builds nodes from events, so that depth and size are bounded before anything is built."""

    path: str
    first_line: int
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    weight: int = 0

    def read(self, text: str) -> Self:
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.root is not None:
                    raise self.stop(event, "a second document begins here", 'delete the line "---"')
                self.node(next(events), events, 0)
        return self

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:  # noqa: ANN401 - PyYAML's events are untyped
        if depth > _DEEPEST:
            raise self.stop(event, f"lists within lists, more than {_DEEPEST} deep", "make it flatter")
        if isinstance(event, yaml.AliasEvent):
            return self.aliased(event)
        made = Node(self.line(event))
        self.root = self.root or made
        self.count(event, 1)
        if isinstance(event, yaml.ScalarEvent):
            made.text, made.plain = event.value, event.implicit[0] and not event.style
        elif isinstance(event, yaml.SequenceStartEvent):
            made.items = []
            self.fill_items(made.items, events, depth)
        else:
            made.pairs = []
            self.fill_pairs(made.pairs, events, depth)
        made.weight = self.weight_of(made)
        if event.tag and event.tag not in _TAGS and event.tag != "!":
            hint = "delete the tag: only plain texts, numbers, dates and lists are read"
            self.problems.append(Problem(self.path, made.line, "broken-yaml", f'the tag "{_tag(event.tag)}" is not read', hint))
            made.text, made.plain, made.items, made.pairs = "", True, None, None
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def fill_items(self, items: list[Node], events: Iterator[Any], depth: int) -> None:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            items.append(self.node(event, events, depth + 1))

    def fill_pairs(self, pairs: list[tuple[Node, Node]], events: Iterator[Any], depth: int) -> None:
        merged: list[tuple[Node, Node]] = []
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if key.text == "<<" and key.plain:
                merged.extend(pair for source in value.items or [value] for pair in source.pairs or ())
            elif key.text is None:
                problem = Problem(
                    self.path, key.line, "broken-yaml", "a key must be a text", 'put a text with "{" or "[" between quotes'
                )
                self.problems.append(problem)
            else:
                pairs.append((key, value))
        known = {key.text for key, _ in pairs}
        for key, value in merged:
            if key.text not in known:
                known.add(key.text)
                pairs.append((key, value))

    def aliased(self, event: Any) -> Node:  # noqa: ANN401
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.stop(
                event, f'"*{event.anchor}" stands for nothing before it', 'put a value that begins with "*" between quotes'
            )
        self.count(event, node.weight)
        return node

    def count(self, event: Any, weight: int) -> None:  # noqa: ANN401
        self.weight += weight
        if self.weight > _MOST_NODES:
            raise self.stop(event, f"more than {_MOST_NODES} values, aliases counted each time", "write less")

    def weight_of(self, node: Node) -> int:
        items = sum(item.weight for item in node.items or ())
        return 1 + items + sum(key.weight + value.weight for key, value in node.pairs or ())

    def line(self, event: Any) -> int:  # noqa: ANN401
        return self.first_line + int(event.start_mark.line)

    def stop(self, event: Any, message: str, hint: str) -> Stop:  # noqa: ANN401
        return Stop(Problem(self.path, self.line(event), "broken-yaml", message, hint))


def _broken(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    words = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    words = words.splitlines()[0].replace("'", '"')
    hint = next((hint for part, hint in _HINTS.items() if part.replace("'", '"') in words), "")
    if mark and mark.index >= len(text) and getattr(error, "context_mark", None):
        mark = error.context_mark  # type: ignore[attr-defined] # where what has no end begins
    line = first_line + mark.line if mark else 0
    return Problem(path, line, "broken-yaml", f"this is not YAML: {words}", hint)


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
