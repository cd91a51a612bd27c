"""Inline tokens -> HTML, their words and links into the draft."""

import re
from collections.abc import Callable, Sequence
from html import escape

from markdown_it.token import Token

from kbtool.content.markdown.attributes import written
from kbtool.content.markdown.destinations import fill_address
from kbtool.content.markdown.draft import Draft
from kbtool.content.markdown.glossary import mark_terms
from kbtool.content.markdown.links import mark_target
from kbtool.content.markdown.parser import parser
from kbtool.content.markdown.plain import plain
from kbtool.content.markdown.raw import write_tag
from kbtool.content.markdown.variables import tell_unknown
from kbtool.content.markdown.words import word

_SIMPLE = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
}
_HEADING_ID = re.compile(r"\s*\{:?\s*#([\w.:-]+)\s*\}\s*\Z")


def write_inline(tokens: Sequence[Token], draft: Draft, *, step: int = 1) -> str:
    """Return a paragraph's HTML; each line break moves the draft's line by a step (0 within a snippet)."""
    out: list[str] = []
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "text":
            out.append(_text(token.content, draft))
        elif kind in _SIMPLE:
            out.append(_SIMPLE[kind])
        elif kind in ("softbreak", "hardbreak"):
            draft.line += step
            draft.words.append(" ")
            out.append("\n" if kind == "softbreak" else "<br>\n")
        else:
            writer = _WRITERS.get(kind)
            out.append(writer(tokens, index, draft) if writer else _by_plugin(tokens, index, draft))
    return "".join(out)


def _text(content: str, draft: Draft) -> str:
    draft.words.append(content)
    if "{{" in content and draft.options.extras:
        tell_unknown(content, draft)
    return mark_terms(content, draft) if draft.terms else escape(content, quote=False)


def _as_typed(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    draft.words.append(tokens[index].content)
    return escape(tokens[index].content, quote=False)


def _code(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    draft.words.append(tokens[index].content)
    return f"<code{written(tokens[index])}>{escape(tokens[index].content)}</code>"


def _link_open(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return the opening tag; a link that is not safe is a span, so that its words stay."""
    token = tokens[index]
    title = token.attrs.get("title")
    named = f' title="{escape(str(title))}"' if title else ""
    href = str(token.attrs["href"])
    if not draft.options.extras:
        return f'<a href="{escape(href)}"{named}>'
    draft.quiet_terms, draft.terms = draft.terms, None
    marked = mark_target(_filled(href, draft), plain(_until_close(tokens, index)), draft)
    return f'<a href="{escape(marked)}"{named}{written(token)}>' if marked else f"<a{named}>"


def _until_close(tokens: Sequence[Token], index: int) -> Sequence[Token]:
    end = index + 1
    while end < len(tokens) and tokens[end].type != "link_close":
        end += 1
    return tokens[index + 1 : end]


def _filled(href: str, draft: Draft) -> str:
    if "%7B%7B" not in href:
        return href
    filled = fill_address(href, draft.options.variables)
    tell_unknown(filled.replace("%7B", "{").replace("%7D", "}").replace("%20", " "), draft)
    return filled


def _link_close(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    if draft.quiet_terms:
        draft.terms, draft.quiet_terms = draft.quiet_terms, None
    return "</a>"


def _image(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    token = tokens[index]
    alt, title = plain(token.children or ()), str(token.attrs.get("title") or "")
    named = f' title="{escape(title)}"' if title else ""
    source = str(token.attrs["src"])
    if not draft.options.extras:
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{named}>'
    marked = mark_target(_filled(source, draft), alt, draft, image=True)
    if not marked:
        return escape(alt)
    return f'<img src="{escape(marked)}" alt="{escape(alt)}"{named}{written(token)} loading="lazy" decoding="async">'


def _raw(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    return write_tag(tokens, index, draft) if draft.options.extras else tokens[index].content


def _footnote(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    number, again = tokens[index].meta["id"] + 1, tokens[index].meta.get("subId", 0)
    ident = f"fnref{number}-{again}" if again else f"fnref{number}"
    label = f"{word('footnote', draft.options.language)} {number}"
    return f'<sup class="footnote-ref"><a href="#fn{number}" id="{ident}" aria-label="{escape(label)}">{number}</a></sup>'


def _by_plugin(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return what markdown-it's renderer, or a plugin's rule in it, makes of a token that is none of ours."""
    md = parser(extras=draft.options.extras)
    draft.words.append(tokens[index].content)
    return md.renderer.renderInline(tokens[index : index + 1], md.options, draft.env)  # type: ignore[attr-defined,no-any-return]


_WRITERS: dict[str, Callable[[Sequence[Token], int, Draft], str]] = {
    "text_special": _as_typed,
    "code_inline": _code,
    "link_open": _link_open,
    "link_close": _link_close,
    "image": _image,
    "html_inline": _raw,
    "footnote_ref": _footnote,
}


def split_heading_id(inline: Token) -> str:
    """Return the anchor that a heading's writer has typed as {#anchor}, and take it out of the heading; empty when there is none."""
    last = inline.children[-1] if inline.children else None
    if last is None or last.type != "text" or not last.content.endswith("}"):
        return ""
    found = _HEADING_ID.search(last.content)
    if not found:
        return ""
    last.content = last.content[: found.start()]
    return found[1]
