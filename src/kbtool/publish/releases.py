"""Sites that were published, kept on this machine, for hosts that keep none themselves.

A release is a list of paths, each with its digest. The files stand beside the lists, named after their digests, so that what two
releases have in common is there once, and a page that changed is one file more.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from kbtool.places import SITE_MARK
from kbtool.problems import Problem, Stop
from kbtool.records import decode, encode

_DIGEST = 8
"""How many letters at a release's end tell what is in it."""
_FILES = "files"
_LIST = ".json"
_UNFOLDED = "back-"
_LONGEST = 24 * 60 * 60
"""Seconds that going back to a release takes at most: what is older was left by one that was killed."""


def releases_of(work: Path, place: str) -> Path:
    """Return the folder for the releases of one host."""
    return work / "releases" / hashlib.sha256(place.encode()).hexdigest()[:16]


def keep_release(site: Path, digests: Mapping[str, str], releases: Path, release: str, keep: int) -> tuple[Problem, ...]:
    """Keep the site, each path with its SHA-256, under its release's name, and only the last `keep` before it.

    The files are the site's own by another name, as long as the file system can: a build never writes over a file.
    Returns a warning when it cannot be kept: it is published all the same.
    """
    try:
        if keep:
            _keep(site, digests, releases, release, keep)
    except OSError as error:
        hint = "make room or rights in the folder .kbtool, and let nothing build the site while it is published"
        message = f'the release "{release}" is online, but cannot be kept to go back to: {error.strerror or error}'
        return (Problem("", 0, "not-kept", message, hint, "warning"),)
    return ()


def release_before(releases: Path, release: str) -> str | None:
    """Return the name of the release that was published before this one; None when none is kept."""
    kept = [one.stem for one in _lists(releases)]
    here = [at for at, name in enumerate(kept) if name[-_DIGEST:] == release[-_DIGEST:]]
    if here:
        return kept[here[0] - 1] if here[0] else None
    older = [name for name in kept if name < release]
    return older[-1] if older else None


@contextmanager
def unfolded(releases: Path, release: str) -> Iterator[Path]:
    """Give a folder that holds a kept release as a site, while the body runs.

    Raises Stop when it is not kept as it was published, or cannot be written.
    """
    _sweep(releases)
    try:
        folder = TemporaryDirectory(prefix=_UNFOLDED, dir=releases)
    except OSError as error:
        raise _unwritten(error) from error
    with folder as place:
        try:
            _unfold(releases, release, Path(place))
        except OSError as error:
            raise _unwritten(error) from error
        yield Path(place)


def _sweep(releases: Path) -> None:
    """Delete what was unfolded by one that was killed."""
    for place in releases.glob(f"{_UNFOLDED}*"):
        with suppress(FileNotFoundError):
            if time.time() - place.stat().st_mtime > _LONGEST:
                shutil.rmtree(place, ignore_errors=True)


def _unfold(releases: Path, release: str, folder: Path) -> None:
    """Make the folder, which is empty, hold a kept release as a site. Raises Stop when it is not kept as it was published."""
    listed = _read_list(releases / f"{release}{_LIST}")
    if not listed:
        raise Stop(_spoiled(f'the list of the release "{release}" is damaged'))
    for path, digest in listed.items():
        file = releases / _FILES / digest
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise Stop(_spoiled(f'"{path}" of the release "{release}" was changed or deleted after it was published'))
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        _link(str(file), str(place))
    (folder / SITE_MARK).touch()


def _keep(site: Path, digests: Mapping[str, str], releases: Path, release: str, keep: int) -> None:
    """Keep the site and forget the oldest."""
    files = releases / _FILES
    files.mkdir(parents=True, exist_ok=True)
    with os.scandir(files) as entries:
        there = {entry.name: entry.inode() for entry in entries}
    for digest, path in {digest: path for path, digest in digests.items()}.items():
        _keep_file(f"{site}/{path}", f"{files}/{digest}", there.get(digest))
    for twin in _lists(releases):
        if twin.stem[-_DIGEST:] == release[-_DIGEST:]:
            twin.unlink()
    new = releases / f"new-{release}"
    new.write_bytes(encode(dict(digests)))
    new.replace(releases / f"{release}{_LIST}")
    _forget(releases, _lists(releases)[: -keep - 1])


def _spoiled(message: str) -> Problem:
    return Problem("", 0, "no-release", message, "check out the commit it was built from, and publish that")


def _unwritten(error: OSError) -> Stop:
    message = f"the release cannot be put together: {error.strerror or error}"
    return Stop(Problem("", 0, "cannot-write", message, "make room or rights in the folder .kbtool"))


def _lists(releases: Path) -> list[Path]:
    """Return the kept releases' lists, oldest first."""
    return sorted(releases.glob(f"[0-9]*{_LIST}"))


def _read_list(file: Path) -> dict[str, str]:
    """Return a release's paths and digests; none when the list is damaged."""
    try:
        return decode(file.read_bytes(), dict[str, str])
    except (OSError, ValueError):
        return {}


def _forget(releases: Path, old: list[Path]) -> None:
    """Delete releases, and the files that no other release has."""
    for one in old:
        one.unlink()
    if old:
        needed = {digest for one in _lists(releases) for digest in _read_list(one).values()}
        for name in set(os.listdir(releases / _FILES)) - needed:  # noqa: PTH208 - names, as there are thousands
            with suppress(OSError):
                (releases / _FILES / name).unlink()


def _keep_file(there: str, here: str, inode: int | None) -> None:
    """Make the site's file stand here, too. What stands here already may be another file, which somebody wrote over since."""
    if inode is None:
        _link(there, here)
    elif os.stat(there).st_ino != inode:  # noqa: PTH116 - strings, as there are thousands
        with suppress(FileNotFoundError):
            os.unlink(f"{here}.new")  # noqa: PTH108 - left by one that died; it may be a site's file, so it is not written over
        _link(there, f"{here}.new")
        os.replace(f"{here}.new", here)  # noqa: PTH105


def _link(there: str, here: str) -> None:
    try:
        os.link(there, here)
    except FileExistsError:
        return  # another publish, at this moment
    except OSError:
        shutil.copy2(there, here)
