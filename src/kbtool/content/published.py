"""The library and urls.lock -> the URLs that are published, and a problem for each that was and leads nowhere now."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

from kbtool import starter
from kbtool.content.history import committed_file
from kbtool.content.sketch import Sketches, likeness
from kbtool.content.topics import is_topic_page
from kbtool.encoding import decode_text
from kbtool.model import Article, Library
from kbtool.places import GIVEN_NAME, LOCK_NAME
from kbtool.problems import Problem, Stop
from kbtool.urls import is_page, page_url, slug

_HEAD = "# Every URL that was ever published. kbtool build keeps this file: commit it with the articles.\n"
_LINE = re.compile(r"/(?P<url>\S*)(?:[ \t]+(?P<sketch>[0-9a-f]{6,200}|-)(?:[ \t]+(?P<title>.*?))?)?[ \t]*")
_NOISE = ("#", "<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""Remarks, and what git leaves in a file that two people changed: every line of both sides counts."""
_ALIKE, _SIMILAR_NAMES, _AS_IT_WAS = 0.34, 0.75, 0.5
_SEARCHED = 20
"""So many searches among all names: of a thousand lost URLs, the first ones show what has happened."""
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".tif", ".tiff", ".ico")


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL that was published, with what tells what became of the article that stood there."""

    url: str
    """Relative to the site's root."""
    title: str = ""
    sketch: str = ""
    """See `content.sketch`: like texts have like sketches."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """What urls.lock holds."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By URL."""
    problems: tuple[Problem, ...] = ()
    """When there is one, the file must not be written over."""


def read_ledger(root: Path) -> Ledger:
    """Return what the help center's urls.lock holds; nothing when there is none. Lines of an unsettled merge all count."""
    try:
        return _parsed((root / LOCK_NAME).read_bytes())
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        return Ledger({}, (Problem(LOCK_NAME, 0, "unreadable", f'"{LOCK_NAME}" cannot be read: {error.strerror}'),))


def _parsed(data: bytes) -> Ledger:
    try:
        text = decode_text(data, LOCK_NAME)
    except Stop as stop:
        return Ledger({}, stop.problems)
    entries: dict[str, Entry] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found:
            sketch = found["sketch"] or ""
            entries[found["url"]] = Entry(found["url"], found["title"] or "", "" if sketch == "-" else sketch, number)
        elif line.strip() and not line.startswith(_NOISE):
            hint = "a line is a URL that begins with a slash; take the file from git again, or delete the line"
            problems.append(Problem(LOCK_NAME, number, "broken-lock", f'this is no URL: "{line.strip()[:80]}"', hint))
    return Ledger(entries, tuple(problems))


def live_urls(library: Library) -> dict[str, Article | None]:
    """Return every URL that readers may have of the site of this library, each with the article that stands there.

    These are the articles and topics that anyone may read, the files other than pictures that they link, and old URLs that lead on. Anchors are
    not among them: they never reach a server, and an address whose anchor is gone still opens its page. Nor are the site's
    own pages, such as its search.
    """
    shown = [article for article in library.articles if _is_public(article)]
    words = {topic.url: topic.article for topic in library.topics if topic.article and _is_public(topic.article)}
    folders = {above for article in (*shown, *words.values()) for above in _folders_above(article.path)}
    found: dict[str, Article | None] = {"": words.get("")}
    found.update((topic.url, words.get(topic.url)) for topic in library.topics if topic.path in folders)
    found.update((article.url, article) for article in shown)
    files = {asset.url for asset in library.assets}
    readers = (*shown, *words.values())
    linked = {target.partition("#")[0] for article in readers for target in library.targets.get(article.path, ())}
    found.update((url, None) for url in sorted(linked & files) if not is_picture(url) and url not in found)
    for old, new in library.redirects.items():
        place = new.partition("#")[0]
        if place in found or place in files:
            found.setdefault(_unbroken(old), None)
    return found


