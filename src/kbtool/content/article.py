"""One Markdown file -> an Article."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from kbtool.content.cache import Reading
from kbtool.content.examination import Examined
from kbtool.content.frontmatter import Source, read_source
from kbtool.content.markdown import Markdown, MarkdownOptions, render_markdown
from kbtool.content.scan import File
from kbtool.content.sketch import make_sketch
from kbtool.content.topics import Defaults, folder_title, is_topic_page
from kbtool.content.wording import digest_wording
from kbtool.encoding import decode_text
from kbtool.model import Article
from kbtool.problems import Problem, Stop
from kbtool.records import encode
from kbtool.urls import page_url

LARGEST = 5_000_000
"""Bytes of an article; the whole of a long novel is a fifth of it."""
Examine = Callable[[Article, Markdown, str], Examined]
"""An article, its Markdown with its outline and the file's text -> what was found. It runs in other processes, too."""
_LONGEST_SUMMARY = 200
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be read, with what shapes the article beside the file's bytes and the options that hold for all."""

    file: File
    defaults: Defaults
    changed: datetime.date | None
    """The day of its last commit."""
    shape: str
    """A digest of all that shapes it."""
    home: str
    """The title of the home, should this be its page."""


def read_file(file: File) -> bytes:
    """Return the file's bytes, or those that are not saved yet. Raises OSError."""
    return Path(file.disk).read_bytes() if file.unsaved is None else file.unsaved


def read_order(order: Order, options: MarkdownOptions, name: str, now_ns: int, examine: Examine | None = None) -> Reading:
    """Return the article, encoded, with what `examine` finds in it. Raises Stop when the file is no text or too large.

    `name` is the content folder's. Whatever `examine` raises passes through.
    """
    shown = f"{name}/{order.file.path}"
    if order.file.size > LARGEST:
        words = f"an article of {order.file.size} bytes; at most {LARGEST} are read"
        raise Stop(Problem(shown, 0, "too-large", words, "make several articles of it"))
    try:
        data = read_file(order.file)
    except OSError as error:
        raise Stop(Problem(shown, 0, "unreadable", f'"{order.file.path}" cannot be read: {error.strerror}')) from None
    digest = blake2b(data, digest_size=16).hexdigest()
    text = decode_text(data, shown)
    source = read_source(text, shown)
    kind = source.meta.type or order.defaults.type
    markdown = render_markdown(source.body, shown, source.first_line, options, kind, titled=bool(source.meta.title))
    article = make_article(source, markdown, order, shown, digest)
    examined = encode(examine(article, markdown, text)) if examine else b""
    return Reading(digest, encode(article), now_ns, examined)


def make_article(source: Source, markdown: Markdown, order: Order, shown: str, digest: str) -> Article:
    """Return the article of a file's text, read and rendered; `digest` is of its bytes."""
    path, defaults = order.file.path, order.defaults
    kind = source.meta.type or defaults.type
    final = kind or markdown.guessed_type
    title, untitled = _title(source, markdown, order, shown)
    meta = replace(
        source.meta,
        owner=source.meta.owner or defaults.owner,
        review_every=source.meta.review_every or defaults.interval(final),
        updated=source.meta.updated or order.changed,
    )
    return Article(
        path=path,
        url=page_url(path),
        type=final,
        meta=meta,
        title=title,
        summary=_one_line(meta.summary) or shortened(_ended(markdown.first_paragraph)),
        html=markdown.html,
        text=markdown.text,
        headings=tuple(markdown.headings),
        links=tuple(markdown.links),
        external=tuple(markdown.external),
        sections=tuple(markdown.sections),
        questions=tuple(markdown.questions),
        anchors=frozenset(markdown.anchors),
        words=markdown.words,
        wording=digest_wording(source.body),
        sketch=make_sketch(markdown.text),
        digest=blake2b((digest + order.shape).encode(), digest_size=16).hexdigest(),
        hushed=markdown.hushed,
        problems=tuple(sorted({*source.problems, *markdown.problems, *untitled, *_textless(source, order, shown)})),
    )


def _ended(text: str) -> str:
    """Return the text with a full stop where a colon at its end promises what a summary does not show."""
    return f"{text[:-1].rstrip()}." if text.endswith(":") else text


def shortened(text: str) -> str:
    """Return the text in one line, cut at a word when it is long.

    >>> len(shortened("word " * 100)) <= 201
    True
    """
    line = _one_line(text)
    if len(line) <= _LONGEST_SUMMARY:
        return line
    cut = line[:_LONGEST_SUMMARY]
    at_word = cut.rpartition(" ")[0] if line[_LONGEST_SUMMARY] != " " else cut
    return (at_word or cut).rstrip(" ,;:-\u2013\u2014") + "…"


def _title(source: Source, markdown: Markdown, order: Order, shown: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the title: as typed, else the first heading, else made of the file's name."""
    title = _one_line(source.meta.title) or _one_line(markdown.title)
    if title:
        return title, ()
    if is_topic_page(order.file.path):
        return folder_title(order.file.path.rpartition("/")[0]) or order.home, ()
    name = folder_title(order.file.path.rpartition(".")[0])
    if any(problem.severity == "error" for problem in source.problems):
        return name, ()  # what is wrong with the front matter has been told
    hint = f'add "title: {name}" between two lines of "---" at the top, or begin with "# {name}"'
    return name, (Problem(shown, 1, "title", "the article has no title; its file's name is shown", hint),)


def _textless(source: Source, order: Order, shown: str) -> tuple[Problem, ...]:
    """Return the problem of an article for readers that holds nothing to read; a topic's page lists its articles."""
    if is_topic_page(order.file.path) or source.meta.status != "published" or _COMMENT.sub("", source.body).strip():
        return ()
    hint = 'write it, or keep it back with "status: draft"'
    return (Problem(shown, source.first_line, "empty-article", "the article has no text", hint, "warning"),)


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
