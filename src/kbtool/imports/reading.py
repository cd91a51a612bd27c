"""A file or a folder -> what is in it, whoever made it."""

import datetime
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kbtool.encoding import decode_text
from kbtool.imports.html import take_apart
from kbtool.imports.mkdocs import read_mkdocs
from kbtool.imports.records import Draft, Harvest
from kbtool.imports.vendors import read_vendor_export
from kbtool.problems import Problem, Stop

_PAGES = (".html", ".htm", ".xhtml")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{5,})(?:-|$)")


def read_source(source: Path) -> Harvest:
    """Return the articles of an export or a folder. Raises Stop when there is nothing that is understood."""
    if not source.exists():
        raise Stop(Problem("", 0, "no-import", f'there is no file or folder "{source}"', "look at the path's spelling"))
    folder = source if source.is_dir() else source.parent
    configs = [source] if source.name.startswith("mkdocs.y") else [folder / "mkdocs.yml", folder / "mkdocs.yaml"]
    config = next((file for file in configs if file.is_file()), None)
    if config and (source.is_dir() or source == config):
        return read_mkdocs(config)
    files = sorted(file for file in source.rglob("*") if file.is_file()) if source.is_dir() else [source]
    exports = [file for file in files if file.suffix.lower() == ".json"]
    pages = [file for file in files if file.suffix.lower() in _PAGES]
    harvest = (read_vendor_export(exports, folder) if exports else None) or (_read_pages(pages, folder) if pages else None)
    if harvest is None:
        hint = "known are the JSON of Zendesk, Help Scout Docs and Intercom, a MkDocs folder, and HTML pages"
        raise Stop(Problem("", 0, "no-import", f'there is no article in "{source.name}" that is understood', hint))
    return harvest


def _read_pages(files: Iterable[Path], folder: Path) -> Harvest:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for file in files:
        path = file.relative_to(folder).as_posix()
        try:
            drafts.append(_page(_decoded(file.read_bytes(), path), path))
        except Stop as stop:
            problems += stop.problems
        except (OSError, RecursionError) as error:
            problems.append(Problem(path, 0, "broken-import", f'"{path}" cannot be read: {type(error).__name__}'))
    return Harvest(tuple(drafts), folder, "HTML", tuple(problems))


def _page(html: str, path: str) -> Draft:
    whole = take_apart(html)
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0]
    number = _NUMBER.match(stem)
    updated = None
    with suppress(ValueError):
        updated = datetime.date.fromisoformat(whole.updated[:10])
    title = whole.title or stem.replace("-", " ").replace("_", " ").strip().capitalize()
    topics = tuple(folder.replace("-", " ").replace("_", " ").strip() for folder in folders)
    return Draft(
        title,
        whole.body,
        topics=tuple(f"{topic[:1].upper()}{topic[1:]}" for topic in topics),
        path=path,
        id=number[1] if number else "",
        url=whole.url,
        keywords=whole.keywords,
        owner=whole.owner,
        updated=updated,
    )


def _decoded(data: bytes, path: str) -> str:
    """Return the page's text: in the encoding that it names, else in UTF-8."""
    named = _CHARSET.search(data[:2048])
    if named and named[1].lower() not in (b"utf-8", b"utf8"):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(named[1].decode("ascii"))
    return decode_text(data, path)
