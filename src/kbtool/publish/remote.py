"""What a host holds, seen at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from kbtool.problems import Problem
from kbtool.publish.manifest import Manifest


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at the host, as its listing tells."""

    size: int
    tag: str = ""
    """What the host calls these very bytes (an ETag, a blob's hash), without quotes; empty when it has no name for them."""


@dataclass(frozen=True, slots=True)
class Remote:
    """All of it."""

    files: Mapping[str, RemoteFile]
    """Every file below the target, kbtool's or not; what stands in `.kbtool/` aside."""
    manifest: Manifest | None
    """None when there is none, or none that can be relied on."""
    state: str
    """Another one whenever anybody has published since: the manifest's tag, a commit, a deploy. Empty: nothing is there."""
    problems: tuple[Problem, ...] = ()
