"""A file's bytes and a move -> the bytes with every link as it must be then, and every other byte as it was."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from kbtool.content.amend import Amendment, amend_article, front_matter, plain_key, typed_keys
from kbtool.content.frontmatter import read_source
from kbtool.content.keyed import add_pairs, remove_children, replace_scalars
from kbtool.content.lookup import Lookup, join_path, page_at
from kbtool.content.markdown import MarkdownOptions, render_markdown
from kbtool.content.markdown.spans import Span, locate_links
from kbtool.content.moved import Prospect, direct, is_exact
from kbtool.content.redirects import old_url
from kbtool.content.respell import respell_link, respell_path
from kbtool.encoding import byte_order, decode_text
from kbtool.model import Article, Link
from kbtool.problems import Problem, Stop
from kbtool.yamlnodes import read_collection

_BRAND = ("logo", "logo_dark", "favicon", "share_image")


@dataclass(frozen=True, slots=True)
class Mender:
    """What is known about the help center and the move."""

    prospect: Prospect
    options: MarkdownOptions
    base: str
    """The site's public address."""

    def is_taken(self, alias: str) -> bool:
        """Tell whether a page or a file will stand where an old path leads on now."""
        url = f"/{old_url(alias, self.base)}".casefold().removesuffix("/index.html").strip("/")
        return bool({url, f"{url}/"} & self.prospect.taken)


def mend_article(
    data: bytes, article: Article, targets: tuple[str, ...], mender: Mender, alias: str
) -> tuple[bytes, tuple[Link, ...]]:
    """Return the article for its place after the move, and the links that could not be mended.

    `targets` is what its links lead to now; `alias` the old path that is to be added, or "". Raises Stop when the file cannot safely
    be changed.
    """
    needed = _needed(article, targets, mender.prospect)
    mentions = (*article.meta.related, article.meta.replacement)
    data, left = _relinked(data, article, needed, mender) if needed else (data, ())
    if any(mentions) or any(mender.is_taken(one) for one in article.meta.aliases):
        data = _reworded(data, article, mender)
    return (amend_article(data, article.path, Amendment(additions={"aliases": (alias,)})) if alias else data), left


def mend_snippet(data: bytes, path: str, articles: Iterable[Article], mender: Mender) -> bytes:
    """Return the snippet with links that lead to the same places from wherever it is called: those that must change, from the root."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    links = render_markdown(decode_text(data, path), path, 1, mender.options, None).links
    callers = {
        link.target: [article for article in articles if any(one.target == link.target for one in article.links)]
        for link in links
    }
    edits: dict[Span, str] = {}
    for number, span in locate_links(raw, 0, mender.options).items():
        target = links[number].target
        wanted = {url for caller in callers[target] if (url := _wanted(target, caller.path, mender.prospect, "")) is not None}
        if len(wanted) == 1:
            rooted = target if target.startswith("/") else f"/{target}"
            edits[span] = respell_link(span, rooted, "", mender.prospect.place(wanted.pop()))
    return mark + _edited(raw, edits).encode(encoding) if edits else data


def mend_settings(data: bytes, mender: Mender, redirects: Mapping[str, str]) -> bytes:
    """Return kbtool.yml with the folders, files and pages that it names where they are then, and the redirects added."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    text = replace_scalars(raw, lambda keys, said: _setting(keys, said, mender))
    again = {old_url(old, mender.base) for old in redirects}
    text = remove_children(text, "redirects", lambda old: mender.is_taken(old) or old_url(old, mender.base) in again)
    return mark + add_pairs(text, "redirects", redirects).encode(encoding)


def _needed(article: Article, targets: tuple[str, ...], prospect: Prospect) -> dict[int, str]:
    """Return by number the links that must be typed anew, each with the URL that it is to lead to."""
    found = (
        (number, _wanted(link.target, article.path, prospect, now))
        for number, (link, now) in enumerate(zip(article.links, targets, strict=True))
    )
    return {number: url for number, url in found if url is not None}


def _wanted(target: str, here: str, prospect: Prospect, now: str) -> str | None:
    """Return the URL that a link of the file `here` is to lead to, None when it needs no change. `now` is what it leads to."""
    if target.startswith(("#", "http://", "https://", "//")):
        return None
    there = prospect.path(here)
    url = direct(prospect.before, here, target)
    later = direct(prospect.after, there, target)
    if url is None:
        url = now.partition("#")[0]
        same = join_path(here, target) == join_path(there, target)
        if not url or "://" in url or (same and later is None):
            return None  # dead as before, or an old path that leads on as before
    return None if later == prospect.url(url) and not _respelt(prospect, here, target) else prospect.url(url)


