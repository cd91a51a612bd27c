"""What several tests share: a browser, and the two sites that are built once a run."""

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from tests.sites import ARDUINO, ARDUINO_CONFIG, ROOT, build, copy_center, served

# A run finds what the one before found; other examples each time are for those who look for faults. A slow machine is no fault.
hypothesis.settings.register_profile(
    "kbtool", derandomize="THOROUGH" not in os.environ, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("kbtool")

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


gc.set_threshold(20_000, 20, 50)  # a worker holds half a million objects: looking through them took an eighth of all time


def pytest_collection_finish() -> None:
    """Look no more for garbage among what stays until the end."""
    gc.freeze()


@pytest.fixture(scope="session")
def tools() -> dict[str, str]:
    """Where the programs are that tests/tools/install.py found or installed."""
    file = ROOT / ".tools" / "tools.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


@pytest.fixture(scope="session")
def tool(tools: dict[str, str]) -> Callable[[str], str]:
    """Gives a program's place, or skips the test that needs it."""

    def place(name: str) -> str:
        program = os.environ.get(name.upper()) or tools.get(name) or shutil.which(name)
        if not program:
            pytest.skip(f'no {name} here: "make test" sets it up')
        return program

    return place


@pytest.fixture(scope="session")
def npm_package(tools: dict[str, str]) -> Callable[[str], Path]:
    """Gives the folder of an npm package, or skips the test that needs it."""

    def folder(name: str) -> Path:
        place = ROOT / ".tools" / "node_modules" / name
        if not tools or not place.is_dir():
            pytest.skip(f'the npm package {name} is not here: "make test" sets it up')
        return place

    return folder


@pytest.fixture(scope="session")
def chromium(tool: Callable[[str], str]) -> Iterator[Browser]:
    """One browser for all tests of a worker; each takes a context of its own."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", tool("node"))  # its own needs a library that small machines lack
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tool("chromium"), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def own_center(shared_folder: Path) -> Path:
    """This repository's help center, built in a copy: its folder. Not to be changed."""
    return _once(shared_folder / "own", lambda folder: _built(ROOT / "content", folder, _own_config()))


@pytest.fixture(scope="session")
def arduino_center(shared_folder: Path) -> Path:
    """Arduino's help center, built in a copy: its folder. Not to be changed."""
    if not ARDUINO.is_dir():
        pytest.skip("Arduino's help center is not on this machine")
    return _once(shared_folder / "arduino", lambda folder: _built(ARDUINO, folder, ARDUINO_CONFIG))


@pytest.fixture(scope="session")
def own_site(own_center: Path) -> Path:
    """This repository's help center as a built site."""
    return own_center / "site"


@pytest.fixture(scope="session")
def arduino_site(arduino_center: Path) -> Path:
    """Arduino's help center as a built site."""
    return arduino_center / "site"


@pytest.fixture(scope="session")
def own_address(own_site: Path) -> Iterator[str]:
    """Our own site's address on a server of this run, under its own path."""
    with served(own_site, "/help/") as address:
        yield address


@pytest.fixture(scope="session")
def arduino_address(arduino_site: Path) -> Iterator[str]:
    """Arduino's site's address on a server of this run, under its own path."""
    with served(arduino_site, "/arduino/") as address:
        yield address


def _own_config() -> str:
    return (ROOT / "kbtool.yml").read_text(encoding="utf-8")


def _built(content: Path, folder: Path, config: str) -> None:
    build(copy_center(content, folder, config))


def _once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Let the first worker that needs the folder make it, and the others wait."""
    with FileLock(folder.with_suffix(".lock")):
        if not folder.with_suffix(".made").is_file():
            make(folder)
            folder.with_suffix(".made").touch()
    return folder
