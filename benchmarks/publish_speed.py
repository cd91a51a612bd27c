"""How long publishing 2,000 files to a real S3 server takes, beside rclone and the AWS command line, in turns.

    .venv/bin/python -m benchmarks.publish_speed --aws PATH --rounds 3
    .venv/bin/python -m benchmarks.publish_speed --files 50000 --only kbtool --rounds 1

The server is Ceph's gateway on loopback, started and ended here (Debian: radosgw ceph-mon ceph-osd ceph-mgr ceph-common).
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import uuid
from collections import defaultdict
from pathlib import Path

from benchmarks.measure import Cost, run
from benchmarks.slow_line import slow_line
from kbtool.places import SITE_MARK
from tests.publish.servers.buckets import make_bucket
from tests.publish.servers.ceph import Gateway, ceph_gateway

TUNED = (
    "--transfers=32",
    "--checkers=32",
    "--fast-list",
    "--checksum",
    "--s3-no-head",
    "--s3-no-check-bucket",
    "--no-update-modtime",
)
"""What rclone's manual advises for many small files on S3."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--aws", default=shutil.which("aws") or "")
    parser.add_argument("--rclone", default=str(Path(sys.executable).with_name("rclone")))
    parser.add_argument("--only", choices=["kbtool", "rclone", "aws"])
    parser.add_argument("--round-trips", type=float, nargs="+", default=[0, 50], help="milliseconds")
    options = parser.parse_args()
    tools = {"kbtool": sys.executable, "rclone": options.rclone, "aws": options.aws}
    tools = {name: path for name, path in tools.items() if path and options.only in (None, name)}
    with tempfile.TemporaryDirectory() as folder, ceph_gateway(Path(folder) / "ceph") as gateway:
        center = make_center(Path(folder) / "center", options.files)
        for round_trip in options.round_trips:
            costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
            with slow_line(gateway.endpoint, round_trip / 1000) as line:
                endpoint = line if round_trip else gateway.endpoint
                for number in range(options.rounds):
                    for name in list(tools) if number % 2 else list(reversed(tools)):
                        measure(name, tools[name], center, gateway, endpoint, costs)
            show(round_trip, tools, costs)


def make_center(folder: Path, files: int) -> Path:
    """Write a built site of so many files, a page and a picture in turns, some 11.5 kB each; return the help center's folder."""
    chance = random.Random(7)  # noqa: S311 - the same site in every run
    site = folder / "site"
    for number in range(files):
        name = f"t{number % 40}/a{number}/index.html" if number % 2 else f"assets/p{number}.{chance.getrandbits(40):010x}.png"
        file = site / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(chance.randbytes(chance.randrange(1000, 22_000 if files <= 5000 else 2_000)))  # noqa: PLR2004 - 50,000 must fit into memory
    (site / "index.html").write_text("home")
    (site / SITE_MARK).write_text("a site")
    (folder / "content").mkdir()
    (folder / "kbtool.yml").write_text("title: Help\n")
    return folder


def measure(  # noqa: PLR0913, PLR0917 - all that a run needs
    name: str, program: str, center: Path, gateway: Gateway, endpoint: str, costs: dict[tuple[str, str], list[Cost]]
) -> None:
    """Publish for the first time, again with nothing changed, and with one page changed."""
    bucket = f"b{uuid.uuid4().hex}"
    make_bucket(gateway, bucket)
    os.environ.update(gateway.environment)
    commands = {
        "kbtool": [program, "-m", "kbtool", "publish", f"s3://{bucket}?endpoint={endpoint}", "--no-build", "--yes"],
        "rclone": [
            *(program, "sync", "site", f":s3,provider=Ceph,env_auth=true,endpoint='{endpoint}':{bucket}"),
            *("--config=/dev/null", "--exclude", SITE_MARK, *TUNED),
        ],
        "aws": [
            *(program, "s3", "sync", "site", f"s3://{bucket}", "--endpoint-url", endpoint),
            *("--delete", "--only-show-errors", "--exclude", SITE_MARK),
        ],
    }
    log = center / "log"
    costs[name, "first"].append(run(commands[name], center, log))
    costs[name, "unchanged"].append(run(commands[name], center, log))
    page = center / "site/t1/a1/index.html"
    page.write_bytes(page.read_bytes() + b".")
    costs[name, "one page"].append(run(commands[name], center, log))


def show(round_trip: float, tools: dict[str, str], costs: dict[tuple[str, str], list[Cost]]) -> None:
    """Print a table of medians, and kbtool's share of each other's time in the same round."""
    print(f"\n{round_trip:.0f} ms round trip\n")
    print("| | first: s | CPU s | memory MB | unchanged: s | one page: s |\n|---|---|---|---|---|---|")
    for name in tools:
        first, again, page = (costs[name, what] for what in ("first", "unchanged", "one page"))
        middle = statistics.median
        print(
            f"| {name} | {middle(one.wall for one in first):.1f} | {middle(one.cpu for one in first):.1f} | "
            f"{max(one.memory for one in first):.0f} | {middle(one.wall for one in again):.2f} | {middle(one.wall for one in page):.2f} |"
        )
    for name in tools.keys() - {"kbtool"} if "kbtool" in tools else ():
        pairs = zip(costs["kbtool", "first"], costs[name, "first"], strict=True)
        shares = [mine.wall / other.wall for mine, other in pairs]
        print(f"kbtool / {name}, first publish: {statistics.median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f})")


if __name__ == "__main__":
    main()
