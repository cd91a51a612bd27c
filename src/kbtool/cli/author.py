"""Who is typing, for the owner of a new article."""

import subprocess
from pathlib import Path


def git_user(folder: Path) -> str:
    """Return git's user.name as it holds in the folder or the nearest one above it; empty without git or a name."""
    try:
        folder = next(place for place in (folder, *folder.parents) if place.is_dir())
        answer = subprocess.run(["git", "config", "user.name"], cwd=folder, capture_output=True, timeout=5, check=False)  # noqa: S607
    except (OSError, StopIteration, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode(errors="replace").strip()
