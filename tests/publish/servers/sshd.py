"""OpenSSH's own server, on loopback, for one user with a key of its own."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.publish.servers.ceph import free_ports, stop

SETTINGS = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
PidFile {folder}/pid
AuthorizedKeysFile {folder}/key.pub
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
PasswordAuthentication no
MaxStartups 100
MaxSessions 100
Subsystem sftp internal-sftp
{more}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and how to reach it."""

    port: int
    user: str
    key: Path
    known_hosts: Path
    command: str
    """An ssh that knows the key and the server."""


@contextmanager
def ssh_server(folder: Path, more: str = "") -> Iterator[Server]:
    """Give a server; it ends with the block. Skips the test when there is none on this machine."""
    sshd = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if not sshd or not shutil.which("ssh"):
        pytest.skip("no OpenSSH server here")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("host_key", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_ports(1)[0]
    (folder / "sshd_config").write_text(SETTINGS.format(port=port, folder=folder, more=more))
    command = [sshd, "-D", "-e", "-f", str(folder / "sshd_config")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
    known = folder / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {(folder / 'host_key.pub').read_text()}")
    try:
        _wait(port, process, folder / "log")
        options = f"-F none -i {folder}/key -oUserKnownHostsFile={known} -oIdentitiesOnly=yes"
        # One connection for all: a new one takes longer than what is tested. A socket's path must be short.
        with tempfile.TemporaryDirectory(prefix="kb") as short:
            shared = f"-oControlMaster=auto -oControlPath={short}/%C -oControlPersist=30"
            yield Server(port, getpass.getuser(), folder / "key", known, f"ssh {options} {shared}")
    finally:
        stop([process])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:

    for _ in range(100):
        with socket.socket() as door:
            if not door.connect_ex(("127.0.0.1", port)):
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
