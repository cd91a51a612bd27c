"""Notices, details, tabs and footnotes: tokens of what stands around blocks -> HTML."""

from collections.abc import Callable, Sequence
from html import escape

from markdown_it.token import Token

from kbtool.content.markdown import words
from kbtool.content.markdown.containers import DETAILS, NOTICES
from kbtool.content.markdown.draft import Draft
from kbtool.content.markdown.plain import plain


def _alert(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return the start of a notice as GitHub writes it; its title token is emptied, since ours is in the site's language."""
    kind = tokens[index].info.lower()
    tokens[index + 2].children = []
    return f'<div class="notice {kind}" role="note">\n<p class="notice-title">{words.word(kind, draft.options.language)}'


def _quote(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return the start of a quote; one that begins with "**Warning:**" is a notice written the old way."""
    first = tokens[index + 2] if index + 2 < len(tokens) and tokens[index + 2].type == "inline" else None
    found = words.OLD_NOTICE.match(first.content) if first else None
    if first is None or found is None or not _cut_label(first):
        return "<blockquote>\n"
    closing = next(
        token for token in tokens[index + 1 :] if token.type == "blockquote_close" and token.level == tokens[index].level
    )
    closing.type, closing.info = "container_close", "note"
    kind = words.OLD_NOTICES[found[1].lower()]
    return f'<div class="notice {kind}" role="note">\n<p class="notice-title">{words.word(kind, draft.options.language)}</p>\n'


def _cut_label(inline: Token) -> bool:
    """Take "**Warning:**" from a paragraph's start; nothing is done where no words would be left."""
    children = [token for token in inline.children or () if token.content or token.type != "text"]
    label, rest = [token.type for token in children[:3]], children[3:]
    if label != ["strong_open", "text", "strong_close"] or not plain(rest).strip(" :"):
        return False
    if rest[0].type == "text":
        rest[0].content = rest[0].content.lstrip(" :")
    inline.children = rest
    return True


def _nothing(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    return ""


def _container_open(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    token = tokens[index]
    name, title = token.info, token.content
    if title:
        draft.words.append(f"{title} ")
    if name in NOTICES:
        kind = NOTICES[name]
        lead = escape(title or words.word(kind, draft.options.language))
        return f'<div class="notice {kind}" role="note">\n<p class="notice-title">{lead}</p>\n'
    if name in DETAILS:
        lead = escape(title or words.word("details", draft.options.language))
        return f'<details class="more"><summary>{lead}</summary>\n<div>\n'
    return _tab_open(tokens, index, draft)


def _tab_open(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return tabs as details of one name: one of them is open, without a script."""
    name, title = tokens[index].info, tokens[index].content
    if name == "tabs":
        draft.groups += 1
        return '<div class="tabs">\n'
    if name != "tab":
        return f'<div class="{escape(name)}">\n'
    first = tokens[index - 1].type == "container_open" and tokens[index - 1].info == "tabs"
    group = f' name="tabs-{draft.groups}"' if draft.groups else ""
    return f'<details class="tab"{group}{" open" if first else ""}><summary>{escape(title)}</summary>\n<div>\n'


def _container_close(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    return "</div>\n</details>\n" if tokens[index].info in (*DETAILS, "tab") else "</div>\n"


def _footnotes(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    return f'<section class="footnotes" aria-label="{words.word("footnotes", draft.options.language)}">\n<ol>\n'


def _footnote(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    return f'<li id="fn{tokens[index].meta["id"] + 1}">'


def _footnote_back(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    number, again = tokens[index].meta["id"] + 1, tokens[index].meta.get("subId", 0)
    ident = f"fnref{number}-{again}" if again else f"fnref{number}"
    return f' <a class="footnote-back" href="#{ident}" aria-label="{words.word("back", draft.options.language)}">↩︎</a>'


FRAMES: dict[str, Callable[[Sequence[Token], int, Draft], str]] = {
    "blockquote_open": _quote,
    "alert_open": _alert,
    "alert_title_open": _nothing,
    "container_open": _container_open,
    "container_close": _container_close,
    "footnote_block_open": _footnotes,
    "footnote_open": _footnote,
    "footnote_anchor": _footnote_back,
}
"""What writes each kind of token."""
