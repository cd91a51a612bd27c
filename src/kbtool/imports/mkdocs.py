"""A MkDocs folder -> drafts: its Markdown with the notices and tabs of here."""

import re
from collections.abc import Iterator
from pathlib import Path

from kbtool.encoding import decode_text
from kbtool.imports.records import Draft, Harvest
from kbtool.problems import Problem, Stop
from kbtool.urls import is_page
from kbtool.yamlnodes import Node, read_nodes

_NOTICES = {
    **dict.fromkeys(("note", "abstract", "summary", "info", "example", "quote", "cite", "seealso"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "check", "done", "question", "help", "faq"), "tip"),
    **dict.fromkeys(("warning", "attention"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "fail", "missing", "bug"), "caution"),
    "important": "important",
}
_ADMONITION = re.compile(r'([ \t]*)(!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*(?:[ \t]+"(.*)")?[ \t]*')
_TAB = re.compile(r'([ \t]*)===[!+]?[ \t]+"(.*)"[ \t]*')
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LEFT = re.compile(r"--8<--|\{!|^::: [\w.]+\.[\w.]+$|\{%|^\[TOC\]|\{\s*\.md-button", re.MULTILINE)


def read_mkdocs(config: Path) -> Harvest:
    """Return the articles of the folder that mkdocs.yml names, each where it was. Raises Stop when there is no such folder."""
    root = read_nodes(decode_text(config.read_bytes(), config.name), config.name, 1).root
    settings = {key.text: value for key, value in (root.pairs or ()) if key.text} if root else {}
    named = settings.get("docs_dir")
    folder = config.parent / ((named.text if named else "") or "docs")
    if not folder.is_dir():
        raise Stop(Problem(config.name, 0, "broken-import", f'there is no folder "{folder.name}" beside "{config.name}"'))
    titles = dict(_navigation(settings["nav"])) if "nav" in settings else {}
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if not is_page(path) or not file.is_file() or any(part.startswith((".", "_")) for part in path.split("/")):
            continue
        try:
            text = decode_text(file.read_bytes(), path)
        except Stop as stop:
            problems += stop.problems
            continue
        front = _FRONT.match(text)
        body = text[front.end() :] if front else text
        if _LEFT.search(body):
            message = f'"{path}" holds what only MkDocs and its plugins understand: "{(_LEFT.search(body) or [""])[0].strip()}"'
            problems.append(Problem(path, 0, "not-carried", message, "look at it, and write it in Markdown", "warning"))
        drafts.append(Draft(titles.get(path, ""), translate(body), "markdown", path=path, front=front[1] if front else ""))
    return Harvest(tuple(drafts), folder, "MkDocs", tuple(problems))


def translate(body: str) -> str:
    r"""Return the Markdown with MkDocs' notices, folded parts and tabs as containers.

    >>> print(translate('!!! warning "Hot"\n    Do not touch.\n\nAfter.\n'), end="")
    ::: warning Hot
    Do not touch.
    :::
    <BLANKLINE>
    After.
    """
    return "\n".join(_blocks(body.split("\n"))).rstrip() + "\n"


def _blocks(lines: list[str]) -> Iterator[str]:
    place, fence = 0, ""
    while place < len(lines):
        line = lines[place]
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        notice = None if fence else _ADMONITION.fullmatch(line)
        tab = None if fence else _TAB.fullmatch(line)
        if notice:
            inner, place = _indented(lines, place + 1, len(notice[1]))
            kind = "details" if notice[2].startswith("?") else _NOTICES.get(notice[3].lower(), "note")
            title = notice[4] or (notice[3].capitalize() if kind == "details" else "")
            yield from _container(notice[1], f"{kind} {title}".rstrip(), inner)
        elif tab:
            inside: list[str] = []
            while place < len(lines) and (tab := _TAB.fullmatch(lines[place])):
                inner, place = _indented(lines, place + 1, len(tab[1]))
                inside += ["", f"== {tab[2]}", "", *_blocks(inner)]
                lead = tab[1]
            yield from _container(lead, "tabs", [*inside, ""], done=True)
        else:
            yield line
            place += 1


def _container(lead: str, opening: str, inner: list[str], *, done: bool = False) -> Iterator[str]:
    lines = inner if done else list(_blocks(inner))
    colons = ":" * max([3, *(len(line) - len(line.lstrip(":")) + 1 for line in lines if line.startswith(":::"))])
    yield f"{lead}{colons} {opening}"
    yield from (f"{lead}{line}" if line else "" for line in lines)
    yield f"{lead}{colons}"
    yield ""


def _indented(lines: list[str], place: int, column: int) -> tuple[list[str], int]:
    """Return the lines that are indented by four more, without that, and where they end."""
    found: list[str] = []
    while place < len(lines) and (not lines[place].strip() or lines[place].startswith(" " * (column + 4))):
        found.append(lines[place][column + 4 :])
        place += 1
    while found and not found[-1].strip():
        found.pop()
    while found and not found[0].strip():
        found.pop(0)
    return found, place


def _navigation(node: Node) -> Iterator[tuple[str, str]]:
    """Yield the path and the title of every page that the navigation names."""
    for item in node.items or ():
        for key, value in item.pairs or ():
            if value.text and is_page(value.text):
                yield value.text, key.text or ""
            yield from _navigation(value)
