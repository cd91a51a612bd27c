"""Articles that were read before, kept in SQLite until their file or what shapes them changes."""

import sqlite3
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kbtool.content.scan import File
from kbtool.model import Article
from kbtool.problems import Problem
from kbtool.records import decode

VERSION = "1"
"""Of the tables; a file with another one is made anew."""
_TABLES = """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE articles (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, seen_ns INTEGER,
                           shape TEXT, digest TEXT, payload BLOB, checksum INTEGER) WITHOUT ROWID;
    CREATE TABLE images (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, seen_ns INTEGER, width INTEGER, height INTEGER)
                         WITHOUT ROWID;
"""
Row = tuple[Any, ...]
"""Of a table: SQLite's values have no types of their own."""
_PATIENCE = 2
"""Seconds to wait for another kbtool that is writing."""
_RACY_NS = 2_000_000_000
"""A file changed less than this before it was read may have been changed again in the same tick of the disk's clock."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it came from its file, ready to be kept."""

    digest: str
    """Of the file's bytes."""
    payload: bytes
    """The article, encoded."""
    seen_ns: int
    """When the file was read."""
    examined: bytes = b""
    """What the rules for one article found in it, encoded; empty when nobody asked."""


class Cache:
    """The cache file while it is open. Whatever is wrong with it costs time, never an article."""

    def __init__(self, folder: Path | None) -> None:
        """Open the cache in the folder, or make it; None: nothing is kept."""
        self.problems: tuple[Problem, ...] = ()
        self._file = folder / "articles.sqlite" if folder else None
        self._connection: sqlite3.Connection | None = None
        self._connection = self._open()
        self._checked: list[Row] = []
        """The new times of articles that were found unchanged by their bytes."""

    def article(self, file: File, shape: str) -> Article | None:
        """Return the article when its file and its shape are what they were; the file is read only when its time leaves a doubt."""
        if file.unsaved is not None:
            return None
        query = "SELECT size, mtime_ns, inode, seen_ns, shape, digest, payload, checksum FROM articles WHERE path = ?"
        row = self._one(query, file.path)
        if row is None:
            return None
        *facts, payload, checksum = row
        try:
            sound = checksum == _checksum(file.path, *facts, payload)
        except TypeError:
            sound = False
        if not sound:
            self._rebuild("an article in it is damaged")
        if not sound or facts[4] != shape or not self._unchanged(file, tuple(facts), payload):
            return None
        try:
            return decode(payload, Article)
        except ValueError:
            self._rebuild("an article in it cannot be read")
            return None

    def keep(self, readings: Iterable[tuple[File, str, Reading]]) -> None:
        """Keep the articles, each with its file and with a digest of what else shapes it."""
        rows = []
        for file, shape, reading in readings:
            if file.unsaved is None:
                facts = (file.path, file.size, file.mtime_ns, file.inode, reading.seen_ns, shape, reading.digest)
                rows.append((*facts, reading.payload, _checksum(*facts, reading.payload)))
        self._many("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def images(self) -> dict[tuple[str, int, int], tuple[int, int]]:
        """Return the width and height of all images known, by path, size and time."""
        rows = self._all("SELECT path, size, mtime_ns, seen_ns, width, height FROM images")
        if not all(isinstance(value, int) for row in rows for value in row[1:]):
            self._rebuild("the size of an image in it is damaged")
            return {}
        return {
            (path, size, mtime): (width, height) for path, size, mtime, seen, width, height in rows if seen - mtime >= _RACY_NS
        }

    def keep_images(self, images: Iterable[tuple[File, int, int, int]]) -> None:
        """Keep each image's width and height, and when it was read."""
        rows: list[Row] = [
            (file.path, file.size, file.mtime_ns, seen_ns, width, height) for file, seen_ns, width, height in images
        ]
        self._many("INSERT OR REPLACE INTO images VALUES (?, ?, ?, ?, ?, ?)", rows)

    def close(self, paths: frozenset[str]) -> None:
        """Forget the files that are gone, and let go of the file."""
        times = "UPDATE articles SET size = ?, mtime_ns = ?, inode = ?, seen_ns = ?, checksum = ? WHERE path = ?"
        self._many(times, self._checked)
        for table in ("articles", "images"):
            gone: list[Row] = [(path,) for (path,) in self._all(f"SELECT path FROM {table}") if path not in paths]  # noqa: S608 - two names, above
            self._many(f"DELETE FROM {table} WHERE path = ?", gone)  # noqa: S608
        self._let_go()

    def _let_go(self) -> None:
        if self._connection:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _unchanged(self, file: File, facts: Row, payload: bytes) -> bool:
        """Tell whether the file is what it was. It is read only when its time leaves a doubt, and the new time is noted."""
        size, mtime_ns, inode, seen_ns, shape, digest = facts
        if (size, mtime_ns, inode) == (file.size, file.mtime_ns, file.inode) and seen_ns - mtime_ns >= _RACY_NS:
            return True
        now_ns = time.time_ns()
        try:
            same = bool(blake2b(Path(file.disk).read_bytes(), digest_size=16).hexdigest() == digest)
        except OSError:
            return False
        if same:
            seen = (file.size, file.mtime_ns, file.inode, now_ns)
            self._checked.append((*seen, _checksum(file.path, *seen, shape, digest, payload), file.path))
        return same

    def _open(self) -> sqlite3.Connection | None:
        if self._file is None:
            return None
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self._file.exists()
            self._connection = _connect(self._file)
            if fresh:
                _make_tables(self._connection)
            elif self._connection.execute("SELECT value FROM about WHERE name = 'version'").fetchone() != (VERSION,):
                return self._replace("it is of another version of kbtool")
        except (OSError, sqlite3.Error) as error:
            return self._doubt(error)
        return self._connection

    def _doubt(self, error: Exception) -> sqlite3.Connection | None:
        """Return a new cache for a damaged one, and none where none can be written or another kbtool is writing it."""
        unusable = isinstance(error, OSError) or "no such table" not in str(error)
        if unusable and (isinstance(error, OSError | sqlite3.OperationalError)):
            self._tell("cache-unusable", f"the cache is not used: {error}", "all articles are read again each time")
            self._let_go()
            return None
        return self._replace("it is damaged")

    def _replace(self, reason: str) -> sqlite3.Connection | None:
        self._let_go()
        if self._file is None:
            return None
        self._tell("cache-rebuilt", f"the cache is made anew: {reason}", "")
        try:
            self._file.unlink(missing_ok=True)
            self._file.with_name(self._file.name + "-journal").unlink(missing_ok=True)
            self._connection = _connect(self._file)
            _make_tables(self._connection)
        except (OSError, sqlite3.Error):
            self._let_go()
        return self._connection

    def _rebuild(self, reason: str) -> None:
        self._connection = self._replace(reason)

    def _one(self, query: str, *values: object) -> Row | None:
        return next(iter(self._all(query, *values)), None)

    def _all(self, query: str, *values: object) -> list[Row]:
        try:
            return self._connection.execute(query, values).fetchall() if self._connection else []
        except sqlite3.OperationalError as error:
            self._connection = self._doubt(error)
        except sqlite3.DatabaseError:
            self._rebuild("it is damaged")
        return []

    def _many(self, query: str, rows: list[Row]) -> None:
        if not rows or not self._connection:
            return
        try:
            with self._connection:
                self._connection.executemany(query, rows)
        except sqlite3.OperationalError as error:
            self._connection = self._doubt(error)
        except sqlite3.DatabaseError:
            self._rebuild("it is damaged")

    def _tell(self, rule: str, message: str, hint: str) -> None:
        self.problems = (*self.problems, Problem("", 0, rule, message, hint, "hint"))


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_PATIENCE)
    try:
        connection.execute("PRAGMA synchronous = OFF")  # a cache that a power cut damages is made anew
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.executescript(_TABLES)
    with connection:
        connection.execute("INSERT INTO about VALUES ('version', ?)", (VERSION,))


def _checksum(*values: object) -> int:
    """Return a checksum of a row, its payload last. Raises TypeError when that is not bytes."""
    *facts, payload = values
    return zlib.crc32(payload, zlib.crc32(repr(facts).encode()))  # type: ignore[arg-type] # whatever stands in the file
