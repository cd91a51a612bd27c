"""What readers see while every page and every hashed file of 2,000 is replaced, on a real S3 server at 50 ms."""

import http.client
import random
import uuid
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import obstore
import pytest

from kbtool.address import parse_address
from kbtool.pipeline.sending import SendOptions, publish_built, wall_clock
from kbtool.publish.target import open_target
from tests.publish.contract import Time, surroundings, write_built
from tests.publish.crawl import LINK, whole
from tests.publish.servers.buckets import BucketBench, make_bucket, wrong_key
from tests.publish.servers.ceph import Gateway
from tests.publish.servers.faulty import Weather, proxied
from tests.publish.test_killed import without_stale

pytestmark = pytest.mark.tools


def site_of(version: str, topics: int = 20, articles: int = 49) -> dict[str, bytes]:
    """Return 2,000 files: each article with a picture of its own and scripts shared by its topic, all named after the version.

    Pages come before what they show when sorted by name, so that a lucky order proves nothing.
    """
    digest = f"{random.Random(version).getrandbits(40):010x}"  # noqa: S311 - a name
    files: dict[str, bytes] = {}
    for topic in range(topics):
        style = f"assets/topic{topic}.{digest}.css"
        files[style] = f"{version} {topic}".encode()
        links = "".join(f'<a href="/0{topic}/a{article}/">' for article in range(articles))
        files[f"0{topic}/index.html"] = f'{version}<link href="/{style}">{links}'.encode()
        for article in range(articles):
            picture = f"assets/p{topic}-{article}.{digest}.png"
            files[picture] = f"{version} {topic} {article}".encode() * 500
            head = f'{version}<link href="/{style}"><img src="/{picture}"><a href="/0{topic}/">'
            files[f"0{topic}/a{article}/index.html"] = (head + "words " * 500).encode()
    topics_links = "".join(f'<a href="/0{topic}/">' for topic in range(topics))
    return {**files, "index.html": f"{version}{topics_links}".encode(), "sitemap.xml": version.encode()}


class Reader(Thread):
    """Somebody who loads pages and all that they show, all the time."""

    def __init__(self, bench: BucketBench, pages: list[str], seed: int) -> None:
        """Begin to read."""
        super().__init__(daemon=True)
        self.bench, self.pages, self.over = bench, pages, Event()
        self.random = random.Random(seed)  # noqa: S311 - which page comes next
        self.loads = 0
        self.versions: set[bytes] = set()
        self.missing: list[str] = []
        self.start()

    def run(self) -> None:
        """Read until it is over."""
        store = self.bench.store.store
        with closing(
            http.client.HTTPConnection(urlsplit(self.bench.url.partition("endpoint=")[2]).netloc, timeout=30)
        ) as connection:

            def fetch(path: str) -> bytes:
                link = urlsplit(obstore.sign(store, "GET", path, timedelta(minutes=5)))
                connection.request("GET", f"{link.path}?{link.query}")
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != http.HTTPStatus.OK:
                    self.missing.append(path)
                return body

            while not self.over.is_set():
                page = fetch(self.random.choice(self.pages))
                self.versions.add(page[:3])
                for asset in LINK.findall(page):
                    if b"." in asset:
                        fetch(asset.decode())
                self.loads += 1


def test_no_reader_misses_anything_while_all_of_it_is_replaced(tmp_path: Path, ceph: Gateway) -> None:
    name = f"b{uuid.uuid4().hex}"
    make_bucket(ceph, name)
    bench = BucketBench(tmp_path, f"s3://{name}?endpoint={ceph.endpoint}", ceph.environment, wrong_key)
    old, new = site_of("old"), site_of("new")
    assert len(old) == 2002
    clock = wall_clock()
    publish_built(write_built(tmp_path / "old", old), bench.target(clock), SendOptions(clock=clock))
    readers = [Reader(bench, [path for path in old if path.endswith("index.html")], seed) for seed in range(3)]
    with proxied(ceph.endpoint, Weather(delay=0.05)) as address:
        url = bench.url.replace(ceph.endpoint, address)
        site = write_built(tmp_path / "new", new)
        around = surroundings(tmp_path, Time(), ceph.environment)
        outcome = publish_built(site, open_target(parse_address(url), around), SendOptions(clock=clock))
    for reader in readers:
        reader.over.set()
        reader.join()
    assert outcome.sent == 2002
    assert sum(reader.loads for reader in readers) > 100
    assert set().union(*(reader.versions for reader in readers)) == {b"old", b"new"}
    assert [path for reader in readers for path in reader.missing] == []
    assert whole(bench.served()) == []
    assert without_stale(bench.served()).keys() >= {path for path in new if not path.startswith("assets/")}
    print(f"\n{sum(reader.loads for reader in readers)} page loads, 0 missing, {outcome.seconds:.1f} s")  # noqa: T201 - for the benchmarks
