"""What is there and what is to be there -> PublishPlan: a pure function over digests and headers."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from kbtool.publish.headers import Phase, is_entry, is_page_file, topic_folders
from kbtool.publish.manifest import Entry, Manifest, Stale
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.snapshot import LocalFile, Snapshot

_MD5 = re.compile(r"[0-9a-f]{32}")

_MOMENT = "%Y%m%dT%H%M%SZ"

GRACE = timedelta(days=1)
"""So long an asset stays that no page needs any more: copies of old pages still ask for it."""

Reason = Literal["new", "content", "headers", "damaged"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that must go up."""

    path: str
    size: int
    reason: Reason
    """new; content or headers differ; damaged: the host no longer holds what was sent."""
    phase: Phase


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """All that a publish does; `--dry-run` prints this very value."""

    uploads: tuple[Upload, ...]
    """In the order of their phases."""
    deletes: tuple[str, ...]
    """What goes when all else is there: pages, then assets whose day of grace is over or whose name is a folder's now."""
    waiting: tuple[str, ...]
    """Assets that go with a later publish."""
    kept: int
    """How many files are there as they must be."""
    foreign: tuple[str, ...]
    """What kbtool did not put there: it stays."""
    manifest: Manifest
    """What stands at the host at the end; entries of files that go up have no tag yet."""
    state: str
    """The host's state that the plan is made for."""
    pages_before: int
    pages_gone: tuple[str, ...]
    going: Mapping[str, Stale]
    """What is deleted, as the manifest knows it: it stands there until it is gone."""
    notes_differ: bool
    """Whether the manifest at the host says anything else than this plan's."""

    @property
    def size(self) -> int:
        """The size of all that goes up."""
        return sum(upload.size for upload in self.uploads)

    @property
    def nothing_to_do(self) -> bool:
        """Whether the host is as it must be."""
        return not self.uploads and not self.deletes and not self.notes_differ

    def phase(self, phase: Phase) -> tuple[Upload, ...]:
        """Return the uploads of one phase."""
        return tuple(upload for upload in self.uploads if upload.phase == phase)


def plan_publish(site: Snapshot, remote: Remote, *, now: datetime, revision: str = "") -> PublishPlan:
    """Return what makes the host hold the site, deleting only what the host's manifest says kbtool put there."""
    before = remote.manifest or Manifest()
    uploads = tuple(sorted(_uploads(site, remote, before), key=lambda upload: (upload.phase, upload.path)))
    sent = {upload.path for upload in uploads}
    gone = sorted((before.ours - site.files.keys()) & remote.files.keys())
    stale = {path: _stale(path, before, now) for path in gone}
    folders = {folder for path in site.files for folder in _folders(path)}
    over = [
        path
        for path, left in stale.items()
        if not _leads(path)
        and (
            now - datetime.fromisoformat(left.since) >= GRACE
            or path in folders
            or any(one in site.files for one in _folders(path))
        )
    ]
    deletes = (*(path for path in gone if _leads(path)), *over)
    pages = [path for path in gone if is_page_file(path)]
    foreign = tuple(sorted(remote.files.keys() - before.ours - site.files.keys()))
    files = {path: _entry(path, local, remote, path in sent) for path, local in site.files.items()}
    going = {path: stale.pop(path) for path in deletes}
    return PublishPlan(
        uploads=uploads,
        deletes=deletes,
        waiting=tuple(stale),
        kept=len(site.files) - len(uploads),
        foreign=foreign,
        manifest=Manifest(_release(files, _after(before.release, now)), revision, files, stale, {}, before.locks),
        state=remote.state,
        pages_before=sum(is_page_file(path) for path in before.ours & remote.files.keys()),
        pages_gone=tuple(pages),
        going=going,
        notes_differ=bool(before.pending) or before.files.keys() != files.keys() or _stale_differs(before, stale, remote),
    )