def _respelt(prospect: Prospect, here: str, target: str) -> bool:
    """Tell whether the move changes nothing but the case of letters in what the link's address spells."""
    return is_exact(prospect.before, here, target) and not is_exact(prospect.after, prospect.path(here), target)


def _relinked(data: bytes, article: Article, needed: Mapping[int, str], mender: Mender) -> tuple[bytes, tuple[Link, ...]]:
    """Return the article with the links typed anew; it is read again, and Stop raised when a link then leads elsewhere."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    place = front_matter(raw)
    spans = locate_links(raw, place[1] if place else 0, mender.options)
    there = mender.prospect.path(article.path)
    edits: dict[Span, str] = {}
    for number in needed.keys() & spans.keys():
        span, link = spans[number], article.links[number]
        edits[span] = respell_link(span, link.target, there, mender.prospect.place(needed[number]))
    result = mark + _edited(raw, edits).encode(encoding)
    source = read_source(decode_text(result, article.path), article.path)
    links = render_markdown(source.body, article.path, 1, mender.options, None).links
    if len(links) != len(article.links) or any(
        direct(mender.prospect.after, there, links[number].target) != needed[number] for number in needed.keys() & spans.keys()
    ):
        hint = "mend the links of this file by hand, as plain [words](path), and type the command again"
        raise Stop(Problem(article.path, 0, "cannot-amend", "a link is typed in a way that kbtool does not dare to change", hint))
    return result, tuple(article.links[number] for number in sorted(needed.keys() - spans.keys()))


def _edited(text: str, edits: Mapping[Span, str]) -> str:
    for span in sorted(edits, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + edits[span] + text[span.end :]
    return text


def _reworded(data: bytes, article: Article, mender: Mender) -> bytes:
    """Return the article with the paths in its front matter as they are then, and without old paths that are pages then."""
    mark, encoding = byte_order(data)
    raw = data[len(mark) :].decode(encoding)
    place = front_matter(raw)
    if place is None:
        return data
    typed = raw[slice(*place)]
    said = replace_scalars(typed, lambda keys, text: _mention(keys, text, article.path, mender.prospect))
    for key in ("aliases", "Aliases", "ALIASES"):
        said = remove_children(said, key, mender.is_taken)
    result = mark + (raw[: place[0]] + said + raw[place[1] :]).encode(encoding)
    known = typed_keys(said)
    if read_collection(said, "aliases") is None and mender.is_taken(known.get("aliases") or "/"):
        result = amend_article(result, article.path, Amendment({"aliases": "[]"}))
    return result


def _mention(keys: tuple[str, ...], typed: str, here: str, prospect: Prospect) -> str | None:
    """Return what a text of the front matter says then; None: the same."""
    if not typed or plain_key(keys[0]) not in ("related", "replacement"):
        return None
    there = prospect.path(here)
    for start, then in ((here, there), ("", "")):
        url = _page(prospect.before, start, typed)
        if url is None:
            continue
        wanted = prospect.url(url)
        found = next((one for place in (there, "") if (one := _page(prospect.after, place, typed)) is not None), None)
        return None if found == wanted else respell_path(typed, then, prospect.place(wanted))
    return None


def _page(lookup: Lookup, here: str, typed: str) -> str | None:
    path = join_path(here, typed)
    return None if path is None else page_at(lookup, path)


def _setting(keys: tuple[str, ...], typed: str, mender: Mender) -> str | None:
    """Return what a text of kbtool.yml says then; None: the same."""
    prospect = mender.prospect
    match keys:
        case ("topics", ":"):
            return _folder(typed, prospect.path)
        case ("brand", key) if key in _BRAND:
            return prospect.path(typed) if prospect.moves(typed) else None
        case ("redirects", old) if old != ":":
            return _address(typed, mender)
        case ("header" | "footer", _, "url") | ("contact", "url"):
            return _address(typed, mender)
    return None


def _folder(typed: str, path: Callable[[str], str]) -> str | None:
    bare = typed.strip("/")
    return typed.replace(bare, path(bare)) if path(bare) != bare else None


def _address(typed: str, mender: Mender) -> str | None:
    """Return the path of a page or a file, as kbtool.yml has it, for then."""
    path, mark, fragment = typed.partition("#")
    if ":" in path or path.startswith("//"):
        return None
    url = direct(mender.prospect.before, "", unquote(path) or "/")
    later = direct(mender.prospect.after, "", unquote(path) or "/")
    if url is None or (later == mender.prospect.url(url) and not _respelt(mender.prospect, "", unquote(path))):
        return None
    return respell_path(path, "", mender.prospect.place(mender.prospect.url(url))) + mark + fragment
