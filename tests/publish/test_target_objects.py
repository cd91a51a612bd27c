"""Object stores as targets: Ceph's S3 gateway, rclone's weak one, Azurite."""

import subprocess
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import obstore
import pytest

from kbtool.publish.manifest import OWN_FOLDER
from tests.publish.contract import Contract
from tests.publish.servers.azurite import make_container
from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.servers.gcs import Bucket, google

pytestmark = pytest.mark.tools


class TestCeph(Contract):
    """The real thing: it checks signatures, digests and If-None-Match."""

    @pytest.fixture
    def bench(self, tmp_path: Path, ceph: Gateway) -> BucketBench:
        name = f"b{uuid.uuid4().hex}"
        make_bucket(ceph, name)

        @contextmanager
        def read_only(_bench: BucketBench) -> Iterator[None]:
            change = ("radosgw-admin", "-c", ceph.config, "user", "modify", "--uid=test")
            subprocess.run([*change, "--op-mask=read"], check=True, capture_output=True)
            yield
            subprocess.run([*change, "--op-mask=read,write,delete"], check=True, capture_output=True)

        return BucketBench(tmp_path, f"s3://{name}/help?endpoint={ceph.endpoint}", ceph.environment, read_only)


class TestWeakS3(Contract):
    """A server that does not refuse a second lock."""

    @pytest.fixture
    def bench(self, tmp_path: Path, weak_s3: Gateway) -> BucketBench:
        name = f"b{uuid.uuid4().hex}"
        make_bucket(weak_s3, name)
        return BucketBench(tmp_path, f"s3://{name}?endpoint={weak_s3.endpoint}", weak_s3.environment, wrong_key)


class TestAzure(Contract):
    """Blobs: their tags are no digests."""

    @pytest.fixture
    def bench(self, tmp_path: Path, azure: Gateway) -> BucketBench:
        name = f"b{uuid.uuid4().hex}"
        make_container(azure.endpoint, name)
        return AzureBench(tmp_path, f"az://{name}/help?endpoint={azure.endpoint}", azure.environment, wrong_key)


class AzureBench(BucketBench):
    """A container, read with the account's key: Azurite does not take signed links to names with a percent sign."""

    def served(self) -> dict[str, bytes]:
        """Return every blob but kbtool's own."""
        store = self.store
        paths = [path for path in store.list() if not path.startswith(OWN_FOLDER)]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(store.get, paths))
        return {path: one.content for path, one in zip(paths, found, strict=True) if one}

    def headers(self, path: str) -> tuple[str, str]:
        """Return the blob's headers."""
        attributes = obstore.get(self.store.store, path).attributes
        return str(attributes["Content-Type"]), str(attributes["Cache-Control"])


class TestGoogle(Contract):
    """A stand-in for Google's documented XML API: nothing that can be had speaks it."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator["GoogleBench"]:
        bucket = Bucket()
        with google(bucket) as gateway:
            yield GoogleBench(tmp_path, f"gs://help.example?endpoint={gateway.endpoint}", gateway.environment, bucket)


class GoogleBench(BucketBench):
    """The stand-in's bucket, looked into from behind."""

    def __init__(self, root: Path, url: str, environment: Mapping[str, str], bucket: Bucket) -> None:
        """Keep the bucket."""
        super().__init__(root, url, environment, wrong_key)
        self.bucket = bucket

    def served(self) -> dict[str, bytes]:
        """Return every object but kbtool's own."""
        return {path: found[0] for path, found in self.bucket.objects.items() if not path.startswith(OWN_FOLDER)}

    def headers(self, path: str) -> tuple[str, str]:
        """Return what was sent."""
        return self.bucket.objects[path][1:]

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Let nobody write."""
        self.bucket.read_only = True
        yield
        self.bucket.read_only = False
