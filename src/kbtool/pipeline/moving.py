"""kbtool mv: an article, a topic or a file gets another place, and everything that names it knows."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbtool.config import HelpCenter, load_config
from kbtool.content.carrying import Change, carry_out, complete_move
from kbtool.content.markdown import MarkdownOptions
from kbtool.content.mending import Mender, mend_article, mend_settings, mend_snippet
from kbtool.content.moved import Prospect, foresee_move
from kbtool.content.published import Ledger, is_picture, ledger_text, live_urls, read_ledger, renamed
from kbtool.content.reader import read_content
from kbtool.content.scan import SNIPPETS, scan_content
from kbtool.content.topics import is_topic_page
from kbtool.model import Article, Library, Link
from kbtool.places import CONFIG_NAME, LOCK_NAME, cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one
from kbtool.records import read_record
from kbtool.settings import Config
from kbtool.urls import is_page

_HIDDEN = re.compile(r"(?:^|/)[._]")


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """What is to move, and where to."""

    old: Path
    new: str
    """As it was typed: a slash at the end means a folder."""
    here: Path
    """The folder that both are typed in; what is not there is looked for in the help center's and in its content folder."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file that names what moved."""

    path: str
    """As it is typed from the help center's folder, after the move."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What a move did, or would do."""

    old: str
    new: str
    rewritten: tuple[Rewritten, ...]
    urls: Mapping[str, str]
    """Old URL -> the one that it leads to now. Pictures have none: they stand in pages, and nobody keeps their addresses."""
    problems: tuple[Problem, ...]
    """Links that nobody could mend."""


def move_content(config: Path, order: MoveOrder, today: date) -> MoveResult:
    """Move an article, a topic's folder or a file, mend what names it, and leave redirects. Raises Stop with nothing changed."""
    with only_one(cache_folder(config)):
        center = load_config(config)
        complete_move(center.root, center.cache)
        library = read_content(center, cache=center.cache, workers=1, today=today)
        source, target = _places(order, center)
        _refuse_unfit(source, target, center, library)
        prospect = foresee_move(library, source, target, center.config.title)
        ledger = read_ledger(center.root)
        if ledger.problems:
            raise Stop(*ledger.problems)
        live = frozenset(live_urls(library))
        work = _Work(center, library, prospect, ledger, Mender(prospect, _options(center), center.config.url), live)
        changes, problems = _changes(work)
        if not order.dry_run:
            carry_out(center.root, center.cache, (center.content / source, center.content / target), changes)
    name = center.config.content
    told = tuple(_told(change, center) for change in changes)
    urls = {old: new for old, new in prospect.urls.items() if not is_picture(old)}
    return MoveResult(f"{name}/{source}", f"{name}/{target}", told, urls, problems)


@dataclass(frozen=True, slots=True)
class _Work:
    center: HelpCenter
    library: Library
    prospect: Prospect
    ledger: Ledger
    mender: Mender
    live: frozenset[str]
    """Every URL that readers have of the site as it is now."""


def _changes(work: _Work) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """Return every file that is to hold other bytes, and a problem for each link that cannot be mended."""
    center, prospect = work.center, work.prospect
    scan = scan_content(center.content, center.config.content)
    disks = {file.path: Path(file.disk) for file in (*scan.pages, *scan.snippets)}
    changes = [_snippet_change(path, disks[path], work) for path in disks if path.startswith(f"{SNIPPETS}/")]
    problems: list[Problem] = []
    reused = {target for change in changes if change for target in _typed(change.old, work)}
    for article in prospect.articles:
        data = _read(disks[article.path])
        fresh, left = mend_article(data, article, work.library.targets[article.path], work.mender, _alias(article, work))
        problems += [_unmended(article, link, center) for link in left if link.target not in reused]
        changes.append(_change(disks[article.path], center.content / prospect.path(article.path), data, fresh))
    file = center.root / CONFIG_NAME
    settings = _read(file)
    changes.append(_change(file, file, settings, _settings(settings, work)))
    lock = center.root / LOCK_NAME
    if lock.is_file():
        given = {old: new for old, new in prospect.urls.items() if old in work.live}
        known = ledger_text(renamed(work.ledger, given).entries.values()).encode()
        changes.append(_change(lock, lock, _read(lock), known))
    return tuple(change for change in changes if change), tuple(problems)


def _settings(data: bytes, work: _Work) -> bytes:
    """Return kbtool.yml as it is after the move. Raises Stop when it could not be read any more."""
    fresh = mend_settings(data, work.mender, dict(_redirects(work)))
    problems = [problem for problem in read_record(fresh, Config, CONFIG_NAME)[1] if problem.severity == "error"]
    if problems:
        hint = "list the topic's old path under redirects by hand, a line each, and type the command again"
        raise Stop(
            Problem(CONFIG_NAME, 0, "cannot-amend", "the settings are typed in a way that kbtool does not dare to change", hint)
        )
    return fresh


def _change(before: Path, after: Path, old: bytes, new: bytes) -> Change | None:
    return Change(before, after, old, new) if old != new else None


def _snippet_change(path: str, disk: Path, work: _Work) -> Change | None:
    data = _read(disk)
    return _change(disk, disk, data, mend_snippet(data, path, work.prospect.articles, work.mender))


def _typed(data: bytes, work: _Work) -> Iterator[str]:
    """Yield the links' addresses that stand in a snippet."""
    text = data.decode("utf-8", "replace")
    yield from (link.target for article in work.prospect.articles for link in article.links if link.target in text)


def _alias(article: Article, work: _Work) -> str:
    """Return the old path that is to lead to the article; empty when its URL stays, or was never anybody's."""
    prospect = work.prospect
    url = article.url
    moved = prospect.urls.get(url)
    private = article.meta.status == "draft" and url not in work.ledger.entries
    if moved is None or private or url in prospect.after.pages or not url:
        return ""
    return url.rstrip("/")


