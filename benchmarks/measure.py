"""A command -> its seconds and its memory."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall: float
    """Seconds on the clock."""
    cpu: float
    """Seconds of all its processes, user and system."""
    memory: float
    """MB resident at its peak, all its processes together, looked at five times a second: to look takes time, too."""


def run(command: list[str], folder: Path, log: Path) -> Cost:
    """Run the command in the folder and return its cost. Its words go to the log. Raises RuntimeError when it fails."""
    with log.open("wb") as words:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=words, stderr=words, stdin=subprocess.DEVNULL, start_new_session=True
        )
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        watch.over.set()
        watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {process.returncode}: {log.read_text(encoding='utf-8', errors='replace')[-500:]}"
        )
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(watch.peak, usage.ru_maxrss / 1024))


class _Watch(threading.Thread):
    """Looks how much memory a session's processes hold."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.peak, self.over = session, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.peak = max(self.peak, _resident(self.session))


def _resident(session: int) -> float:
    """Return the MB of a session's processes; shared pages count once for each process that has them."""
    if not sys.platform.startswith("linux"):
        return 0.0
    pages = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:
                pages += int(fields[21])
        except (OSError, IndexError, ValueError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576
