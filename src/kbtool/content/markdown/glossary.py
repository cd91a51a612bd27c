"""Terms in an article -> buttons that show what they mean, each the first time it is used."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from kbtool.content.markdown.draft import Draft

_DEFINITION = re.compile(r"\*\[([^\]\n]{1,100})\]:[ \t]+(\S.*)")


def abbreviations(md: MarkdownIt) -> None:
    """The rule for `*[HTML]: HyperText Markup Language`, as a plugin."""
    md.block.ruler.before("reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]})


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001, FBT001 - markdown-it's form of a rule
    start = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("*[", start) or state.is_code_block(start_line):
        return False
    match = _DEFINITION.fullmatch(state.src, start, state.eMarks[start_line])
    if match is None:
        return False
    if not silent:
        state.env.setdefault("abbreviations", {})[match[1].strip()] = match[2].strip()
        state.line = start_line + 1
    return True


def expression(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the terms as whole words, the longest first, with a capital where a sentence begins."""
    return _expression(tuple(sorted((term for term in terms if term.strip()), key=len, reverse=True)))


@lru_cache(maxsize=200)
def _expression(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    if not terms:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(_either_case(term) for term in terms)})(?!\w)")


def _either_case(term: str) -> str:
    first = term[0]
    if first.islower() and first.upper() != first:
        return f"[{re.escape(first)}{re.escape(first.upper())}]{re.escape(term[1:])}"
    return re.escape(term)


def mark_terms(text: str, draft: Draft) -> str:
    """Return the text as HTML; a term that was not yet explained becomes a button with its explanation."""
    out: list[str] = []
    done = 0
    for match in draft.terms.finditer(text) if draft.terms else ():
        term = _as_listed(match[0], draft.explanations)
        if term not in draft.explained:
            draft.explained.add(term)
            out += (escape(text[done : match.start()], quote=False), _term(match[0], draft.explanations[term], draft))
            done = match.end()
    out.append(escape(text[done:], quote=False))
    return "".join(out)


def _as_listed(found: str, explanations: Mapping[str, str]) -> str:
    return found if found in explanations else found[0].lower() + found[1:]


def _term(text: str, explanation: str, draft: Draft) -> str:
    """Return a button with a popover: keyboard, touch and screen reader get it, which the title of an `<abbr>` denies them."""
    ident = draft.new_id("term")
    button = f'<button type="button" class="term" popovertarget="{ident}">{escape(text, quote=False)}</button>'
    return (
        f'{button}<span class="term-meaning" id="{ident}" popover data-pagefind-ignore>{escape(explanation, quote=False)}</span>'
    )
