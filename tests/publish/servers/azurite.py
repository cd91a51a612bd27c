"""Azurite, Microsoft's own stand-in for Azure's blobs, on loopback."""

import base64
import hashlib
import hmac
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from urllib.request import Request, urlopen

from tests.publish.servers.ceph import Gateway, free_ports, stop, wait_for

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's account and key are the same everywhere and written in its manual."""


@contextmanager
def azurite(node: str, package: Path) -> Iterator[Gateway]:
    """Give a blob service that forgets everything at the end of the block."""
    port = free_ports(1)[0]
    main = package / "dist" / "src" / "blob" / "main.js"
    options = ("--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence", "--disableTelemetry", "--silent")
    process = subprocess.Popen(
        [node, str(main), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=package.parent.parent
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", [process], 60)
        environment = {"AZURE_STORAGE_ACCOUNT": ACCOUNT, "AZURE_STORAGE_KEY": KEY}
        yield Gateway(f"http://127.0.0.1:{port}/{ACCOUNT}", environment)
    finally:
        stop([process])


def make_container(endpoint: str, name: str) -> None:
    """Make an empty container, with a request signed as Microsoft's manual says ("Authorize with Shared Key")."""
    date, version = formatdate(usegmt=True), "2021-08-06"
    headers = f"x-ms-date:{date}\nx-ms-version:{version}"
    text = f"PUT{chr(10) * 12}{headers}\n/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
    signature = base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()
    asked = {
        "x-ms-date": date,
        "x-ms-version": version,
        "Authorization": f"SharedKey {ACCOUNT}:{signature}",
        "Content-Length": "0",
    }
    urlopen(Request(f"{endpoint}/{name}?restype=container", method="PUT", headers=asked), timeout=30).close()  # noqa: S310 - loopback
