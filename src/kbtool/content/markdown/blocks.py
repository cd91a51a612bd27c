"""Block tokens -> HTML, their headings, sections and words into the draft."""

import re
from collections.abc import Callable, Sequence
from html import escape

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from kbtool.content.markdown import words
from kbtool.content.markdown.attributes import written
from kbtool.content.markdown.draft import Draft
from kbtool.content.markdown.frames import FRAMES
from kbtool.content.markdown.highlight import highlight
from kbtool.content.markdown.inline import split_heading_id, write_inline
from kbtool.content.markdown.links import mark_target
from kbtool.content.markdown.parser import parser
from kbtool.content.markdown.plain import plain
from kbtool.content.markdown.raw import write_block
from kbtool.content.markdown.video import file_html, is_video_file, player, video_html
from kbtool.model import Heading

_SIMPLE = {
    "paragraph_close": "</p>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>\n",
    "blockquote_close": "</blockquote>\n",
    "alert_close": "</div>\n",
    "alert_title_close": "</p>\n",
    "hr": "<hr>\n",
    "table_close": "</table></div>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>",
    "tr_close": "</tr>\n",
    "td_close": "</td>",
    "th_close": "</th>",
    "dl_open": "<dl>\n",
    "dl_close": "</dl>\n",
    "dt_open": "<dt>",
    "dt_close": "</dt>\n",
    "dd_open": "<dd>",
    "dd_close": "</dd>\n",
    "footnote_close": "</li>\n",
    "footnote_block_close": "</ol>\n</section>\n",
}
_BREAKS = ("softbreak", "hardbreak")
_ANCHOR = re.compile(r"<a\s+(?:id|name)=[^<>]*>\Z|</a>\Z", re.IGNORECASE)
_PARTS_WORDS = frozenset(("paragraph_close", "list_item_close", "td_close", "th_close", "dt_close", "dd_close"))


def write_blocks(tokens: list[Token], draft: Draft) -> str:
    """Return the blocks' HTML."""
    out: list[str] = []
    skipped_to = 0
    for index, token in enumerate(tokens):
        if index < skipped_to:
            continue
        kind = token.type
        if token.map:
            draft.line = draft.first_line + token.map[0]
        if kind == "inline":
            out.append(write_inline(token.children or (), draft, step=0 if token.info else 1))
        elif kind == "paragraph_open":
            whole = _whole_paragraph(tokens, index, draft)
            skipped_to = index + 3 if whole else 0
            out.append(whole or _paragraph(tokens, index, draft))
        elif kind in _SIMPLE:
            if kind in _PARTS_WORDS:
                draft.words.append(" ")
            out.append("\n" if token.hidden else _SIMPLE[kind])
        elif kind == "heading_open":
            out.append(write_heading(tokens[index + 1], token, draft))
            skipped_to = index + 3
        else:
            writer = _WRITERS.get(kind)
            out.append(writer(tokens, index, draft) if writer else _by_plugin(tokens, index, draft))
    return "".join(out)


def start_heading(inline: Token, opening: Token, draft: Draft) -> Heading | None:
    """Return a heading with its anchor, noted as the start of a section; None when it has no words."""
    typed = split_heading_id(inline)
    text = plain(inline.children or ())
    draft.line = draft.first_line + (opening.map or [0])[0]
    if not text:
        draft.problem("empty-heading", "a heading has no words", "write them, or take the heading out", "warning")
        return None
    level = draft.heading_level(int(opening.tag[1]), text)
    heading = Heading(level, text, draft.heading_id(text, typed), draft.line)
    draft.headings.append(heading)
    if heading.level <= 3:  # noqa: PLR2004 - search shows the parts of two levels
        draft.start_section(heading.id, text)
    else:
        draft.words.append(f" {text} ")
    return heading


def write_heading_words(inline: Token, draft: Draft) -> str:
    """Return the HTML of a heading's words, which are no words of its section."""
    count, terms = len(draft.words), draft.terms
    draft.terms = None
    html = write_inline(inline.children or (), draft)
    draft.terms = terms
    del draft.words[count:]
    return html.strip()


def write_heading(inline: Token, opening: Token, draft: Draft) -> str:
    """Return a heading with its anchor; nothing when it has no words."""
    if not draft.options.extras:
        return f"<{opening.tag}>{write_inline(inline.children or (), draft)}</{opening.tag}>\n"
    heading = start_heading(inline, opening, draft)
    if heading is None:
        return ""
    return f'<h{heading.level} id="{escape(heading.id)}">{write_heading_words(inline, draft)}</h{heading.level}>\n'