def _redirects(work: _Work) -> Iterator[tuple[str, str]]:
    """Yield the old URLs that no article can have among its aliases: those of topics without words of their own, and of files."""
    prospect = work.prospect
    own = {article.url for article in prospect.articles}
    for old, new in prospect.urls.items():
        if old in own or old in prospect.after.pages or old in prospect.after.files or not old:
            continue
        had_a_reader = old in work.ledger.entries or (old in work.live if old in prospect.before.pages else not is_picture(old))
        if not had_a_reader:
            continue
        place = prospect.place(new)
        yield old, f"{place.path}/" if place.is_topic else place.path


def _places(order: MoveOrder, center: HelpCenter) -> tuple[str, str]:
    """Return the paths under the content folder that are meant; a new one that is a folder is moved into, as `mv` does."""
    old, new, here = order.old, order.new, order.here
    found = next((one for one in (here / old, center.root / old, center.content / old) if os.path.lexists(one)), None)
    if found is None:
        raise Stop(Problem("", 0, "no-such-article", f'there is no file or folder "{old}"', "look at the path's spelling"))
    start = next(one for one in (here, center.root, center.content) if os.path.lexists(one / old))
    source = _below(found, center)
    typed = start / new
    into = new.endswith(("/", os.sep)) and not found.is_dir()
    inside = into or (typed.is_dir() and not (found.is_dir() and typed.samefile(found)))
    target = _below(typed / found.name if inside else typed, center)
    if is_page(source) and not found.is_dir() and not is_page(target):
        target += posixpath.splitext(source)[1]
    return source, target


def _below(path: Path, center: HelpCenter) -> str:
    """Return the path under the content folder. Raises Stop when it leaves it."""
    whole = Path(os.path.normpath(path))
    try:
        below = (whole.parent.resolve() / whole.name).relative_to(center.content.resolve()).as_posix()
    except ValueError:
        hint = f'name a place in "{center.config.content}"'
        raise Stop(Problem("", 0, "outside-content", f'"{path}" is not in the folder "{center.config.content}"', hint)) from None
    return unicodedata.normalize("NFC", below)


def _refuse_unfit(source: str, target: str, center: HelpCenter, library: Library) -> None:
    """Raise Stop when what is asked for cannot be, or would lose something."""
    old, new = center.content / source, center.content / target
    problem: tuple[str, str, str] | None = None
    if source in (".", "") or target in (".", ""):
        problem = (
            "not-an-article",
            f'"{center.config.content}" itself cannot be moved',
            "name an article, a topic or a file in it",
        )
    elif _HIDDEN.search(source) or _HIDDEN.search(target):
        hint = "names that begin with . or _ are no part of the site"
        problem = ("not-an-article", f'"{source}" cannot become "{target}"', hint)
    elif source == target:
        problem = ("already-there", f'"{target}" is where it is already', "")
    elif target.startswith(f"{source}/"):
        problem = ("not-an-article", f'"{source}" cannot be moved into itself', "")
    elif os.path.lexists(new) and not old.samefile(new):
        problem = ("already-there", f'"{target}" is there already', "choose another name: nothing is ever overwritten")
    elif not old.is_dir() and (is_topic_page(source) or is_topic_page(target)):
        hint = "move the topic's folder, or move the words by hand"
        problem = ("not-an-article", f'"{source}" cannot become "{target}": index.md holds a topic\'s own words', hint)
    elif is_page(target) != (is_page(source) and not old.is_dir()):
        problem = ("not-an-article", f'"{source}" cannot become "{target}"', "articles end with .md, and nothing else does")
    elif not any(path == source or path.startswith(f"{source}/") for path in library.paths):
        problem = ("not-an-article", f'"{source}" is no part of the site', "")
    if problem:
        rule, message, hint = problem
        raise Stop(Problem("", 0, rule, message, hint))
    _refuse_unread(source, center, library)


def _refuse_unread(source: str, center: HelpCenter, library: Library) -> None:
    """Raise Stop when an article that moves cannot be read: its links could not be mended."""
    known = {article.path for article in library.articles} | {topic.article.path for topic in library.topics if topic.article}
    for path in sorted(library.paths):
        if is_page(path) and path not in known and not path.startswith(f"{SNIPPETS}/") and (path + "/").startswith(f"{source}/"):
            shown = f"{center.config.content}/{path}"
            told = [problem for problem in library.problems if problem.path == shown and problem.severity == "error"]
            raise Stop(*(told or [Problem(shown, 0, "unreadable", f'"{path}" cannot be read')]))


def _options(center: HelpCenter) -> MarkdownOptions:
    config = center.config
    snippets = {
        file.path.removeprefix(f"{SNIPPETS}/").rpartition(".")[0]: _read(Path(file.disk)).decode("utf-8", "replace")
        for file in scan_content(center.content, config.content).snippets
    }
    return MarkdownOptions(config.variables, config.glossary, snippets, config.trusted_html, config.old_urls, config.language)


def _unmended(article: Article, link: Link, center: HelpCenter) -> Problem:
    message = (
        f'the link to "{link.target}" could not be mended: it comes from a variable or from a snippet that others need as it is'
    )
    return Problem(f"{center.config.content}/{article.path}", link.line, "dead-link", message, "mend it by hand", "warning")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stop(Problem("", 0, "unreadable", f'"{file.name}" cannot be read: {error.strerror}')) from error


def _told(change: Change, center: HelpCenter) -> Rewritten:
    path = change.after.relative_to(center.root).as_posix()
    return Rewritten(path, change.old.decode("utf-8", "replace"), change.new.decode("utf-8", "replace"))
