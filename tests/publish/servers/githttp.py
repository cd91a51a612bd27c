"""git's own http-backend behind nginx, on loopback, with and without TLS."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.publish.servers.ceph import free_ports, stop, wait_for

TOKEN = "kbtool-test-git-token-0123"  # noqa: S105 - of a server that lives for a test
SETTINGS = """
user {user};
pid {work}/pid;
error_log {work}/error.log;
daemon off;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {work}/body; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{tls} ssl;
    ssl_certificate {work}/certificate; ssl_certificate_key {work}/key;
    client_max_body_size 0;
    location / {{
      auth_basic "git"; auth_basic_user_file {work}/users;
      fastcgi_pass unix:{socket};
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {folder};
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param PATH_INFO $uri;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class GitServer:
    """A running server."""

    plain: int
    """Its port for HTTP."""
    tls: int
    """Its port for HTTPS."""
    certificate: Path
    key: Path


@contextmanager
def git_server(folder: Path, work: Path) -> Iterator[GitServer]:
    """Give a server of all repositories in the folder; it ends with the block. Skips the test when there is none on this machine."""
    programs = {name: shutil.which(name) or shutil.which(name, path="/usr/sbin") for name in ("nginx", "fcgiwrap", "openssl")}
    missing = [name for name, place in programs.items() if not place]
    if missing:
        pytest.skip(f"no {missing[0]} here")
    nginx, fcgiwrap, openssl = map(str, programs.values())
    home = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    certificate, key = work / "certificate", work / "key"
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*make, *names], capture_output=True, check=True)
    (work / "users").write_text(f"token:{{PLAIN}}{TOKEN}\n")
    plain, tls = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="kb") as short:  # a socket's path must be short
        settings = work / "nginx.conf"
        places = {"work": work, "folder": folder, "socket": f"{short}/s", "backend": f"{home}/git-http-backend"}
        settings.write_text(SETTINGS.format(user=folder.owner(), plain=plain, tls=tls, **places))
        processes = [
            subprocess.Popen([fcgiwrap, "-s", f"unix:{short}/s"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
            subprocess.Popen([nginx, "-c", str(settings), "-e", str(work / "error.log")], stdin=subprocess.DEVNULL),
        ]
        try:
            wait_for(f"http://127.0.0.1:{plain}/", processes, 20)
            yield GitServer(plain, tls, certificate, key)
        finally:
            stop(processes, signal.SIGTERM)
