"""Paths -> those that get an address of their own, and a problem for each that does not."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kbtool.content.scan import File
from kbtool.problems import Problem
from kbtool.urls import asset_url, page_url

RESERVED = frozenset(
    {"search", "a-z", "404.html", "sitemap.xml", "feed.xml", "llms.txt", "robots.txt", "opensearch.xml", "pagefind"}
)
"""The site's own pages and files, but for its FAQ page: where articles have that address, the site does without its own."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})
_LONGEST = 200
"""Bytes of one name; file systems stop at 255."""
_SUSPECT = re.compile(
    r"(?:^|/)(?:[/.]|(?:con|prn|aux|nul|com|lpt)\d?(?:[./]|$)|[^/]{50})|^(?:pagefind|search|a-z)/|^[a-z0-9]+\.(?:html|xml|txt)$"
)
"""Finds every URL that something may be wrong with, and few others."""


@dataclass(slots=True)
class _Claims:
    """Who has which address."""

    name: str
    """The content folder's, as the user types it."""
    owners: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def claim_urls(
    pages: Iterable[File], assets: Iterable[File], name: str
) -> tuple[tuple[File, ...], tuple[File, ...], tuple[Problem, ...]]:
    """Return the pages and the assets whose URL is theirs alone. Of two files with one URL the first is kept; topics come first."""
    claims = _Claims(name)
    pages = tuple(pages)
    claims.owners[""] = "index.md"
    lost = {folder for folder in _folders(pages) if not _claim(claims, folder, page_url(folder), "the topic")}
    kept_pages = tuple(file for file in pages if not _lost(file, lost) and _claim_page(claims, file))
    kept_assets = tuple(file for file in assets if not _lost(file, lost) and _claim(claims, file.path, asset_url(file.path), ""))
    return kept_pages, kept_assets, tuple(claims.problems)


def unfit_name(url: str) -> str:
    """Return a part of the URL that some computers cannot have as a file's name, empty when there is none."""
    parts = url.split("/")
    return next((part for part in parts if part.partition(".")[0].lower() in _DEVICES or len(part.encode()) > _LONGEST), "")


def _folders(pages: Iterable[File]) -> list[str]:
    """Return every folder with a page at or below it, sorted."""
    found: set[str] = set()
    for file in pages:
        folder = posixpath.dirname(file.path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found)


def _lost(file: File, folders: set[str]) -> bool:
    return bool(folders) and any(file.path.startswith(f"{folder}/") for folder in folders)


def _claim_page(claims: _Claims, file: File) -> bool:
    stem, _, _ = posixpath.basename(file.path).rpartition(".")
    if stem.lower() == "index":
        return _claim_index(claims, file)
    return _claim(claims, file.path, page_url(file.path), "")


def _claim_index(claims: _Claims, file: File) -> bool:
    """Claim the place of a topic's own words: `index.md` beside `Index.markdown` are two for one."""
    key = f"{page_url(file.path)}index.md"
    other = claims.owners.setdefault(key, file.path)
    if other != file.path:
        _tell(
            claims,
            file.path,
            "url-collision",
            f'"{file.path}" and "{other}" are both the words of one topic',
            "delete one of them",
        )
    return other == file.path


def _claim(claims: _Claims, path: str, url: str, what: str) -> bool:
    """Keep the URL for the path, or tell why it cannot have it."""
    problem = next(_faults(path, url), None) if _SUSPECT.search(url) else None
    key = f"/{url}".removesuffix("/index.html").strip("/")
    other = "" if problem else claims.owners.setdefault(key, path)
    if other and other != path:
        subject = " ".join(part for part in (what, f'"{path}"') if part)
        words = f'{subject} and "{other}" have one address, "{url}"; only the second is on the site'
        problem = ("url-collision", words, "rename one of them")
    if problem:
        _tell(claims, path, *problem)
    return problem is None


def _faults(path: str, url: str) -> Iterator[tuple[str, str, str]]:
    """Yield rule, message and hint of what makes the URL unfit for any file."""
    parts = url.rstrip("/").split("/")
    if len(parts) != len(path.split("/")) or not all(part.lstrip(".") == part != "" for part in parts):
        yield "no-url", f'no address can be made of "{path}": a name has no letter and no digit', "rename the file or its folder"
    unfit = unfit_name(url)
    if len(unfit.encode()) > _LONGEST:
        yield "no-url", f'a name in "{path}" is longer than {_LONGEST} bytes', "shorten it"
    elif unfit:
        yield "reserved-name", f'"{unfit}" in "{path}" is a device on Windows, where no such file can be made', "rename it"
    if url.rstrip("/") in RESERVED or parts[0] == "pagefind":
        message = f'"{path}" and the site\'s own "{parts[0]}" have one address, "{url}"'
        yield "url-collision", message, "rename the file or the folder"


def _tell(claims: _Claims, path: str, rule: str, message: str, hint: str) -> None:
    claims.problems.append(Problem(f"{claims.name}/{path}", 0, rule, message, hint))
