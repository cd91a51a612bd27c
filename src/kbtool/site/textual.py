"""An article's HTML -> Markdown for language models and for people who copy it: snippets, variables and links are already settled in it."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_TOKEN = re.compile(r'<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>"]++|"[^"]*")*+)>|([^<]+|<)', re.DOTALL)
_ATTRIBUTES = {name: re.compile(rf'\b{name}="([^"]*)"') for name in ("href", "src", "alt", "start")}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKED = "\\`*[]<"
"""What means something in Markdown; the sign that takes the meaning away is the first."""

_SPECIAL = re.compile(r"[&\\`*\[\]<\t\n]|  ")
"""What a text may hold that cannot stay in Markdown as it is."""

_GAPS = re.compile(r"\n(?:[ \t]*\n)+")
_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)
_HELD = "\0"
"""A line's end in a block of code, until all is put together: it is not to be touched."""

_FENCE = re.compile(r"`+")
_LANGUAGE = re.compile(r"language-([\w+-]+)")

_VOID = frozenset({"br", "hr", "img", "input", "wbr", "source", "col"})
_SILENT = frozenset({"script", "style", "template", "svg", "button"})
_CONTAINERS = frozenset(
    {"", "ul", "ol", "dl", "table", "thead", "tbody", "tr", "blockquote", "div", "section", "article", "details", "figure"}
)
"""Elements that hold elements: blank space between those says nothing."""

_INLINE = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
_BLOCKS = _CONTAINERS | {"p", "aside", "figcaption", "address", "header", "footer", "main", "nav"}


@dataclass(slots=True)
class _Element:
    """An element that is open, and what it holds so far as Markdown."""

    name: str
    attributes: str = ""
    parts: list[str] = field(default_factory=list)
    number: int = 0
    """Of the next item, in a numbered list."""
    in_code: bool = False


def html_to_markdown(text: str) -> str:
    """Return the HTML as Markdown, one empty line between blocks. What Markdown cannot say is left as its words."""
    stack = [_Element("")]
    special = _SPECIAL.search
    for closing, name, attributes, words in _TOKEN.findall(text):  # as short as can be: most of a build's tags pass here
        if words:
            stack[-1].parts.append(_text(words, stack[-1]) if words == " " or special(words) else words)
        elif closing and stack[-1].name == name:
            _close(stack)
        elif name:
            _tag(stack, name.lower(), attributes, closes=bool(closing))
    while len(stack) > 1:
        _close(stack)
    whole = "".join(stack[0].parts)
    lines = _ENDS.sub("", whole) if " \n" in whole or "\t\n" in whole else whole
    return _GAPS.sub("\n\n", lines).strip().replace(_HELD, "\n") + "\n"


def _tag(stack: list[_Element], name: str, attributes: str, *, closes: bool) -> None:
    """Open an element, or close it and what was left open in it."""
    if name in _VOID:
        stack[-1].parts.append(_void(name, attributes))
    elif not closes:
        start = int(_attribute(attributes, "start") or 1) if name == "ol" else 0
        stack.append(_Element(name, attributes, [], start, stack[-1].in_code or name in ("pre", "code")))
    elif stack[-1].name == name:
        _close(stack)
    elif any(element.name == name for element in stack):
        while stack[-1].name != name:
            _close(stack)
        _close(stack)


def _close(stack: list[_Element]) -> None:
    """Put the innermost element's Markdown into the one around it."""
    element = stack.pop()
    inside = "".join(element.parts)
    shape = _SHAPES.get(element.name)
    stack[-1].parts.append(shape(inside, element, stack) if shape else inside)


def _text(words: str, element: _Element) -> str:
    """Return a text as Markdown; in code it stays as it is."""
    if element.name in _CONTAINERS and words.isspace():
        return ""
    plain = html.unescape(words) if "&" in words else words
    if element.in_code:
        return plain
    line = _SPACE.sub(" ", plain) if "\n" in plain or "  " in plain or "\t" in plain else plain
    for sign in _MARKED:
        if sign in line:
            line = line.replace(sign, f"\\{sign}")
    return line


def _void(name: str, attributes: str) -> str:
    """Return an element that holds nothing."""
    if name == "img":
        return f"![{html.unescape(_attribute(attributes, 'alt'))}]({html.unescape(_attribute(attributes, 'src'))})"
    if name == "input":
        return "[x]" if " checked" in attributes else "[ ]"
    return {"br": "\\\n", "hr": "\n\n---\n\n"}.get(name, "")


