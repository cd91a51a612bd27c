"""Links that are spelt wrong and certainly mean one file -> the links as that file is called."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from kbtool.content.fixes.sheet import Change, Edit, Sheet
from kbtool.content.lookup import Lookup, join_path, page_at
from kbtool.content.markdown import MarkdownOptions, render_markdown
from kbtool.content.markdown.spans import Span, locate_links
from kbtool.content.respell import Place, respell_link
from kbtool.model import Link
from kbtool.problems import Problem

LINK_RULES = frozenset({"wrong-case", "dead-link", "missing-file", "outside-content"})
"""What tells of links that may only be spelt wrong."""
_BREAK = re.compile(r"\r\n|\n|\r")


def link_spelling(
    sheet: Sheet, path: str, told: Iterable[Problem], lookup: Lookup, options: MarkdownOptions
) -> Iterator[tuple[Change, str]]:
    """Yield a change for each link that a problem tells of and that can only mean one file, and the file's path."""
    wrong = [problem for problem in told if problem.rule in LINK_RULES]
    if not wrong:
        return
    links = render_markdown(sheet.body, path, sheet.first_line, options, None).links
    meant = {number: found for number, link in enumerate(links) if (found := _meant(link, path, wrong, lookup))}
    if not meant:
        return
    text = "".join(line + end for line, end in zip(sheet.lines, sheet.ends, strict=True))
    spans = locate_links(text, 0, options)
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    for number in sorted(meant.keys() & spans.keys()):
        rule, place = meant[number]
        new = respell_link(spans[number], links[number].target, path, place)
        edit = _edit(spans[number], new, starts)
        if new != spans[number].typed and "\n" not in spans[number].typed:
            yield Change(rule=rule, edits=(edit,)), place.path


def links_lead(sheet: Sheet, path: str, changes: Mapping[Change, str], options: MarkdownOptions) -> bool:
    """Tell whether the sheet has links to all that was meant."""
    links = render_markdown(sheet.body, path, 1, options, None).links
    there = {join_path(path, re.sub(r"[?#].*", "", link.target, flags=re.DOTALL)) for link in links}
    return all(file in there or re.sub(r"\.\w+\Z", "", file) in there for file in changes.values())


def _meant(link: Link, here: str, told: Iterable[Problem], lookup: Lookup) -> tuple[str, Place] | None:
    """Return the rule that the link breaks, and the only file that it can mean; None when it breaks none, or none is certain."""
    named = f'"{link.target}"'
    rule = next((problem.rule for problem in told if problem.line == link.line and named in problem.message), None)
    if rule is None:
        return None
    path = re.sub(r"[?#].*", "", link.target.strip(), flags=re.DOTALL)
    place = _other_case(join_path(here, path) or "", lookup) if rule == "wrong-case" else _other_folder(path, here, lookup)
    return (rule, place) if place else None


def _other_case(path: str, lookup: Lookup) -> Place | None:
    """Return the file that is called so but for its letters' case, unless there are two."""
    same = [known for known in lookup.seen if known.casefold() == path.casefold()]
    return Place(same[0], "") if len(same) == 1 else None


def _other_folder(typed: str, here: str, lookup: Lookup) -> Place | None:
    """Return the file that a path names in full when it starts from another folder above the article.

    A name alone is too little to be certain, and so is a path into a folder that is there: what it names was deleted, perhaps.
    """
    parts = [part for part in typed.replace("\\", "/").split("/") if part not in ("", ".")]
    while parts and parts[0] == "..":
        parts.pop(0)
    joined = join_path(here, typed)
    if len(parts) < 2 or ".." in parts or (joined is not None and _is_folder(posixpath.dirname(joined), lookup)):  # noqa: PLR2004
        return None
    found = {place for folder in _folders_above(here) if (place := _at(posixpath.join(folder, *parts), lookup))}
    return found.pop() if len(found) == 1 else None


def _at(path: str, lookup: Lookup) -> Place | None:
    asset = lookup.assets.get(path)
    if asset:
        return Place(asset.path, "")
    url = page_at(lookup, path)
    return Place(lookup.articles[url].path, url) if url and url in lookup.articles else None


def _folders_above(here: str) -> Iterator[str]:
    folder = posixpath.dirname(here)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _is_folder(path: str, lookup: Lookup) -> bool:
    return any(known.startswith(f"{path}/") for known in lookup.seen)


def _edit(span: Span, new: str, starts: list[int]) -> Edit:
    """Return the edit of the line that holds the address."""
    line = max(number for number, start in enumerate(starts) if start <= span.start)
    return Edit(line, span.start - starts[line], span.end - starts[line], new)
