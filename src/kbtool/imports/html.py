"""HTML as other tools write it -> Markdown as people write it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import ATX, MarkdownConverter

Purpose = Literal["link", "picture"]
_DROPPED = ("script", "style", "noscript", "template", "form", "input", "button", "object", "embed", "svg", "canvas")
_WITH_ANCHORS = ("h1", "h2", "h3", "h4", "h5", "h6", "a", "div", "section", "article", "aside")
_NO_WORDS = ("ul", "ol", "dl", "table", "thead", "tbody", "tr", "img", "hr", "br", "iframe", "pre", "details")
_NOTICE = re.compile(r"\b(note|info|tip|success|important|warning|caution|danger|callout|alert|admonition)\b", re.IGNORECASE)
_KINDS = {"callout": "note", "alert": "note", "admonition": "note"}
_COLOURS = {
    "red": "caution",
    "yellow": "warning",
    "orange": "warning",
    "green": "tip",
    "blue": "note",
    "gray": "note",
    "grey": "note",
}
_ASIDE = ("nav", "header", "footer", "aside", "[role=navigation]", "[role=search]")
_BODIES = ("[itemprop=articleBody]", ".article-body", ".article__body", "main article", "article", "main", "body")


@dataclass(frozen=True, slots=True)
class Whole:
    """A page of HTML, taken apart."""

    title: str
    body: str
    keywords: tuple[str, ...]
    owner: str
    updated: str
    url: str


@dataclass(slots=True)
class Carrier:
    """What is to become of addresses, and what was lost on the way."""

    address: Callable[[str, Purpose], str]
    """An address as typed, and what is there -> the address to write."""
    anchors: frozenset[str] = frozenset()
    """The ids that some link leads to."""
    lost: list[str] = field(default_factory=list)


def html_to_markdown(html: str, carrier: Carrier) -> str:
    """Return the Markdown. Raises RecursionError when the HTML is too deep."""
    soup = BeautifulSoup(html, "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for name in _DROPPED:
        for tag in soup.find_all(name):
            carrier.lost.append(f"<{name}>")
            tag.decompose()
    _keep_anchors(soup, carrier.anchors)
    text: str = _Converter(carrier).convert_soup(soup)
    text = re.sub(r"[ \t]+$", "", text.replace("\xa0", " "), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _keep_anchors(soup: BeautifulSoup, anchors: frozenset[str]) -> None:
    """Put an anchor into, or before, each element that a link leads to and that has no form for one in Markdown."""
    for tag in soup.find_all(id=True):
        if str(tag["id"]) in anchors and tag.name not in _WITH_ANCHORS:
            anchor = soup.new_tag("a", id=str(tag["id"]))
            if tag.name in _NO_WORDS:
                tag.insert_before(anchor)
            else:
                tag.insert(0, anchor)


def take_apart(html: str) -> Whole:
    """Return what a page of a site says, without what stands around it."""
    soup = BeautifulSoup(html, "html.parser")
    heading = soup.find("h1")
    named = soup.find("title")
    told = heading or named
    title = " ".join(told.get_text(" ").split()) if told else ""
    body = next((found for selector in _BODIES if (found := soup.select_one(selector))), soup)
    canonical = soup.find("link", rel="canonical")
    day = soup.find("time")
    updated = str(day.get("datetime") or "") if isinstance(day, Tag) else ""
    whole = Whole(
        title,
        "",
        tuple(part.strip() for part in _meta(soup, "keywords").split(",") if part.strip()),
        _meta(soup, "author"),
        updated or _meta(soup, "article:modified_time"),
        str(canonical.get("href") or "") if isinstance(canonical, Tag) else "",
    )
    for selector in _ASIDE:
        for tag in body.select(selector):
            tag.decompose()
    if heading and not heading.decomposed:
        heading.decompose()
    inner = body.decode_contents()
    return Whole(whole.title, inner, whole.keywords, whole.owner, whole.updated, whole.url)


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": name}) or soup.find("meta", attrs={"property": name})
    return str(tag.get("content") or "") if isinstance(tag, Tag) else ""


class _Converter(MarkdownConverter):
    """markdownify, with the addresses, anchors and notices of help centers."""

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(heading_style=ATX, bullets="-", strong_em_symbol="*", escape_underscores=True, autolinks=False)
        self.carrier = carrier

    def escape(self, text: str, parent_tags: Any) -> str:  # noqa: ANN401 - markdownify's form
        escaped: str = super().escape(text, parent_tags)  # type: ignore[misc] # markdownify's types leave it out
        escaped = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", escaped).replace("{{", "\\{{")
        if "_noformat" in parent_tags:
            return escaped
        escaped = re.sub(r"^(\s*\d+)([.)]\s)", r"\1\\\2", escaped)
        return re.sub(r"^(\s*)(:{3,}|={2,}\s|[#>+-]\s)", r"\1\\\2", escaped)

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
        anchor = self._anchor(el)
        href = el.get("href") or ""
        if not href or not text.strip():
            return anchor + text
        el["href"] = _encoded(self.carrier.address(href, "link"))
        return anchor + str(super().convert_a(el, text, parent_tags))  # type: ignore[misc] # markdownify's types leave it out

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401, ARG002
        source = self.carrier.address(el.get("src") or "", "picture")
        alt = re.sub(r"[\[\]\s]+", " ", el.get("alt") or "").strip()
        return f"![{alt}]({_encoded(source)})" if source else alt

    def convert_iframe(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401, ARG002
        source = el.get("src") or ""
        if not source:
            return ""
        source = f"https:{source}" if source.startswith("//") else source
        self.carrier.lost.append(f'a frame, which is a link now: "{source[:80]}"')
        return f"\n\n[{el.get('title') or source}]({_encoded(source)})\n\n"

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401, N802
        text = " ".join(text.split())
        if not text or "_inline" in parent_tags:
            return text
        ident = str(el.get("id") or "")
        mark = f" {{#{ident}}}" if ident in self.carrier.anchors and re.fullmatch(r"[\w.:-]+", ident) else ""
        return f"\n\n{'#' * max(2, n)} {text}{mark}\n\n"

    def convert_div(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
        kind = _notice(el)
        text = text.strip()
        if "_inline" in parent_tags:
            return f" {text} "
        if not text:
            return ""
        return f"\n\n{self._anchor(el)}::: {kind}\n{text}\n:::\n\n" if kind else f"\n\n{self._anchor(el)}{text}\n\n"

    convert_section = convert_article = convert_aside = convert_div

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
        return str(super().convert_td(el, _in_cell(text), parent_tags))  # type: ignore[misc] # markdownify's types leave it out

    def convert_th(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
        return str(super().convert_th(el, _in_cell(text), parent_tags))  # type: ignore[misc] # markdownify's types leave it out

    def convert_table(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401
        if el.find(["ul", "ol", "pre", "table", "blockquote"]) or el.find(["td", "th"], attrs={"rowspan": True}):
            for tag in el.find_all(["a", "img"]):
                key = "src" if tag.name == "img" else "href"
                if tag.get(key):
                    tag[key] = self.carrier.address(tag[key], "picture" if tag.name == "img" else "link")
            for tag in (el, *el.find_all(name=True)):
                tag.attrs = {key: value for key, value in tag.attrs.items() if key in _KEPT}
            return "\n\n" + re.sub(r"\s*\n\s*", " ", str(el)) + "\n\n"
        return str(super().convert_table(el, text, parent_tags))  # type: ignore[misc] # markdownify's types leave it out

    def convert_summary(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401, ARG002
        return ""

    def convert_details(self, el: Any, text: str, parent_tags: Any) -> str:  # noqa: ANN401, ARG002
        summary = el.find("summary")
        title = " ".join(summary.get_text(" ").split()) if summary else ""
        return f"\n\n::: details {title}\n{text.strip()}\n:::\n\n"

    def _anchor(self, el: Any) -> str:  # noqa: ANN401
        ident = str(el.get("id") or el.get("name") or "")
        return f'<a id="{ident}"></a>' if ident in self.carrier.anchors and re.fullmatch(r"[\w.:-]+", ident) else ""


_KEPT = frozenset({"href", "src", "alt", "colspan", "rowspan", "title", "start"})


def _notice(el: Any) -> str:  # noqa: ANN401
    """Return the kind of notice that an element's classes tell of; empty when it is none."""
    classes = " ".join(el.get("class") or ()).lower().replace("_", "-")
    words = classes.replace("-", " ")
    if not _NOTICE.search(words):
        return ""
    kinds = [_KINDS.get(kind, kind) for kind in _NOTICE.findall(words)]
    colour = next((_COLOURS[word] for word in words.split() if word in _COLOURS), "")
    return next((kind for kind in kinds if kind != "note"), colour or "note")


def _in_cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _encoded(address: str) -> str:
    return re.sub(r"[\s()<>\"]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address.strip())
