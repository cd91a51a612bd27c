"""Help centers for tests: a whole one in a string, kbtool run on it as a process, and the built site served."""

import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.warm import CAN_FORK, Warm

ROOT = Path(__file__).resolve().parents[1]
ARDUINO = ROOT.parent / "shared" / "corpora" / "arduino-help-center" / "content"
"""A real help center of 414 articles, where there is one; tests that read it are skipped where there is none."""

CONFIG = "title: Help\nurl: https://help.example/en/\n"

ARDUINO_CONFIG = """\
title: Arduino Help Center
url: https://help.example/arduino/
old_urls: ["https://support.arduino.cc/hc/*/articles/{id}*"]
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process answered."""

    code: int
    out: str
    err: str


def files_in(text: str) -> dict[str, str]:
    r"""Return the files of a site written as one string.

    >>> files_in("-- content/one.md --\n# One\n-- kbtool.yml --\ntitle: Help\n")
    {'content/one.md': '# One\n', 'kbtool.yml': 'title: Help\n'}
    """
    files: dict[str, str] = {}
    path = ""
    for line in text.lstrip("\n").splitlines(keepends=True):
        if line.startswith("-- ") and line.endswith(" --\n"):
            path = line[3:-4]
            files[path] = ""
        else:
            files[path] += line
    return files


def write_site(folder: Path, text: str) -> Path:
    """Write the site's files below the folder, with a kbtool.yml of two lines if it has none of its own; return the folder."""
    for path, content in {"kbtool.yml": CONFIG, **files_in(text)}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode())
    return folder


def run_kbtool(*arguments: str | Path, cwd: Path, timeout: float = 120, **environment: str) -> Run:
    """Run the command line as a process of its own, with plain output."""
    plain = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONUTF8": "1", **environment}
    if CAN_FORK and not any(name.startswith("PYTHON") or name.endswith("_THREADS") for name in environment):
        return Run(*_warm().run([*map(str, arguments)], cwd, plain, timeout))
    command = [sys.executable, "-m", "kbtool", *map(str, arguments)]
    answer = subprocess.run(
        command, cwd=cwd, env=plain, capture_output=True, encoding="utf-8", timeout=timeout, check=False, stdin=subprocess.DEVNULL
    )
    return Run(answer.returncode, answer.stdout, answer.stderr)


@cache
def _warm() -> Warm:
    """Return the process that this test worker's kbtools are forked from."""
    return Warm()


def build(folder: Path, *options: str, code: int = 0) -> Path:
    """Build the help center in the folder; return its site. Fails when kbtool's exit code is another."""
    answer = run_kbtool("build", *options, cwd=folder)
    assert answer.code == code, answer.err
    return folder / "site"


def copy_center(content: Path, folder: Path, config: str) -> Path:
    """Lay a copy of a content folder beside a configuration of a few lines; return the folder."""
    shutil.copytree(content, folder / "content", dirs_exist_ok=True)
    (folder / "kbtool.yml").write_text(config, encoding="utf-8")
    return folder


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # a browser or eight threads knock at once: who finds the queue full waits a second


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, directory: str, base: str) -> None:  # noqa: ANN401 - what http.server hands over
        self.base = base
        super().__init__(*arguments, directory=directory)

    def translate_path(self, path: str) -> str:
        """Return the file at a path under the base; there is nothing elsewhere."""
        below = path.removeprefix(self.base)
        return super().translate_path(f"/{below}" if below != path else "/nothing-here")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a missing page with the site's own, as hosts do."""
        own = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not own.is_file():
            super().send_error(code, message, explain)
            return
        body = own.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(site: Path, base: str = "/") -> Iterator[str]:
    """Serve the folder under a path, as `python -m http.server` does; give the address, with a slash at its end."""
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(site), base=base)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()
