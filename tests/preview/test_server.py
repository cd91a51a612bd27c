"""The preview over real sockets: what it serves, what it refuses, what it tells."""

import ipaddress
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest

from kbtool.preview import loop
from kbtool.preview.channel import Channel
from kbtool.preview.listening import listen
from kbtool.preview.server import Preview
from kbtool.problems import Problem, Stop

PAGE = "<!doctype html><html lang=en><title>t</title><body><h1>Refunds</h1></BODY></html>"


@dataclass
class Center:
    """A help center whose site is a copy of its content, made whole and then put in place."""

    root: Path
    problems: tuple[Problem, ...] = ()
    error: Exception | None = None
    indexed: Event = field(default_factory=Event)
    builds: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def content(self) -> Path:
        """Where the articles are."""
        return self.root / "content"

    @property
    def site(self) -> Path:
        """Where the site is."""
        return self.root / ".kbtool" / "site"

    def rebuild(self) -> Sequence[Problem]:
        """Put a whole new site in the old one's place."""
        self.builds += 1
        if self.error:
            raise self.error
        new, old = self.site.with_name("new"), self.site.with_name("old")
        shutil.copytree(self.content, new, symlinks=True)
        if self.site.exists():
            self.site.rename(old)
        new.rename(self.site)
        shutil.rmtree(old, ignore_errors=True)
        return self.problems

    def reindex(self) -> None:
        """Take note that an index was asked for."""
        self.indexed.set()