def nameless(remote: Remote) -> frozenset[str]:
    """Return the files at a host whose names for bytes its manifest does not say: their MD5 must be held against the host's."""
    before = remote.manifest or Manifest()
    known = (*before.files.items(), *before.pending.items(), *((path, left.entry) for path, left in before.stale.items()))
    return frozenset(path for path, entry in known if not entry.tag and path in remote.files and remote.files[path].tag)


def _stale_differs(before: Manifest, stale: Mapping[str, Stale], remote: Remote) -> bool:
    """Tell whether the manifest must say something else of what is no longer needed; what is gone may stay in it."""
    return {path for path in before.stale if path in remote.files} != stale.keys()


def _uploads(site: Snapshot, remote: Remote, before: Manifest) -> Iterator[Upload]:
    """Yield what is not there, or not as it must be."""
    topics = topic_folders(frozenset(site.files))
    for path, local in site.files.items():
        there = remote.files.get(path)
        reason = _reason(local, _known(path, before), before.pending.get(path), there) if there else "new"
        if reason:
            yield Upload(path, local.entry.size, reason, _phase(path, topics, new=there is None))


def _known(path: str, before: Manifest) -> Entry | None:
    """Return what the last whole publish sent there."""
    return before.files.get(path) or (before.stale[path].entry if path in before.stale else None)


def _reason(local: LocalFile, known: Entry | None, begun: Entry | None, there: RemoteFile) -> Reason | None:
    """Return why the file must go up, None when it need not.

    `begun` is what a publish that did not end meant to send: nobody knows whether it did, so the host's tag must tell.
    """
    alike = [entry for entry in (begun, known) if entry and entry.digest == local.entry.digest]
    same = [entry for entry in alike if entry.same_as(local.entry)]
    if not same or (begun and len(same) < len(alike)):
        return "headers" if alike else "content"
    expected = same[0].tag or (local.md5 if begun or _MD5.fullmatch(there.tag) else there.tag)
    if there.size == local.entry.size and there.tag == expected:
        return None
    return "content" if begun else "damaged"


def _phase(path: str, topics: frozenset[str], *, new: bool) -> Phase:
    """Return when a file goes up."""
    if is_entry(path, topics) and not (new and is_page_file(path) and path != "index.html"):
        return Phase.ENTRIES
    if not is_page_file(path):
        return Phase.ASSETS
    return Phase.NEW_PAGES if new else Phase.PAGES


def _leads(path: str) -> bool:
    """Tell whether a file that is no longer part of the site must go at once: a page, or what leads to pages."""
    return is_page_file(path) or is_entry(path, frozenset())


def _folders(path: str) -> Iterator[str]:
    """Yield every folder above a file; on a disk none of them can be a file as well."""
    while path := path.rpartition("/")[0]:
        yield path


def _stale(path: str, before: Manifest, now: datetime) -> Stale:
    """Return since when nobody needs the file."""
    since = before.stale[path].since if path in before.stale else now.isoformat(timespec="seconds")
    return Stale(_known(path, before) or before.pending[path], since)


def _entry(path: str, local: LocalFile, remote: Remote, sent: bool) -> Entry:  # noqa: FBT001 - private, and told by name enough
    """Return the file's line in the new manifest: with the host's tag when it is there already."""
    return local.entry if sent else replace(local.entry, tag=remote.files[path].tag)


def _release(files: Mapping[str, Entry], now: datetime) -> str:
    """Return a name that sorts by time and tells two states apart."""
    digest = hashlib.sha256("".join(f"{path}\0{entry.digest}\0" for path, entry in sorted(files.items())).encode()).hexdigest()
    return f"{now:{_MOMENT}}-{digest[:8]}"


def _after(release: str, now: datetime) -> datetime:
    """Return the moment a release is called by: later than the one before, even within its second or when clocks differ."""
    try:
        before = datetime.strptime(release.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
        return max(now, before + timedelta(seconds=1))
    except (ValueError, OverflowError):
        return now
