"""Balanced HTML -> HTML that a checker finds valid: list items get their list, rows without cells go."""

import re
from collections.abc import Iterator

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>")
_LISTS = ("ul", "ol")
_VOID = frozenset(("br", "hr", "img", "wbr", "col", "source"))
_EMPTY_ROWS = re.compile(r"(<tr[^<>]*>)([^<]*(?:<(?!/?tr\b)[^<]*)*)</tr>((?:\s*<tr[^<>]*>\s*</tr>)+)")
_CELL = re.compile(r"<t[dh]\b[^<>]*>")


def repair(html: str) -> str:
    """Return the HTML with what only raw HTML gets wrong mended; it must be balanced.

    >>> repair("<td><li>a</li><li>b</li></td>")
    '<td><ul><li>a</li><li>b</li></ul></td>'
    >>> repair('<tr><td rowspan="2">a</td></tr><tr></tr>')
    '<tr><td>a</td></tr>'
    """
    html = _EMPTY_ROWS.sub(_without_empty_rows, html) if "<tr" in html else html
    return "".join(_with_lists(html)) if "<li" in html else html


def _without_empty_rows(match: re.Match[str]) -> str:
    """Return the row alone where all its cells reach down over the empty ones and no further."""
    opening, cells, empty = match.groups()
    span = f' rowspan="{empty.count("<tr") + 1}"'
    if all(span in cell for cell in _CELL.findall(cells)):
        return f"{opening}{cells.replace(span, '')}</tr>"
    return match[0]


def _with_lists(html: str) -> Iterator[str]:
    """Yield the HTML with a list around every run of items that has none."""
    parents: list[str] = []
    done = 0
    for tag in _TAG.finditer(html):
        text, closing, name = html[done : tag.start()], tag[1], tag[2]
        ends = parents and parents[-1] == "list" and (text.strip() or closing or name != "li")
        if ends:
            parents.pop()
            yield "</ul>"
        yield text
        if not closing and name == "li" and (not parents or parents[-1] not in (*_LISTS, "list")):
            parents.append("list")
            yield "<ul>"
        if closing and parents:
            parents.pop()
        elif not closing and name not in _VOID:
            parents.append(name)
        yield tag[0]
        done = tag.end()
    yield html[done:] + "</ul>" * parents.count("list")
