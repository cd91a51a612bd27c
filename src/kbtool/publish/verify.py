"""What was published -> what the world sees of it, through the site's public address."""

import hashlib
import http.client
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import MappingProxyType
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from kbtool.problems import Problem
from kbtool.publish.headers import is_page_file
from kbtool.publish.looking import Seen, fetch, follow, leads_to, same_address
from kbtool.publish.manifest import Entry
from kbtool.publish.plan import PublishPlan
from kbtool.publish.target import Clock
from kbtool.urls import absolute_url

MOST_CHANGED = 200
SAMPLE = 20
PATIENCE = 60.0
"""Seconds that a network of caches has to see the new site."""
_STEP = 3.0
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
    leads: str = ""
    """The address that a reader must end at; empty: this one."""


def read_redirects(folder: Path) -> Mapping[str, str]:
    """Return a built site's redirects, old path -> new one, as they stand in the file that every site has for its host."""
    file = folder / "_redirects"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    parts = (line.split() for line in lines)
    return {old: new for old, new, status in (part for part in parts if len(part) == 3) if status == "301"}  # noqa: PLR2004 - from, to, status


def verify_site(
    site_url: str, plan: PublishPlan, clock: Clock, *, headers: bool, redirects: Mapping[str, str] = MappingProxyType({})
) -> Verified:
    """Return what differs from what was sent, after waiting for caches. `headers`: whether the host was sent any.

    Asked are the home, changed pages, a sample of the others, the sitemap, the search's entry, removed pages and one that never
    was. Of `redirects` those that changed and a sample: each must lead to its page, by the host's own redirect or by a page that leads on.
    """
    questions = (*_questions(site_url, plan, _stubs(site_url, redirects)), *_moves(site_url, plan, redirects))
    end = clock.now().timestamp() + PATIENCE
    with ThreadPoolExecutor(8) as pool:
        left = dict.fromkeys(questions, "")
        while True:
            answers = zip(left, pool.map(lambda question: _wrong(question, site_url, headers=headers), left), strict=True)
            left = {question: wrong for question, wrong in answers if wrong}
            if not left or clock.now().timestamp() >= end:
                break
            clock.pause(Event(), _STEP)
    hint = "if a service in front of the host keeps copies, empty it; else look at the host's own settings"
    problems = (Problem("", 0, "not-as-sent", f'"{one.url}" {wrong}', hint) for one, wrong in left.items())
    return Verified(len(questions), tuple(problems))


def _questions(site_url: str, plan: PublishPlan, stubs: Mapping[str, str]) -> Iterator[_Question]:
    """Yield what is asked of pages. `stubs` are none: some hosts redirect before they look for a file."""
    files = {path: entry for path, entry in plan.manifest.files.items() if path not in stubs}
    changed = [upload.path for upload in plan.uploads if is_page_file(upload.path) and upload.path in files][:MOST_CHANGED]
    for path in dict.fromkeys((*_always(files), *changed, *_sample(sorted(files)))):
        yield _Question(absolute_url(site_url, _shown(path)), files[path])
    for path in plan.pages_gone[:SAMPLE]:
        yield _Question(absolute_url(site_url, _shown(path)), None)
    yield _Question(absolute_url(site_url, f"{_NOT_THERE}/"), None)


def _moves(site_url: str, plan: PublishPlan, redirects: Mapping[str, str]) -> Iterator[_Question]:
    """Yield what is asked of redirects."""
    files, stubs = plan.manifest.files, _stubs(site_url, redirects)
    changed = [stubs[upload.path] for upload in plan.uploads if upload.path in stubs][:SAMPLE]
    olds = sorted(redirects)
    for old in dict.fromkeys((*changed, *olds[:: max(1, len(olds) // SAMPLE)])):
        to = urljoin(site_url, redirects[old])
        yield _Question(urljoin(site_url, old), files.get(_file(site_url, to)), to)


def _stubs(site_url: str, redirects: Mapping[str, str]) -> dict[str, str]:
    """Return the file that stands at each redirect's old place for hosts that redirect nothing, and the redirect's old path."""
    return {_file(site_url, urljoin(site_url, old)): old for old in redirects}


def _file(site_url: str, url: str) -> str:
    """Return the file of the site that is read at an address."""
    path = unquote(urlsplit(urldefrag(url).url).path.removeprefix(urlsplit(site_url).path))
    last = path.rpartition("/")[2]
    return path if "." in last else f"{path.rstrip('/')}/index.html".lstrip("/")


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


def _wrong(question: _Question, site_url: str, *, headers: bool) -> str:
    """Return what is wrong with an answer; empty: nothing."""
    try:
        seen = follow(question.url, site_url) if question.leads else fetch(question.url)
    except (OSError, http.client.HTTPException) as fault:
        return f"cannot be read: {getattr(fault, 'reason', fault)}"
    if question.leads and not same_address(seen.url, question.leads):
        return f'should lead to "{question.leads}", and {_instead(question, seen)}'
    if question.entry is None and not question.leads:
        return _still_there(seen.status)
    if seen.status != http.HTTPStatus.OK:
        return f"answers {seen.status}" if not question.leads else f'leads to "{seen.url}", which answers {seen.status}'
    return _unlike(question.entry, seen, headers=headers) if question.entry else ""


def _instead(question: _Question, seen: Seen) -> str:
    """Return what a redirect does that does not lead to its page."""
    to = leads_to(seen) or seen.url
    if not same_address(to, question.url):
        return f'leads to "{to}"'
    return "leads to itself" if leads_to(seen) else f"answers {seen.status}"


def _still_there(status: int) -> str:
    """Return what is wrong with an address at which nothing should be."""
    told = " (an S3 website says so unless the bucket may be listed)" if status == http.HTTPStatus.FORBIDDEN else ""
    return "" if status in _GONE else f"should not be there, and answers {status}{told}"


def _unlike(entry: Entry, seen: Seen, *, headers: bool) -> str:
    """Return how an answer differs from what was sent."""
    if hashlib.sha256(seen.body).hexdigest() != entry.digest:
        return "is not what was sent"
    if headers and (seen.type, seen.cache) != (entry.type, entry.cache):
        return f'is served as "{seen.type}" with "{seen.cache}", not as "{entry.type}" with "{entry.cache}"'
    return ""
