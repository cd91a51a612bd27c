"""A host of single files as a Target: the plan is carried out in phases with barriers, under a lock."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from kbtool.problems import Stop
from kbtool.publish.headers import Phase
from kbtool.publish.hostlock import HeldLock, hold_lock
from kbtool.publish.manifest import LOCK, MANIFEST, OWN_FOLDER, Entry, Manifest, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan, Upload
from kbtool.publish.remote import Remote
from kbtool.publish.retry import FIRST_BUDGET, Patience
from kbtool.publish.room import Room
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Fetched, Limits, Moved, Report, Sent, Store, Surroundings

T = TypeVar("T")

_NOTE_FROM = 20
"""From so many files on it is noted at the host beforehand what will be sent, so that a publish that dies is taken up again."""
_DELETED_AT_ONCE = 500
_IN_MEMORY = 128 * 1_048_576
"""Bytes of files that may be on their way at the same time, so that many films do not fill the memory."""
_NEAR = timedelta(milliseconds=20)
"""A host that takes a small file in less time is near, and does little but work on what it was sent."""
_AT_ONCE_NEAR = 24
"""So many transfers keep a near host busy. More would only wait there, and take 5 % longer: measured with 12 to 64 on two cores."""
_LAST_WORDS = 10.0
"""Seconds that a publish which failed takes to note how far it came."""
_OWN = Entry("", 0, "application/json", "no-store")


@dataclass(frozen=True, slots=True)
class StoreTarget:
    """A Target that carries plans out file by file."""

    store: Store
    surroundings: Surroundings
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the whole budget of patience."""
        object.__setattr__(self, "patience", Patience(self.surroundings.clock))

    @property
    def place(self) -> str:
        """The host in words."""
        return self.store.place

    @property
    def limits(self) -> Limits:
        """What the host does not take."""
        return self.store.limits

    @property
    def takes_headers(self) -> bool:
        """Whether files are served with the headers they were put with."""
        return self.store.takes_headers

    def look(self) -> Remote:
        """Return what is there: one listing and one manifest, at the same time."""
        patience = Patience(self.surroundings.clock, FIRST_BUDGET)
        with ThreadPoolExecutor(1) as pool:
            listing = pool.submit(patience.run, self.place, self.store.list)
            found = patience.run(self.place, lambda: self.store.get(MANIFEST))
            files = {path: file for path, file in listing.result().items() if not path.startswith(OWN_FOLDER)}
        manifest, problems = read_manifest(found.content if found else None)
        return Remote(files, manifest, found.tag if found else "", problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Carry the plan out: phase by phase, then the manifest, then what goes. Raises Moved when another publish was faster."""
        place = _LockFile(self)
        with hold_lock(place, self.place, self.surroundings, sure=plan.manifest.locks) as lock:
            found = self._get(MANIFEST)
            if (found.tag if found else "") != plan.state:
                raise Moved
            before = read_manifest(found.content if found else None)[0] or Manifest()
            return _Sending(self, site, plan, replace(before, locks=lock.sure), lock, report, self._at_once(place)).run()

    def rollback(self, report: Report) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Return None: a store of files keeps no releases."""
        return None

    def _at_once(self, place: "_LockFile") -> int:
        """Return how many transfers may run at the same time: a far host needs more of them to be busy."""
        most = self.surroundings.at_once
        return min(most, _AT_ONCE_NEAR) if place.took and place.took[0] < _NEAR else most

    def _get(self, path: str) -> Fetched | None:
        return self._patiently(lambda: self.store.get(path))

    def _patiently(self, act: Callable[[], T]) -> T:
        return self.patience.run(self.store.place, act)


@dataclass(frozen=True, slots=True)
class _LockFile:
    """The lock's file in a store."""

    target: StoreTarget
    took: list[timedelta] = field(default_factory=list)
    """How long each try to create it took: a small file's way to the host."""

    def create(self, content: bytes) -> bool:
        """Write the file if there is none. After a fault it may be there by our own hand."""
        now = self.target.surroundings.clock.now
        began = now()
        try:
            self.target._patiently(lambda: self.target.store.put(LOCK, content, _OWN, if_absent=True))  # noqa: SLF001 - one thing in two records
        except FileExistsError:
            found = self.read()
            return found is not None and found.content == content
        self.took.append(now() - began)
        return True

    def create_again(self, content: bytes) -> bool:
        """Write the same once more, if the file is absent, which it is not."""
        try:
            self.target._patiently(lambda: self.target.store.put(LOCK, content, _OWN, if_absent=True))  # noqa: SLF001
        except FileExistsError:
            return False
        return True

    def read(self) -> Fetched | None:
        """Return the file."""
        return self.target._get(LOCK)  # noqa: SLF001

    def write(self, content: bytes) -> None:
        """Write the file over whatever is there."""
        self.target._patiently(lambda: self.target.store.put(LOCK, content, _OWN))  # noqa: SLF001

    def remove(self) -> None:
        """Delete the file."""
        self.target._patiently(lambda: self.target.store.delete((LOCK,)))  # noqa: SLF001

    def now(self) -> datetime:
        """Return the host's time, which is when it says that a file came that was sent just now."""
        probe = f"{OWN_FOLDER}clock"
        self.target._patiently(lambda: self.target.store.put(probe, b"{}", _OWN))  # noqa: SLF001
        found = self.target._get(probe)  # noqa: SLF001
        with suppress(Stop):
            self.target.store.delete((probe,))
        return found.modified if found else self.target.surroundings.clock.now()


@dataclass(frozen=True, slots=True)
class _Sending:
    """One plan on its way."""

    target: StoreTarget
    site: Snapshot
    plan: PublishPlan
    before: Manifest
    lock: HeldLock
    report: Report
    at_once: int
    room: Room = field(default_factory=lambda: Room(_IN_MEMORY))
    tags: dict[str, str] = field(default_factory=dict)
    """What the host called each file that went up."""

    def run(self) -> Sent:
        """Send and delete; when that fails half-way, note what is there."""
        try:
            with ThreadPoolExecutor(self.at_once) as pool:
                note = pool.submit(self._note_beforehand)
                self._phase(pool, Phase.ASSETS, note)
                for phase in list(Phase)[1:]:
                    self._phase(pool, phase)
        except BaseException:
            self._note_what_came()
            raise
        self.lock.check()
        self._note(self._finished())
        self._delete()
        return Sent(len(self.tags), self.plan.size, len(self.plan.deletes))

    def _phase(self, pool: ThreadPoolExecutor, phase: Phase, *before: Future[None]) -> None:
        """Send one phase's files. Returns when all of them are there; raises the first fault when what runs has ended."""
        self.lock.check()
        waiting = deque(self.plan.phase(phase))
        workers = min(len(waiting), self.at_once)
        futures = [*before, *(pool.submit(self._put_all, waiting) for _ in range(workers))]
        try:
            ended, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in ended:
                future.result()
        except BaseException:
            self.target.patience.give_up()
            waiting.clear()
            for future in futures:
                future.cancel()
            raise

    def _put_all(self, waiting: deque[Upload]) -> None:
        """Send what waits, with others who do the same, until nothing does: a future for each file would take longer."""
        while True:
            try:
                upload = waiting.popleft()
            except IndexError:
                return
            self._put(upload)

    def _put(self, upload: Upload) -> None:
        entry = self.plan.manifest.files[upload.path]
        store = self.target.store
        with self.room.take(upload.size):
            content = self.site.read(upload.path)
            self.tags[upload.path] = self.target._patiently(lambda: store.put(upload.path, content, entry))  # noqa: SLF001
        self.report("Publishing", len(self.tags), len(self.plan.uploads))

    def _delete(self) -> None:
        for at in range(0, len(self.plan.deletes), _DELETED_AT_ONCE):
            self.lock.check()
            some = self.plan.deletes[at : at + _DELETED_AT_ONCE]
            self.target._patiently(lambda some=some: self.target.store.delete(some))  # type: ignore[misc]  # noqa: SLF001

    def _note(self, manifest: Manifest) -> None:
        content = write_manifest(manifest)
        self.target._patiently(lambda: self.target.store.put(MANIFEST, content, _OWN))  # noqa: SLF001

    def _note_beforehand(self) -> None:
        """Note what will be sent; it stands there before the first page goes up."""
        if len(self.plan.uploads) >= _NOTE_FROM:
            self._note(replace(self.before, pending={**self.before.pending, **self._untagged()}))

    def _untagged(self) -> dict[str, Entry]:
        return {upload.path: self.plan.manifest.files[upload.path] for upload in self.plan.uploads}

    def _note_what_came(self) -> None:
        """Note, with a little patience of its own, what a publish that failed has sent."""
        if self.tags:
            object.__setattr__(self.target, "patience", Patience(self.target.surroundings.clock, _LAST_WORDS))
            with suppress(Stop):
                self._note(replace(self.before, pending=self._pending()))

    def _pending(self) -> Mapping[str, Entry]:
        """Return what this publish means to send, with the tags of what is there already."""
        return {**self.before.pending, **self._tagged(upload.path for upload in self.plan.uploads)}

    def _finished(self) -> Manifest:
        """Return the manifest of the end. What is about to be deleted stands in it, in case that fails."""
        files = {**self.plan.manifest.files, **self._tagged(self.tags)}
        return replace(
            self.plan.manifest, locks=self.before.locks, files=files, stale={**self.plan.manifest.stale, **self.plan.going}
        )

    def _tagged(self, paths: Iterable[str]) -> dict[str, Entry]:
        return {path: replace(self.plan.manifest.files[path], tag=self.tags.get(path, "")) for path in paths}
