"""What of the library may be seen: no link, file or redirect of a public site leads to what only agents or writers may read."""

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kbtool.model import Article, Asset, Library
from kbtool.settings import Config
from kbtool.site.topics import folder_of
from kbtool.urls import PAGE_SUFFIXES

OUTSIDE = ("http://", "https://", "mailto:", "tel:")


def is_shown(article: Article, *, drafts: bool) -> bool:
    """Tell whether the article has a page in this build."""
    return drafts or (article.meta.status != "draft" and article.meta.audience == "public")


def is_open(article: Article) -> bool:
    """Tell whether anyone may find the article: it is no draft, not for agents, and not archived."""
    return article.meta.status == "published" and article.meta.audience == "public"


def live_targets(library: Library, shown: Iterable[Article], urls: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what the links of the shown articles lead to, number by number: "" where the build has nothing there."""

    def live(target: str) -> str:
        place = target.partition("#")[0]
        if place in urls or target.startswith(OUTSIDE):
            return target
        return library.redirects[place] if library.redirects.get(place) in urls else ""

    found: dict[str, tuple[str, ...]] = {}
    for article in shown:
        targets = library.targets.get(article.path, ())
        alive = tuple(live(target) if target else "" for target in targets)
        found[article.path] = targets if alive == targets else alive
    return found


def live_redirects(redirects: Mapping[str, str], urls: Collection[str], files: Collection[str]) -> dict[str, str]:
    """Return the redirects that lead to something in this build, from places that nothing else takes."""
    return {
        old: new
        for old, new in sorted(redirects.items())
        if old not in urls and old not in files and is_inside(old)
        if new.partition("#")[0] in urls or new.partition("#")[0] in files
    }


def is_inside(url: str) -> bool:
    """Tell whether a URL names a place of the site, and not one beside or above it."""
    parts = url.rstrip("/").split("/")
    return bool(url.strip("/")) and not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts)


def published_assets(library: Library, shown: Sequence[Article], config: Config) -> dict[str, Asset]:
    """Return the files to copy, by URL: all but those that only hidden articles use, or that lie unused beside hidden ones."""
    everyone = [*library.articles, *(topic.article for topic in library.topics if topic.article)]
    seen = {article.path for article in shown}
    used = {target for article in shown for target in library.targets.get(article.path, ())}
    hidden = [article for article in everyone if article.path not in seen]
    kept_back = {target for article in hidden for target in library.targets.get(article.path, ())}
    secret = {folder_of(article.path) for article in hidden}
    folders = {folder_of(article.path) for article in everyone}
    brand = {config.brand.logo, config.brand.logo_dark, config.brand.favicon, config.brand.share_image}

    def published(asset: Asset) -> bool:
        if asset.url in used or asset.path in brand:
            return True
        return asset.url not in kept_back and (not secret or _nearest(asset.path, folders) not in secret)

    return {asset.url: asset for asset in library.assets if published(asset)}


def _nearest(path: str, folders: Collection[str]) -> str:
    """Return the folder above the file that holds articles."""
    folder = folder_of(path)
    while folder and folder not in folders:
        folder = folder_of(folder)
    return folder


def place_finder(articles: Iterable[Article]) -> Callable[[Article, Iterable[str]], list[Article]]:
    """Return a function: an article, and paths as its writer typed them, to the articles that are meant and are there."""
    by_path = {article.path: article for article in articles}

    def find(article: Article, typed: Iterable[str]) -> list[Article]:
        found = (
            next((by_path[path] for path in _readings(article.path, each) if path in by_path), None) for each in typed if each
        )
        return [each for each in found if each]

    return find


def _readings(path: str, typed: str) -> Iterator[str]:
    """Yield what a typed path may mean: beside the article, or from the content folder; with or without its suffix."""
    beside = posixpath.normpath(posixpath.join(folder_of(path), typed))
    for base in (beside, posixpath.normpath(typed.lstrip("/"))):
        yield base
        yield from (base + suffix for suffix in PAGE_SUFFIXES)
