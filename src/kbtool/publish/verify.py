"""What was published -> what the world sees of it, through the site's public address."""

import hashlib
import http.client
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from kbtool.problems import Problem
from kbtool.publish.headers import is_page_file
from kbtool.publish.manifest import Entry
from kbtool.publish.plan import PublishPlan
from kbtool.publish.target import Clock
from kbtool.urls import absolute_url

MOST_CHANGED = 200
SAMPLE = 20
PATIENCE = 60.0
"""Seconds that a network of caches has to see the new site."""
_STEP = 3.0
_TIMEOUT = 20
_NOT_THERE = "kbtool-asks-for-a-page-that-is-not-there"
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was seen."""

    asked: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """One address, and what it should answer."""

    url: str
    entry: Entry | None
    """None: nothing should be there."""


def verify_site(site_url: str, plan: PublishPlan, clock: Clock, *, headers: bool) -> Verified:
    """Return what differs from what was sent, after waiting for caches. `headers`: whether the host was sent any.

    Asked are the home, changed pages, a sample of the others, the sitemap, the search's entry, removed pages and one that never was.
    """
    questions = tuple(_questions(site_url, plan))
    end = clock.now().timestamp() + PATIENCE
    with ThreadPoolExecutor(8) as pool:
        left = dict.fromkeys(questions, "")
        while True:
            answers = zip(left, pool.map(lambda question: _wrong(question, headers=headers), left), strict=True)
            left = {question: wrong for question, wrong in answers if wrong}
            if not left or clock.now().timestamp() >= end:
                break
            clock.pause(Event(), _STEP)
    hint = "if a service in front of the host keeps copies, empty it; else look at the host's own settings"
    problems = (Problem("", 0, "not-as-sent", f'"{one.url}" {wrong}', hint) for one, wrong in left.items())
    return Verified(len(questions), tuple(problems))


def _questions(site_url: str, plan: PublishPlan) -> Iterator[_Question]:
    """Yield what is asked."""
    files = plan.manifest.files
    changed = [upload.path for upload in plan.uploads if is_page_file(upload.path)][:MOST_CHANGED]
    for path in dict.fromkeys((*_always(files), *changed, *_sample(sorted(files)))):
        yield _Question(absolute_url(site_url, _shown(path)), files[path])
    for path in plan.pages_gone[:SAMPLE]:
        yield _Question(absolute_url(site_url, _shown(path)), None)
    yield _Question(absolute_url(site_url, f"{_NOT_THERE}/"), None)


def _always(files: Iterable[str]) -> list[str]:
    wanted = ("index.html", "sitemap.xml", "robots.txt", "pagefind/pagefind-entry.json", "search/index.html")
    return [path for path in wanted if path in files]


def _sample(paths: list[str]) -> list[str]:
    """Return some paths, spread evenly: the same ones for the same site. What hosts read and do not serve is left out."""
    served = [path for path in paths if not path.rpartition("/")[2].startswith(("_", "."))]
    return served[:: max(1, len(served) // SAMPLE)]


def _shown(path: str) -> str:
    """Return the address at which a file is read."""
    return path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def _wrong(question: _Question, *, headers: bool) -> str:
    """Return what is wrong with an answer; empty: nothing."""
    try:
        status, body, found = _fetch(question.url)
    except (OSError, http.client.HTTPException) as fault:
        return f"cannot be read: {getattr(fault, 'reason', fault)}"
    if question.entry is None:
        return _still_there(status)
    if status != http.HTTPStatus.OK:
        return f"answers {status}"
    return _unlike(question.entry, body, found, headers=headers)


def _still_there(status: int) -> str:
    """Return what is wrong with an address at which nothing should be."""
    told = " (an S3 website says so unless the bucket may be listed)" if status == http.HTTPStatus.FORBIDDEN else ""
    return "" if status in _GONE else f"should not be there, and answers {status}{told}"


def _unlike(entry: Entry, body: bytes, found: tuple[str, str], *, headers: bool) -> str:
    """Return how an answer differs from what was sent."""
    if hashlib.sha256(body).hexdigest() != entry.digest:
        return "is not what was sent"
    if headers and found != (entry.type, entry.cache):
        return f'is served as "{found[0]}" with "{found[1]}", not as "{entry.type}" with "{entry.cache}"'
    return ""


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it would be told as the page."""

    def redirect_request(self, *_arguments: object) -> None:
        """Return nothing to follow."""


def _fetch(url: str) -> tuple[int, bytes, tuple[str, str]]:
    """Return the status, the body, and the type and caching of what is at an address, whatever the status."""
    asked = Request(url, headers={"User-Agent": "kbtool", "Cache-Control": "no-cache"})  # noqa: S310 - kbtool.yml's url is http or https
    try:
        with build_opener(_Stay).open(asked, timeout=_TIMEOUT) as answer:
            return answer.status, answer.read(), (answer.headers.get("Content-Type", ""), answer.headers.get("Cache-Control", ""))
    except HTTPError as answer:
        with answer:
            return answer.code, b"", ("", "")
