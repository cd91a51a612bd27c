"""What `kbtool stale --write` found -> review.json in the site, and in every site that is built after it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kbtool.kinds import Json
from kbtool.model import Article, OutputFile
from kbtool.records import decode, encode

REVIEW_FILE = "review.json"
"""Its name in the site; what it is made from has the same name in the cache."""


@dataclass(frozen=True, slots=True)
class NotedPage:
    """What was found of an article."""

    article: str
    """Its path."""
    digest: str
    """What it was when it was judged."""
    page: Json
    """What is said of it."""


@dataclass(frozen=True, slots=True)
class ReviewNotes:
    """What was found, whoever may see it."""

    about: Json
    """What is said of all."""
    pages: tuple[NotedPage, ...]
    """Most needed first."""


def review_notes(cache: Path) -> Path:
    """Return the file that keeps the notes."""
    return cache / REVIEW_FILE


def keep_notes(notes: ReviewNotes, cache: Path) -> None:
    """Keep the notes for the builds to come. Raises OSError."""
    cache.mkdir(parents=True, exist_ok=True)
    temporary = cache / f"{REVIEW_FILE}.new"
    temporary.write_bytes(encode(notes))
    temporary.replace(review_notes(cache))


def recall_notes(cache: Path) -> ReviewNotes | None:
    """Return the notes of the last `kbtool stale --write`; None when there are none that can be read."""
    with suppress(OSError, ValueError):
        return decode(review_notes(cache).read_bytes(), ReviewNotes)
    return None


def review_file(notes: ReviewNotes | None, shown: Iterable[Article]) -> OutputFile | None:
    """Return review.json with the pages that are shown, less those that changed or were reviewed since they were judged."""
    if notes is None:
        return None
    digests = {article.path: article.digest for article in shown}
    pages = [noted.page for noted in notes.pages if digests.get(noted.article) == noted.digest]
    content = (json.dumps({**notes.about, "pages": pages}, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
    return OutputFile(REVIEW_FILE, sha256(content).hexdigest(), content)
