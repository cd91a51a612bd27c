"""content/ -> what a reader will trip over."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kbtool.config import HelpCenter, load_config
from kbtool.content.baseline import accept_findings, judge_findings
from kbtool.content.changes import Changes, changes_since
from kbtool.content.checks.examine import examine_article
from kbtool.content.checks.names import RULE_NAMES, RULES_OF_BUILD
from kbtool.content.checks.records import Asked, Shelf
from kbtool.content.checks.rules import all_rules
from kbtool.content.checks.shape import make_setup, rules_shape
from kbtool.content.checks.shelf import check_library
from kbtool.content.examination import Examination
from kbtool.content.reader import read_content
from kbtool.levels import at_levels
from kbtool.model import Library
from kbtool.pipeline.progress import Progress, silent
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.urls import is_page

if TYPE_CHECKING:
    from kbtool.outside.manners import Manners
    from kbtool.outside.visited import Visited


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What is to be checked, and how."""

    today: date
    rules: tuple[str, ...] = ()
    """Only these; none named: all."""
    paths: tuple[Path, ...] = ()
    """Only what is in these files and folders; none named: everything."""
    here: Path = Path()
    """The folder that paths are typed in; those that are not there are looked for in the help center's."""
    unsaved: Mapping[Path, bytes] = field(default_factory=dict)
    """What an editor holds and the disk does not."""
    tickets: tuple[Path, ...] = ()
    """Exports whose questions the articles are held against."""
    salt: bytes = b""
    """Makes the requesters' hashes those of this run alone."""
    since: str = ""
    """A git revision: only what changed since then, or what such a change broke elsewhere; empty: everything."""
    baseline: Literal["obey", "renew"] = "obey"
    """Whether findings that were accepted are left out, or all are accepted as they are now."""
    manners: "Manners | None" = None
    """How other sites are asked whether links to them still work; None: they are not asked."""
    workers: int = 1
    progress: Progress = silent
    waits: bool = True
    """Whether it takes turns with builds. One that does not reads what they left, and makes none of them wait."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found."""

    problems: tuple[Problem, ...]
    """At the levels that kbtool.yml gives their rules, sorted by path and line."""
    articles: int
    """How many were looked at, topics' index.md among them."""
    words: int
    """How many words they hold."""
    root: Path
    """The folder that the problems' paths start from."""
    old: int = 0
    """How many findings are left out because they were accepted before."""
    gone: int = 0
    """How many accepted findings are found no more; 0 when only a part was looked at."""
    outside: "Visited | None" = None
    """What other sites said, if they were asked."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """For each article's path, as problems name it, its page's URL under the site's root; topics' index.md among them."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A help center, read and judged, before anybody outside is asked."""

    center: HelpCenter
    library: Library
    told: frozenset[Problem]
    examined: int
    paths: tuple[str, ...]
    changes: Changes | None

    def wanted(self, problems: Iterable[Problem], options: CheckOptions) -> Iterator[Problem]:
        """Yield those that were asked for, at the levels that kbtool.yml gives their rules."""
        for problem in at_levels(problems, self.center.config, self.library):
            if _is_wanted(problem, options.rules, self.paths) and (self.changes is None or self.changes.concern(problem)):
                yield problem


def check_content(config: Path, options: CheckOptions) -> CheckResult:
    """content/ -> every problem of the help center, its articles and their writing. Raises Stop when there is nothing to check."""
    if options.unsaved or not options.waits:
        return _judge(_read(config, options, None), options)  # an editor must not wait for a build, nor one for a preview's check
    from kbtool.publish.lock import only_one_where_possible  # noqa: PLC0415 - an editor calls often, and needs none

    asked = _ask(config, options) if options.tickets else None
    with only_one_where_possible(cache_folder(config)):
        read = _read(config, options, asked)
    return _judge(read, options)  # others may build while the world is asked


def demand_known_rules(names: Iterable[str]) -> None:
    """Raise Stop when a name is no rule's."""
    known = {*RULE_NAMES, *(rule.name for rule in all_rules())}
    for name in names:
        if name not in known:
            if name in RULES_OF_BUILD:
                hint = 'type "kbtool build"'
                raise Stop(Problem("", 0, "unknown-rule", f'"{name}" is told by "kbtool build", not by "kbtool check"', hint))
            others = "those of exports, imports and publishing are told by their own commands"
            hint = "; ".join(filter(None, (did_you_mean(name, known), others)))
            raise Stop(Problem("", 0, "unknown-rule", f'"kbtool check" has no rule called "{name}"', hint))


def paths_below(center: HelpCenter, options: CheckOptions) -> tuple[str, ...]:
    """Return the files and folders that are to be looked at, as problems name them. Raises Stop when one is not there."""
    return tuple(_below_root(path, center, options) for path in (*options.paths, *options.unsaved))


def covers(path: str, other: str) -> bool:
    """Tell whether the file or folder is the other, or holds it."""
    return path in (".", other) or other.startswith(f"{path}/")


