"""Files -> articles: those that did not change come from the cache, the others are parsed."""

import importlib.util
import os
import posixpath
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from kbtool import __version__
from kbtool.content.cache import Cache
from kbtool.content.examination import Examination
from kbtool.content.scan import File
from kbtool.content.topics import Defaults, topic_defaults
from kbtool.model import Article
from kbtool.problems import Problem
from kbtool.records import decode, encode
from kbtool.settings import Config

Progress = Callable[[int, int], None]
_LIBRARIES = ("markdown_it", "mdit_py_plugins", "pygments", "nh3")
"""Those that shape an article's HTML."""
_BATCH = 500
"""Articles that are kept at a time, so that few are in memory twice."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What articles are read with."""

    config: Config
    cache: Cache
    snippets: Mapping[str, str]
    days: Mapping[str, date]
    """When each file last changed."""
    workers: int
    progress: Progress
    shape: str
    """A digest of all that shapes every article."""
    examination: Examination | None = None
    """What keeps what is found in each article; None when nobody asks."""


def read_articles(
    files: Iterable[File], words: Mapping[str, Article], desk: Desk
) -> tuple[tuple[Article, ...], tuple[Problem, ...]]:
    """Return the articles that can be read, sorted by path, and why the others cannot.

    `words` holds the topics' own articles by folder: they say what the topics' other articles inherit.
    """
    defaults: dict[str, Defaults] = {}
    found: dict[str, Article] = {}
    ordered: list[tuple[File, Defaults, str]] = []
    for file in files:
        folder = posixpath.dirname(file.path)
        inherited = defaults.setdefault(folder, defaults.get(folder) or topic_defaults(folder, desk.config, words))
        shape = blake2b(f"{desk.shape}{inherited}{desk.days.get(file.path)}".encode(), digest_size=16).hexdigest()
        article = desk.cache.article(file, shape)
        if article is None or not (desk.examination is None or desk.examination.knows(article)):
            ordered.append((file, inherited, shape))
        else:
            found[file.path] = article
    problems: list[Problem] = []
    for article, faults in _parse(ordered, desk):
        problems.extend(faults)
        if article:
            found[article.path] = article
    return tuple(found[path] for path in sorted(found)), tuple(problems)


def common_shape(config: Config, snippets: Mapping[str, str]) -> str:
    """Return a digest of all that shapes every article: kbtool, its libraries, and what kbtool.yml says."""
    said = (
        config.content,
        config.title,
        config.variables,
        config.glossary,
        config.trusted_html,
        config.old_urls,
        config.language,
    )
    shape = blake2b(encode((__version__, sys.version_info[:2], said, snippets)), digest_size=16)
    for folder in _library_folders():
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                state = entry.stat()
                shape.update(f"{entry.name} {state.st_size} {state.st_mtime_ns}".encode())
    return shape.hexdigest()


def _parse(ordered: list[tuple[File, Defaults, str]], desk: Desk) -> Iterator[tuple[Article | None, tuple[Problem, ...]]]:
    """Yield the articles of files that are new or different, and keep them."""
    if not ordered:
        return
    from kbtool.content.article import Order  # noqa: PLC0415 - the Markdown libraries load only when there is something to parse
    from kbtool.content.markdown import MarkdownOptions  # noqa: PLC0415
    from kbtool.content.workers import Table, read_orders  # noqa: PLC0415

    config = desk.config
    options = MarkdownOptions(
        variables=config.variables,
        glossary=config.glossary,
        snippets=desk.snippets,
        trusted_html=config.trusted_html,
        old_urls=config.old_urls,
        language=config.language,
        outline=desk.examination is not None,
    )
    table = Table(options, config.content, desk.examination.examine if desk.examination else None)
    orders = [Order(file, inherited, desk.days.get(file.path), shape, config.title) for file, inherited, shape in ordered]
    readings = []
    for order, outcome in read_orders(orders, table, workers=desk.workers, progress=desk.progress):
        yield (decode(outcome.reading.payload, Article) if outcome.reading else None), outcome.problems
        if outcome.reading:
            readings.append((order.file, order.shape, outcome.reading))
            if desk.examination:
                desk.examination.take(order.file.path, outcome.reading.examined)
        if len(readings) == _BATCH:
            desk.cache.keep(readings)
            readings.clear()
    desk.cache.keep(readings)


def _library_folders() -> Iterator[str]:
    """Yield the folders of the programs that shape an article's HTML."""
    here = os.path.dirname(__file__)  # noqa: PTH120 - strings are quicker than paths, and this is on every build's way
    yield from (here, os.path.join(here, "markdown"))  # noqa: PTH118
    for name in _LIBRARIES:
        spec = importlib.util.find_spec(name)
        yield from spec.submodule_search_locations or () if spec else ()