@pytest.fixture
def center(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Center:
    monkeypatch.setattr(loop, "_PAUSE", 0.2)
    return make_center(tmp_path)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of a site that does not change, with links that lead out of it."""
    center = make_center(tmp_path_factory.mktemp("still"))
    for place in (center.root, center.site.parent):
        place.mkdir(exist_ok=True)
        (place / "secret.txt").write_text(PRIVATE)
    (center.content / "file.txt").symlink_to(center.root / "secret.txt")
    (center.content / "folder").symlink_to(center.root)
    (center.content / "loop").symlink_to("loop")
    (center.content / "same.svg").symlink_to("shape.svg")
    with shown(center) as preview:
        yield preview


def make_center(root: Path) -> Center:
    """Return a help center of a few files."""
    content = root / "content"
    (content / "billing").mkdir(parents=True)
    (content / "index.html").write_text(PAGE)
    (content / "404.html").write_text("<html><body><p>Nothing here</p>")
    (content / "billing" / "index.html").write_text(PAGE)
    (content / "video.mp4").write_bytes(bytes(range(100)))
    (content / "shape.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return Center(root)


@contextmanager
def shown(center: Center) -> Iterator[Preview]:
    preview = Preview(center.site, (center.content,), center.rebuild, center.reindex, listen("127.0.0.1", 0))
    announced: list[str] = []
    with running(preview, announced):
        center.said = announced
        yield preview


@contextmanager
def running(preview: Preview, announced: list[str]) -> Iterator[Preview]:
    ready = Event()

    def announce(text: str) -> None:
        announced.append(text)
        if preview.url in text:
            ready.set()

    thread = Thread(target=preview.run, args=(announce,))
    thread.start()
    try:
        assert ready.wait(5)
        yield preview
    finally:
        preview.stop()
        thread.join(2)
        assert not thread.is_alive()


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    headers: Message
    body: bytes


def ask(preview: Preview, path: str, method: str = "GET", **headers: str) -> Answer:
    with closing(request(preview, path, method, **headers)) as response:
        return Answer(response.status, response.headers, response.read())


def hear(preview: Preview) -> Iterator[dict[str, object]]:
    """Yield what the reload channel tells."""
    with closing(request(preview, "/_kbtool/events")) as response:
        while line := response.readline():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


def request(preview: Preview, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    address = preview.url.split("/")[2]
    connection = HTTPConnection(address, timeout=5)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        if value:
            connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


def test_a_page_has_the_script_at_its_end_and_is_never_stored(preview: Preview) -> None:
    answer = ask(preview, "/")
    body = answer.body.decode()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert body.startswith(PAGE.removesuffix("</BODY></html>"))
    assert '<script src="/_kbtool/preview.js?' in body.removesuffix("</BODY></html>")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/billing", "/billing/"),
        ("/billing?q=a%20b", "/billing/?q=a%20b"),
        ("//billing", "/billing/"),
        ("/%2fbilling", "/billing/"),
    ],
)
def test_a_folder_gets_its_slash_on_this_server(preview: Preview, path: str, place: str) -> None:
    answer = ask(preview, path)
    assert (answer.status, answer.headers["Location"]) == (308, place)


def test_what_is_not_there_is_answered_with_the_sites_own_words(preview: Preview) -> None:
    answer = ask(preview, "/nothing/here/")
    body = answer.body.decode()
    assert answer.status == 404
    assert body.startswith("<html><body><p>Nothing here</p><script")


def test_a_site_without_a_page_for_what_is_missing_gets_plain_words(center: Center) -> None:
    (center.content / "404.html").unlink()
    with shown(center) as preview:
        answer = ask(preview, "/%3Cscript%3E")
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_file_has_its_type_and_a_video_can_be_read_in_parts(preview: Preview) -> None:
    picture = ask(preview, "/shape.svg")
    part = ask(preview, "/video.mp4", Range="bytes=10-19")
    whole = ask(preview, "/video.mp4")
    beyond = ask(preview, "/video.mp4", Range="bytes=100-")
    assert picture.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert (part.status, part.headers["Content-Range"], part.body) == (206, "bytes 10-19/100", bytes(range(10, 20)))
    assert (whole.status, whole.headers["Accept-Ranges"], whole.body) == (200, "bytes", bytes(range(100)))
    assert beyond.status == 416


def test_a_head_request_gets_the_headers_alone(preview: Preview) -> None:
    answer = ask(preview, "/video.mp4", "HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "100", b"")
    assert ask(preview, "/_kbtool/events", "HEAD").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_the_preview_can_only_be_read(preview: Preview, method: str) -> None:
    answer = ask(preview, "/", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "localhost:1", "localhost", "", "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}"],
)
@pytest.mark.parametrize("path", ["/", "/_kbtool/events"])
def test_another_host_is_refused(preview: Preview, host: str, path: str) -> None:
    port = preview.url.rsplit(":", 1)[1].rstrip("/")
    assert ask(preview, path, Host=host.format(port=port)).status == 403


@pytest.mark.parametrize("host", ["localhost:{port}", "LOCALHOST:{port}", "127.0.0.1:{port}", "[::1]:{port}"])
def test_every_name_of_this_machine_is_answered(preview: Preview, host: str) -> None:
    port = preview.url.rsplit(":", 1)[1].rstrip("/")
    assert ask(preview, "/", Host=host.format(port=port)).status == 200


def test_an_absolute_address_counts_as_the_host(preview: Preview) -> None:
    assert ask(preview, "http://evil.example/").status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://localhost", "http://localhost:1", ""])
def test_only_the_previews_own_pages_hear_the_news(preview: Preview, origin: str) -> None:
    refused = ask(preview, "/_kbtool/events", Origin=origin or f"{preview.url}x")
    with closing(request(preview, "/_kbtool/events", Origin=preview.url.rstrip("/"))) as heard:
        assert (refused.status, heard.status) == (403, 200)


PRIVATE = "not for everybody"

CLIMBS = [
    "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/billing/../../secret.txt", "/%2e%2e%2fsecret.txt", "/..%5csecret.txt",
    "/billing/..%5c..%5csecret.txt", "/..\\secret.txt", "//secret.txt", "///etc/passwd", "/%2fetc/passwd", "/C:/Windows/win.ini",
    "/c:%5cWindows%5cwin.ini", "/%00", "/index.html%00.png", "/%c0%ae%c0%ae/secret.txt", "/%252e%252e/secret.txt", "/.%2e/secret.txt",
    "/file.txt", "/folder/secret.txt", "/folder/", "/loop", "/%ff%fe", "/" + "a/" * 2000, "/" + "a" * 5000, "/billing/./index.html",
    "/video.mp4/", "/video.mp4/x", "/CON", "/_kbtool/../../secret.txt", "/_kbtool/server.py", "/_kbtool/", "/index.html:stream",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBS)
def test_nothing_outside_the_site_is_served(preview: Preview, path: str) -> None:
    answer = ask(preview, path)
    body = answer.body.decode()
    assert answer.status in {404, 414, 400}
    assert PRIVATE not in body
    assert "root:" not in body


def test_a_link_within_the_site_is_followed(preview: Preview) -> None:
    assert ask(preview, "/same.svg").status == 200


@pytest.mark.skipif(os.name == "nt", reason="rights are told differently there")
def test_a_file_that_cannot_be_read_is_a_plain_answer(center: Center, capfd: pytest.CaptureFixture[str]) -> None:
    with shown(center) as preview:
        (center.site / "shape.svg").unlink()
        os.mkfifo(center.site / "shape.svg")
        (center.site / ("ü" * 100)).write_text("long")
        assert ask(preview, "/shape.svg").status == 404
        assert ask(preview, quote("/" + "ü" * 100)).status == 200
    assert capfd.readouterr() == ("", "")


def test_a_save_is_told_within_a_second_and_the_page_is_new(center: Center) -> None:
    waits = []
    with shown(center) as preview:
        stream = hear(preview)
        versions = [next(stream)["version"]]
        for number in range(3):  # the best of three: the machine may be busy with something else
            start = time.monotonic()
            (center.content / "index.html").write_text(PAGE.replace("Refunds", f"Money back {number}"))
            versions.append(next(stream)["version"])
            waits.append(time.monotonic() - start)
            page = ask(preview, "/").body.decode()
            assert f"Money back {number}" in page
            assert f"preview.js?{versions[-1]}" in page
        assert center.indexed.wait(3)
    assert min(waits) < 1
    assert len(set(versions)) == 4


def test_a_build_that_changes_nothing_reloads_nothing(center: Center) -> None:
    def unchanged() -> Sequence[Problem]:
        return (Problem("a.md", 1, "dead-link", "x"),) if center.builds else center.rebuild()

    lazy = Center(center.root)
    lazy.rebuild = unchanged  # type: ignore[method-assign]
    with shown(lazy) as preview:
        stream = hear(preview)
        first = next(stream)
        (center.content / "note.txt").write_text("a")
        second = next(stream)
    assert second["version"] == first["version"]
    assert second["urgent"]


def test_a_stop_keeps_the_last_good_site_and_is_told(center: Center) -> None:
    with shown(center) as preview:
        stream = hear(preview)
        first = next(stream)
        center.error = Stop(Problem("kbtool.yml", 3, "unknown-key", 'there is no key "titel"', 'did you mean "title"?'))
        (center.content / "index.html").write_text("broken")
        told = next(stream)
        page = ask(preview, "/").body.decode()
        center.error = None
        (center.content / "index.html").write_text("mended")
        mended = next(stream)
    assert "Refunds" in page
    assert (told["version"], told["stopped"], told["urgent"]) == (first["version"], True, True)
    assert told["shown"] == [
        {"text": 'kbtool.yml:3: error: there is no key "titel" [unknown-key]', "hint": 'did you mean "title"?'}
    ]
    assert (mended["stopped"], mended["shown"]) == (False, [])


def test_a_mistake_in_kbtool_is_told_and_the_preview_lives_on(center: Center) -> None:
    with shown(center) as preview:
        stream = hear(preview)
        next(stream)
        center.error = ZeroDivisionError("division by zero")
        (center.content / "index.html").write_text("x")
        told = next(stream)
        assert "ZeroDivisionError" in str(told["shown"])
        assert ask(preview, "/").status == 200


def test_the_terminal_hears_of_each_problem_when_it_comes_up(center: Center) -> None:
    old, new = Problem("a.md", 3, "dead-link", "old"), Problem("b.md", 1, "dead-link", "new", "mend it", "warning")
    center.problems = (old, Problem("c.md", 1, "long", "x", severity="hint"))
    with shown(center) as preview:
        assert center.said[0] == str(old)
        assert preview.url in center.said[1]
        stream = hear(preview)
        next(stream)
        center.problems = (old, new)
        (center.content / "index.html").write_text("x")
        next(stream)
    assert center.said[2:] == [str(new)]


def test_a_site_that_the_index_put_in_place_is_shown_with_the_next_build(center: Center) -> None:
    with shown(center) as preview:
        assert center.indexed.wait(3)
        stream = hear(preview)
        first = next(stream)
        (center.content / "index.html").write_text("saved")
        center.rebuild()
        second = next(stream)
    assert second["version"] != first["version"]


def test_before_there_is_a_site_the_page_says_so_and_waits(center: Center) -> None:
    center.error = Stop(Problem("kbtool.yml", 1, "broken-yaml", "x"))
    with shown(center) as preview:
        answer = ask(preview, "/")
        assert answer.status == 503
        assert "/_kbtool/preview.js?" in answer.body.decode()


def test_the_search_index_is_made_beside_and_its_failure_is_told_with_the_next_build(center: Center) -> None:
    asked = Event()

    def reindex() -> None:
        asked.set()
        raise Stop(Problem("", 0, "search-failed", "no index"))

    center.reindex = reindex  # type: ignore[method-assign]
    with shown(center) as preview:
        assert asked.wait(3)
        stream = hear(preview)
        next(stream)
        (center.content / "index.html").write_text("x")
        assert "no index" in str(next(stream)["shown"])


def test_a_slow_search_index_holds_neither_a_save_nor_the_end(center: Center) -> None:
    begun, release = Event(), Event()

    def reindex() -> None:
        begun.set()
        release.wait(10)

    center.reindex = reindex  # type: ignore[method-assign]
    with shown(center) as preview:
        assert begun.wait(3)
        stream = hear(preview)
        next(stream)
        (center.content / "index.html").write_text("x")
        assert next(stream)["version"]
        start = time.monotonic()
    assert time.monotonic() - start < 1.5
    release.set()


def test_the_end_hangs_up_on_listeners_and_idle_connections_and_frees_the_port(center: Center) -> None:
    with shown(center) as preview:
        port = int(preview.url.rsplit(":", 1)[1].rstrip("/"))
        idle = socket.create_connection(("127.0.0.1", port))
        listening = request(preview, "/_kbtool/events")
        start = time.monotonic()
    assert time.monotonic() - start < 1
    assert listening.read().startswith(b"retry")
    listening.close()
    listen("127.0.0.1", port).close()
    idle.close()


def test_a_taken_port_is_a_problem_and_without_one_the_next_is_taken() -> None:
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        taken, other = first.getsockname()[1], second.getsockname()[1]
        assert taken != other
        with pytest.raises(Stop) as stop:
            listen("127.0.0.1", taken)
    assert stop.value.problems[0].rule == "port-taken"


@pytest.mark.parametrize("host", [str(ipaddress.IPv4Address(0)), "::", "192.168.1.5", "example.com", ""])
def test_only_this_machine_may_reach_the_preview(host: str) -> None:
    with pytest.raises(Stop) as stop:
        listen(host, 0)
    assert stop.value.problems[0].rule == "not-loopback"


def test_the_news_tell_old_errors_from_new_ones() -> None:
    old, new = Problem("a.md", 3, "dead-link", "old"), Problem("b.md", 1, "dead-link", "new")
    channel = Channel("run")

    def told(*problems: Problem, tell: Callable[..., None] = channel.tell) -> tuple[bool, list[str]]:
        tell(problems, changed=True)
        return channel.latest.urgent, [problem.message for problem in channel.latest.problems]

    assert told(old) == (False, ["old"])
    assert told(Problem("a.md", 9, "dead-link", "old"), new) == (True, ["new", "old"])
    assert told(new) == (True, ["new"])
    assert told(old) == (True, ["old"])
    assert told(Problem("c.md", 1, "long", "x", severity="warning")) == (False, [])
