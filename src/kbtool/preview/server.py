"""The site's folder -> a browser on this machine: a server that shows it, and reloads it when it changes."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from threading import Thread
from urllib.parse import quote, unquote
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.security import safe_join
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from kbtool.media import content_type
from kbtool.preview.channel import Channel
from kbtool.preview.listening import address_of, listen
from kbtool.preview.loop import Loop
from kbtool.preview.signals import ended_by_signals
from kbtool.preview.watcher import Watcher
from kbtool.problems import Problem

_OWN = "/_kbtool/"
"""The addresses of the preview's own script and of what the pages are told; no article's URL begins with an underscore."""

_FILES = ("preview.js", "preview.css", "findings.js", "findings.css")

Findings = Mapping[str, Sequence[Problem]]

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_NOT_YET = (
    b"<!doctype html><html lang=en><title>kbtool</title><body><p>There is no site yet. This page reloads when there is.</body>"
)


def serve(  # noqa: PLR0913 - where, from what, how, and whom to tell
    site: Path,
    watched: Iterable[Path],
    rebuild: Callable[[], Sequence[Problem]],
    reindex: Callable[[], None],
    *,
    findings: Callable[[], Findings],
    announce: Callable[[str], None],
    host: str = "127.0.0.1",
    port: int | None = None,
) -> None:
    """Show the folder `site` in the browser, and again after each change to a watched file, until Ctrl-C.

    `rebuild` puts the site in place whole and returns what is wrong with it; when it raises, the pages show why over the last
    good site. `reindex` is called in a thread beside, after each rebuild; so is `findings`, which
    returns what to show of each page by its URL under the site's root. `announce` is given each line for the terminal: problems as they
    come up, and the address. A port that is
    given must be free; else the first free one from 8000 is taken. Raises Stop when none is, or when others could reach the host.
    """
    with ended_by_signals():
        Preview(site, watched, rebuild, reindex, listen(host, port), findings=findings).run(announce)


class Preview:
    """A site shown on this machine alone: `run` shows it until `stop` is called or KeyboardInterrupt comes."""

    def __init__(  # noqa: PLR0913 - what `serve` was given
        self,
        site: Path,
        watched: Iterable[Path],
        rebuild: Callable[[], Sequence[Problem]],
        reindex: Callable[[], None],
        listening: socket.socket,
        *,
        findings: Callable[[], Findings] = dict,
    ) -> None:
        """Keep what `serve` was given; the socket is closed when `run` returns."""
        self.url = address_of(listening)
        self._channel = Channel(secrets.token_hex(4))
        self._loop = Loop(site, Watcher(watched, (site,)), rebuild, reindex, self._channel, findings=findings)
        self._server = _Server(listening, _Application(site, self._channel, listening.getsockname()[1]))
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), name="kbtool-server", daemon=True)

    def run(self, announce: Callable[[str], None]) -> None:
        """Make the site, tell its address, and keep it true. When this returns, the port is free."""
        try:
            with suppress(KeyboardInterrupt):
                self._loop.start(announce)
                self._thread.start()
                announce(f"The preview is at {self.url} and follows every save. Ctrl-C ends it.")
                self._loop.run()
        finally:
            self._close()

    def stop(self) -> None:
        """Let `run` return. May be called from any thread."""
        self._loop.end()

    def _close(self) -> None:
        self._channel.close()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._loop.close()


class _Application:
    """Answers requests with the site's files, and pages with the script that reloads them."""

    def __init__(self, site: Path, channel: Channel, port: int) -> None:
        self._site = site
        self._channel = channel
        self._hosts = frozenset(f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]"))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        request = Request(environ)
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = Response(f"{error.code} {error.name}\n", error.code, error.get_headers())
            response.content_type = "text/plain; charset=utf-8"
        except OSError as error:
            response = _words(500, f"this file cannot be read: {error.strerror}")
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        """Return the answer. A page of another site that makes the browser ask here, by a name of its own, gets none."""
        if request.headers.get("Host", "").lower() not in self._hosts:
            return _words(403, "the preview answers to localhost only")
        if request.method not in {"GET", "HEAD"}:
            response = _words(405, "the preview can only be read")
            response.headers["Allow"] = "GET, HEAD"
            return response
        if request.path.startswith(_OWN):
            return self._own(request)
        version = self._channel.latest.version  # before the file is read: a page is never taken for newer than it is
        return self._page_or_file(request, version)

    def _own(self, request: Request) -> Response:
        """Answer for the preview's own addresses."""
        name = request.path.removeprefix(_OWN)
        if name in _FILES:
            return Response((files(__package__) / name).read_bytes(), content_type=content_type(name))
        if name not in {"events", "findings"}:
            return _words(404, "there is no such thing")
        origin = request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://").lower() not in self._hosts:
            return _words(403, "the preview tells its news to its own pages only")
        if name == "findings":
            return Response(self._channel.findings_of(_page(request)), content_type="application/json; charset=utf-8")
        news = () if request.method == "HEAD" else self._events()
        return Response(news, content_type="text/event-stream; charset=utf-8")

    def _events(self) -> Iterator[str]:
        """Yield the news as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        yield "retry: 500\n\n"
        for news in self._channel.listen():
            yield f"data: {news.as_json()}\n\n" if news else ": \n\n"

    def _page_or_file(self, request: Request, version: str) -> Response:
        """Answer with a file of the site, with a folder's index.html, or with the site's own page for what is not there."""
        folder = self._current_site()
        file = _inside(folder, request.path)
        if file is None:
            return self._missing(folder, request, version)
        if file.is_dir():
            if not (file / "index.html").is_file():
                return self._missing(folder, request, version)
            if not request.path.endswith("/"):
                return _moved(request)
            file = _inside(folder, f"{request.path}index.html")
        elif request.path.endswith("/"):
            file = None
        if file is None or not file.is_file():
            return self._missing(folder, request, version)
        kind = content_type(file.name)
        if kind.startswith("text/html"):
            return Response(_with_script(file.read_bytes(), version), content_type=kind)
        response = send_file(file, request.environ, mimetype=kind, conditional=True, etag=False)
        response.content_type = kind
        return response

    def _missing(self, folder: Path, request: Request, version: str) -> Response:
        """Answer that there is no such page, with the site's own words if it has them."""
        page = _inside(folder, "404.html")
        if page is not None and page.is_file():
            return Response(_with_script(page.read_bytes(), version), 404, content_type=content_type("404.html"))
        if not folder.is_dir():
            return Response(_with_script(_NOT_YET, version), 503, content_type=content_type("503.html"))
        return _words(404, f'there is no "{request.path}"')

    def _current_site(self) -> Path:
        """Return the folder itself; where two renames put a new one in place, wait out the moment between them."""
        for _ in range(10):
            if self._site.is_dir():
                break
            time.sleep(0.01)
        return self._site.resolve()


