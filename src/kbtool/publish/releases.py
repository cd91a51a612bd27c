"""Sites that were published, kept on this machine, for hosts that keep none themselves."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from kbtool.publish.folder import MARK

_DIGEST = 8
"""How many letters at a release's end tell what is in it."""


def releases_of(work: Path, place: str) -> Path:
    """Return the folder for the releases of one host."""
    return work / "releases" / hashlib.sha256(place.encode()).hexdigest()[:16]


def keep_release(site: Path, paths: Iterable[str], releases: Path, release: str, keep: int) -> None:
    """Keep the site under its release's name, and only the last `keep` before it.

    The files are the site's own by another name, as long as the file system can: a build never writes over a file.
    """
    if keep == 0:
        return
    new = releases / f"new-{release}"
    shutil.rmtree(new, ignore_errors=True)
    made = set()
    for path in (*paths, MARK):
        folder = path.rpartition("/")[0]
        if folder not in made:
            (new / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        _link(f"{site}/{path}", f"{new}/{path}")
    for twin in _kept(releases):
        if twin.name[-_DIGEST:] == release[-_DIGEST:]:
            shutil.rmtree(twin)
    new.rename(releases / release)
    for old in _kept(releases)[: -keep - 1]:
        shutil.rmtree(old)


def release_before(releases: Path, release: str) -> Path | None:
    """Return the site that was published before this release; None when none is kept."""
    kept = _kept(releases)
    here = [at for at, folder in enumerate(kept) if folder.name[-_DIGEST:] == release[-_DIGEST:]]
    if here:
        return kept[here[0] - 1] if here[0] else None
    older = [folder for folder in kept if folder.name < release]
    return older[-1] if older else None


def _kept(releases: Path) -> list[Path]:
    """Return the kept releases, oldest first."""
    folders = releases.iterdir() if releases.is_dir() else ()
    return sorted(folder for folder in folders if not folder.name.startswith("new-"))


def _link(there: str, here: str) -> None:
    try:
        os.link(there, here)
    except OSError:
        shutil.copy2(there, here)
