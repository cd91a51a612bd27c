"""Raw HTML as it is typed -> HTML whose links are marked and whose loss is told; sanitize.py has the last word on what is safe."""

import itertools
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from markdown_it.token import Token

from kbtool.content.markdown import allowed
from kbtool.content.markdown.draft import Draft
from kbtool.content.markdown.links import mark_target
from kbtool.content.markdown.plain import plain
from kbtool.content.markdown.variables import VARIABLE, fill_variables, tell_unknown
from kbtool.content.markdown.video import player, video_html
from kbtool.model import Heading

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_HEADING = re.compile(r"<[hH]([1-6])((?:\s[^<>]*)?)>([^<]*(?:<(?!/?[hH][1-6])[^<]*)*)</[hH]\1\s*>")
_ID = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_NO_WORDS = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)
_WORDS_BESIDE = re.compile(r"(<a\b[^<>]*>)\s*</a>\s*((?:<img\b[^<>]*>\s*)?<span\b[^<>]*>[^<]*</span>)", re.IGNORECASE)
"""A card whose link is empty, laid over its words by a style sheet that is not here: the words become the link's."""
_INVISIBLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST_LINK = 500
_MOST_TOKENS = 40
ADDRESSES = {"a": "href", "img": "src", "video": "src", "audio": "src", "source": "src"}


def typed_ids(html: str) -> Iterator[str]:
    """Yield every id and anchor name in raw HTML, so that headings do not take them."""
    for tag in TAG.finditer(html):
        yield from _ID.findall(tag[3])


def write_block(html: str, draft: Draft) -> str:
    """Return a block of raw HTML with marked links and headings with anchors; its words go to the draft."""
    html = _fill(without_comments(html, draft), draft)
    if not html.strip():
        return ""
    draft.has_raw_html = True
    first = draft.line
    words = unescape(TAG.sub(" ", _without_code(html)))
    draft.words.append(f" {words} ")
    html = _WORDS_BESIDE.sub(r"\1\2</a>", html)
    html = _HEADING.sub(lambda match: _heading(match, draft, first), html)
    written = TAG.sub(lambda match: _tag(match, draft, first), html)
    draft.line = first
    return written


def write_tag(tokens: Sequence[Token], index: int, draft: Draft) -> str:
    """Return one raw tag within a sentence."""
    html = tokens[index].content
    if html.startswith(("<!", "<?")):
        draft.hush(html.removeprefix("<!--").removesuffix("-->"))
        return ""
    draft.has_raw_html = True
    match = TAG.fullmatch(html)
    if match is None:
        return html
    name = match[2].lower()
    if name == "br":
        draft.words.append(" ")
    words = (
        plain(itertools.takewhile(lambda token: token.content[:3].lower() != "</a", tokens[index + 1 : index + _MOST_TOKENS]))
        if name == "a"
        else ""
    )
    return _tag(match, draft, draft.line, words)


def without_comments(html: str, draft: Draft) -> str:
    """Return the HTML without its comments; one that is not closed ends with the block."""
    if "<!" not in html and "<?" not in html:
        return html
    if html.startswith(("<?", "<!")) and not html.startswith("<!--"):
        return ""
    out, place = [], 0
    while (start := html.find("<!--", place)) >= 0:
        out.append(html[place:start])
        place = html.find("-->", start + 4) + 3
        draft.hush(html[start + 4 : place - 3])
        if place < 3:  # noqa: PLR2004 - find answered -1
            draft.problem(
                "unclosed-comment", "a comment has no end: all that follows it is left out", 'close it with "-->"', "warning"
            )
            return "".join(out)
    return "".join((*out, html[place:]))


def _without_code(html: str) -> str:
    """Return the HTML without scripts, style sheets and drawings."""
    out, place, lower = [], 0, html.lower()
    while found := _NO_WORDS.search(html, place):
        out.append(html[place : found.start()])
        place = lower.find(f"</{found[1].lower()}", found.end())
        if place < 0:
            return " ".join(out)
    return " ".join((*out, html[place:]))


def _fill(html: str, draft: Draft) -> str:
    if "{{" not in html or "<code" in html or "<pre" in html:
        return html
    tell_unknown(VARIABLE.sub(lambda match: "" if match[1] in draft.options.variables else match[0], html), draft)
    return fill_variables(html, {name: escape(value) for name, value in draft.options.variables.items()})[0]


def _heading(match: re.Match[str], draft: Draft, first: int) -> str:
    """Return a raw heading with an anchor, the first level as the second; it stands among the article's headings; without words it is none."""
    attributes, inner = match[2], match[3]
    text = " ".join(unescape(TAG.sub(" ", inner)).split())
    if not text:
        return inner.replace("&nbsp;", "")
    line = draft.line = first + match.string.count("\n", 0, match.start())
    level = draft.heading_level(max(2, int(match[1])), text)
    typed = _ID.search(attributes)
    ident = typed[1] if typed else draft.heading_id(text)
    draft.headings.append(Heading(level, text, ident, line))
    added = "" if typed else f' id="{escape(ident)}"'
    return f"<h{level}{attributes}{added}>{inner}</h{level}>"