def _around(inside: str, sign: str) -> str:
    """Return words between two signs; the blank space at their ends stays outside."""
    words = inside.strip()
    if not words:
        return inside
    start = inside.index(words)
    return f"{inside[:start]}{sign}{words}{sign}{inside[start + len(words) :]}"


def _block(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return f"\n\n{inside.strip()}\n\n"


def _nothing(_inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return ""


def _signed(inside: str, element: _Element, _stack: list[_Element]) -> str:
    return _around(inside, _INLINE[element.name])


def _link(inside: str, element: _Element, _: list[_Element]) -> str:
    address = html.unescape(_attribute(element.attributes, "href"))
    return f"[{inside}]({address})" if address and inside.strip() else inside


def _heading(inside: str, element: _Element, _: list[_Element]) -> str:
    return f"\n\n{'#' * int(element.name[1])} {' '.join(inside.split())}\n\n"


def _code(inside: str, element: _Element, stack: list[_Element]) -> str:
    if stack[-1].in_code:
        stack[-1].attributes += element.attributes
        return inside
    sign = _fence(inside, 1)
    space = " " if inside.startswith("`") or inside.endswith("`") else ""
    return f"{sign}{space}{inside}{space}{sign}"


def _block_of_code(inside: str, element: _Element, _: list[_Element]) -> str:
    sign = _fence(inside, 3)
    language = _LANGUAGE.search(element.attributes)
    held = f"{sign}{language[1] if language else ''}\n{inside.strip(chr(10))}\n{sign}".replace("\n", _HELD)
    return f"\n\n{held}\n\n"


def _fence(inside: str, least: int) -> str:
    """Return more backticks than stand together in the code."""
    return "`" * max(least, 1 + max((len(run) for run in _FENCE.findall(inside)), default=0))


def _list(inside: str, _element: _Element, stack: list[_Element]) -> str:
    return f"\n{inside.strip(chr(10))}\n" if stack[-1].name == "li" else f"\n\n{inside.strip(chr(10))}\n\n"


def _item(inside: str, _element: _Element, stack: list[_Element]) -> str:
    around = stack[-1]
    mark = "- "
    if around.name == "ol":
        mark = f"{around.number}. "
        around.number += 1
    words = inside.strip()
    if "\n" not in words:
        return f"\n{mark}{words.replace(_HELD, _HELD + ' ' * len(mark))}"
    words = _GAPS.sub("\n\n", words)
    gap = "\n\n" if "\n\n" in words else "\n"
    return gap + mark + _indented(words, " " * len(mark)).lstrip(" ") + gap.removesuffix("\n")


def _indented(text: str, prefix: str) -> str:
    lines = (f"{prefix}{line.rstrip()}" if line.strip() else prefix.rstrip() for line in text.split("\n"))
    return "\n".join(lines).replace(_HELD, _HELD + prefix)


def _quote(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return f"\n\n{_indented(_GAPS.sub(chr(10) * 2, inside).strip(), '> ')}\n\n"


def _cell(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return f"| {' '.join(inside.split()).replace('|', chr(92) + '|')} "


def _row(inside: str, element: _Element, stack: list[_Element]) -> str:
    line = f"\n{inside.strip()} |"
    first = not element.number and stack[-1].name in ("table", "thead")
    return line + ("\n" + "| --- " * inside.count("| ") + "|" if first else "")


def _rows(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return inside.rstrip()


def _summary(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return inside if inside.lstrip().startswith("#") else f"\n\n{_around(inside, '**')}\n\n"


def _term(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return f"\n\n{_around(' '.join(inside.split()), '**')}\n"


def _meaning(inside: str, _element: _Element, _stack: list[_Element]) -> str:
    return f"\n: {inside.strip()}\n"


def _attribute(attributes: str, name: str) -> str:
    match = _ATTRIBUTES[name].search(attributes)
    return match[1] if match else ""


_SHAPES: dict[str, Callable[[str, _Element, list[_Element]], str]] = {
    **dict.fromkeys(_BLOCKS, _block),
    **dict.fromkeys(_INLINE, _signed),
    **dict.fromkeys(_SILENT, _nothing),
    "a": _link,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    "code": _code,
    "pre": _block_of_code,
    "ul": _list,
    "ol": _list,
    "li": _item,
    "blockquote": _quote,
    "th": _cell,
    "td": _cell,
    "tr": _row,
    "thead": _rows,
    "tbody": _rows,
    "summary": _summary,
    "dt": _term,
    "dd": _meaning,
}
