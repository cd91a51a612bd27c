"""The files that hosts read: the same redirects and headers in each host's own form, and real servers that obey them."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from kbtool.site.hosts import security_headers
from tests.site.sited import Built, build
from tests.sites import build as build_site
from tests.sites import write_site

CENTER = """
-- kbtool.yml --
title: Help
url: https://help.example.org
hosts: [netlify, cloudflare, apache, nginx, s3, github]
redirects: {old/a.html: b/}
-- content/b.md --
---
title: B
aliases: [was (here) $1, ü/x]
---
Words.
"""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path, CENTER)


def test_without_hosts_nothing_is_written(tmp_path: Path) -> None:
    files = build(tmp_path, "-- content/a.md --\n# A\n").files
    assert not {"_headers", ".htaccess", "nginx.conf", "s3-website.json", ".nojekyll", "CNAME"} & files.keys()


def test_the_policy_is_that_of_the_pages(built: Built) -> None:
    policy = security_headers(built.page("b/"))["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert policy.endswith("; frame-ancestors 'self'")
    assert f"  Content-Security-Policy: {policy}\n" in built.files["_headers"]
    assert json.loads(built.files["cloudfront-headers.json"])["SecurityHeadersConfig"]["ContentSecurityPolicy"][
        "ContentSecurityPolicy"
    ] == policy  # fmt: skip


def test_an_overridden_policy_is_the_hosts_too(tmp_path: Path) -> None:
    own = '-- overrides/templates/policy.html --\n<meta http-equiv="Content-Security-Policy" content="default-src https:">\n'
    assert (
        "  Content-Security-Policy: default-src https:; frame-ancestors 'self'\n"
        in build(tmp_path, CENTER + own).files["_headers"]
    )


def test_what_is_hashed_may_be_kept_for_ever(built: Built) -> None:
    assert "\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n" in built.files["_headers"]


def test_s3_is_told_of_the_dead_end_and_of_redirects(built: Built) -> None:
    website = json.loads(built.files["s3-website.json"])
    assert website["ErrorDocument"] == {"Key": "404.html"}
    rule = {"Condition": {"KeyPrefixEquals": "old/a.html"}, "Redirect": {"HttpRedirectCode": "301", "ReplaceKeyWith": "b/"}}
    assert rule in website["RoutingRules"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://help.example.org", "help.example.org\n"),
        ("https://me.github.io/help", None),
        ("https://me.github.io", None),
        ("", None),
    ],
)
def test_github_learns_the_name_only_of_a_domain_of_ones_own(tmp_path: Path, url: str, name: str | None) -> None:
    files = build(tmp_path, f"-- kbtool.yml --\nurl: {json.dumps(url)}\nhosts: [github]\n-- content/a.md --\n# A\n").files
    assert files[".nojekyll"] == ""
    assert files.get("CNAME") == name


def test_an_unknown_host_is_told(tmp_path: Path) -> None:
    from tests.sites import run_kbtool  # noqa: PLC0415

    write_site(tmp_path, "-- kbtool.yml --\nhosts: [netlfy]\n-- content/a.md --\n# A\n")
    run = run_kbtool("build", cwd=tmp_path)
    assert run.code == 2
    assert 'did you mean "netlify"?' in run.err


APACHE = """
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {work}/pid
ErrorLog {work}/error.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
User nobody
Group nogroup
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /dev/null
AddType text/html .html
AddType text/javascript .js
DocumentRoot {site}
DirectoryIndex index.html
<Directory {site}>
  AllowOverride FileInfo
  Require all granted
</Directory>
"""

NGINX = """
pid {work}/pid;
error_log {work}/error.log;
daemon off;
events {{ }}
http {{
  types {{ text/html html; text/javascript js; }}
  access_log off;
  client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work}; uwsgi_temp_path {work}; scgi_temp_path {work};
  server {{ listen 127.0.0.1:{port}; root {site}; include {site}/nginx.conf; }}
}}
"""


@contextmanager
def server(program: str, site: Path, work: Path) -> Iterator[int]:
    """Run the server over the site on a port of its own."""
    place = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if not place:
        pytest.skip(f"no {program} here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = work / "server.conf"
    form = APACHE if program == "apache2" else NGINX
    settings.write_text(form.format(port=port, site=site, work=work, modules="/usr/lib/apache2/modules"))
    arguments = (
        ["-f", str(settings), "-DFOREGROUND"] if program == "apache2" else ["-c", str(settings), "-e", str(work / "error.log")]
    )
    work.chmod(0o777)
    process = subprocess.Popen([place, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, work / "error.log")
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with socket.socket() as door:
            if not door.connect_ex(("127.0.0.1", port)):
                return
        assert process.poll() is None, f"{process.communicate()[0].decode()}\n{log.read_text() if log.is_file() else ''}"
        time.sleep(0.05)


def ask(port: int, path: str) -> HTTPResponse:
    """Return the answer, redirects not followed."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.tools
@pytest.mark.parametrize("program", ["apache2", "nginx"])
def test_a_real_server_does_as_it_is_told(program: str, tmp_path: Path) -> None:
    (tmp_path / "center").mkdir()
    site = build_site(write_site(tmp_path / "center", CENTER), "--no-search")
    (site / "old").mkdir(exist_ok=True)
    (tmp_path / "work").mkdir()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and "pytest" in str(folder):
            folder.chmod(0o755)  # a server that root starts reads as nobody
    script = next((site / "assets").glob("plain.*.js")).name
    with server(program, site, tmp_path / "work") as port:
        page = ask(port, "/b/")
        assert page.status == 200
        assert {name: page.headers[name] for name in security_headers("")} == security_headers(page_of(site))
        assert page.headers["Content-Type"].lower() == "text/html; charset=utf-8"
        assert page.headers["Cache-Control"] is None
        kept = ask(port, f"/assets/{script}")
        assert (kept.status, kept.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert kept.headers["X-Content-Type-Options"] == "nosniff"
        for old in ("/was-here-1/", "/was-here-1", "/%C3%BC/x/", "/old/a.html"):
            moved = ask(port, old)
            assert (moved.status, moved.headers["Location"].rpartition(str(port))[2]) == (301, "/b/"), old
        assert ask(port, "/nowhere/").status == 404
        if program == "nginx":
            assert ask(port, "/nginx.conf").status == 404


def page_of(site: Path) -> str:
    """Return the HTML of the article."""
    return (site / "b" / "index.html").read_text(encoding="utf-8")
