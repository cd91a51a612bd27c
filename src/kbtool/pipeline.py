"""kbtool on one page: what each command does, as a line of stages."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from kbtool.config import HelpCenter, load_config
from kbtool.content.index import SearchAnswer, search_articles
from kbtool.content.reader import read_content
from kbtool.fingerprint import fingerprint
from kbtool.lastbuild import BuildResult, Watched, remember
from kbtool.model import Library, OutputFile
from kbtool.places import cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.folder import kept_keys, publish_folder
from kbtool.publish.lock import only_one
from kbtool.site.assemble import Site, assemble_site
from kbtool.site.render import render_site
from kbtool.site.search import search_documents, search_key, write_search_index
from kbtool.site.theme import Theme, load_theme

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a site is to be built, beside what kbtool.yml says."""

    today: date
    shape: str
    """What of the command's options shapes the site."""
    drafts: bool = False
    search: bool = True
    workers: int = 1
    output: Path | None = None
    """Where to; None: where kbtool.yml says."""
    name: str = "site"
    """Keeps apart what is remembered of a published site and of a preview."""
    progress: Progress = _silent


def build_site(config: Path, options: BuildOptions) -> BuildResult:
    """content/ -> site/. Raises Stop when no site can be made; the last one is then untouched."""
    with only_one(cache_folder(config)):
        center = load_config(config)
        theme = load_theme(center)
        watched = Watched(_inputs(center, theme), options.output or center.output, options.shape)
        seen = fingerprint(watched.inputs)
        library = _read(center, options)
        site = assemble_site(library, center, theme, drafts=options.drafts, today=options.today)
        memory = center.cache / f"{options.name}.json"
        kept = kept_keys(watched.output, memory)
        outputs = _outputs(site, theme, center, kept, options)
        change = publish_folder(outputs, watched.output, memory, kept)
        problems = tuple(sorted({*center.problems, *library.problems}))
        pages = len(site.pages)
        result = BuildResult(len(library.articles), pages, len(change.written), len(change.removed), watched.output, problems)
        remember(center.cache / f"{options.name}-last.json", replace(watched, valid_until=site.valid_until), seen, result)
        return result


def search_library(config: Path, query: str, *, today: date, limit: int) -> SearchAnswer:
    """Return the articles that a customer would find."""
    with only_one(cache_folder(config)):
        center = load_config(config)
        library = read_content(center, cache=center.cache, workers=1, today=today)
        language = center.config.language
        return search_articles(library, query, folder=center.cache / "index", language=language, limit=limit)


def _read(center: HelpCenter, options: BuildOptions) -> Library:
    """Return the library. Raises Stop when it holds nothing at all, so that an empty site never takes a good one's place."""
    progress = partial(options.progress, "Reading articles")
    library = read_content(center, cache=center.cache, workers=options.workers, today=options.today, progress=progress)
    if not library.articles:
        hint = f'put Markdown files into "{center.config.content}", or type "kbtool new"'
        empty = Problem("", 0, "no-articles", f'there is no article that can be read in "{center.config.content}"', hint)
        raise Stop(*library.problems, empty)
    return library


def _outputs(site: Site, theme: Theme, center: HelpCenter, kept: dict[str, str], options: BuildOptions) -> Iterator[OutputFile]:
    """Yield every file of the site, the search index last."""
    index = _search_index(site, center, options) if options.search else None
    done = 0
    for done, output in enumerate(render_site(site, theme, kept, workers=options.workers), 1):
        options.progress("Writing pages", min(done, len(site.pages)), len(site.pages))
        yield output
    if index:
        yield from _files_below(index)


def _search_index(site: Site, center: HelpCenter, options: BuildOptions) -> Path:
    """Return the folder that holds the site's search index; it is made only when its text changed."""
    documents = search_documents(site)
    folder = center.cache / f"search-{options.name}"
    index = folder / search_key(documents, center)
    if not index.is_dir():
        options.progress("Indexing for search", 0, 1)
        shutil.rmtree(folder, ignore_errors=True)
        fresh = folder / "new"
        fresh.mkdir(parents=True)
        write_search_index(documents, center, fresh)
        fresh.rename(index)
        options.progress("Indexing for search", 1, 1)
    return index


def _files_below(folder: Path) -> Iterator[OutputFile]:
    """Yield the folder's files; each is known by the index it belongs to and by its name."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            path = file.relative_to(folder).as_posix()
            yield OutputFile(path, f"{folder.name} {path}", file)


def _inputs(center: HelpCenter, theme: Theme) -> tuple[Path, ...]:
    """Return the files and folders that the site is made from."""
    own = (center.root / "kbtool.yml", center.content, *theme.folders)
    return tuple(dict.fromkeys(own))
