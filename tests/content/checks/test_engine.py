"""`check_content`: levels, files that turn a rule off, what is kept between runs, rules that fail, unsaved files."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtool.content import workers
from kbtool.content.article import Order
from kbtool.content.checks import rules as listed
from kbtool.content.checks.records import ArticleRule, Finding, LibraryRule, Manuscript, Placed, Shelf
from kbtool.content.workers import Outcome, Table
from kbtool.problems import Stop
from tests.content.checks.checking import checked, found, told
from tests.sites import run_kbtool, write_site

FAULTS = "# A\n\n## B\n\nThe fee is TBD.\n"
GERMAN = """\
# Ein Paket zurückschicken

Sie können das Paket innerhalb von 14 Tagen zurückschicken, wenn es Ihnen nicht gefällt und Sie die Rechnung noch haben.

1. Öffnen Sie die Seite, auf der alle Ihre Bestellungen mit dem Datum stehen, and then select the parcel.
2. Drucken Sie das Etikett mit der SEPA, und kleben Sie es auf das Paket, on the right. Es kostet nichts.
"""


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("checks: {answer-first: error}", ["a/one.md:3 error", "a/one.md:5 error"]),
        ("checks: {answer-first: off, placeholder: hint}", ["a/one.md:5 hint"]),
        ("checks: {answer-first: off}\ntopics: {a: {checks: {answer-first: hint, placeholder: off}}}", ["a/one.md:3 hint"]),
        ("topics: {a: {checks: {placeholder: warning}}}", ["a/one.md:3 warning", "a/one.md:5 warning"]),
        ("topics: {b: {checks: {placeholder: off}}}", ["a/one.md:3 warning", "a/one.md:5 error"]),
    ],
)
def test_levels_are_those_of_kbtool_yml_the_nearest_first(tmp_path: Path, config: str, expected: list[str]) -> None:
    site = f"-- kbtool.yml --\n{config}\n-- content/a/one.md --\n{FAULTS}-- content/b/two.md --\n# C\n\nText.\n"
    assert told(tmp_path, site, "answer-first", "placeholder") == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("<!-- kbtool: off placeholder -->", ["one.md:3 warning"]),
        ("<!--kbtool:off placeholder, answer-first-->", []),
        ("Text. <!-- kbtool: off answer-first --> Text.", ["one.md:5 error"]),
        ("```\n<!-- kbtool: off placeholder -->\n```", ["one.md:3 warning", "one.md:5 error"]),
        ("`<!-- kbtool: off placeholder -->`", ["one.md:3 warning", "one.md:5 error"]),
    ],
)
def test_a_file_turns_rules_off_for_itself(tmp_path: Path, comment: str, expected: list[str]) -> None:
    assert told(tmp_path, f"{FAULTS}\n{comment}\n", "answer-first", "placeholder") == expected


def test_a_file_turns_off_what_reading_it_tells(tmp_path: Path) -> None:
    assert told(tmp_path, "# A\n\n[B](b.md)\n\n<!-- kbtool: off dead-link -->\n", "dead-link") == []


def test_a_rule_that_is_not_there_is_told_wherever_it_is_named(tmp_path: Path) -> None:
    site = "-- kbtool.yml --\nchecks: {placeholders: off}\n-- content/one.md --\n# A\n\n<!-- kbtool: off dead-links -->\n"
    problems = found(tmp_path, site, "unknown-rule")
    assert [(problem.path, problem.hint) for problem in problems] == [
        ("content/one.md", 'did you mean "dead-link"?'),
        ("kbtool.yml", 'did you mean "placeholder"?'),
    ]
    with pytest.raises(Stop) as stop:
        checked(tmp_path, site, "titel")
    assert stop.value.problems[0].hint.startswith('did you mean "title"?; ')


def test_english_rules_are_silent_on_a_german_article_and_say_so_once(tmp_path: Path) -> None:
    site = f"-- content/one.md --\n{GERMAN}-- content/two.md --\n{GERMAN.replace('Ein Paket', 'Zwei Pakete')}"
    problems = found(tmp_path, site)
    assert {problem.rule for problem in problems} <= {"review", "duplicate", "unspoken-language"}
    (skipped,) = [problem for problem in problems if problem.rule == "unspoken-language"]
    assert '2 articles in "de"' in skipped.message


def test_an_english_article_in_a_german_help_center_is_judged(tmp_path: Path) -> None:
    english = "# Pay\n\nYou can pay with the card that you have in your account, and you will see it on the bill. Click [here](two.md).\n"
    site = f"-- kbtool.yml --\nlanguage: de\n-- content/one.md --\n{english}-- content/two.md --\n{GERMAN}"
    assert told(tmp_path, site, "vague-link") == ["one.md:3 warning"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that are read and parsed."""
    names: list[str] = []
    whole = workers.read_one

    def watch(order: Order, table: Table) -> Outcome:
        names.append(order.file.path)
        return whole(order, table)

    monkeypatch.setattr(workers, "read_one", watch)
    return names


