"""A bucket of a real server as a bench: what is in it is read back by signed links, as a reader's browser would."""

import http.client
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.store import S3Store

from kbtool.address import parse_address
from kbtool.publish.hosts.objects import ObjectStore
from kbtool.publish.manifest import OWN_FOLDER
from kbtool.publish.storetarget import StoreTarget
from kbtool.publish.target import Clock, Target, open_target
from tests.publish.contract import Time, surroundings
from tests.publish.servers.ceph import Gateway

Refusal = Callable[["BucketBench"], AbstractContextManager[None]]


class BucketBench:
    """A folder in a bucket."""

    def __init__(self, root: Path, url: str, environment: Mapping[str, str], refuse: Refusal) -> None:
        """Keep where it is and how it is made to refuse."""
        self.root = root
        self.url = url
        self.environment = dict(environment)
        self._refuse = refuse

    def target(self, clock: Clock) -> Target:
        """Open it anew."""
        time = Time()
        time.clock = clock
        return open_target(parse_address(self.url), surroundings(self.root, time, self.environment))

    @property
    def store(self) -> ObjectStore:
        """The objects themselves."""
        target = self.target(Time().clock)
        assert isinstance(target, StoreTarget)
        assert isinstance(target.store, ObjectStore)
        return target.store

    def served(self) -> dict[str, bytes]:
        """Return every object but kbtool's own."""
        store = self.store
        paths = [path for path in store.list() if not path.startswith(OWN_FOLDER)]
        if not paths:
            return {}
        links = obstore.sign(store.store, "GET", paths, timedelta(minutes=10))
        with ThreadPoolExecutor(8) as pool:
            fetched = [answer for some in pool.map(fetch_all, batched(links, 100)) for answer in some]
        return dict(zip(paths, (body for _, body in fetched), strict=True))

    def headers(self, path: str) -> tuple[str, str]:
        """Return the headers that a browser gets."""
        ((headers, _),) = fetch_all([obstore.sign(self.store.store, "GET", path, timedelta(minutes=1))])
        return headers["content-type"], headers["cache-control"]

    def put_foreign(self, path: str, content: bytes) -> None:
        """Put an object there."""
        obstore.put(self.store.store, path, content)

    def refused(self) -> AbstractContextManager[None]:
        """Let nobody write."""
        return self._refuse(self)


def fetch_all(links: Sequence[str]) -> list[tuple[dict[str, str], bytes]]:
    """Return the headers and the body behind each link of one server, over one connection."""
    answers = []
    with closing(http.client.HTTPConnection(urlsplit(links[0]).netloc, timeout=30)) as connection:
        for link in links:
            parts = urlsplit(link)
            connection.request("GET", f"{parts.path}?{parts.query}")
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == http.HTTPStatus.OK, (link, answer.status, body)
            answers.append(({name.lower(): value for name, value in answer.getheaders()}, body))
    return answers


def batched(links: Sequence[str], size: int) -> list[Sequence[str]]:
    """Return the links in parts of one size."""
    return [links[at : at + size] for at in range(0, len(links), size)]


@contextmanager
def wrong_key(bench: BucketBench) -> Iterator[None]:
    """Take the right key away: a server that knows no rights knows at least keys."""
    before = dict(bench.environment)
    for name in ("AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_KEY"):
        if name in before:
            bench.environment[name] = "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc="
    yield
    bench.environment.update(before)


def make_bucket(gateway: Gateway, name: str) -> None:
    """Make an empty bucket, by a signed link."""
    environment = gateway.environment
    store = S3Store(
        name,
        endpoint=gateway.endpoint,
        access_key_id=environment["AWS_ACCESS_KEY_ID"],
        secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
        client_options={"allow_http": True},
    )
    parts = urlsplit(obstore.sign(store, "PUT", "", timedelta(minutes=1)))
    with closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.request("PUT", f"{parts.path}?{parts.query}")
        assert connection.getresponse().status == http.HTTPStatus.OK
