"""A job for the site's search -> its answers, by a browser without a window that is shown a page of this machine alone."""

import http.server
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe

from kbtool.media import content_type
from kbtool.site.replay.job import SCRIPTS, Job, failed, read_answers

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_FLAGS = ("--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
_LARGEST = 100_000_000
"""Bytes of answers."""
_LOOK = 0.2
"""Seconds between two looks whether the browser still runs."""
_FAREWELL = 2.0
"""Seconds that its processes have to be gone."""


def find_browser() -> str | None:
    """Return where a browser of Chromium's family is, None when there is none."""
    found = next((place for name in _NAMES if (place := shutil.which(name))), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def replay_in_browser(job: Job, browser: str) -> tuple[tuple[str, ...], ...]:
    """Return the pages for each question. Raises Stop when the scripts fail or take too long."""
    answers: queue.Queue[bytes] = queue.Queue()
    with _served(job, answers) as address, tempfile.TemporaryDirectory(prefix="kbtool-", ignore_cleanup_errors=True) as profile:
        flags = [*_FLAGS, f"--user-data-dir={profile}", *(["--no-sandbox"] if _is_administrator() else [])]
        try:
            process = subprocess.Popen(  # noqa: S603 - a browser, found by its name
                [browser, *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise failed(f'"{browser}" cannot be run: {error.strerror}') from error
        try:
            answer = json.loads(_wait(answers, process, job.patience))
        finally:
            _end(process)
    if "error" in answer:
        raise failed(str(answer["error"]))
    return read_answers(json.dumps(answer.get("answers")), job)


def _wait(answers: "queue.Queue[bytes]", process: "subprocess.Popen[bytes]", patience: float) -> bytes:
    """Return the answers. Raises Stop when the browser gives up, or takes longer than so many seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(queue.Empty):
            return answers.get(timeout=_LOOK)
        if process.poll():
            hint = "install Node.js 20 or newer, which needs no browser; some containers let no browser start"
            raise failed(f"the browser ended before it answered (exit code {process.returncode})", hint)
    raise failed(f"no answer in {patience:.0f} seconds")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the browser with all its processes: one that lives on writes into the folder that is to go."""
    if sys.platform == "win32":
        process.kill()
        process.wait()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + _FAREWELL
    with suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < end:
            os.killpg(process.pid, 0)
            time.sleep(_FAREWELL / 100)


def _is_administrator() -> bool:
    """Tell whether the browser's own walls cannot stand: it refuses to start for an administrator with them."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def _served(job: Job, answers: "queue.Queue[bytes]") -> Iterator[str]:
    """Serve the site and, under a name that nobody can guess, the job; give the job's address."""
    lead = f"/{token_urlsafe(16)}/"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, job=job, lead=lead, answers=answers)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{lead}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the job, the scripts and the site's files."""

    def __init__(self, *arguments: object, job: Job, lead: str, answers: "queue.Queue[bytes]") -> None:
        self.job, self.lead, self.answers = job, lead, answers
        super().__init__(*arguments)  # type: ignore[arg-type] # what the server hands over

    def do_GET(self) -> None:
        """Send what stands at the path."""
        path = self.path.partition("?")[0]
        file = self._own(path.removeprefix(self.lead)) if path.startswith(self.lead) else self.job.site / path.lstrip("/")
        content = file if isinstance(file, bytes) else self._read(file)
        if content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type(file.name) if isinstance(file, Path) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        """Take the answers."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path == f"{self.lead}answers" and length <= _LARGEST:
            self.answers.put(self.rfile.read(length))
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""

    def _own(self, name: str) -> Path | bytes:
        if name == "job":
            engine = f"/{self.job.engine.relative_to(self.job.site).as_posix()}"
            asked = {"engine": engine, "language": self.job.language, "questions": self.job.questions, "most": self.job.most}
            return json.dumps(asked).encode()
        return SCRIPTS / ("replay.js" if name == "replay.js" else "page.html")

    def _read(self, file: Path) -> bytes | None:
        """Return the file's bytes when it is one of the site's or one of ours."""
        place = file.resolve()
        inside = place.is_relative_to(self.job.site.resolve()) or place.parent == SCRIPTS.resolve()
        return place.read_bytes() if inside and place.is_file() else None