def lost_urls(root: Path, cache: Path | None, library: Library) -> Iterator[Problem]:
    """Yield what is wrong with urls.lock, and a problem for each of its URLs that leads nowhere now, with what it has probably become."""
    ledger, live = read_ledger(root), live_urls(library)
    yield from ledger.problems
    lost = _lost(ledger, live, library)
    if not lost:
        return
    excused = (*_never_given(lost, root, cache), *_doubtful(library))
    missed = [entry for entry in lost if entry.url not in excused]
    hidden = {article.url for article in library.articles if not _is_public(article)}
    heirs = _Heirs({url: article for url, article in live.items() if article and url not in ledger.entries}, live, lost)
    for entry in missed:
        held = " is held back now: its article is a draft, or for agents" if entry.url in hidden else " was published and is gone"
        yield Problem(LOCK_NAME, entry.line, "url-lost", f'"/{entry.url}"{held}, and no redirect leads on', heirs.hint(entry))


def _lost(ledger: Ledger, live: Collection[str], library: Library) -> list[Entry]:
    """Return the entries that lead nowhere now."""
    files = {asset.url for asset in library.assets}
    return [entry for url, entry in ledger.entries.items() if url not in live and f"{url}/" not in live and url not in files]


def _doubtful(library: Library) -> set[str]:
    """Return the URLs of articles that cannot be read as they are now, and of the topics around them: that fault is told already."""
    read = {article.path for article in library.articles if _is_public(article) or not _has_errors(article)}
    unread = [path for path in library.paths if is_page(path) and not is_topic_page(path) and path not in read]
    return {page_url(place) for path in unread for place in (path, *_folders_above(path))}


def _has_errors(article: Article) -> bool:
    return any(problem.severity == "error" for problem in article.problems)


def _never_given(lost: Iterable[Entry], root: Path, cache: Path | None) -> set[str]:
    """Return the URLs that nobody can have.

    Those are what the last commit does not hold, where it holds urls.lock at all; else the examples that a new help center begins
    with, as they were. What was published from here was given.
    """
    given = _parsed((cache / GIVEN_NAME).read_bytes()).entries if cache and (cache / GIVEN_NAME).is_file() else {}
    committed = committed_file(root / LOCK_NAME)
    if committed is not None:
        known = _parsed(committed).entries
        return {entry.url for entry in lost if entry.url not in known and entry.url not in given}
    examples = _parsed(starter.example_urls()).entries
    return {entry.url for entry in lost if entry.url not in given and _is_example(entry, examples.get(entry.url))}


def _is_example(entry: Entry, example: Entry | None) -> bool:
    return example is not None and entry.title == example.title and likeness(entry.sketch, example.sketch) >= _AS_IT_WAS


def keep_ledger(root: Path, cache: Path | None, library: Library) -> int:
    """Add to the help center's urls.lock what is published now; return how many URLs are new in it.

    The file is not touched when nothing changed, and never half-written. Lines are added, and change with an article's title; those
    go that nobody was ever given. Raises Stop when it cannot be read, OSError when it cannot be written.
    """
    ledger, live = read_ledger(root), live_urls(library)
    if ledger.problems:
        raise Stop(*ledger.problems)
    lost = _lost(ledger, live, library)
    private = _never_given(lost, root, cache) if lost else ()
    entries = {url: entry for url, entry in ledger.entries.items() if url not in private}
    for url, article in live.items():
        title = " ".join(article.title.split()) if article else ""
        known = entries.get(url)
        if known is None or (article and known.title != title):
            entries[url] = Entry(url, title, article.sketch if article else "")
    write_ledger(root, entries.values())
    return len(entries.keys() - ledger.entries.keys())


