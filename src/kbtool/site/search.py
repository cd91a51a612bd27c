"""Search documents -> the files that search in the browser reads: Pagefind's index, and our own words beside it."""

import base64
import hashlib
import html
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kbtool.config import HelpCenter
from kbtool.kinds import Json
from kbtool.model import SearchDocument
from kbtool.problems import Problem, Stop
from kbtool.site.findable import search_documents
from kbtool.site.vocabulary import search_words, spaced

__all__ = ["search_documents", "search_files", "search_key", "write_search_index"]

FOLDER = "pagefind"
WORDS = "words.json"
VERSION = "4"
"""Part of every key: raised when the same documents are to become other bytes."""

_KEPT = ("pagefind.js", "pagefind-entry.json")
_KEPT_SUFFIXES = (".pf_meta", ".pf_index", ".pf_fragment")


def search_key(documents: Sequence[SearchDocument], center: HelpCenter) -> str:
    """Return a digest of everything that shapes the index: the same key, the same bytes."""
    from importlib.metadata import version  # noqa: PLC0415 - takes as long as ten of our modules, and a build without search needs none of it

    shape = (VERSION, version("pagefind-bin"), center.config.language, center.config.synonyms)
    digest = hashlib.sha256(repr(shape).encode())
    for document in documents:
        digest.update(repr(document).encode())
    return digest.hexdigest()


def write_search_index(documents: Sequence[SearchDocument], center: HelpCenter, folder: Path) -> None:
    """Write the index into the folder's "pagefind". The same documents give the same bytes.

    Files of an older index are removed. Raises Stop when the index cannot be made.
    """
    target = folder / FOLDER
    written = set()
    for path, content in search_files(documents, center):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        written.add(file)
    for file in target.rglob("*"):
        if file not in written and file.is_file():
            file.unlink()


def search_files(documents: Sequence[SearchDocument], center: HelpCenter) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the index, its path under the "pagefind" folder and its bytes."""
    language = center.config.language.lower()  # as Pagefind's script compares it with the page's
    ordered = sorted(documents, key=lambda document: document.url)
    hashes: dict[str, str] = {}
    if ordered:
        for path, content in _pagefind_files([_page(document, language) for document in ordered], language):
            if path.endswith(".pf_fragment"):
                hashes[_fragment_url(content)] = Path(path).stem
            yield path, content
    found = [document for document in ordered if document.url in hashes]  # Pagefind passes over what has no word at all
    words = search_words(found, [hashes[document.url] for document in found], center.config)
    yield WORDS, json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()


def _page(document: SearchDocument, language: str) -> Json:
    """Return Pagefind's request to index a page of nothing but the document's words.

    The title and the keywords are metadata: they are searched, with weights of their own, and never part of an excerpt.
    """
    parts = [_element("h1", document.title, 'data-pagefind-ignore data-pagefind-meta="title"')]
    if document.keywords:
        parts.append(_element("p", ", ".join(document.keywords), 'data-pagefind-ignore data-pagefind-meta="keywords"'))
    if not any(document.summary.removesuffix(".") in section.text for section in document.sections):
        parts.append(_element("p", document.summary))
    for section in document.sections:
        if section.title:
            parts.append(_element("h2", section.title, f'id="{html.escape(section.id)}"' if section.id else ""))
        parts.append(_element("p", section.text))
    if not (document.summary or document.sections):
        parts.append(_element("p", document.title))  # a page without other words is found by its title all the same
    body = f'<html lang="{html.escape(language)}"><body>{"".join(parts)}</body></html>'
    return {"type": "AddFile", "index_id": 0, "url": document.url, "file_contents": body}


def _element(tag: str, text: str, attributes: str = "") -> str:
    return f"<{tag} {attributes}>{html.escape(spaced(text))}</{tag}>"


def _pagefind_files(pages: Sequence[Json], language: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that search needs; Pagefind's own search boxes and its worker are left out."""
    new = {"type": "NewIndex", "config": {"force_language": language}}
    answers = _ask([new, *pages, {"type": "GetFiles", "index_id": 0}])
    files = {file["path"]: base64.b64decode(file["content"]) for file in answers[-1]["files"]}
    entry = json.loads(files["pagefind-entry.json"])
    engines = {f"wasm.{each['wasm'] or 'unknown'}.pagefind" for each in entry["languages"].values()}
    for path in sorted(files):
        if path in _KEPT or path in engines or path.endswith(_KEPT_SUFFIXES):
            yield path, files[path]


def _ask(requests: Iterable[Json]) -> list[Json]:
    """Return Pagefind's answer to each request; it stays open until the last is answered.

    Its protocol, as its wrappers speak it: JSON in Base64, each message ended by a comma. Its Python wrapper speaks it too,
    and waits a tenth of a second for every answer.
    """
    from pagefind_bin import get_executable  # noqa: PLC0415 - only a build needs it

    command = [str(get_executable()), "--service"]
    try:
        with subprocess.Popen(  # noqa: S603 - the program that the wheel carries
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
        ) as process:
            return [_exchange(process, number, request) for number, request in enumerate(requests)]
    except OSError as error:
        raise _failed(f"Pagefind cannot be run: {error}") from error


def _environment() -> dict[str, str]:
    """Return the environment without what would make the same documents another index."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}


def _exchange(process: subprocess.Popen[bytes], number: int, request: Json) -> Json:
    """Send one request and return its answer's payload."""
    if process.stdin is None or process.stdout is None:
        raise _failed("Pagefind has no pipes")
    message = json.dumps({"message_id": number, "payload": request}).encode()
    process.stdin.write(base64.b64encode(message) + b",")
    process.stdin.flush()
    payload: Json = json.loads(base64.b64decode(_until_comma(process)))["payload"]
    if payload["type"] == "Error":
        raise _failed(f"Pagefind could not index a page: {payload['message']}")
    return payload


def _until_comma(process: subprocess.Popen[bytes]) -> bytes:
    """Return the bytes of the next answer."""
    parts: list[bytes] = []
    while process.stdout is not None:
        part = process.stdout.read1()  # type: ignore[attr-defined]
        if not part:
            raise _failed("Pagefind ended before the index was made")
        parts.append(part)
        if part.endswith(b","):
            break
    return b"".join(parts)[:-1]


def _failed(message: str) -> Stop:
    return Stop(Problem("", 0, "search-index", message, "reinstall kbtool, or report this with the article that was added last"))


def _fragment_url(content: bytes) -> str:
    """Return the URL of the page whose words are in a Pagefind fragment."""
    import gzip  # noqa: PLC0415 - only a build needs it

    data: Json = json.loads(gzip.decompress(content).removeprefix(b"pagefind_dcd"))
    return str(data["url"])
