"""Real servers of this machine, each started once by a worker that needs it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.publish.servers.azurite import azurite
from tests.publish.servers.ceph import Gateway, ceph_gateway, missing_programs
from tests.publish.servers.rclone import rclone_gateway


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Ceph's S3 gateway."""
    missing = missing_programs()
    if missing:
        pytest.skip(f'no {missing[0]} here: "make test" installs it where it may')
    with ceph_gateway(tmp_path_factory.mktemp("ceph")) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def weak_s3(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Rclone's S3 server."""
    with rclone_gateway(tool("rclone"), tmp_path_factory.mktemp("rclone")) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def azure(tool: Callable[[str], str], npm_package: Callable[[str], Path]) -> Iterator[Gateway]:
    """Azurite."""
    with azurite(tool("node"), npm_package("azurite")) as gateway:
        yield gateway
