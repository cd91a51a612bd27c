"""Ceph's S3 gateway, on loopback, from Debian's packages: a monitor, a manager, one store in memory, and the gateway."""

import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

PROGRAMS = ("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool")

KEY, SECRET = "kbtooltestkey", "kbtool-test-secret-0123456789abcdef"

CONFIG = """\
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon}/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = {folder}/rgw/keyring
auth allow insecure global id reclaim = false
run dir = {folder}
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
crash dir = {folder}/crash
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000
mon osd full ratio = 0.99
mon osd nearfull ratio = 0.97
mon osd backfillfull ratio = 0.98
mon data avail crit = 1
mon data avail warn = 1
mon warn on pool no redundancy = false
mon compact on start = false
osd objectstore = memstore
memstore device bytes = 2147483648
osd memory target = 939524096
osd max object name len = 1024
mgr modules path = /usr/share/ceph/mgr
mgr initial modules =
[mon.a]
mon data = {folder}/mon
[mgr.x]
mgr data = {folder}/mgr
[osd.0]
osd data = {folder}/osd
[client.rgw]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw thread pool size = 64
rgw enable usage log = false
rgw enable ops log = false
rgw lifecycle work time = 00:00-00:01
rgw dynamic resharding = false
rgw override bucket index max shards = 1
debug rgw = 0
"""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway."""

    endpoint: str
    environment: dict[str, str]
    """The credentials, as the host's own tools take them."""
    config: str = ""
    """Ceph's configuration, for its own commands."""


def missing_programs() -> list[str]:
    """Return which of Ceph's programs are not on this machine."""
    return [program for program in PROGRAMS if not shutil.which(program)]


@contextmanager
def ceph_gateway(folder: Path) -> Iterator[Gateway]:
    """Give a gateway with one user, who may do everything; it ends with the block."""
    port, mon = free_ports(2)
    fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
    for name in ("mon", "mgr", "osd", "crash", "rgw"):
        (folder / name).mkdir(parents=True)
    config, keys, map_ = (str(folder / name) for name in ("ceph.conf", "rgw/keyring", "monmap"))
    Path(config).write_text(CONFIG.format(fsid=fsid, folder=folder, port=port, mon=mon), encoding="utf-8")
    processes: list[subprocess.Popen[bytes]] = []

    def run(*command: str) -> None:
        answer = subprocess.run([*command, "-c", config], capture_output=True, text=True, check=False, timeout=120)
        assert answer.returncode == 0, f"{command}: {answer.stderr[-2000:]}"

    def start(*command: str) -> None:
        with (folder / f"{command[0]}.out").open("wb") as log:
            processes.append(subprocess.Popen([*command, "-c", config], stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    for name in ("mon.", "mgr.x", "osd.0", "client.admin", "client.rgw"):
        rights = [word for kind in ("mon", "osd", "mgr") for word in ("--cap", kind, "allow *")]
        new = () if Path(keys).exists() else ("--create-keyring",)
        run("ceph-authtool", keys, *new, "--gen-key", "-n", name, *rights)
    try:
        run("monmaptool", "--create", "--clobber", "--addv", "a", f"[v2:127.0.0.1:{mon}]", "--fsid", fsid, map_)
        run("ceph-mon", "--mkfs", "-i", "a", "--monmap", map_, "--keyring", keys)
        start("ceph-mon", "-f", "-i", "a")
        start("ceph-mgr", "-f", "-i", "x")
        run("ceph", "osd", "new", osd)
        run("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", osd)
        start("ceph-osd", "-f", "-i", "0")
        run("radosgw-admin", "user", "create", "--uid=test", "--display-name=test", f"--access-key={KEY}", f"--secret={SECRET}")
        start("radosgw", "-f", "-n", "client.rgw")
        wait_for(f"http://127.0.0.1:{port}/", processes)
        credentials = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
        yield Gateway(f"http://127.0.0.1:{port}", credentials, config)
    finally:
        stop(processes)


def stop(processes: list[subprocess.Popen[bytes]], how: signal.Signals = signal.SIGKILL) -> None:
    """End the processes, the last started first. A program with processes of its own needs SIGTERM, or they live on."""
    for process in reversed(processes):
        process.send_signal(how)
    for process in processes:
        process.wait(30)


def wait_for(address: str, processes: list[subprocess.Popen[bytes]], patience: float = 90) -> None:
    """Return when a server answers. Fails when it does not, or when one of the processes ends."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        dead = [process.args for process in processes if process.poll() is not None]
        assert not dead, f"ended at once: {dead}"
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 - loopback
        except HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} does not answer")


def free_ports(number: int) -> list[int]:
    """Return ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