def _ask(config: Path, options: CheckOptions) -> Asked:
    """Return what customers asked. Raises Stop when no ticket can be read, or what that needs is not installed."""
    from kbtool.filler import filler_words  # noqa: PLC0415
    from kbtool.pipeline.matched import TicketOptions, match_exports  # noqa: PLC0415 - most checks are without tickets
    from kbtool.tickets.export import ReadOptions  # noqa: PLC0415

    tickets = TicketOptions(options.today, options.salt, progress=options.progress)
    found = match_exports(config, options.tickets, ReadOptions(), tickets)
    from kbtool.tickets.keywords import find_keywords  # noqa: PLC0415 - it may need what is not installed

    stems_of = found.postings.stems_of
    filler = filler_words(found.center.config.language)
    lines = find_keywords(found.matched.matches, found.library.articles, stems_of, filler)
    words = {line.article: tuple(word.word for word in line.words) for line in lines}
    return Asked(found.matched.matches, words, stems_of)


def _read(config: Path, options: CheckOptions, asked: Asked | None) -> _Read:
    center = load_config(config)
    demand_known_rules(options.rules)
    paths = paths_below(center, options)
    unsaved = {_below_content(path, center, options): text for path, text in options.unsaved.items()}
    setup = make_setup(center)
    shape = rules_shape(setup)
    examination = Examination(center.cache, shape, partial(examine_article, setup=setup, shape=shape), frozenset(unsaved))
    library = read_content(
        center,
        cache=center.cache,
        workers=options.workers,
        today=options.today,
        progress=partial(options.progress, "Reading articles"),
        examination=examination,
        unsaved=unsaved,
    )
    examined = {path: found for path, found in examination.examined.items() if path in library.targets}
    found = check_library(Shelf(library, center.config, examined, options.today, frozenset(unsaved), asked))
    told = {*center.problems, *library.problems, *found, *_nothing_there(library, center)}
    changes = changes_since(center.root, options.since) if options.since else None
    return _Read(center, library, frozenset(told), len(examined), paths, changes)


def _judge(read: _Read, options: CheckOptions) -> CheckResult:
    """Return what is wanted of all that was found here and outside, less what was accepted."""
    outside = _visit(read, options.manners, options) if options.manners else None
    found = {*read.told, *(outside.problems if outside else ())}
    wanted = sorted(read.wanted(found, options))
    root = read.center.root
    unasked = _unasked(options)
    if options.baseline == "renew":
        accept_findings(wanted, root, unasked)
    judged = judge_findings(wanted, root, unasked)
    gone = 0 if options.rules or read.paths or read.changes else judged.gone
    return CheckResult(judged.new, read.examined, _words(read.library), root, judged.old, gone, outside, _pages(read))


def _visit(read: _Read, manners: "Manners", options: CheckOptions) -> "Visited":
    """Return what other sites say of the links that are in question."""
    from kbtool.pipeline.visiting import links_in_question, visit_links  # noqa: PLC0415 - most checks ask nobody

    links = links_in_question(read.center, read.library, partial(read.wanted, options=options))
    return visit_links(read.center, links, manners, options.today, options.progress)


def _unasked(options: CheckOptions) -> frozenset[str]:
    """Return the rules that nobody asked: what they found before is not gone."""
    outside = () if options.manners else ("external-link",)
    tickets = () if options.tickets else ("no-evidence", "customers-words")
    return frozenset((*outside, *tickets))


def _nothing_there(library: Library, center: HelpCenter) -> Iterator[Problem]:
    """Yield the problem of a help center without articles: a check of the wrong folder must not pass."""
    if not library.articles:
        hint = f'put Markdown files into "{center.config.content}", or type "kbtool new"'
        yield Problem("", 0, "no-articles", f'there is no article that can be read in "{center.config.content}"', hint)


def _below_root(typed: Path, center: HelpCenter, options: CheckOptions) -> str:
    """Return a path as problems name it. Raises Stop when there is no such file or folder in the help center."""
    places = (options.here / typed, center.root / typed, center.content / typed)
    found = next((place for place in places if place.exists()), places[0] if typed in options.unsaved else None)
    if found is None:
        raise Stop(Problem("", 0, "no-such-article", f'there is no file or folder "{typed}"', "look at the path's spelling"))
    try:
        whole = found.parent.resolve() / found.name if found.name not in ("", ".", "..") else found.resolve()
        return unicodedata.normalize("NFC", whole.relative_to(center.root).as_posix())
    except ValueError:
        raise Stop(Problem("", 0, "not-an-article", f'"{typed}" is not in the help center "{center.root}"')) from None


def _below_content(typed: Path, center: HelpCenter, options: CheckOptions) -> str:
    """Return an unsaved article's path under the content folder. Raises Stop when it is none."""
    path = _below_root(typed, center, options)
    below = path.removeprefix(f"{center.config.content}/")
    if below == path or not is_page(path):
        hint = f'name a file in "{center.config.content}" that ends with ".md"'
        raise Stop(Problem("", 0, "not-an-article", f'"{typed}" is no article', hint))
    return below


def _is_wanted(problem: Problem, rules: Iterable[str], paths: Iterable[str]) -> bool:
    if not problem.path and problem.severity == "error":
        return True  # it is about everything, so about what was asked for
    if rules and problem.rule not in rules:
        return False
    return not paths or not problem.path or any(covers(path, problem.path) for path in paths)


def _pages(read: _Read) -> Mapping[str, str]:
    topics = (topic.article for topic in read.library.topics if topic.article)
    return {f"{read.center.config.content}/{article.path}": article.url for article in (*read.library.articles, *topics)}


def _words(library: Library) -> int:
    topics = (topic.article.words for topic in library.topics if topic.article)
    return sum(article.words for article in library.articles) + sum(topics)
