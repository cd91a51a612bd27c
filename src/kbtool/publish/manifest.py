"""What kbtool notes at the host about its own files: the only ground on which it ever deletes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtool.problems import Problem
from kbtool.records import decode, encode

OWN_FOLDER = ".kbtool/"
"""Below the target: what stands here is kbtool's, and no part of the site."""
MANIFEST = f"{OWN_FOLDER}manifest.json"
LOCK = f"{OWN_FOLDER}lock.json"

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it was sent."""

    digest: str
    """SHA-256, in hex."""
    size: int
    type: str = ""
    """The Content-Type header; empty where the host decides on it."""
    cache: str = ""
    """The Cache-Control header."""
    tag: str = ""
    """What the host calls these very bytes: an ETag, a blob's hash; empty when it has no name for them."""

    def same_as(self, other: "Entry") -> bool:
        """Tell whether both are the same bytes under the same headers."""
        return (self.digest, self.type, self.cache) == (other.digest, other.type, other.cache)


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that no page needs any more, kept for those who still hold an old page."""

    entry: Entry
    since: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is at the host by kbtool's hand."""

    release: str = ""
    """Names this state: its time and a part of its digest."""
    revision: str = ""
    """The commit of the help center it was built from; empty when there is none."""
    files: Mapping[str, Entry] = field(default_factory=dict)
    stale: Mapping[str, Stale] = field(default_factory=dict)
    pending: Mapping[str, Entry] = field(default_factory=dict)
    """What a publish that did not end meant to send: some of it may be there."""
    locks: bool = False
    """The host was seen to refuse a second lock."""
    made_by: str = "kbtool"
    schema: int = SCHEMA

    @property
    def ours(self) -> frozenset[str]:
        """Every path that kbtool put there, or began to."""
        return frozenset(self.files) | frozenset(self.stale) | frozenset(self.pending)


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as JSON, the same bytes for the same manifest."""
    return encode(manifest)


def read_manifest(data: bytes | None) -> tuple[Manifest | None, tuple[Problem, ...]]:
    """Return the manifest, and a warning when there is one that cannot be relied on: then nothing will be deleted."""
    if data is None:
        return None, ()
    try:
        manifest = decode(data, Manifest)
    except ValueError:
        return None, (_doubtful("it is damaged"),)
    if manifest.made_by != "kbtool":
        return None, (_doubtful("another program wrote it"),)
    if manifest.schema != SCHEMA:
        return None, (_doubtful("another version of kbtool wrote it"),)
    return manifest, ()


def _doubtful(why: str) -> Problem:
    message = f'the list of files at the host, "{MANIFEST}", cannot be relied on: {why}'
    return Problem("", 0, "doubtful-manifest", message, "every file is compared again, and none is deleted", "warning")
