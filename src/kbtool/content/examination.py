"""What the rules for one article found, kept beside the cache until the article or the rules change."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from kbtool.model import Article
from kbtool.problems import Problem
from kbtool.records import decode, encode


@dataclass(frozen=True, slots=True)
class Examined:
    """What the rules for one article found in it, and what rules for the whole library need of it."""

    key: str
    """A digest of the article and of all that shapes a finding: the same key, the same findings."""
    problems: tuple[Problem, ...] = ()
    language: str = ""
    """What it is written in, as a code of two letters."""
    sketch: tuple[int, ...] = ()
    """What near-duplicates have in common: see checks/duplicates.py."""
    facts: tuple[tuple[str, str], ...] = ()
    """The text's numbers, prices and times, each after the words before it."""


class Examination:
    """What was found in each article, while a check goes on. Whatever is wrong with the file costs time, never a finding."""

    def __init__(
        self, folder: Path | None, shape: str, examine: Callable[..., Examined], only: frozenset[str] = frozenset()
    ) -> None:
        """Read what the last check found; `shape` is a digest of all that shapes findings beside the articles.

        `examine` is what finds them: content.article's `Examine`. It goes to other processes, so it is a module's own function.
        With `only`, what the last check found in all other articles is good enough, even when they have changed since.
        """
        self._only = only
        self.examine = examine
        self._file = folder / "checks.json" if folder else None
        self._shape = shape
        self._known = self._read()
        self._changed = False

    @property
    def examined(self) -> Mapping[str, Examined]:
        """What was found, by the article's path."""
        return self._known

    def knows(self, article: Article) -> bool:
        """Tell whether the article was examined as it is now, by rules as they are now."""
        if self._only and article.path not in self._only:
            return True
        found = self._known.get(article.path)
        return found is not None and found.key == article_key(article.digest, self._shape)

    def take(self, path: str, examined: bytes) -> None:
        """Keep what was found in an article."""
        self._known[path] = decode(examined, Examined)
        self._changed = True

    def save(self, paths: frozenset[str]) -> None:
        """Write what is known, less the articles that are gone. Nothing is raised: the next check then takes longer."""
        gone = self._known.keys() - paths
        if self._file is None or not (self._changed or gone):
            return
        kept = {path: found for path, found in sorted(self._known.items()) if path not in gone}
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(encode(kept))
            fresh.replace(self._file)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def _read(self) -> dict[str, Examined]:
        if self._file is None:
            return {}
        try:
            return decode(self._file.read_bytes(), dict[str, Examined])
        except (OSError, ValueError):
            return {}


def article_key(digest: str, shape: str) -> str:
    """Return what a finding about an article depends on: its digest holds its bytes and all that shaped it."""
    return blake2b(f"{digest} {shape}".encode(), digest_size=16).hexdigest()
