"""The content folder -> the Library."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from kbtool.config import HelpCenter
from kbtool.conflicts import find_conflict
from kbtool.content.articles import Desk, Progress, common_shape, read_articles
from kbtool.content.assets import read_assets
from kbtool.content.cache import Cache
from kbtool.content.claims import claim_urls
from kbtool.content.examination import Examination
from kbtool.content.history import read_history
from kbtool.content.links import resolve_links, settle_mentions
from kbtool.content.lookup import make_lookup
from kbtool.content.pictures import check_pictures
from kbtool.content.published import lost_urls
from kbtool.content.scan import SNIPPETS, File, scan_content, with_unsaved
from kbtool.content.topics import is_topic_page, make_topics, unknown_topics
from kbtool.encoding import decode_text
from kbtool.model import Article, Library
from kbtool.places import CONFIG_NAME
from kbtool.problems import Problem, Stop


def read_content(  # noqa: PLR0913 - each is named where it is called
    center: HelpCenter,
    *,
    cache: Path | None,
    workers: int,
    today: date,
    progress: Progress = lambda _done, _total: None,
    examination: Examination | None = None,
    unsaved: Mapping[str, bytes] = MappingProxyType({}),
) -> Library:
    """Return all that the content folder holds, with every problem found. Raises Stop when there is no such folder.

    `cache` is a folder to keep articles in between runs, None for none; only files that changed are read and parsed.
    With `workers` over 1 many files are parsed in as many processes. `progress` is called with how many are parsed, and of how many.
    `examination` keeps what rules find in each article. `unsaved` holds by path what an editor has and the disk has not.
    """
    name, title = center.config.content, center.config.title
    if not center.content.is_dir():
        hint = 'make it and put Markdown files into it, or type "kbtool init"'
        raise Stop(Problem("", 0, "no-content", f'there is no folder "{name}" beside {CONFIG_NAME}', hint))
    scan = with_unsaved(scan_content(center.content, name), unsaved)
    pages, files, claims = claim_urls(scan.pages, scan.assets, name)
    seen = frozenset(file.path for file in (*scan.pages, *scan.snippets, *scan.assets))
    store = Cache(cache)
    snippets, faults = read_snippets(scan.snippets, name)
    days = read_history(center.content, cache)
    desk = Desk(center.config, store, snippets, days, workers, progress, common_shape(center.config, snippets), examination)
    topic_pages, topic_faults = read_articles((file for file in pages if is_topic_page(file.path)), {}, desk)
    ordinary = (file for file in pages if not is_topic_page(file.path))
    articles, article_faults = read_articles(ordinary, _by_folder(topic_pages), desk)
    assets = read_assets(files, store)
    store.close(seen)
    if examination and not unsaved:
        examination.save(seen)
    everything = sorted((*articles, *topic_pages), key=lambda article: article.path)
    topics = make_topics(articles, _by_folder(topic_pages), title)
    lookup = make_lookup(everything, topics, assets, seen)
    settled, mentions = settle_mentions(everything, lookup, name)
    links = resolve_links(settled, lookup, center.config, center.root)
    topic_pages = tuple(article for article in settled if is_topic_page(article.path))
    articles = tuple(article for article in settled if not is_topic_page(article.path))
    topics = make_topics(articles, _by_folder(topic_pages), title)
    problems = {
        *(*scan.problems, *claims, *faults, *topic_faults, *article_faults, *store.problems, *mentions, *links.problems),
        *(problem for article in settled for problem in article.problems),
        *check_pictures(settled, links.targets, assets, _brand_pictures(center), name),
        *unknown_topics(center.config, (topic.path for topic in topics), CONFIG_NAME),
        *_from_the_future(settled, today, name),
    }
    library = Library(articles, topics, assets, seen, links.targets, links.redirects, (), links.signposts)
    return replace(library, problems=tuple(sorted({*problems, *lost_urls(center.root, cache, library)})))


def _brand_pictures(center: HelpCenter) -> tuple[str, ...]:
    brand = center.config.brand
    return brand.logo, brand.logo_dark, brand.favicon, brand.share_image


def _by_folder(topic_pages: Iterable[Article]) -> dict[str, Article]:
    return {posixpath.dirname(article.path): article for article in topic_pages}


def read_snippets(files: Iterable[File], name: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the text of each snippet by its path under the snippets' folder, without its ending."""
    snippets: dict[str, str] = {}
    problems: list[Problem] = []
    for file in files:
        shown = f"{name}/{file.path}"
        key = file.path.removeprefix(f"{SNIPPETS}/").rpartition(".")[0]
        try:
            snippets[key] = decode_text(Path(file.disk).read_bytes(), shown)
            problems.extend(filter(None, (find_conflict(snippets[key], shown),)))
        except Stop as stop:
            problems.extend(stop.problems)
        except OSError as error:
            problems.append(Problem(shown, 0, "unreadable", f'"{file.path}" cannot be read: {error.strerror}'))
    return snippets, tuple(problems)


def _from_the_future(articles: Iterable[Article], today: date, name: str) -> Iterator[Problem]:
    """Yield a problem for each article that was reviewed after today."""
    for article in articles:
        if article.meta.reviewed and article.meta.reviewed > today:
            message = f'"reviewed" is {article.meta.reviewed}, which is not yet'
            yield Problem(f"{name}/{article.path}", 1, "wrong-value", message, "type the day on which it was checked", "warning")
