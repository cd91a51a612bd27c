"""A file's text -> its front matter as a record, and its body."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Annotated

from kbtool.conflicts import find_conflict
from kbtool.intervals import INTERVAL_HINT, is_interval
from kbtool.kinds import Doc
from kbtool.model import Meta
from kbtool.problems import Problem
from kbtool.records import read_record

LARGEST = 64_000
"""Characters of front matter."""
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[\"']?[\w.-]+[\"']?\s*:")
FRESHNESS = re.compile(r"(?:\A|(?<=[\n\r]))[ \t]{0,3}<!--\*\s{0,9}freshness:\s{0,9}\{([^{}]{0,500})\}\s{0,9}\*-->")
_PAIR = re.compile(r"(\w+)\s*:\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\s,'\"]+))")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?")
_UNREAD = frozenset({"broken-yaml", "too-large"})
_MEANT = re.compile(
    r"\s*(?:[-\u2010-\u2015]{2,}[ \t]*\n\s*)?(?P<key>title|summary|description|type|status|keywords|owner|reviewed|audience):[ \t]"
)
"""What was probably meant as front matter: below an empty line, with too many hyphens or the dashes of a word processor, or without any."""
_OF_A_CONFLICT = frozenset({"broken-yaml", "duplicate-key"})
"""What the marks of an unfinished merge bring about in front matter."""
_PRIVATE = re.compile(r'"(?:audience|status|draft)"')
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class FrontMatter(Meta):
    """All keys that front matter may hold: ours, and those that other tools' writers are used to."""

    description: Annotated[str, Doc("The same as summary.")] = ""
    tags: Annotated[tuple[str, ...], Doc("The same as keywords.")] = ()
    labels: Annotated[tuple[str, ...], Doc("The same as keywords.")] = ()
    draft: Annotated[bool, Doc("true is the same as status: draft.")] = False
    lastmod: Annotated[datetime.date | None, Doc("The same as updated.")] = None
    date: Annotated[datetime.date | None, Doc("The same as updated, when neither it nor lastmod is there.")] = None
    ms_date: Annotated[str, Doc("The same as reviewed, as Microsoft's writers type it: 03/31/2025.")] = ""
    last_reviewed_on: Annotated[datetime.date | None, Doc("The same as reviewed.")] = None
    review_in: Annotated[str, Doc("The same as review_every.")] = ""
    permalink: Annotated[str, Doc("Not read: a page's address comes from its file's name.")] = ""
    slug: Annotated[str, Doc("Not read: a page's address comes from its file's name.")] = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text in its two parts."""

    meta: Meta
    body: str
    first_line: int
    """The line of the file in which the body begins."""
    problems: tuple[Problem, ...]


def read_source(text: str, path: str) -> Source:
    r"""Return the front matter and the body of a decoded text.

    >>> read_source("---\ntitle: Prices\n---\nText", "prices.md").body
    'Text'
    """
    source = _read(text, path)
    conflict = find_conflict(text, path)
    if conflict is None:
        return source
    others = (problem for problem in source.problems if problem.rule not in _OF_A_CONFLICT)
    return replace(source, problems=(conflict, *others))


def _read(text: str, path: str) -> Source:
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        meta, problems = _with_freshness(Meta(), text, path, 1)
        unclosed = _unclosed(text, path, opening.end()) if opening else _unseen(text, path)
        return _held_back(Source(meta, text, 1, (*unclosed, *problems)))
    typed, body = text[opening.end() : closing.start()], text[closing.end() :]
    first_line = 1 + text.count("\n", 0, closing.end())
    if len(typed) > LARGEST:
        problem = Problem(path, 1, "too-large", f"{len(typed)} characters of front matter; at most {LARGEST} are read")
        return _held_back(Source(Meta(), body, first_line, (problem,)))
    record, problems = read_record(typed, FrontMatter, path, 2, unknown="warning")
    meta, stale = _with_freshness(_as_meta(record), body, path, first_line)
    return _held_back(Source(meta, body, first_line, (*problems, *stale, *_faults(record, typed, path))))


def _unclosed(text: str, path: str, start: int) -> tuple[Problem, ...]:
    """Return the problem of front matter without an end; three hyphens above other text are a line across the page."""
    if not _KEY.match(text, start):
        return ()
    return (Problem(path, 1, "broken-yaml", "the front matter has no end", 'put a line "---" below its last key'),)


def _unseen(text: str, path: str) -> tuple[Problem, ...]:
    """Return the problem of keys at the top that stand where nobody looks for them, and are shown as text."""
    found = _MEANT.match(text)
    if not found:
        return ()
    line = 1 + text.count("\n", 0, found.end())
    hint = 'put a line of three hyphens, "---", above the first key and another below the last; nothing may stand before it'
    return (Problem(path, line, "broken-yaml", f'"{found["key"]}" is shown as text: front matter begins in line 1', hint),)


def _held_back(source: Source) -> Source:
    """Return the source as a draft when a fault may hide that it is not for everybody: doubt never publishes."""
    doubtful = [problem for problem in source.problems if problem.rule in _UNREAD or _PRIVATE.search(str(problem))]
    if not doubtful:
        return source
    told = replace(doubtful[0], hint="; ".join(part for part in (doubtful[0].hint, "until then the article is a draft") if part))
    problems = tuple(told if problem is doubtful[0] else problem for problem in source.problems)
    return replace(source, meta=replace(source.meta, status="draft"), problems=problems)


def _as_meta(record: FrontMatter) -> Meta:
    """Return our own keys, each from its foreign namesake where it is left out."""
    values = {field.name: getattr(record, field.name) for field in fields(Meta)}
    values["summary"] = record.summary or record.description
    values["keywords"] = _keywords((*record.keywords, *record.tags, *record.labels))
    values["updated"] = record.updated or record.lastmod or record.date
    values["reviewed"] = record.reviewed or record.last_reviewed_on or _day(record.ms_date)
    values["review_every"] = record.review_every or record.review_in
    values["status"] = "draft" if record.draft else record.status
    return Meta(**values)


def _keywords(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Return each word once: `refund, money back` in one line are two."""
    words = (part.strip() for text in typed for part in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _with_freshness(meta: Meta, body: str, path: str, first_line: int) -> tuple[Meta, tuple[Problem, ...]]:
    """Return the meta completed by a comment like `<!--* freshness: { owner: 'ada' reviewed: '2025-03-31' } *-->`."""
    comment = FRESHNESS.search(body) if "freshness" in body else None
    if comment is None:
        return meta, ()
    said = {match[1]: match[2] or match[3] or match[4] or "" for match in _PAIR.finditer(comment[1])}
    reviewed = _day(said.get("reviewed", ""))
    problems: tuple[Problem, ...] = ()
    if said.get("reviewed") and reviewed is None:
        line = first_line + body.count("\n", 0, comment.start())
        problems = (_no_day(path, line, "reviewed", said["reviewed"]),)
    return replace(meta, owner=meta.owner or said.get("owner", ""), reviewed=meta.reviewed or reviewed), problems


def _faults(record: FrontMatter, typed: str, path: str) -> Iterator[Problem]:
    """Yield what no type can say, and what is wrong with keys that are not ours."""
    for key, interval in (("review_every", record.review_every), ("review_in", record.review_in)):
        if interval and not is_interval(interval):
            message = f'"{key}" must be a length of time, not "{interval}"'
            yield Problem(path, _line_of(key.replace("_", "[-_. ]"), typed), "wrong-value", message, INTERVAL_HINT)
    if record.ms_date and _day(record.ms_date) is None:
        yield _no_day(path, _line_of("ms[._-]date", typed), "ms.date", record.ms_date)
    for key, value in (("permalink", record.permalink), ("slug", record.slug)):
        if ".." in re.split(r"[/\\]", value):
            message = f'"{key}" climbs out of the site: "{value}"'
            yield Problem(path, _line_of(key, typed), "outside-content", message, "delete the key")
        elif value:
            hint = "a page's address comes from its file's name; to keep an old address, list it under aliases"
            yield Problem(path, _line_of(key, typed), "unknown-key", f'the key "{key}" is not read', hint, "warning")


def _day(text: str) -> datetime.date | None:
    """Return the day of 2025-03-31 or, as Microsoft types it, 03/31/2025; None when it is none."""
    american, iso = _AMERICAN.fullmatch(text.strip()), _ISO.fullmatch(text.strip())
    try:
        if american:
            return datetime.date(int(american[3]), int(american[1]), int(american[2]))
        return datetime.date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def _no_day(path: str, line: int, key: str, value: str) -> Problem:
    return Problem(path, line, "wrong-value", f'"{key}" must be a date such as 2025-03-31, not "{value}"')


def _line_of(key: str, typed: str) -> int:
    found = re.search(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*:", typed, re.MULTILINE | re.IGNORECASE)
    return 2 + typed.count("\n", 0, found.end()) if found else 1
