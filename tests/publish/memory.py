"""A store in memory, with a clock of its own and weaknesses to choose."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import md5
from threading import Lock

from kbtool.publish.manifest import Entry
from kbtool.publish.remote import RemoteFile
from kbtool.publish.target import Fetched, Limits


class MemoryStore:
    """Files in a dictionary."""

    place = "memory"
    takes_headers = True

    def __init__(self, now: Callable[[], datetime], *, conditional: bool = True, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        """Begin empty. `conditional`: whether a file that must be absent is refused when it is not."""
        self.now = now
        self.conditional = conditional
        self.limits = limits
        self.files: dict[str, tuple[bytes, datetime, Entry | None]] = {}
        self.calls: list[tuple[str, str]] = []
        self._lock = Lock()

    def list(self) -> Mapping[str, RemoteFile]:
        """Return all files."""
        self.calls.append(("list", ""))
        return {path: RemoteFile(len(content), _tag(content)) for path, (content, _, _) in self.files.items()}

    def get(self, path: str) -> Fetched | None:
        """Return a file."""
        self.calls.append(("get", path))
        found = self.files.get(path)
        return Fetched(found[0], _tag(found[0]), found[1]) if found else None

    def put(self, path: str, content: bytes, entry: Entry | None, *, if_absent: bool = False) -> str:
        """Write a file."""
        with self._lock:
            self.calls.append(("put", path))
            if if_absent and self.conditional and path in self.files:
                raise FileExistsError
            self.files[path] = (content, self.now(), entry)
        return _tag(content)

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files."""
        for path in paths:
            self.calls.append(("delete", path))
            self.files.pop(path, None)


def _tag(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()
