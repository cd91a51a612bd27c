"""nginx as a WebDAV server, on loopback."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.publish.servers.ceph import free_ports, stop, wait_for

MODULES = Path("/usr/lib/nginx/modules")
SETTINGS = """
load_module {modules}/ngx_http_dav_ext_module.so;
user {user};
pid {work}/pid;
error_log {work}/error.log;
daemon off;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {work}/body; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    client_max_body_size 100m;
    location / {{
      auth_basic "help"; auth_basic_user_file {work}/users;
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS;
      dav_access user:rw group:r all:r;
      create_full_put_path off;
    }}
  }}
}}
"""
USER, PASSWORD = "writer", "kbtool-test-password-0123"


@contextmanager
def dav_server(folder: Path, work: Path) -> Iterator[int]:
    """Give the port of a server of the folder; it ends with the block. Skips the test when there is none on this machine."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx or not (MODULES / "ngx_http_dav_ext_module.so").is_file():
        pytest.skip("no nginx with WebDAV here")
    port = free_ports(1)[0]
    work.mkdir(parents=True, exist_ok=True)
    (work / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    settings = work / "nginx.conf"
    settings.write_text(SETTINGS.format(modules=MODULES, user=folder.owner(), work=work, folder=folder, port=port))
    process = subprocess.Popen([nginx, "-c", str(settings), "-e", str(work / "error.log")], stdin=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", [process], 20)
        yield port
    finally:
        stop([process], signal.SIGTERM)
