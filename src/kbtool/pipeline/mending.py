"""kbtool check --fix: what is wrong and safe to mend is mended, in the files that the check looks at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbtool.config import HelpCenter, load_config
from kbtool.content.changes import Changes, changes_since
from kbtool.content.fixes.article import FIX_RULES, Desk, Mend, Task, fix_article
from kbtool.content.lookup import make_lookup
from kbtool.content.markdown import MarkdownOptions
from kbtool.content.reader import read_content, read_snippets
from kbtool.content.rewrite import rewrite_files
from kbtool.content.scan import File, scan_content
from kbtool.levels import at_levels
from kbtool.model import Library
from kbtool.pipeline.checking import CheckOptions, covers, demand_known_rules, paths_below
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.lock import only_one_where_possible


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with what was mended in it."""

    path: str
    """As it is typed from the help center's folder."""
    before: str
    after: str
    mends: tuple[Mend, ...]


def mend_content(config: Path, options: CheckOptions, *, dry_run: bool) -> tuple[Mended, ...]:
    """Mend what is safe in the articles that the check is to look at, and return what was mended; write nothing in a dry run.

    Each file is written whole or not at all. Raises Stop when one cannot be written, or was changed meanwhile: then none is.
    """
    with only_one_where_possible(cache_folder(config)):
        center = load_config(config)
        demand_known_rules(options.rules)
        only = paths_below(center, options)
        changes = changes_since(center.root, options.since) if options.since else None
        library = read_content(center, cache=center.cache, workers=options.workers, today=options.today)
        found = tuple(_mended(center, library, options.rules, only, changes))
        if not dry_run:
            _write({disk: (old, new) for _, disk, old, new in found})
    return tuple(mended for mended, _, _, _ in found)


_Found = tuple[Mended, Path, bytes, bytes]


def _mended(
    center: HelpCenter, library: Library, rules: Sequence[str], only: Sequence[str], changes: Changes | None
) -> Iterator[_Found]:
    """Yield each file that is to be mended, with its place, its bytes and its new ones."""
    name = center.config.content
    desk = _desk(center, library)
    told: dict[str, list[Problem]] = {}
    for problem in library.problems:
        told.setdefault(problem.path, []).append(problem)
    for file in scan_content(center.content, name).pages:
        shown = f"{name}/{file.path}"
        wanted = not only or any(covers(path, shown) for path in only)
        if (
            file.path not in library.targets
            or not wanted
            or (changes and shown not in changes.paths)
            or Path(file.disk).is_symlink()
        ):
            continue
        allowed = frozenset(
            problem.rule
            for problem in at_levels((Problem(shown, 0, rule, "") for rule in FIX_RULES), center.config, library)
            if not rules or problem.rule in rules
        )
        yield from _fixed(file, shown, Task(file.path, tuple(told.get(shown, ())), allowed), desk)


def _fixed(file: File, shown: str, task: Task, desk: Desk) -> Iterator[_Found]:
    """Yield the file when there is something to mend; the check tells of one that cannot be read."""
    disk = Path(file.disk)
    try:
        data = disk.read_bytes()
        fresh, mends = fix_article(data, task, desk)
        if fresh != data:
            yield Mended(shown, _shown(data), _shown(fresh), mends), disk, data, fresh
    except (OSError, Stop):
        return


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _write(files: dict[Path, tuple[bytes, bytes]]) -> None:
    """Put the new bytes into the files. Raises Stop when a file is not what it was when it was read."""
    for disk, (old, _) in files.items():
        try:
            same = disk.read_bytes() == old
        except OSError:
            same = False
        if not same:
            hint = "nothing was mended; save your files, and type the command again"
            raise Stop(Problem("", 0, "cannot-write", f'"{disk.name}" was changed by another program meanwhile', hint))
    rewrite_files({disk: new for disk, (_, new) in files.items()})


def _desk(center: HelpCenter, library: Library) -> Desk:
    config = center.config
    articles = (*library.articles, *(topic.article for topic in library.topics if topic.article))
    snippets, _ = read_snippets(scan_content(center.content, config.content).snippets, config.content)
    options = MarkdownOptions(config.variables, config.glossary, snippets, config.trusted_html, config.old_urls, config.language)
    return Desk(make_lookup(articles, library.topics, library.assets, library.paths), options)
