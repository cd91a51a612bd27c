"""`kbtool serve` as a process: its address, its problems, its end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.sites import run_kbtool, write_site

SITE = """
-- content/refund.md --
# Get a refund

Ask us. See [prices](pirces.md).
-- content/prices.md --
# Prices

None.
"""


@pytest.fixture
def center(tmp_path: Path) -> Path:
    """The folder of a help center of two articles, one with a mistake."""
    return write_site(tmp_path, SITE)


@contextmanager
def serving(center: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str, list[str]]]:
    """Run `kbtool serve`; give the process, its address and what it said before. It is ended if the test does not."""
    command = [sys.executable, "-m", "kbtool", "serve", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    with subprocess.Popen(
        command, cwd=center, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            said: list[str] = []
            for line in process.stdout:
                if found := re.search(r"http://\S+/", line):
                    yield process, found[0], said
                    break
                said.append(line)
            else:
                pytest.fail(f"no address: {said}")
        finally:
            if process.poll() is None:
                process.kill()


def fetch(address: str) -> str:
    """Return a page's text."""
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - an address of our own
        text: str = answer.read().decode()
        return text


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_shows_the_site_and_ends_cleanly(center: Path, how: signal.Signals) -> None:
    with serving(center, "--port", "0") as (process, address, said):
        assert re.match(r'content/refund\.md:3: error: .*"pirces\.md".* \[dead-link\]\n', said[0])
        assert "Get a refund" in fetch(f"{address}refund/")
        assert not (center / "site").exists(), "the published site stays as it was"
        start = time.monotonic()
        process.send_signal(how)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - start < 3
        assert (process.returncode, out, err) == (0, "", "")
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])))


def test_without_a_port_the_next_free_one_is_taken(center: Path) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # whoever has it then, the first port is taken
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        with serving(center) as (_, address, _):
            assert re.fullmatch(r"http://127\.0\.0\.1:80(0[1-9]|[1-9]\d)/", address)
            assert "Prices" in fetch(f"{address}prices/")


def test_a_port_that_is_taken_is_told(center: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = run_kbtool("serve", "--port", str(taken.getsockname()[1]), cwd=center)
    assert run.code != 0
    assert "[port-taken]" in run.err


def test_a_host_that_others_reach_is_refused(center: Path) -> None:
    run = run_kbtool("serve", "--host", "192.0.2.1", cwd=center)
    assert run.code != 0
    assert "[not-loopback]" in run.err


def test_a_broken_configuration_is_told_before_anything_is_shown(center: Path) -> None:
    (center / "kbtool.yml").write_text("titel: Help\n")
    run = run_kbtool("serve", "--port", "0", cwd=center)
    assert run.code == 2
    assert 'did you mean "title"?' in run.err
