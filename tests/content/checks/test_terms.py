"""terms.yml: say this, not that, why; case, plurals, exceptions; the glossary; renamed products."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.config import load_config
from kbtool.terms import Term, find_uses, read_terms
from tests.content.checks.checking import found
from tests.sites import build, write_site

TERMS = """\
-- terms.yml --
terms:
  - say: sign in
    avoid: [log in, login]
    why: the button says so
    unless: [log in to the console]
  - say: mobile app
    avoid: [app]
  - say: GitHub
    avoid: [Github]
    case: true
  - say: Parcel Cloud
    was: [Parcel Online]
  - say: two-factor sign-in
    means: You sign in with a password and a code.
"""


def uses(text: str, *terms: Term) -> list[str]:
    return [f"{use.found} -> {use.term.say}" for use in find_uses(text, terms)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please log in.", ["log in -> sign in"]),
        ("Log  in, or\nlog\nin again", ["Log  in -> sign in", "log\nin -> sign in"]),
        ("Two logins", ["logins -> sign in"]),
        ("Each login's owner", ["login's -> sign in"]),
        ("LOGIN", ["LOGIN -> sign in"]),
        ("log in to the console", []),
        ("Sign in with your blogin, or re-login", []),
        ("Look at example.com/login and login@example.com", []),
    ],
)
def test_words_are_found_whole_in_any_case_and_number(text: str, expected: list[str]) -> None:
    assert uses(text, Term("sign in", avoid=("log in", "login"), unless=("log in to the console",))) == expected


def test_the_right_word_may_hold_the_wrong_one() -> None:
    assert uses("The mobile app, the mobile apps and the app", Term("mobile app", avoid=("app",))) == ["app -> mobile app"]


def test_capitals_count_where_the_term_says_so() -> None:
    term = Term("GitHub", avoid=("Github",), case=True)
    assert uses("GitHub, Github, github", term) == ["Github -> GitHub"]


def test_a_word_that_differs_in_capitals_alone_is_found_without_saying_so() -> None:
    assert uses("Github and GitHub", Term("GitHub", avoid=("Github",))) == ["Github -> GitHub"]


def test_signs_in_a_term_mean_themselves() -> None:
    assert uses("a+b (c) axb", Term("x", avoid=("a+b (c)",))) == ["a+b (c) -> x"]


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_words_can_be_looked_for_in_any_text(text: str, words: list[str]) -> None:
    for use in find_uses(text, (Term("right", avoid=tuple(words)),)):
        assert text[use.start : use.start + len(use.found)] == use.found


def test_each_use_is_told_with_its_line_and_the_reason(tmp_path: Path) -> None:
    site = f"{TERMS}-- content/one.md --\n---\ntitle: The login\n---\nText.\nOpen Parcel\nOnline. `login`\n"
    assert [str(problem) for problem in found(tmp_path, site, "terms")] == [
        'content/one.md:2: warning: "login" is to be avoided: say "sign in" [terms]\n    the button says so',
        'content/one.md:5: warning: "Parcel Online" is now called "Parcel Cloud" [terms]\n    write "Parcel Cloud"',
    ]


def test_what_a_term_means_is_shown_to_readers(tmp_path: Path) -> None:
    site = build(write_site(tmp_path, f"{TERMS}-- content/one.md --\n# A\n\nUse the two-factor sign-in.\n"), "--no-search")
    assert "You sign in with a password and a code." in (site / "one/index.html").read_text()


def test_the_glossary_of_kbtool_yml_goes_first(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        "-- kbtool.yml --\nglossary: {CI: ours}\n-- terms.yml --\nterms: [{say: CI, means: theirs}, {say: A, means: b}]\n",
    )
    assert load_config(tmp_path / "kbtool.yml").config.glossary == {"CI": "ours", "A": "b"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("terms:\n  - say: a\n    avoids: [b]\n", 3),
        ("terms:\n  - avoid: [b]\n", 2),
        ("terms: {\n", 2),
        ("- say: a\n", 1),
        ("terms:\n  - {say: a, avoid: [b]}\n  - {say: b, avoid: [a]}\n", 2),
    ],
)
def test_what_is_wrong_with_the_file_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "terms.yml").write_text(text)
    problems = read_terms(tmp_path).problems
    assert problems
    assert {(problem.path, problem.line) for problem in problems[:1]} == {("terms.yml", line)}


def test_a_file_of_bytes_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "terms.yml").write_bytes(b"\xff\xfe\x00\xd8")
    assert read_terms(tmp_path).terms == ()
    assert read_terms(tmp_path).problems
