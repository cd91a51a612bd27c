"""Another site, as they are: it answers, moves, refuses, is slow, or never says a word. It notes who asked for what."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATUSES = {"/404": 404, "/410": 410, "/403": 403, "/429": 429, "/503": 503, "/500": 500, "/401": 401, "/999": 999}
REDIRECTS = {
    "/moved": (301, "/new"),
    "/moved-for-good": (308, "/new?page=2"),
    "/for-now": (302, "/new"),
    "/moved-then-for-now": (301, "/for-now"),
    "/moved-home": (301, "/"),
    "/for-now-then-moved": (302, "/moved"),
    "/for-members": (301, "/account/Sign-In?back=/for-members"),
    "/moved-away": (301, "/404"),
    "/moved-to-403": (301, "/403"),
    "/loop": (301, "/loop"),
    "/round": (302, "/round-again"),
    "/round-again": (302, "/round"),
    "/into-a-program": (302, "itms-apps://example/app"),
    "/into-the-house": (301, "http://192.168.0.1/admin"),
    "/nowhere": (302, "http://[broken/"),
}


@dataclass
class Stranger:
    """A site on this computer."""

    port: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request, robots.txt aside."""
    agents: set[str] = field(default_factory=set)
    secrets: list[str] = field(default_factory=list)
    """What was sent to prove who asks."""
    begun: list[float] = field(default_factory=list)
    robots: str | int = 404
    """The file's text, or the status that stands in its place."""
    moment: float = 0.0
    """Seconds that each answer takes."""
    at_once: int = 0
    """How many requests there were at the same time, at most."""
    sent: int = 0
    """Bytes of the huge page that were taken."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def times(self, path: str) -> int:
        """Return how often a path was asked for."""
        return Counter(asked for _, asked in self.asked)[path]


class _Handler(BaseHTTPRequestHandler):
    """What one connection to a site gets."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        """Answer, and note how many others are being answered."""
        with self.server.counted():
            try:
                self.react()
            except OSError:
                self.close_connection = True  # nobody waits any more

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def react(self) -> None:
        """Do what the path says."""
        site = self.server.site
        site.agents.add(self.headers["User-Agent"])
        site.secrets += self.headers.get_all("Authorization") or []
        path = self.path.partition("?")[0]
        if path == "/robots.txt":
            self.answer(site.robots if isinstance(site.robots, int) else 200, str(site.robots).encode())
            return
        site.asked.append((self.command, path))
        self.server.over.wait(site.moment)
        odd = {"/never": self.wait, "/drips": self.drip, "/huge": self.pour}
        if path in REDIRECTS:
            status, place = REDIRECTS[path]
            self.answer(status, b"", Location=place)
        elif path in odd:
            odd[path]()
        elif self.command == "HEAD" and path.startswith(("/no-head", "/wrong-head")):
            self.answer(405 if path.startswith("/no-head") else 404)
        else:
            self.answer(STATUSES.get(path, 200), b"Hello")

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def wait(self) -> None:
        """Say nothing."""
        self.server.over.wait(5)

    def drip(self) -> None:
        """Never come to an end with the headers."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.over.wait(0.05):
            self.wfile.write(b"X-More: more\r\n")

    def pour(self) -> None:
        """Send as much as anybody takes."""
        self.send_response(404 if self.command == "HEAD" else 200)
        self.send_header("Content-Length", str(10**10 if self.command == "GET" else 0))
        self.end_headers()
        while self.command == "GET" and not self.server.over.is_set() and self.server.site.sent < 10**9:
            self.wfile.write(b"x" * 65_536)
            self.server.site.sent += 65_536

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """A site's door."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, robots: str | int, moment: float) -> None:
        """Open it."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = Stranger(self.server_port, robots=robots, moment=moment)
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._here = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count who is here at the same time."""
        with self._lock:
            self._here += 1
            self.site.at_once = max(self.site.at_once, self._here)
            self.site.begun.append(time.monotonic())
        try:
            yield
        finally:
            with self._lock:
                self._here -= 1

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing: who asked went away."""


@contextmanager
def stranger(robots: str | int = 404, moment: float = 0.0) -> Iterator[Stranger]:
    """Open a site on this computer, and close it."""
    with _Server(robots, moment) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.site
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """Return a port of this computer where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


@contextmanager
def silence() -> Iterator[str]:
    """Give the address of a host that takes connections and never says a word."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(16)
        yield f"http://127.0.0.1:{mute.getsockname()[1]}"
