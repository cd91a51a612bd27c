"""Stand-ins for hosts whose servers nobody can install: as much of their documented HTTP API as deploys need, on loopback."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "kbtool-test-token-0123456789"  # noqa: S105 - of a stand-in


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    """Percent-decoded."""
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a test's
        """Return the body's JSON."""
        return json.loads(self.body)


Reply = tuple[int, object]
"""A status, and bytes as they are or a value as JSON."""


@dataclass(slots=True)
class Api:
    """A host that answers by one function, one request at a time."""

    answer: Callable[[Request], Reply]
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of every request."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def api_server(api: Api) -> Iterator[str]:
    """Give the address of a server that answers as the API does; it ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or self.chunks()
            request = Request(
                self.command, unquote(parts.path), parts.query, {k.lower(): v for k, v in self.headers.items()}, body
            )
            with api.lock:
                api.asked.append((request.method, request.path))
                status, said = api.answer(request)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            kind = "application/octet-stream" if isinstance(said, bytes) else "application/json; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def chunks(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return b""
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
