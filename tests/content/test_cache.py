"""kbtool.content.cache: what was read once is not parsed again, and a doubt always is."""

import datetime
import os
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtool.config import HelpCenter, load_config
from kbtool.content import cache, workers
from kbtool.content.article import Order
from kbtool.content.reader import read_content
from kbtool.model import Library
from tests.sites import write_site
from tests.thorough import tries

TODAY = datetime.date(2026, 11, 22)
SITE = """
-- kbtool.yml --
variables: {product: Kit}
-- content/index.md --
# Home
-- content/billing/index.md --
---
title: Bills
---
-- content/billing/a.md --
# A

Text of {{ product }}. [b](b.md)

{{ snippet us }}
-- content/billing/b.md --
# B
-- content/_snippets/us.md --
Call us.
-- content/img/x.svg --
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"></svg>
"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all articles that are parsed from now on."""
    paths: list[str] = []
    whole = workers.read_one

    def watch(order: Order, *arguments: object) -> workers.Outcome:
        paths.append(order.file.path)
        return whole(order, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "read_one", watch)
    return paths


@pytest.fixture
def center(tmp_path: Path) -> HelpCenter:
    """A small help center whose files are older than the cache, so that their times can be trusted."""
    write_site(tmp_path, SITE)
    for file in tmp_path.rglob("*.*"):
        age(file, 10)
    return load_config(tmp_path / "kbtool.yml")


def age(file: Path, seconds: float) -> None:
    """Let the file have been written so long ago."""
    then = time.time() - seconds
    os.utime(file, (then, then))


def read(center: HelpCenter, *, keep: bool = True) -> Library:
    """Read the help center."""
    return read_content(center, cache=center.cache if keep else None, workers=1, today=TODAY)


def told(library: Library) -> list[str]:
    """Return each problem's rule and severity."""
    return [f"{problem.rule} {problem.severity}" for problem in library.problems]


def test_nothing_is_parsed_twice_and_the_library_is_the_same(center: HelpCenter, parsed: list[str]) -> None:
    first = read(center)
    assert sorted(parsed) == ["billing/a.md", "billing/b.md", "billing/index.md", "index.md"]
    parsed.clear()
    assert read(center) == first
    assert parsed == []
    assert read(center, keep=False) == first


def test_a_changed_article_alone_is_parsed(center: HelpCenter, parsed: list[str]) -> None:
    read(center)
    parsed.clear()
    (center.content / "billing" / "b.md").write_text("# B, new", encoding="utf-8")
    library = read(center)
    assert parsed == ["billing/b.md"]
    assert [each.title for each in library.articles] == ["A", "B, new"]


def test_a_change_that_time_and_size_do_not_show_is_seen(center: HelpCenter, parsed: list[str]) -> None:
    file = center.content / "billing" / "b.md"
    file.write_text("# B1", encoding="utf-8")
    moment = file.stat().st_mtime_ns
    read(center)
    file.write_text("# B2", encoding="utf-8")
    os.utime(file, ns=(moment, moment))
    parsed.clear()
    assert read(center).articles[1].title == "B2"
    assert parsed == ["billing/b.md"]


def test_a_file_that_was_only_touched_is_not_parsed(center: HelpCenter, parsed: list[str]) -> None:
    first = read(center)
    parsed.clear()
    (center.content / "billing" / "b.md").touch()
    assert read(center) == first
    assert parsed == []


def test_a_file_in_doubt_is_read_once_more_and_then_trusted(center: HelpCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    file = center.content / "billing" / "b.md"
    file.write_text("# New", encoding="utf-8")
    first = read(center)
    age(file, 60)
    opened: list[Path] = []
    whole = Path.read_bytes

    def watch(path: Path) -> bytes:
        opened.append(path)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", watch)
    assert read(center) == first
    assert file in opened
    opened.clear()
    assert read(center) == first
    assert file not in opened


def test_a_file_put_in_anothers_place_is_seen(center: HelpCenter) -> None:
    file, other = center.content / "billing" / "b.md", center.root / "other.md"
    other.write_text("# C", encoding="utf-8")
    age(other, 10)
    moment = file.stat().st_mtime_ns
    file.write_text("# B", encoding="utf-8")
    os.utime(file, ns=(moment, moment))
    read(center)
    os.utime(other, ns=(moment, moment))
    other.replace(file)
    assert read(center).articles[1].title == "C"


def test_what_shapes_an_article_counts_as_a_change(center: HelpCenter, parsed: list[str]) -> None:
    first = read(center)
    everything = ["billing/a.md", "billing/b.md", "billing/index.md", "index.md"]
    shapes = ({"variables": {"product": "X"}}, {"glossary": {"Text": "words"}}, {"trusted_html": True}, {"language": "de"})
    for shape in shapes:
        parsed.clear()
        other = read(replace(center, config=replace(center.config, **shape)))
        assert sorted(parsed) == everything
        assert {each.digest for each in other.articles}.isdisjoint({each.digest for each in first.articles})


def test_a_snippet_counts_as_a_change(center: HelpCenter) -> None:
    read(center)
    (center.content / "_snippets" / "us.md").write_text("Write to us.", encoding="utf-8")
    assert "Write to us." in read(center).articles[0].html


def test_what_a_topic_says_reaches_its_articles(center: HelpCenter, parsed: list[str]) -> None:
    read(center)
    parsed.clear()
    (center.content / "billing" / "index.md").write_text("---\ntitle: Bills\nowner: ada\n---\n", encoding="utf-8")
    assert [each.meta.owner for each in read(center).articles] == ["ada", "ada"]
    assert "index.md" not in parsed


def test_what_is_gone_is_forgotten(center: HelpCenter) -> None:
    read(center)
    (center.content / "billing" / "b.md").unlink()
    (center.content / "img" / "x.svg").unlink()
    library = read(center)
    assert [each.path for each in library.articles] == ["billing/a.md"]
    with sqlite3.connect(center.cache / "articles.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)
        assert connection.execute("SELECT count(*) FROM images").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "zeros", "other tables"])
