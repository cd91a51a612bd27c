"""From Markdown articles to a site in a folder or in the preview."""

import errno
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from kbtool.config import HelpCenter, load_config
from kbtool.content.carrying import complete_move
from kbtool.content.history import history_marks
from kbtool.content.published import keep_ledger
from kbtool.content.reader import read_content
from kbtool.lastbuild import BuildResult, Watched, last_build, remember
from kbtool.levels import at_levels
from kbtool.model import Library, OutputFile, SearchDocument
from kbtool.pipeline.progress import Progress, silent
from kbtool.pipeline.reviewfile import recall_notes, review_file, review_notes
from kbtool.places import LOCK_NAME, TERMS_NAME, cache_folder
from kbtool.problems import Problem, Stop
from kbtool.publish.folder import Deliver, Delivered, kept_keys, publish_by
from kbtool.publish.lock import only_one
from kbtool.site.assemble import assemble_site
from kbtool.site.pages import Site
from kbtool.site.render import deliver_site
from kbtool.site.search import search_documents, search_key, write_search_index
from kbtool.site.theme import Theme, load_theme


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a site is to be built, beside what kbtool.yml says."""

    today: date
    shape: str
    """What of the command's options shapes the site."""
    drafts: bool = False
    search: Literal["fresh", "last", "none"] = "fresh"
    """Whether the search index is made from this site's text, is the one there was before, or is left out."""
    workers: int = 1
    output: Path | None = None
    """Where to; None: where kbtool.yml says."""
    name: str = "site"
    """Keeps apart what is remembered of a published site and of a preview."""
    progress: Progress = silent


def build_site(config: Path, options: BuildOptions) -> BuildResult:
    """content/ -> site/. Raises Stop when no site can be made; the last one is then untouched."""
    with only_one(cache_folder(config)):
        center = _center(config, options)
        complete_move(center.root, center.cache)
        theme = load_theme(center)
        inputs = (*_inputs(config, center, theme), review_notes(center.cache))
        watched = Watched(inputs, options.output or center.output, options.shape, (center.root / LOCK_NAME,))
        seen = watched.seen()
        library = _read(center, options)
        site = assemble_site(library, center, theme, drafts=options.drafts, today=options.today)
        memory = center.cache / f"{options.name}.json"
        kept = kept_keys(watched.output, memory)
        change = publish_by(lambda deliver: _outputs(site, theme, kept, options, deliver), watched.output, memory, kept)
        kept_problems = () if options.drafts or options.name != "site" else _keep_ledger(center, library)
        told = {*center.problems, *library.problems, *site.problems, *kept_problems}
        problems = tuple(sorted(at_levels(told, center.config, library)))
        result = BuildResult(
            articles=len(site.articles),
            held_back=len(library.articles) - len(site.articles),
            pages=len(site.pages),
            written=len(change.written),
            removed=len(change.removed),
            output=watched.output,
            problems=problems,
        )
        remember(last_build(config, options.name), replace(watched, valid_until=site.valid_until), seen, result)
        return result


def serve_site(config: Path, today: Callable[[], date], *, host: str, port: int | None, announce: Callable[[str], None]) -> None:
    """Show the site, drafts and all, in the browser, and again after every save, until Ctrl-C."""
    from kbtool.preview.server import serve  # noqa: PLC0415 - a build needs no server, and its import takes a fifth of all

    def findings() -> Mapping[str, tuple[Problem, ...]]:
        from kbtool.pipeline.findings import page_findings  # noqa: PLC0415 - the site is to be seen before the rules are loaded

        return page_findings(config, today())

    cache = cache_folder(config)
    name = "preview"
    output = cache / name / "site"

    def options() -> BuildOptions:
        return BuildOptions(today(), "", drafts=True, search="last", output=output, name=name)

    def rebuild() -> tuple[Problem, ...]:
        return build_site(config, options()).problems

    def reindex() -> None:
        refresh_search(config, options())
        rebuild()

    folders = (
        config,
        config.parent / TERMS_NAME,
        load_config(config).content,
        config.parent / "themes",
        config.parent / "overrides",
    )
    serve(output, folders, rebuild, reindex, findings=findings, host=host, port=port, announce=announce)