def _age(folder: Path) -> None:
    """Let the files be older than the clock's tick."""
    for file in folder.rglob("*.md"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def test_a_second_run_reads_only_what_changed(tmp_path: Path, read: list[str]) -> None:
    write_site(tmp_path, f"-- content/one.md --\n{FAULTS}-- content/two.md --\n# C\n\nText.\n")
    _age(tmp_path)
    first = checked(tmp_path, "").problems
    read.clear()
    assert checked(tmp_path, "").problems == first
    assert read == []
    (tmp_path / "content/two.md").write_text("# C\n\nThe fee is TBD.\n")
    assert [problem.path for problem in checked(tmp_path, "", "placeholder").problems] == ["content/one.md", "content/two.md"]
    assert read == ["two.md"]


def test_new_terms_judge_every_article_anew(tmp_path: Path, read: list[str]) -> None:
    write_site(tmp_path, "-- content/one.md --\n# A\n\nLog in.\n")
    assert told(tmp_path, "-- terms.yml --\n", "terms") == []
    read.clear()
    assert told(tmp_path, "-- terms.yml --\nterms: [{say: sign in, avoid: [log in]}]\n", "terms") == ["one.md:3 warning"]
    assert read == ["one.md"]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"one.md": 3}', b"\xff\x00"])
def test_damaged_memory_costs_time_only(tmp_path: Path, damage: bytes) -> None:
    first = found(tmp_path, FAULTS)
    (tmp_path / ".kbtool/checks.json").write_bytes(damage)
    assert found(tmp_path, FAULTS) == first


def _fails(manuscript: Manuscript) -> Iterator[Finding]:
    yield Finding(1, "seen")
    if "TBD" in manuscript.source:
        raise KeyError("no such\nthing")


def _fails_on_all(shelf: Shelf) -> Iterator[Placed]:
    raise ZeroDivisionError(len(shelf.library.articles))


