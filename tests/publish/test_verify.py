"""What the world sees is held against what was sent."""

import http.server
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import unquote

import pytest

from kbtool.publish import verify
from kbtool.publish.plan import PublishPlan, plan_publish
from kbtool.publish.remote import Remote
from kbtool.publish.snapshot import take_snapshot
from kbtool.publish.verify import Verified, read_redirects, verify_site
from tests.publish.contract import SITE, Time, write_built
from tests.sites import served


def plan_of(site: Path) -> PublishPlan:
    return plan_publish(take_snapshot(site, headers=True), Remote({}, None, ""), now=Time().now())


def test_a_site_that_is_served_as_it_was_sent_has_no_problems(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    with served(site, "/help/") as address:
        seen = verify_site(address, plan_of(site), Time().clock, headers=False)
    assert seen.problems == ()
    assert seen.asked == len(SITE) + 1


def change(path: str, content: bytes) -> Callable[[Path], object]:
    return lambda site: (site / path).write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (change("billing/refund/index.html", b"old"), '/help/billing/refund/" is not what was sent'),
        (lambda site: (site / "sitemap.xml").unlink(), '/help/sitemap.xml" answers 404'),
        (lambda site: (site / "kbtool-asks-for-a-page-that-is-not-there").mkdir(), "should not be there, and answers 200"),
    ],
)
def test_what_differs_is_told_after_a_minute(tmp_path: Path, harm: Callable[[Path], object], words: str) -> None:
    site, time = write_built(tmp_path / "site", SITE), Time()
    plan, begun = plan_of(site), time.at
    harm(site)
    with served(site, "/help/") as address:
        seen = verify_site(address, plan, time.clock, headers=False)
    assert [words in problem.message for problem in seen.problems] == [True]
    assert 60 <= (time.at - begun).total_seconds() < 80


def test_other_headers_are_told_where_they_were_sent(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    with served(site) as address:
        problems = verify_site(address, plan_of(site), Time().clock, headers=True).problems
    assert len(problems) == len(SITE)
    assert "is served as" in problems[0].message


def test_a_host_that_is_not_there_is_told(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", SITE)
    problems = verify_site("http://127.0.0.1:9/", plan_of(site), Time().clock, headers=False).problems
    assert "cannot be read" in problems[0].message


def test_so_many_pages_are_asked_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_CHANGED", 50)
    site = write_built(tmp_path / "site", {**SITE, **{f"a{number}/index.html": b"x" for number in range(150)}})
    with served(site) as address:
        seen = verify_site(address, plan_of(site), Time().clock, headers=False)
    assert 50 < seen.asked < 50 + 40
    assert seen.problems == ()


MOVED = {
    "/help/old/": "/help/billing/refund/#steps",
    "/help/was.html": "/help/billing/pay/",
    "/help/%C3%BCber": "/help/billing/card/",
}
"""Old paths of the site, and where they must lead."""


def stub(to: str) -> bytes:
    """Return a page that leads on."""
    return f'<!doctype html><meta http-equiv="refresh" content="0; url={to}">'.encode()


MOVED_SITE = {
    **SITE,
    "old/index.html": stub("../billing/refund/#steps"),
    "was.html": stub("billing/pay/"),
    "über/index.html": stub("../billing/card/"),
    "_redirects": "".join(f"{old} {new} 301\n" for old, new in MOVED.items()).encode(),
}


class Host(http.server.BaseHTTPRequestHandler):
    """Redirects before it looks for a file, as Cloudflare Pages does."""

    moves: ClassVar[dict[str, str]] = {}
    site: ClassVar[Path] = Path()

    def do_GET(self) -> None:
        """Answer."""
        file = self.site / unquote(self.path.removeprefix("/help/"))
        file = file / "index.html" if self.path.endswith("/") else file
        to, content = self.moves.get(self.path), file.read_bytes() if file.is_file() else b""
        self.send_response(301 if to else 200 if file.is_file() else 404)
        if to:
            self.send_header("Location", to)
        self.end_headers()
        self.wfile.write(b"" if to else content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def redirecting(site: Path, moves: Mapping[str, str]) -> Iterator[str]:
    """Serve the site at a host with these redirects."""
    handler = type("Told", (Host,), {"moves": dict(moves), "site": site})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/help/"
        finally:
            server.shutdown()
            thread.join()


def seen_of(site: Path, address: str) -> Verified:
    return verify_site(address, plan_of(site), Time().clock, headers=False, redirects=read_redirects(site))


def test_old_urls_lead_to_their_pages_where_pages_lead_on(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", MOVED_SITE)
    assert read_redirects(site) == MOVED
    with served(site, "/help/") as address:
        seen = seen_of(site, address)
    assert seen.problems == ()
    assert seen.asked == len(SITE) + len(MOVED) + 1


def test_old_urls_lead_to_their_pages_where_the_host_redirects(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", MOVED_SITE)
    with redirecting(site, MOVED) as address:
        assert seen_of(site, address).problems == ()


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ({"/help/old/": "/help/billing/pay/"}, 'refund/#steps", and leads to "http://127.0.0.1:{port}/help/billing/pay/"'),
        ({"/help/old/": "https://elsewhere.example/x"}, 'refund/#steps", and leads to "https://elsewhere.example/x"'),
        ({"/help/old/": "/help/old/"}, 'refund/#steps", and leads to itself'),
        ({"/help/was.html": "/help/gone/"}, 'billing/pay/", and leads to "http://127.0.0.1:{port}/help/gone/"'),
    ],
)
def test_an_old_url_that_leads_elsewhere_is_told(tmp_path: Path, moves: dict[str, str], words: str) -> None:
    site = write_built(tmp_path / "site", MOVED_SITE)
    with redirecting(site, {**MOVED, **moves}) as address:
        problems = seen_of(site, address).problems
    assert len(problems) == 1
    assert words.replace("{port}", address.split(":")[2].split("/")[0]) in problems[0].message


def test_an_old_url_that_is_lost_is_told(tmp_path: Path) -> None:
    site = write_built(tmp_path / "site", MOVED_SITE)
    plan, redirects = plan_of(site), read_redirects(site)
    shutil.rmtree(site / "old")
    with served(site, "/help/") as address:
        problems = verify_site(address, plan, Time().clock, headers=False, redirects=redirects).problems
    assert [problem.message for problem in problems] == [
        f'"{address}old/" should lead to "{address}billing/refund/#steps", and answers 404'
    ]
