"""Site -> OutputFile*: every page through its template, and every other file of the site."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TypeVar

from kbtool.forked import MOST, can_fork, work_apart
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

Delivered = TypeVar("Delivered")


def render_site(site: Site, theme: Theme, kept: Mapping[str, str], *, workers: int) -> Iterator[OutputFile]:
    """Yield every file of the site; one whose kept key is its key comes without content.

    The files come one by one, so that a large site is never in memory. Raises Stop when a template fails.
    """
    return deliver_site(site, theme, kept, _as_it_is, workers=workers)


def deliver_site(
    site: Site, theme: Theme, kept: Mapping[str, str], deliver: Callable[[OutputFile], Delivered], *, workers: int
) -> Generator[Delivered, None, None]:
    """Yield what `deliver` makes of every file of the site; one whose kept key is its key comes to it without content.

    With several workers `deliver` is called where the file is made, in a forked process: pages need not be sent to this one.
    Raises Stop when a template fails, and what `deliver` raises.
    """
    press = Press(site, theme)
    due: list[Page] = []
    for page in site.pages:
        paths = [path for path in (page.path, markdown_path(site, page)) if path]
        if all(kept.get(path) == page.key for path in paths):
            yield from (deliver(OutputFile(path, page.key, None)) for path in paths)
        else:
            due.append(page)
    others = _others(site, theme, press)
    todo = (output if kept.get(output.path) != output.key else OutputFile(output.path, output.key, None) for output in others)
    if workers < 2 or len(due) < _MANY or not can_fork():  # noqa: PLR2004 - two are more than one
        yield from (deliver(output) for page in due for output in press.outputs(page))
        yield from (deliver(output) for output in todo)
    else:
        yield from _delivered_apart(press, due, tuple(todo), deliver, workers)


def _as_it_is(output: OutputFile) -> OutputFile:
    return output


def _delivered_apart(
    press: Press,
    pages: Sequence[Page],
    others: Sequence[OutputFile],
    deliver: Callable[[OutputFile], Delivered],
    workers: int,
) -> Generator[Delivered, None, None]:
    """Yield the same, from processes of their own; what one that is lost leaves undone is done here."""
    size = max(_CHUNK, (len(pages) + len(others)) // MOST + 1)
    chunks: list[Sequence[Page | OutputFile]] = [
        each[start : start + size] for each in (pages, others) for start in range(0, len(each), size)
    ]

    def work(number: int) -> list[Delivered]:
        return [
            deliver(output)
            for each in chunks[number]
            for output in ((each,) if isinstance(each, OutputFile) else press.outputs(each))
        ]

    left = set(range(len(chunks)))
    for number, done in work_apart(work, len(chunks), workers):
        left.discard(number)
        yield from done
    for number in sorted(left):
        yield from work(number)


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