def write_ledger(root: Path, entries: Iterable[Entry]) -> None:
    """Write the entries into urls.lock, unless they stand there already. Raises OSError, with the file as it was."""
    content = ledger_text(entries).encode()
    file = root / LOCK_NAME
    if file.is_file() and file.read_bytes() == content:
        return
    fresh = file.with_name(f".{LOCK_NAME}.{os.getpid()}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def ledger_text(entries: Iterable[Entry]) -> str:
    """Return the entries as they stand in urls.lock: sorted, a line each, so that two people's additions merge."""
    rows = sorted((_unbroken(entry.url), entry.sketch or ("-" if entry.title else ""), entry.title) for entry in entries)
    return _HEAD + "".join(f"/{' '.join(row)}".rstrip(" ") + "\n" for row in rows)


class _Heirs:
    """The articles that a lost URL may have become: those with new URLs first, then all."""

    def __init__(self, fresh: Mapping[str, Article], live: Mapping[str, Article | None], lost: Iterable[Entry]) -> None:
        self.fresh = fresh
        self.lost = tuple(lost)
        self.all = {url: article for url, article in live.items() if article}
        self.fresh_sketches, self.all_sketches = _sketches(self.fresh), _sketches(self.all)
        self.found: dict[str, Article | None] = {}
        self.patience = _SEARCHED

    def hint(self, entry: Entry) -> str:
        """Return what to do about a lost URL."""
        folder = self.folder(entry) if not entry.sketch else ""
        heir = None if folder else self.find(entry)
        alternative = f'"{entry.url}" under "redirects" in kbtool.yml, with the page to read instead'
        moving = 'next time, "kbtool mv" moves an article and keeps its old address'
        if folder:
            return f'its articles are in "{folder}" now: list "{entry.url}" with "{folder}/" under "redirects" in kbtool.yml; {moving}'
        if heir is None:
            return f"list {alternative}; if it never was online, delete this line; {moving}"
        return f'"{heir.path}" has probably taken its place: add "{entry.url}" to its aliases; or list {alternative}; {moving}'

    def folder(self, entry: Entry) -> str:
        """Return the folder that most of a topic's lost articles have probably gone to; empty for none."""
        below = [one for one in self.lost if one.title and entry.url and one.url.startswith(entry.url) and one.url != entry.url]
        heirs = ((one.url[len(entry.url) :].count("/"), self.find(one)) for one in below)
        folders = Counter("/".join(heir.path.split("/")[:-depth]) for depth, heir in heirs if heir)
        folders.pop("", None)
        return min(folders, key=lambda folder: (-folders[folder], folder), default="")

    def find(self, entry: Entry) -> Article | None:
        """Return the article that the URL has probably become: by its text, then by its title, then by its file's name."""
        if entry.url not in self.found:
            self.found[entry.url] = self.search(entry)
        return self.found[entry.url]

    def search(self, entry: Entry) -> Article | None:
        """Look for it; by names only for the first URLs, for each name is compared with every article's."""
        for candidates, sketches in ((self.fresh, self.fresh_sketches), (self.all, self.all_sketches)):
            alike, url = sketches.nearest(entry.sketch)
            url = url if alike >= _ALIKE else self.namesake(entry, candidates) if self.patience else ""
            if url:
                return candidates[url]
        return None

    def namesake(self, entry: Entry, candidates: Mapping[str, Article]) -> str:
        """Return the URL of the article with the most similar title, else the most similar URL; empty for none."""
        self.patience -= 1
        names = ({url: article.title for url, article in candidates.items()}, {url: _last_part(url) for url in candidates})
        for said, known in zip((entry.title, _last_part(entry.url)), names, strict=True):
            alike, url = max(((_same(said, name), url) for url, name in known.items()), default=(0.0, ""))
            if alike >= _SIMILAR_NAMES:
                return url
        return ""


def _sketches(articles: Mapping[str, Article]) -> Sketches:
    return Sketches({url: article.sketch for url, article in articles.items()})


def renamed(ledger: Ledger, urls: Mapping[str, str]) -> Ledger:
    """Return the ledger with the moved pages' new URLs beside the old ones."""
    entries = dict(ledger.entries)
    for old, new in urls.items():
        if old in entries and not is_picture(new):
            entries.setdefault(new, replace(entries[old], url=new))
    return replace(ledger, entries=entries)


def is_picture(url: str) -> bool:
    """Tell whether a file's URL is that of a picture: those stand in pages, and nobody keeps their addresses."""
    return url.endswith(_PICTURES)


def _is_public(article: Article) -> bool:
    return article.meta.status != "draft" and article.meta.audience == "public"


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _unbroken(url: str) -> str:
    return re.sub(r"\s", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def _same(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return SequenceMatcher(None, slug(one), slug(other), autojunk=False).ratio()


def _last_part(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]