def test_a_damaged_cache_is_made_anew_and_said_in_one_line(center: HelpCenter, parsed: list[str], damage: str) -> None:
    first = read(center)
    file = center.cache / "articles.sqlite"
    whole = file.read_bytes()
    spoilt = {
        "text": b"no database" * 500,
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "zeros": whole[:100] + bytes(len(whole) - 100),
    }
    if damage in spoilt:
        file.write_bytes(spoilt[damage])
    else:
        file.unlink()
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE other (x)")
        connection.close()
    parsed.clear()
    library = read(center)
    assert told(library) == ["cache-rebuilt hint"]
    assert replace(library, problems=()) == first
    assert len(parsed) == 4
    assert read(center) == first


def change(center: HelpCenter, command: str, *values: object) -> None:
    """Change the cache behind kbtool's back."""
    with sqlite3.connect(center.cache / "articles.sqlite") as connection:
        connection.execute(command, values)
    connection.close()


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE articles SET payload = CAST(replace(payload, 'Text', 'Evil') AS BLOB) WHERE path = 'billing/a.md'",
        "UPDATE articles SET payload = x'7b7d' WHERE path = 'billing/a.md'",
        "UPDATE articles SET payload = 7 WHERE path = 'billing/a.md'",
        "UPDATE articles SET seen_ns = 'x' WHERE path = 'billing/a.md'",
        "UPDATE articles SET checksum = NULL WHERE path = 'billing/a.md'",
        "UPDATE about SET value = '0'",
        "DELETE FROM about",
        "UPDATE images SET width = 'wide'",
    ],
)
def test_a_value_that_was_changed_is_not_believed(center: HelpCenter, command: str) -> None:
    first = read(center)
    change(center, command)
    library = read(center)
    assert told(library) == ["cache-rebuilt hint"]
    assert replace(library, problems=()) == first


def test_a_cache_that_cannot_be_written_is_done_without(center: HelpCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    library = read(center)
    assert (len(library.articles), told(library)) == (2, ["cache-unusable hint"])


def test_a_file_where_the_cache_should_be_is_done_without(center: HelpCenter) -> None:
    center.cache.write_text("a file", encoding="utf-8")
    library = read(center)
    assert (len(library.articles), told(library)) == (2, ["cache-unusable hint"])


def test_a_cache_in_use_is_left_alone(center: HelpCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_PATIENCE", 0.01)
    first = read(center)
    (center.content / "billing" / "b.md").write_text("# B2", encoding="utf-8")
    connection = sqlite3.connect(center.cache / "articles.sqlite", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    library = read(center)
    connection.execute("ROLLBACK")
    connection.close()
    assert (library.articles[1].title, told(library)) == ("B2", ["cache-unusable hint"])
    (center.content / "billing" / "b.md").write_text("# B\n", encoding="utf-8")
    assert [each.title for each in read(center).articles] == [each.title for each in first.articles]


EDITS = st.lists(
    st.tuples(st.sampled_from(["a.md", "t/index.md", "t/b.md", "t/c.md", "_snippets/us.md"]), st.integers(0, 4)), max_size=6
)


@settings(max_examples=tries(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_after_any_edits_a_warm_library_is_a_cold_one(tmp_path: Path, edits: list[tuple[str, int]]) -> None:
    write_site(tmp_path, "-- content/a.md --\n# A\n\n[b](t/b.md)\n")
    center = load_config(tmp_path / "kbtool.yml")
    for path, version in edits:
        file = center.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if version:
            file.write_text(
                f"---\nowner: o{version}\n---\n# T{version}\n\n[c](/t/c.md)\n\n{{{{ snippet us }}}}\n\n[c](/t/c.md)\n",
                encoding="utf-8",
            )
        else:
            file.unlink(missing_ok=True)
        assert read(center) == read(center, keep=False)
