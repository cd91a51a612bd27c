"""kbtool.yml's own links and pictures -> a problem for each that leads nowhere: they stand on every page."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

from kbtool.content.claims import RESERVED
from kbtool.content.lookup import Lookup, nearest, page_at
from kbtool.content.redirects import Redirects
from kbtool.places import CONFIG_NAME
from kbtool.problems import Problem
from kbtool.settings import Config

_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_PICTURES = ("logo", "logo_dark", "favicon", "share_image")


def check_signposts(config: Config, root: Path, lookup: Lookup, redirects: Redirects) -> Iterator[Problem]:
    """Yield a problem for each picture of the brand that is not there, and for each link of header, footer and contact to nothing."""
    brand = {field.name: str(getattr(config.brand, field.name)) for field in fields(config.brand) if field.name in _PICTURES}
    pictures = [(f'the {key} "{path}"', path) for key, path in brand.items() if path and path not in lookup.assets]
    named = [("header", link.url) for link in config.header] + [("footer", link.url) for link in config.footer]
    files = signpost_urls(config, lookup, redirects)
    typed = (*named, ("contact", config.contact.url))
    links = [(key, url) for key, url in typed if url and url not in files and not _leads(url, lookup, redirects)]
    lines = _lines(root) if pictures or links else []
    for words, path in pictures:
        message = f'{words} is not in the folder "{config.content}"'
        yield Problem(CONFIG_NAME, _line(lines, path), "missing-file", message, nearest(lookup, "", path))
    for key, url in links:
        message = f'a link of "{key}" leads to "{url}", which is not there'
        yield Problem(CONFIG_NAME, _line(lines, url), "dead-link", message, _meant(url, config, lookup))
    for key, url in typed:
        page = _page(files.get(url, url))
        article = None if _OUTSIDE.match(url) else lookup.articles.get(page)
        if article and (article.meta.status == "draft" or article.meta.audience != "public"):
            message = f'a link of "{key}" leads to "{url}", which readers do not have: its article is a draft, or for agents'
            hint = f'publish "{article.path}" first, or take the link out'
            yield Problem(CONFIG_NAME, _line(_lines(root), url), "dead-link", message, hint, "warning")


def signpost_urls(config: Config, lookup: Lookup, redirects: Redirects) -> dict[str, str]:
    """Return what the links of header, footer and contact lead to that are typed as an article links: a file's path -> its URL."""
    typed = {link.url for link in (*config.header, *config.footer)} | {config.contact.url}
    found = {
        url: _file_url(url, config, lookup, redirects) for url in sorted(typed) if url and not _leads(url, lookup, redirects)
    }
    return {url: there for url, there in found.items() if there}


def _file_url(typed: str, config: Config, lookup: Lookup, redirects: Redirects) -> str:
    """Return the URL of the file, empty when there is none; the content folder's name may stand before the path."""
    path, tail = re.match(r"([^?#]*)(.*)", typed, re.DOTALL).groups()  # type: ignore[union-attr] # it fits everything
    bare = unquote(path).replace("\\", "/").strip("/")
    for place in (bare, bare.removeprefix(f"{config.content}/")):
        asset = lookup.assets.get(place)
        there = asset.url if asset else page_at(lookup, place) or redirects.at(place)
        if there:
            return f"{there}{tail}"
    return ""


def _leads(url: str, lookup: Lookup, redirects: Redirects) -> bool:
    """Tell whether the address, as every page has it, leads to something."""
    path = _page(url).rstrip("/")
    if _OUTSIDE.match(url) or not path or path.partition("/")[0] in (*RESERVED, "faq"):
        return True
    return f"{path}/" in lookup.pages or path in lookup.files or redirects.at(path) is not None


def _page(url: str) -> str:
    """Return the URL of the page that an address of this site leads to."""
    return f"{unquote(re.split(r'[?#]', url, maxsplit=1)[0]).strip('/')}/"


def _meant(url: str, config: Config, lookup: Lookup) -> str:
    if url.lower().startswith("www."):
        return f'for another site, write "https://{url}"'
    return nearest(lookup, "", unquote(url.partition("#")[0]).strip("/").removeprefix(f"{config.content}/"))


def _lines(root: Path) -> list[str]:
    try:
        return (root / CONFIG_NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _line(lines: list[str], value: str) -> int:
    """Return the first line that holds the value, 0 when none does."""
    return next((number for number, line in enumerate(lines, 1) if value in line), 0)