@pytest.fixture
def injected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that brings two rules, which fail."""
    brought = (ArticleRule("fragile", "warning", _fails), LibraryRule("broken", "warning", _fails_on_all))
    caches = (listed.all_rules, listed.article_rules, listed.library_rules)
    monkeypatch.setattr(listed, "all_of", lambda _group: (lambda: brought,))
    for kept in caches:
        kept.cache_clear()
    yield
    for kept in caches:
        kept.cache_clear()


@pytest.mark.usefixtures("injected")
def test_a_rule_that_fails_is_a_problem_of_the_article_and_hides_nothing(tmp_path: Path) -> None:
    site = f"-- content/one.md --\n{FAULTS}-- content/two.md --\n# C\n\nText.\n"
    problems = found(tmp_path, site, "fragile", "placeholder", "internal-error")
    assert [(problem.path, problem.rule) for problem in problems] == [
        ("", "internal-error"),
        ("content/one.md", "internal-error"),
        ("content/one.md", "fragile"),
        ("content/one.md", "placeholder"),
        ("content/two.md", "fragile"),
    ]
    assert 'the rule "fragile" failed: KeyError in test_engine.py' in problems[1].message
    assert "this is a bug in kbtool" in problems[1].hint
    assert "\n" not in problems[1].message


@pytest.mark.usefixtures("injected")
def test_a_package_that_cannot_bring_its_rules_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "all_of", lambda _group: (int.mro,))
    with pytest.raises(Stop) as stop:
        found(tmp_path, FAULTS)
    assert stop.value.problems[0].rule == "broken-extension"


def test_of_an_archived_article_only_what_must_not_be_public_is_told(tmp_path: Path) -> None:
    site = "---\ntitle: A\nstatus: archived\n---\n## B\n\nThe fee is TBD.\n"
    assert told(tmp_path, site, "answer-first", "placeholder") == ["one.md:7 error"]


@pytest.mark.parametrize("rules", [(), ("title",)])
def test_a_help_center_without_articles_does_not_pass(tmp_path: Path, rules: tuple[str, ...]) -> None:
    assert [problem.rule for problem in found(tmp_path, "-- content/index.md --\n# Home\n", *rules)] == ["no-articles"]


def test_an_unsaved_file_is_judged_as_it_is_in_the_editor(tmp_path: Path) -> None:
    write_site(tmp_path, "-- content/one.md --\n# A\n\nText.\n-- content/two.md --\n# B\n\nThe fee is TBD.\n\n## Fees\n\nText.\n")
    checked(tmp_path, "")
    before = _contents(tmp_path)
    text = b"# A\n\nThe fee is TODO. [Fees](two.md#fees), [rates](two.md#rates)\n"
    unsaved = {Path("content/one.md"): text}
    assert told(tmp_path, "", "placeholder", "dead-anchor", unsaved=unsaved, here=tmp_path) == [
        "one.md:3 error",
        "one.md:3 error",
    ]
    assert told(tmp_path, "", "placeholder", unsaved={Path("content/new.md"): text}, here=tmp_path) == ["new.md:3 error"]
    assert _contents(tmp_path) == before


def _contents(folder: Path) -> dict[Path, bytes]:
    """Return what is kept; when an article was last looked at may change."""
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.suffix != ".sqlite"}


def test_an_unsaved_file_costs_no_look_at_the_others(tmp_path: Path, read: list[str]) -> None:
    write_site(tmp_path, "-- content/one.md --\n# A\n\nText.\n-- content/two.md --\n# B\n\nText.\n")
    _age(tmp_path)
    run_kbtool("build", "--no-search", cwd=tmp_path)
    assert told(tmp_path, "", "placeholder", unsaved={Path("content/one.md"): b"# A\n\nTODO\n"}, here=tmp_path) == [
        "one.md:3 error"
    ]
    assert read == ["one.md"]


@pytest.mark.parametrize("path", ["kbtool.yml", "content/menu.png", "../one.md", "content"])
def test_an_unsaved_file_must_be_an_article(tmp_path: Path, path: str) -> None:
    write_site(tmp_path, "-- content/one.md --\n# A\n")
    with pytest.raises(Stop) as stop:
        checked(tmp_path, "", unsaved={Path(path): b"x"}, here=tmp_path)
    assert stop.value.problems[0].rule == "not-an-article"


def test_only_what_is_below_a_path_is_told_but_all_is_known(tmp_path: Path) -> None:
    site = f"-- content/a/one.md --\n{FAULTS}\n[C](../b/two.md)\n-- content/b/two.md --\n{FAULTS}"
    write_site(tmp_path, site)
    for paths in ((Path("content/a"),), (Path("content/a/one.md"),), (Path("a/one.md"),), (tmp_path / "content/a/one.md",)):
        assert told(tmp_path, "", "placeholder", "dead-link", paths=paths, here=tmp_path) == ["a/one.md:5 error"]
    with pytest.raises(Stop):
        checked(tmp_path, "", paths=(Path("content/c"),), here=tmp_path)


HOSTILE = {
    "empty": b"",
    "not-text": bytes(range(256)) * 4,
    "utf-16": "# A\n\nText.\n".encode("utf-16"),
    "broken-head": b"---\ntitle: [\n---\nText. TODO\n",
    "no-end": b"---\ntitle: A\nText.",
    "deep-list": b"".join(b"  " * depth + b"1. a\n" for depth in range(200)),
    "deep-quote": b"> " * 400 + b"a",
    "one-line": b"word " * 20_000,
    "no-space": b"x" * 100_000,
    "brackets": b"[" * 1_000 + b"]" * 1_000,
    "stars": b"**a " * 2_500,
    "dots": b"a. " * 10_000,
    "slashes": b"1/1/" * 5_000,
    "digits": b"4 " * 10_000,
    "at": b"a@" * 10_000,
    "dashes": b"a-" * 10_000,
    "upper": b"AB " * 10_000,
    "comments": b"<!-- " * 5_000,
    "tags": b"a\n<code>" * 20_000,
    "underlined": b"a\n=======\n\nwords\n\n" * 20_000 + b"x >>>>>>> y",
    "shouts": b"TODO a\n" * 10_000,
    "number": b"99999999999999999999. a\n\n![b](c.png)\n\n1. d\n",
    "null": b"# A\n\n\0TODO\0\n",
    "controls": "# A\n\n\u202etxet\u202c \x1b[31m TODO\n".encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_article_is_too_strange(tmp_path: Path, name: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / f"content/{name}.md").write_bytes(HOSTILE[name])
    start = time.process_time()
    result = checked(tmp_path, "-- content/one.md --\n# A\n\nText.\n")
    assert time.process_time() - start < 10
    assert "internal-error" not in {problem.rule for problem in result.problems}
    assert result.articles >= 1
