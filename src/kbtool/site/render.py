"""Site -> OutputFile*: every page through its template, and every other file of the site."""

import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from kbtool.model import OutputFile
from kbtool.site.feeds import machine_files
from kbtool.site.hosts import host_files
from kbtool.site.keys import content_key
from kbtool.site.pages import Page, Site
from kbtool.site.press import Press, markdown_path
from kbtool.site.stubs import redirect_stubs
from kbtool.site.theme import Theme

_MANY = 100
"""Pages from which on a second process saves more time than it costs."""

_CHUNK = 25
"""Pages that a process renders at a time."""

_hand: list[Press] = []
"""The press of a worker process: it is there from the fork on, and need not be sent."""


def render_site(site: Site, theme: Theme, kept: Mapping[str, str], *, workers: int) -> Iterator[OutputFile]:
    """Yield every file of the site; one whose kept key is its key comes without content.

    The files come one by one, so that a large site is never in memory. Raises Stop when a template fails.
    """
    press = Press(site, theme)
    due: list[Page] = []
    for page in site.pages:
        paths = [path for path in (page.path, markdown_path(site, page)) if path]
        if all(kept.get(path) == page.key for path in paths):
            yield from (OutputFile(path, page.key, None) for path in paths)
        else:
            due.append(page)
    yield from _rendered(press, due, workers)
    for output in _others(site, theme, press):
        yield output if kept.get(output.path) != output.key else OutputFile(output.path, output.key, None)


def _rendered(press: Press, pages: Sequence[Page], workers: int) -> Iterator[OutputFile]:
    """Yield the pages, in more than one process when that is worth it and safe: a fork in a program with threads is not."""
    if workers < 2 or len(pages) < _MANY or sys.platform != "linux" or threading.active_count() > 1:  # noqa: PLR2004 - two are more than one
        for page in pages:
            yield from press.outputs(page)
        return
    yield from _rendered_apart(press, pages, workers)


def _rendered_apart(press: Press, pages: Sequence[Page], workers: int) -> Iterator[OutputFile]:
    """Yield the pages, rendered in processes of their own; no more of them wait than a few for each process."""
    import multiprocessing  # noqa: PLC0415 - a small change is rendered before this is imported
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 - the same

    chunks = [pages[start : start + _CHUNK] for start in range(0, len(pages), _CHUNK)]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, initializer=_hand.append, initargs=(press,)) as pool:
        waiting: deque[Future[list[OutputFile]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(_press_chunk, [page.path for page in chunk]))
            if len(waiting) > workers * 3:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _press_chunk(paths: Sequence[str]) -> list[OutputFile]:
    """Return the pages of these paths, in a worker process."""
    press = _hand[0]
    return [output for path in paths for output in press.outputs(press.page_at(path))]


def _others(site: Site, theme: Theme, press: Press) -> Iterator[OutputFile]:
    """Yield what is no page: the theme's files, the articles' files, redirects and what machines read."""
    for asset in theme.assets.values():
        yield OutputFile(asset.url, content_key(asset.content), asset.content)
    for copied in site.assets.values():
        yield OutputFile(copied.url, f"{copied.size} {copied.mtime_ns} {copied.path}", copied.file)
    yield from redirect_stubs(site, press)
    yield from machine_files(site, theme.words)
    if site.center.config.hosts:
        yield from host_files(site, press.html("policy.html", "").decode())