def _paragraph(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return a paragraph's opening tag; one that is a picture alone is marked, so that a theme can frame it."""
    token, children = tokens[index], tokens[index + 1].children or ()
    if draft.options.extras and _is_picture(children):
        token.attrJoin("class", "picture")
    elif draft.options.extras:
        _mark_pictures(children)
    if token.hidden:
        return ""
    return f"<p{written(token)}>" if token.attrs else "<p>"


def _is_picture(children: Sequence[Token]) -> bool:
    """Tell whether the words of a paragraph are one picture, or a link of one picture."""
    linked = len(children) == len(("<a>", "<img>", "</a>")) and children[0].type == "link_open"
    only = children[1:-1] if linked else children
    return len(only) == 1 and only[0].type == "image"


def _mark_pictures(children: Sequence[Token]) -> None:
    """Mark the pictures that stand in a line of their own below words or other pictures: they are no part of a sentence."""
    wordless = all(child.type in ("image", *_BREAKS) for child in children)
    for before, token, after in zip((None, *children), children, (*children[1:], None), strict=False):
        begins = before.type in _BREAKS if before else wordless
        alone = begins and (after is None or after.type in _BREAKS)
        if token.type == "image" and alone:
            token.attrJoin("class", "picture")


def _whole_paragraph(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return the HTML of a paragraph that is one video or one image with a caption; nothing for any other."""
    children = tokens[index + 1].children or ()
    if not children or not draft.options.extras:
        return ""
    first = children[0]
    if first.type == "html_inline" and all(token.type == "html_inline" and _ANCHOR.match(token.content) for token in children):
        return f"{write_inline(children, draft)}\n"
    if first.type == "link_open" and children[-1].type == "link_close":
        return _video(str(first.attrs["href"]), plain(children), draft)
    if first.type == "image" and len(children) == 1:
        source = str(first.attrs["src"])
        title = str(first.attrs.pop("title", ""))
        if is_video_file(source) or player(source):
            return _video(source, title or plain(children), draft)
        if title:
            draft.words.append(f" {title} ")
            return f"<figure>{write_inline(children, draft)}<figcaption>{escape(title)}</figcaption></figure>\n"
    return ""


def _video(href: str, title: str, draft: Draft) -> str:
    embedded = player(href)
    if not embedded and not is_video_file(href):
        return ""
    title = title if title and title != href else words.word("video", draft.options.language)
    marked = mark_target(href, title, draft)
    draft.words.append(f"{title} ")
    if embedded:
        return video_html(embedded, href, title)
    return file_html(marked, title) if marked.startswith("kb:") else f'<p><a href="{escape(marked)}">{escape(title)}</a></p>\n'


def _list(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    token = tokens[index]
    start = token.attrs.get("start")
    return f"<{token.tag}{written(token)}" + (">\n" if start is None else f' start="{start}">\n')


def _item(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    checked = tokens[index].meta.get("checked") if tokens[index].meta else None
    if checked is None:
        return "<li>"
    label, box = word_for_task(draft, done=checked), "☑" if checked else "☐"
    return f'<li class="task"><span class="task-box" role="img" aria-label="{escape(label)}">{box}</span> '


def word_for_task(draft: Draft, *, done: bool) -> str:
    """Return what a screen reader says for a task's box."""
    return words.word("done" if done else "to-do", draft.options.language)


def _fence(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    token = tokens[index]
    draft.words.append(f" {token.content} ")
    info = unescapeAll(token.info).split()
    language = info[0].strip("{}.").split(",")[0] if info else ""
    if not draft.options.extras:
        css = f' class="language-{escape(language)}"' if language else ""
        return f"<pre><code{css}>{escape(token.content)}</code></pre>\n"
    css = f' class="language-{escape(language)}"' if re.fullmatch(r"[\w+#.-]+", language) else ""
    return f'<pre tabindex="0"><code{css}>{highlight(token.content, language)}</code></pre>\n'


def _html(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    return write_block(tokens[index].content, draft) if draft.options.extras else tokens[index].content


def _table(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    label = escape(draft.table_name())
    return f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table{written(tokens[index])}>\n'


def _cell(tokens: Sequence[Token], index: int, draft: Draft) -> str:  # noqa: ARG001 - the form of a writer
    token = tokens[index]
    side = str(token.attrs.get("style", ""))[len("text-align:") :]
    scope = ' scope="col"' if token.tag == "th" else ""
    return f"<{token.tag}{scope}" + (f' class="{side}">' if side else ">")


def _by_plugin(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return what markdown-it's renderer, or a plugin's rule in it, makes of a token that is none of ours."""
    md = parser(extras=draft.options.extras)
    token = tokens[index]
    if token.type in md.renderer.rules:  # type: ignore[attr-defined]
        return str(md.renderer.rules[token.type](tokens, index, md.options, draft.env))  # type: ignore[attr-defined]
    return str(md.renderer.renderToken(tokens, index, md.options, draft.env))  # type: ignore[attr-defined]


_WRITERS: dict[str, Callable[[Sequence[Token], int, Draft], str]] = {
    "bullet_list_open": _list,
    "ordered_list_open": _list,
    "list_item_open": _item,
    "fence": _fence,
    "code_block": _fence,
    "html_block": _html,
    "table_open": _table,
    "th_open": _cell,
    "td_open": _cell,
    **FRAMES,
}
