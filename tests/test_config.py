"""kbtool.config: kbtool.yml is checked whole before anything is done with it."""

from pathlib import Path

import pytest

from kbtool.config import HelpCenter, load_config
from kbtool.places import find_config
from kbtool.problems import Stop
from kbtool.settings import NavLink


def load(folder: Path, text: str) -> HelpCenter:
    """Write the text as kbtool.yml and load it."""
    file = folder / "kbtool.yml"
    file.write_text(text, encoding="utf-8")
    return load_config(file)


def faults(folder: Path, text: str) -> list[str]:
    """Return each problem's line and rule of a configuration that cannot be used."""
    with pytest.raises(Stop) as caught:
        load(folder, text)
    return [f"{problem.line} {problem.rule}" for problem in caught.value.problems]


def test_an_empty_file_is_a_help_center(tmp_path: Path) -> None:
    center = load(tmp_path, "")
    assert (center.content, center.output) == (tmp_path / "content", tmp_path / "site")


@pytest.mark.parametrize("typed", ["docs/help/", "./docs/help", "docs//help", "docs\\help"])
def test_a_folder_is_called_by_one_name(tmp_path: Path, typed: str) -> None:
    assert load(tmp_path, f"content: {typed}").config.content == "docs/help"


def test_all_that_can_be_said_is_read(tmp_path: Path) -> None:
    text = """\
title: Help
url: https://help.example/en
language: pt-BR
content: docs/help
output: public
brand: {colour: "#0b7285", logo: img/logo.svg}
header: [{title: Shop, url: "https://shop.example"}, {title: Billing, url: billing/}]
contact: {email: help@shop.example, url: "mailto:help@shop.example"}
old_urls: ["https://old.example/hc/*/articles/{id}*"]
topics: {billing: {type: faq, review_every: 3 months}}
review_every: 1 year
edit_url: https://git.example/edit/{path}
"""
    config = load(tmp_path, text).config
    assert config.header[1] == NavLink("Billing", "billing/")
    assert config.topics["billing"].type == "faq"


@pytest.mark.parametrize(
    "line",
    [
        "url: help.example",
        "url: ftp://help.example",
        "url: https://user:secret@help.example",
        "url: https://help.example?a=b",
        "url: https://help.example:99999",
        "url: https://[",
        "url: 'https://'",
        "language: english, please",
        "brand: {colour: blue}",
        "brand: {colour: '#12345'}",
        "brand: {logo: ../../secret.png}",
        "content: ../elsewhere",
        "content: /etc",
        "content: C:/Users",
        "content: ''",
        "content: .",
        "output: .kbtool/site",
        "output: content",
        "output: Content",
        "output: content/site",
        "output: ./content/",
        "theme: ../../other",
        "header: [{title: x, url: 'javascript:alert(1)'}]",
        "footer: [{title: x, url: ' JavaScript:alert(1)'}]",
        "contact: {url: 'data:text/html,x'}",
        "contact: {email: nobody}",
        "edit_url: https://git.example/edit",
        "old_urls: [https://old.example/articles]",
        "old_urls: ['old.example/{id}']",
        "review_every: now and then",
        "topics: {billing: {review_every: often}}",
        "external: {ask: ['wiki.example.com/page']}",
        "external: {skip: ['me@example.com']}",
        "external: {skip: ['ftp://example.com']}",
    ],
)
def test_a_wrong_value_is_told_at_its_line(tmp_path: Path, line: str) -> None:
    assert faults(tmp_path, f"# settings\ntitle: Help\n{line}\n") == ["3 wrong-value"]


def test_a_merge_that_nobody_finished_is_told_as_such(tmp_path: Path) -> None:
    assert faults(tmp_path, "title: A\n<<<<<<< HEAD\nurl: x\n=======\nurl: y\n>>>>>>> branch\n") == ["2 merge-conflict"]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = "titel: Help\nurl: help.example\ntrusted_html: maybe\n"
    assert faults(tmp_path, text) == ["1 unknown-key", "3 wrong-value", "2 wrong-value"]


def test_a_folder_that_holds_the_other_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, "content: site/content") == ["0 wrong-value"]


def test_a_file_that_cannot_be_read_ends_with_words(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r'"kbtool\.yml" cannot be read'):
        load_config(tmp_path / "kbtool.yml")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("title: A\nbrand:\n  colour: #8a4b1f\n", ['kbtool.yml:3: "colour" is empty: YAML takes "#8a4b1f" for a comment']),
        ("title: #1 help\n", ['kbtool.yml:1: "title" is empty: YAML takes "#1 help" for a comment']),
        ('brand:\n  colour: "#8a4b1f"\n', []),
        ("title: A  #ours\nbrand: #ours\n  logo: # none yet\n", []),
    ],
)
def test_a_text_that_yaml_takes_for_a_comment_is_told(tmp_path: Path, typed: str, told: list[str]) -> None:
    problems = load(tmp_path, typed).problems
    assert [f"{problem.path}:{problem.line}: {problem.message}" for problem in problems] == told
    assert all("put it in quotes" in problem.hint for problem in problems)


@pytest.mark.parametrize("name", ["kbtool.yaml", "kbtool.yml.txt"])
def test_a_configuration_of_another_name_is_to_be_renamed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("title: A\n", encoding="utf-8")
    with pytest.raises(Stop) as caught:
        find_config(tmp_path)
    assert caught.value.problems[0].hint == 'rename it to "kbtool.yml"'
