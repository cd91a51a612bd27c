"""A second build makes only what changed, and ends byte for byte where a clean build would."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from kbtool.lastbuild import BuildResult, last_build, recall
from kbtool.pipeline.building import BuildOptions, build_site
from tests.thorough import tries

TODAY = datetime.date(2026, 11, 22)

ARTICLES = {
    "index.md": "---\ntitle: Help\n---\nWelcome.\n",
    "billing/index.md": "# Billing\n\nAll about money.\n",
    "billing/refund.md": "# Get a refund\n\nSee [prices](prices.md#fees).\n\n1. Open **Orders**.\n2. Select **Refund**.\n",
    "billing/prices.md": "---\ntitle: Prices\npinned: true\n---\n\n## Fees\n\nNone.\n",
    "account/faq.md": "---\ntitle: Account questions\n---\n\n## Can I change my name?\n\nYes.\n\n## Where is my bill?\n\n[Here](../billing/refund.md).\n",
    "account/sign-in.md": "# Sign in\n\nWith your address. ![A button](img/button.svg)\n",
    "account/img/button.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>',
}


def start(folder: Path, files: dict[str, str] = ARTICLES) -> Path:
    """Write a help center into the folder; return its configuration."""
    folder.mkdir(exist_ok=True)
    (folder / "kbtool.yml").write_text("title: Help\nurl: https://help.example/en/\n")
    for path, text in files.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "kbtool.yml"


def build(config: Path, *, search: bool = False) -> BuildResult:
    """Build as the command does, one process, the index only when asked for."""
    options = BuildOptions(TODAY, f"{search=}", search="fresh" if search else "none")
    return recall(last_build(config), config, f"{search=}", TODAY) or build_site(config, options)


def bytes_of(site: Path) -> dict[str, bytes]:
    """Return every file of the site."""
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def clean(config: Path, *, search: bool = False) -> dict[str, bytes]:
    """Return what a build in a new folder gives."""
    other = config.parent.with_name("clean")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(config.parent, other, ignore=shutil.ignore_patterns("site", ".kbtool"))
    build(other / "kbtool.yml", search=search)
    return bytes_of(other / "site")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small help center, built."""
    config = start(tmp_path / "center")
    build(config)
    return config


def test_nothing_changed_touches_nothing(config: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (config.parent / "site").rglob("*")}
    assert build(config).written == 0
    (config.parent / ".kbtool" / "site-last.json").unlink()
    assert build(config).written == 0
    assert {file: file.stat().st_mtime_ns for file in (config.parent / "site").rglob("*")} == before


def test_one_changed_article_renders_it_and_what_lists_it(config: Path) -> None:
    site = config.parent / "site"
    before = bytes_of(site)
    (config.parent / "content/billing/refund.md").write_text("# Get your money back\n\nAsk us.\n")
    build(config)
    changed = {path for path, content in bytes_of(site).items() if before.get(path) != content}
    assert {"billing/refund/index.html", "billing/index.html", "a-z/index.html", "sitemap.xml"} <= changed | {"sitemap.xml"}
    assert "account/sign-in/index.html" not in changed
    assert bytes_of(site) == clean(config)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "kbtool.yml").write_text("title: Another name\n"),
        lambda root: shutil.rmtree(root / "content/account"),
        lambda root: (root / "content/billing/refund.md").rename(root / "content/account/refund.md"),
        lambda root: (root / "content/account/img/button.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        ),
        lambda root: (root / "content/account/img/button.svg").unlink(),
        lambda root: (root / "content/billing/prices.md").write_text("---\ntitle: Prices\nstatus: draft\n---\n"),
        lambda root: shutil.rmtree(root / ".kbtool"),
        lambda root: (root / "site/index.html").unlink(),
    ],
    ids=["config", "topic gone", "moved", "image", "image gone", "draft", "cache gone", "output damaged"],
)
def test_after_a_change_the_site_is_that_of_a_clean_build(config: Path, change: Callable[[Path], object]) -> None:
    change(config.parent)
    build(config)
    assert bytes_of(config.parent / "site") == clean(config)


@pytest.mark.parametrize("damage", [b"", b"\0" * 50, b"SQLite format 3\0garbage", b"{}"])
def test_a_damaged_cache_is_made_again(config: Path, damage: bytes) -> None:
    for file in (config.parent / ".kbtool").rglob("*"):
        if file.is_file() and file.name != "lock":
            file.write_bytes(damage)
    build(config)
    assert bytes_of(config.parent / "site") == clean(config)


def test_the_search_index_is_the_same_bytes_each_time(config: Path) -> None:
    build(config, search=True)
    site = bytes_of(config.parent / "site")
    assert any(path.startswith("pagefind/") for path in site)
    assert site == clean(config, search=True)


class Writing(RuleBasedStateMachine):
    """A writer who edits, moves and deletes at random, and builds now and then."""

    paths = st.sampled_from([path for path in ARTICLES if path.endswith(".md")] + ["new.md", "billing/new.md", "deep/er/new.md"])

    def __init__(self) -> None:
        """Start with a folder that no other run has."""
        super().__init__()
        self.root = Writing.folders() / "center"
        self.number = 0

    folders: Callable[[], Path]

    @initialize()
    def begin(self) -> None:
        """Start the help center."""
        build(start(self.root))

    @rule(path=paths, words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60), title=st.booleans())
    def write(self, path: str, words: str, *, title: bool) -> None:
        """Write or rewrite an article."""
        self.number += 1
        file = self.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        head = f"# Title {self.number}\n\n" if title else ""
        file.write_text(f"{head}See [this](/billing/refund.md).\n\n{words}\n", encoding="utf-8")

    @rule(path=paths)
    def delete(self, path: str) -> None:
        """Delete an article, unless it is the last."""
        if len(list((self.root / "content").rglob("*.md"))) > 1:
            (self.root / "content" / path).unlink(missing_ok=True)

    @rule(old=paths, new=paths)
    def move(self, old: str, new: str) -> None:
        """Move an article, over another one perhaps."""
        here, there = self.root / "content" / old, self.root / "content" / new
        if here.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            here.replace(there)

    @precondition(lambda self: self.number % 2)
    @invariant()
    def the_site_is_that_of_a_clean_build(self) -> None:
        """Build, and compare every byte."""
        if any(file.name != "index.md" for file in (self.root / "content").rglob("*.md")):
            build(self.root / "kbtool.yml")
            assert bytes_of(self.root / "site") == clean(self.root / "kbtool.yml")


def test_random_edits_moves_and_deletions(tmp_path_factory: pytest.TempPathFactory) -> None:
    Writing.folders = staticmethod(lambda: tmp_path_factory.mktemp("writing"))
    run_state_machine_as_test(Writing, settings=settings(max_examples=tries(6), stateful_step_count=12, deadline=None))