def refresh_search(config: Path, options: BuildOptions) -> None:
    """Make the search index of the articles as they are now. The lock is free while it is made: a save need not wait."""
    with only_one(cache_folder(config)):
        center = _center(config, options)
        site = assemble_site(_read(center, options), center, load_theme(center), drafts=options.drafts, today=options.today)
        documents = search_documents(site)
    _search_index(documents, center, replace(options, search="fresh"))


def _center(config: Path, options: BuildOptions) -> HelpCenter:
    """Return the help center; a preview stands at the root of its server, whatever the public address."""
    center = load_config(config)
    return replace(center, config=replace(center.config, url="")) if options.name == "preview" else center


def _read(center: HelpCenter, options: BuildOptions) -> Library:
    """Return the library. Raises Stop when it holds nothing at all, so that an empty site never takes a good one's place."""
    progress = partial(options.progress, "Reading articles")
    library = read_content(center, cache=center.cache, workers=options.workers, today=options.today, progress=progress)
    if not library.articles:
        hint = f'put Markdown files into "{center.config.content}", or type "kbtool new"'
        empty = Problem("", 0, "no-articles", f'there is no article that can be read in "{center.config.content}"', hint)
        raise Stop(*library.problems, empty)
    return library


def _keep_ledger(center: HelpCenter, library: Library) -> tuple[Problem, ...]:
    """Write down every URL that is published now; return why that cannot be. A checkout that nobody may write to is no fault."""
    try:
        keep_ledger(center.root, center.cache, library)
    except Stop:
        return ()  # told by the reader
    except OSError as error:
        locked = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        message = f'"{LOCK_NAME}" cannot be written: {error.strerror}'
        return (
            Problem(
                LOCK_NAME, 0, "cannot-write", message, "make room or rights and build again", "hint" if locked else "warning"
            ),
        )
    return ()


def _outputs(
    site: Site, theme: Theme, kept: Mapping[str, str], options: BuildOptions, deliver: Deliver
) -> Generator[Delivered, None, None]:
    """Deliver every file of the site, the search index last."""
    center, total = site.center, len(site.pages)
    for done, delivered in enumerate(deliver_site(site, theme, kept, deliver, workers=options.workers), 1):
        options.progress("Writing pages", min(done, total), total)
        yield delivered
    index = None if options.search == "none" else _search_index(search_documents(site), center, options)
    if options.name == "site" and (review := review_file(recall_notes(center.cache), site.articles)):
        yield deliver(review)
    if index:
        for other in set(index.parent.glob("[!.]*")) - {index}:
            shutil.rmtree(other, ignore_errors=True)
        yield from map(deliver, _files_below(index))


def _search_index(documents: tuple[SearchDocument, ...], center: HelpCenter, options: BuildOptions) -> Path | None:
    """Return the folder that holds the search index; it is made only when its text changed. None: there is no last one."""
    folder = center.cache / f"search-{options.name}"
    key = search_key(documents, center)
    index = folder / key
    if index.is_dir():
        return index
    if options.search == "last":
        return max((last for last in folder.glob("[!.]*")), key=lambda last: last.stat().st_mtime_ns, default=None)
    options.progress("Indexing for search", 0, 1)
    fresh = folder / ".new"
    shutil.rmtree(fresh, ignore_errors=True)
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


def _inputs(config: Path, center: HelpCenter, theme: Theme) -> tuple[Path, ...]:
    """Return the files and folders that the site is made from."""
    return tuple(dict.fromkeys((config, center.root / TERMS_NAME, center.content, *theme.folders, *history_marks(center.root))))
