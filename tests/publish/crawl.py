"""Two states of a small site, and a reader who follows every link."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping

LINK = re.compile(rb'(?:href|src)="/([^"]*)"')


def site_of(version: str, pages: int, *, gone: tuple[int, ...] = (), added: int = 0) -> dict[str, bytes]:
    """Return a site whose every page links to all pages, and to a style sheet and a script named after their content."""
    numbers = [number for number in range(pages + added) if number not in gone]
    style, script = (f"{kind} of {version}".encode() for kind in ("style", "script"))
    assets = {f"assets/plain.{_name(style)}.css": style, f"assets/plain.{_name(script)}.js": script}
    links = "".join(f'<a href="/a{number}/">{number}</a>' for number in numbers)
    loads = "".join(f'<link href="/{path}">' for path in assets)
    body = f"<!doctype html><title>{version}</title>{loads}{links}"
    files = {f"a{number}/index.html": f"{body}{number}".encode() for number in numbers}
    files |= {"index.html": f'{body}<a href="/search/">home</a>'.encode(), "search/index.html": body.encode()}
    files |= {"sitemap.xml": links.encode(), "404.html": body.encode(), "img/same.png": b"same"}
    return {**files, **assets}


def crawl(read: Callable[[str], bytes | None]) -> tuple[set[str], list[str]]:
    """Return all pages that a reader reaches from the home, the sitemap and the search, and every link that leads nowhere."""
    seen: set[str] = set()
    dead: list[str] = []
    ahead = [path for path in ("index.html", "sitemap.xml", "search/index.html") if read(path) is not None]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        content = read(path)
        if content is None:
            dead.append(path)
            continue
        if path.endswith((".html", ".xml")):
            ahead += [_file(link.decode()) for link in LINK.findall(content)]
    return seen, dead


def whole(files: Mapping[str, bytes]) -> list[str]:
    """Return every link that leads nowhere in a site."""
    return crawl(files.get)[1]


def _file(link: str) -> str:
    return posixpath.join(link, "index.html") if link.endswith("/") or not link else link


def _name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
