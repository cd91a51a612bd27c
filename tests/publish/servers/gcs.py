"""A stand-in for Google Cloud Storage's documented XML API, since none of the servers that can be had speaks it.

https://cloud.google.com/storage/docs/xml-api/reference-methods: listing in pages, PUT with `x-goog-if-generation-match`, GET, DELETE.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.publish.servers.ceph import Gateway

TOKEN = "ya29.a-test-token-0123456789"  # noqa: S105 - of a server that lives as long as the test


@dataclass
class Bucket:
    """What is in the one bucket there is."""

    objects: dict[str, tuple[bytes, str, str]] = field(default_factory=dict)
    """Path -> content, Content-Type, Cache-Control."""
    lock: Lock = field(default_factory=Lock)
    read_only: bool = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def do_GET(self) -> None:
        """Return an object, or a page of the listing."""
        path, query = self._asked()
        if not path:
            self._list(query)
            return
        found = self.bucket.objects.get(path)
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        content, kind, cache = found
        self._answer(200, content, {"Content-Type": kind, "Cache-Control": cache, **_named(content)})

    def do_PUT(self) -> None:
        """Write an object; not over another one when it must be absent."""
        path, _ = self._asked()
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if len(content) < int(self.headers["Content-Length"]):
            self.close_connection = True  # the line broke: nothing is ever half-written there
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}" or self.bucket.read_only:
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return
        with self.bucket.lock:
            if self.headers.get("x-goog-if-generation-match") == "0" and path in self.bucket.objects:
                self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
                return
            kind = self.headers.get("Content-Type", "application/octet-stream")
            self.bucket.objects[path] = (content, kind, self.headers.get("Cache-Control", ""))
        self._answer(200, b"", _named(content))

    def do_DELETE(self) -> None:
        """Delete an object."""
        path, _ = self._asked()
        gone = self.bucket.objects.pop(path, None)
        self._answer(204 if gone else 404, b"")

    def _list(self, query: dict[str, list[str]]) -> None:
        prefix, after = query.get("prefix", [""])[0], query.get("continuation-token", [""])[0]
        paths = sorted(path for path in self.bucket.objects if path.startswith(prefix) and path > after)
        page, more = paths[:1000], len(paths) > 1000
        rows = "".join(
            f"<Contents><Key>{escape(path)}</Key><Size>{len(content)}</Size><ETag>{_named(content)['ETag']}</ETag>"
            f"<LastModified>2026-11-22T00:00:00.000Z</LastModified></Contents>"
            for path, (content, _, _) in ((path, self.bucket.objects[path]) for path in page)
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        answer = f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}</ListBucketResult>"
        self._answer(200, answer.encode())

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        return unquote(parts.path).lstrip("/").partition("/")[2], parse_qs(parts.query)

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Last-Modified", formatdate(usegmt=True))
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _named(content: bytes) -> dict[str, str]:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return {"ETag": f'"{digest}"', "x-goog-generation": str(int(digest[:8], 16) + 1)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a line that a test broke."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def google(bucket: Bucket) -> Iterator[Gateway]:
    """Give a server for the bucket, whatever its name; it ends with the block."""
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket})) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Gateway(f"http://127.0.0.1:{server.server_port}", {"CLOUDSDK_AUTH_ACCESS_TOKEN": TOKEN})
        finally:
            server.shutdown()
            thread.join()