class _Quiet(WSGIRequestHandler):
    """Handles a request and says nothing about it."""

    timeout = 30
    """Seconds after which a connection that asks nothing is closed."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Keep the terminal for what the writer has to know."""


class _Server(ThreadedWSGIServer):
    """Werkzeug's server on a socket that is already open, silent."""

    def __init__(self, listening: socket.socket, application: _Application) -> None:
        host, port, *_ = listening.getsockname()
        super().__init__(host, port, application, _Quiet, fd=listening.fileno())
        listening.close()

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that hangs up is no news."""


def _inside(folder: Path, path: str) -> Path | None:
    """Return the site's file or folder that a URL's path names; None when it is not there or not of the site.

    Backslashes, colons and NUL never stand in a URL that kbtool makes: they are how a path climbs out on some systems.
    """
    parts = [part for part in path.split("/") if part]
    if any(part in {".", ".."} or set(part) & set("\\:\0") for part in parts):
        return None
    joined = safe_join(os.fspath(folder), *parts)
    if joined is None:
        return None
    try:
        real = Path(joined).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_relative_to(folder) else None


def _page(request: Request) -> str:
    """Return the URL under the site's root of the page that a script asks for by its `location.pathname`."""
    path = unquote(request.args.get("page", "/"), errors="replace").removesuffix("/index.html").strip("/")
    return f"{path}/" if path else ""


def _with_script(page: bytes, version: str) -> bytes:
    """Return the page with the preview's scripts at its end. Files of the server's own: the site's CSP allows no other."""
    names = ("findings.js", "preview.js")  # the one that listens, then the one that tells
    script = "".join(f'<script src="{_OWN}{name}?{version}" defer></script>' for name in names).encode()
    place = page.lower().rfind(b"</body>")
    return page + script if place < 0 else page[:place] + script + page[place:]


def _moved(request: Request) -> Response:
    """Send the browser to the same address with a slash at its end, never to another host."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    clean = "/".join(part for part in request.path.split("/") if part)
    response = _words(308, "this is a folder")
    response.headers["Location"] = f"/{quote(clean)}/{query}"
    response.autocorrect_location_header = False
    return response


def _words(status: int, words: str) -> Response:
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