def _tag(match: re.Match[str], draft: Draft, first: int, words: str | None = None) -> str:
    closing, name, attributes = match[1], match[2].lower(), match[3]
    draft.line = first if words is not None else first + match.string.count("\n", 0, match.start())
    if name not in allowed.KNOWN and not draft.options.trusted_html and not _looks_like_html(attributes):
        return _as_text(match[0], draft)
    if name == "iframe":
        return "" if closing else _frame(match, draft)
    if name == "table":
        label = "" if closing else escape(draft.table_name())
        lead = f'<div class="table" role="region" tabindex="0" aria-label="{label}">'
        return "</table></div>" if closing else lead + _open_tag(match, draft, words=words)
    if not draft.options.trusted_html and name not in allowed.TAGS:
        return _dropped(match, draft)
    return match[0] if closing else _open_tag(match, draft, words=words)


def _looks_like_html(attributes: str) -> bool:
    return "=" in attributes


def _as_text(tag: str, draft: Draft) -> str:
    hint = f"write it in backticks, or as &lt;{tag.strip('<>')}&gt;"
    draft.problem_once("unknown-tag", tag, f'"{tag}" is no HTML and is shown as it is typed', hint)
    draft.words.append(tag)
    return escape(tag, quote=False)


def _dropped(match: re.Match[str], draft: Draft) -> str:
    name = match[2].lower()
    if name not in allowed.QUIETLY_DROPPED:
        _tell(draft, name, f'"<{name}>" is not kept: it is not among the safe tags')
    return match[0] if name in allowed.DROPPED_WITH_CONTENT else ""


def _tell(draft: Draft, culprit: str, message: str) -> None:
    hint = 'take it out, or set "trusted_html: true" in kbtool.yml if you trust all who write here'
    draft.problem_once("unsafe-html", culprit, message, hint)


def _open_tag(match: re.Match[str], draft: Draft, *, words: str | None) -> str:
    name = match[2].lower()
    kept = [f'{key}="{escape(value)}"' for key, value in _attributes(match, name, draft, words=words)]
    if name == "img":
        kept += [attribute for attribute in ('loading="lazy"', 'decoding="async"') if attribute.split("=")[0] not in match[3]]
        kept += [] if "alt" in match[3] else ['alt=""']
    return f"<{' '.join((name, *kept))}>"


def _attributes(match: re.Match[str], name: str, draft: Draft, *, words: str | None) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for found in ATTRIBUTE.finditer(match[3]):
        key, value = found[1].lower(), unescape((found[2] or "").strip("\"'"))
        key = "id" if name == "a" and key == "name" and 'id="' not in match[3] else key
        if key in seen:
            continue
        seen.add(key)
        if key == "id":
            value = _new_anchor(value, draft)
        elif key == ADDRESSES.get(name):
            value = _address(match, name, value, draft, words)
        elif not draft.options.trusted_html and key == "style" and _INVISIBLE.search(value):
            key = "hidden"  # styles go, but what they kept from readers' eyes, words for search mostly, stays hidden
        elif not draft.options.trusted_html and not _kept(name, key, draft):
            continue
        if value or key not in ("id", "href", "src"):
            yield key, "" if key == "hidden" else value


def _new_anchor(value: str, draft: Draft) -> str:
    """Return an id that HTML allows; empty when it is there already."""
    ident = "-".join(value.split())
    if ident in draft.typed_ids:
        return ""
    draft.typed_ids.add(ident)
    draft.anchors.add(ident)
    return ident


def _kept(name: str, key: str, draft: Draft) -> bool:
    if key in allowed.ATTRIBUTES.get(name, ()) or key in allowed.ATTRIBUTES["*"]:
        return True
    if key.startswith("on") or key in ("style", "srcdoc", "formaction", "action", "xlink:href", "srcset"):
        _tell(draft, key, f'the attribute "{key}" is not kept: it is not among the safe ones')
    return False


def _address(match: re.Match[str], name: str, value: str, draft: Draft, words: str | None) -> str:
    if name == "img":
        alt = re.search(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", match[3])
        text = unescape(alt[1] or alt[2] or "") if alt else ""
    else:
        text = _words_after(match) if words is None else words
    return mark_target(value.strip(), text, draft, image=name == "img")


def _words_after(match: re.Match[str]) -> str:
    """Return the words between a tag in a block of HTML and the end of the link."""
    end = match.string.find("</", match.end(), match.end() + _LONGEST_LINK)
    rest = match.string[match.end() : end] if end >= 0 else ""
    return " ".join(unescape(TAG.sub(" ", rest)).split())


def _frame(match: re.Match[str], draft: Draft) -> str:
    """Return a click-to-load player for a video page, a link for any other page."""
    source = re.search(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", match[3], re.IGNORECASE)
    named = re.search(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)')""", match[3], re.IGNORECASE)
    href = unescape(source[1] or source[2] or source[3] or "").strip() if source else ""
    title = unescape(named[1] or named[2] or "") if named else ""
    embedded = player(href)
    if embedded:
        target = f"https:{href}" if href.startswith("//") else href
        mark_target(target, title, draft)
        return video_html(embedded, target, title or "Video")
    if draft.options.trusted_html:
        return match[0]
    _tell(draft, "iframe", "an <iframe> is kept only for videos; a link takes its place")
    marked = mark_target(href, title or href, draft) if href else ""
    return f'<p><a href="{escape(marked)}">{escape(title or href)}</a></p>' if marked else ""
