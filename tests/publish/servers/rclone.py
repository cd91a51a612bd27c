"""rclone's own S3 server, on loopback: a weak one, which does not refuse a second lock."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.publish.servers.ceph import Gateway, free_ports, stop, wait_for

KEY, SECRET = "weak-test-key", "weak-test-secret-0123456789"


@contextmanager
def rclone_gateway(rclone: str, folder: Path) -> Iterator[Gateway]:
    """Give a gateway to a folder, whose folders are its buckets; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_ports(1)[0]
    command = [rclone, "serve", "s3", str(folder), f"--addr=127.0.0.1:{port}", f"--auth-key={KEY},{SECRET}", "--config=/dev/null"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", [process], 20)
        yield Gateway(
            f"http://127.0.0.1:{port}", {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
        )
    finally:
        stop([process])
