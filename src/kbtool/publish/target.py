"""What a host is to kbtool: a place that tells what it holds, and takes a whole site."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Protocol

from kbtool.address import Address
from kbtool.extensions import find
from kbtool.publish.manifest import Entry
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.snapshot import Snapshot
from kbtool.settings import TargetSettings

GROUP = "kbtool.targets"
"""The entry points: each is named after a URL's scheme, and is called with an Address and Surroundings. It returns a Target."""

Report = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a host does not take; 0: no limit."""

    file_bytes: int = 0
    files: int = 0
    site_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What a target did: what it sent and deleted of the plan."""

    files: int
    bytes: int
    deleted: int


class Moved(Exception):  # noqa: N818 - no error: another publish was faster
    """Raised by `send` when the host is no longer in the state the plan was made for: look and plan again. Nothing was changed."""


class Target(Protocol):
    """A host. Its methods raise Stop with a problem that says what to do; transient faults are retried inside.

    Two kinds stand behind this: a store of single files, where `StoreTarget` (storetarget.py) carries the plan out in phases
    under a lock, so that only `Store` is to be written; and a host that takes a whole release and switches at once, which
    implements this protocol itself.
    """

    @property
    def place(self) -> str:
        """The host in words, with no secret in them."""

    @property
    def limits(self) -> Limits:
        """What it does not take."""

    @property
    def takes_headers(self) -> bool:
        """Whether the host serves each file with the headers it was sent with. Otherwise a snapshot has none."""

    def look(self) -> Remote:
        """Return what is there. This alone must cost one listing and one manifest."""

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Make the host hold the plan: all of it, or what was there before. Raises Moved when `plan.state` is no longer true.

        `plan.manifest` must stand at the host at the end, its entries with the host's tags where it has any. Bytes come from
        `site.read(path)` and from nowhere else.
        """

    def rollback(self, report: Report) -> str | None:
        """Switch to the release before and return its name; None when this host keeps none, so that a kept one must be sent."""


class Store(Protocol):
    """A host of single files, each written whole or not at all. For `StoreTarget`; methods are called from many threads.

    Paths are relative to the target. A fault that may pass is raised as `Passing` (retry.py), a lasting one as Stop.
    """

    @property
    def place(self) -> str:
        """The host in words, with no secret in them."""

    @property
    def limits(self) -> Limits:
        """What it does not take."""

    @property
    def takes_headers(self) -> bool:
        """Whether files are served with the headers they were put with."""

    def list(self) -> Mapping[str, RemoteFile]:
        """Return every file below the target."""

    def get(self, path: str) -> "Fetched | None":
        """Return the file, or None when there is none."""

    def put(self, path: str, content: bytes, entry: Entry | None, *, if_absent: bool = False) -> str:
        """Write the file, whole, with the entry's headers; return its tag. Raises FileExistsError when it must be absent and is not.

        A host that cannot tell whether the file is absent may write it all the same: the lock reads back what it wrote.
        """

    def delete(self, paths: Sequence[str]) -> None:
        """Delete the files; one that is not there is no fault."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes, and what the host says of it."""

    content: bytes
    tag: str
    modified: datetime
    """By the host's clock, with its time zone."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, as parameters, so that every test is repeatable."""

    now: Callable[[], datetime]
    """The time, with its zone."""
    random: Callable[[], float]
    """From 0 to 1."""
    pause: Callable[[Event, float], bool] = Event.wait
    """Waits so many seconds, or until the event is set; tells whether it is."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a target may know beside its address."""

    environment: Mapping[str, str] = field(repr=False)
    """Where credentials come from: it is never shown."""
    home: Path
    """The user's folder, for credential files."""
    work: Path
    """A folder of kbtool's own, which stays between runs and may be deleted at any time."""
    root: Path
    """The help center's folder."""
    settings: TargetSettings
    who: str
    """Who publishes, for the lock: user, machine and process."""
    clock: Clock
    site_url: str = ""
    """The site's public address, with a slash at its end; empty when `url` is not set."""
    at_once: int = 64
    """How many transfers may run at the same time."""


def open_target(address: Address, surroundings: Surroundings) -> Target:
    """Return the target that knows the address's scheme. Raises Stop when no extension does, or when credentials are missing."""
    target: Target = find(GROUP, address.scheme)(address, surroundings)
    return target
