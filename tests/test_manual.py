"""The manual says everything: commands, options, settings, front matter, rules; it is in plain words and has no problems."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest

from kbtool.cli.main import COMMANDS
from kbtool.content.frontmatter import FrontMatter, read_source
from kbtool.model import Meta
from kbtool.records import read_record
from kbtool.settings import Brand, Config, Contact, ExternalSettings, NavLink, TicketSettings, TopicDefaults, TypeDefaults
from kbtool.starter import ARTICLE_TYPES
from kbtool.terms import Terms
from tests.sites import ROOT, Run, build, copy_center, run_kbtool
from tests.source import modules, nodes

CONTENT = ROOT / "content"
ARTICLES = sorted(file for file in CONTENT.rglob("*.md") if file.name != "index.md" and file.parent.name != "_snippets")
COMMANDS_PAGE = (CONTENT / "reference/commands.md").read_text(encoding="utf-8")
RULES_PAGES = "".join(file.read_text(encoding="utf-8") for file in sorted((CONTENT / "check").glob("*.md")))

LONGEST_SENTENCE = 25
RULE = re.compile(r"[a-z]+(?:-[a-z]+)*")


def command(name: str) -> click.Command:
    found: click.Command = importlib.import_module(f"kbtool.cli.{name}").command
    return found


def parameters() -> Iterator[tuple[str, str]]:
    """Every command with each of its options and arguments, as a person types or reads them."""
    for name in COMMANDS:
        for parameter in command(name).params:
            if isinstance(parameter, click.Option):
                yield name, max(parameter.opts, key=len)
            else:
                yield name, (parameter.metavar or parameter.name or "").strip("[]").upper()


@cache
def rules() -> frozenset[str]:
    """Every rule's name in the source: what stands in a rule's place where a problem is made, noted or handed on."""
    found: set[str] = set()
    for module in modules():
        for node in nodes(module):
            found.update(text for place in _places_of_rules(node) for text in _texts(place) if RULE.fullmatch(text))
    return frozenset(found)


def _places_of_rules(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = (
            node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        ).strip("_")
        exact = {"Problem": 2, "problem_once": 0, "ArticleRule": 0, "LibraryRule": 0}
        if name in exact:
            yield from node.args[exact[name] : exact[name] + 1]
        elif name in ("problem", "tell"):
            yield from (argument for argument in node.args if any("-" in text for text in _texts(argument)))
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "rule")
    elif isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id in ("rule", "problem") for target in node.targets
    ):
        yield node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
    elif isinstance(node, (ast.Yield, ast.Return)) and isinstance(node.value, ast.Tuple):
        yield from (first for first in node.value.elts[:1] if any("-" in text for text in _texts(first)))
    elif isinstance(node, ast.arguments):
        named = (
            *zip(reversed(node.args), reversed(node.defaults), strict=False),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
        )
        yield from (default for argument, default in named if argument.arg == "rule" and default)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def section(page: str, heading: str) -> str:
    """The part of a page from a heading to the next of its level."""
    found = re.search(rf"^(#+) {re.escape(heading)}(?: \{{#[\w-]+\}})?\n(.*?)(?=^\1 |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f'no heading "{heading}"'
    return found[2]


def test_there_are_articles_of_every_type_in_every_topic() -> None:
    assert len(ARTICLES) >= 28
    assert {file.parent.name for file in ARTICLES} == {"start", "write", "check", "find", "publish", "tickets", "reference"}
    kinds = [read_source(file.read_text(encoding="utf-8"), str(file)).meta.type for file in ARTICLES]
    assert all(kinds.count(kind) >= 3 for kind in ARTICLE_TYPES)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained_with_an_example(name: str) -> None:
    assert f"```console\n$ kbtool {name}" in section(COMMANDS_PAGE, f"kbtool {name}")


@pytest.mark.parametrize(("name", "parameter"), list(parameters()))
def test_every_option_and_argument_is_explained_with_its_command(name: str, parameter: str) -> None:
    assert f"\n`{parameter}`\n: " in section(COMMANDS_PAGE, f"kbtool {name}")


def test_the_manual_knows_no_command_or_option_that_is_not_there() -> None:
    for name, text in re.findall(r"^## kbtool (\w+) .*?\n(.*?)(?=^## )", COMMANDS_PAGE, re.MULTILINE | re.DOTALL):
        explained = re.findall(r"^`(--[\w-]+)`", text, re.MULTILINE)
        assert {(name, option) for option in explained} <= set(parameters())
    everything = "\n".join(file.read_text(encoding="utf-8") for file in sorted(CONTENT.rglob("*.md")))
    assert set(re.findall(r"(?:`|\$ )kbtool ([a-z]+)", everything)) <= {*COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example(name: str) -> None:
    answer = run_kbtool(name, "--help", cwd=ROOT)
    assert answer.code == 0
    assert re.search(r"Example.*:\n\s+kbtool ", answer.out)


@pytest.mark.parametrize("key", [field.name for field in fields(Config)])
def test_every_setting_is_explained(key: str) -> None:
    assert f"\n`{key}`\n: " in (CONTENT / "reference/settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "record"),
    [
        ("brand", Brand),
        ("header", NavLink),
        ("contact", Contact),
        ("topics", TopicDefaults),
        ("types", TypeDefaults),
        ("tickets", TicketSettings),
        ("external", ExternalSettings),
    ],
)
def test_every_key_within_a_setting_is_explained(setting: str, record: type) -> None:
    page = (CONTENT / "reference/settings.md").read_text(encoding="utf-8")
    found = re.search(rf"^`{setting}`\n: (.*?)(?=^`|^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found
    assert [field.name for field in fields(record) if not re.search(rf"\b{field.name}(?:`|:)", found[1])] == []


@pytest.mark.parametrize("key", [field.name for field in fields(Meta)])
def test_every_front_matter_key_is_explained(key: str) -> None:
    assert f"\n`{key}`\n: " in (CONTENT / "reference/front-matter.md").read_text(encoding="utf-8")


def test_the_keys_of_other_tools_are_named() -> None:
    page = (CONTENT / "reference/front-matter.md").read_text(encoding="utf-8")
    foreign = {field.name for field in fields(FrontMatter)} - {field.name for field in fields(Meta)}
    assert {key for key in foreign if not re.search(rf"`{key.replace('_', '[_.]')}\b", page)} == set()


def test_the_rules_are_found_in_the_source() -> None:
    assert {"dead-link", "no-config", "unknown-key", "cannot-write"} <= rules()


def test_every_rule_says_what_it_means_why_and_what_to_do() -> None:
    texts = {rule: section(RULES_PAGES, rule) for rule in rules()}
    assert [rule for rule, text in texts.items() if text.lstrip().startswith("**")] == []
    assert [rule for rule, text in texts.items() if "**Why.**" not in text] == []
    assert [rule for rule, text in texts.items() if "**What to do.**" not in text] == []


def test_no_rule_is_explained_that_is_not_there() -> None:
    pages = [
        (CONTENT / "check" / f"problems-{name}.md").read_text(encoding="utf-8")
        for name in ("in-articles", "with-links", "in-settings", "with-publishing", "in-writing", "with-steps")
    ]
    explained = re.findall(r"^### ([a-z-]+)(?: \{#[\w-]+\})?$", "\n".join(pages), re.MULTILINE)
    assert set(explained) <= rules()
    assert len(explained) == len(set(explained))


@pytest.mark.parametrize("file", ARTICLES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_an_article_says_what_lists_and_search_need(file: Path) -> None:
    source = read_source(file.read_text(encoding="utf-8"), file.name)
    assert source.problems == ()
    assert source.meta.title
    assert len(source.meta.title) <= 70
    assert source.meta.summary
    assert source.meta.keywords
    assert source.meta.reviewed


@pytest.mark.parametrize("file", ARTICLES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_sentences_are_short(file: Path) -> None:
    source = read_source(file.read_text(encoding="utf-8"), file.name)
    prose = re.sub(r"^ *(`{3,}).*?^ *\1$|^\|.*?$|^[-=:]{3,}.*$|^#.*$", "\n\n", source.body, flags=re.MULTILINE | re.DOTALL)
    blocks = re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.|>|:) ", prose)
    sentences = [one for block in blocks for one in re.split(r"(?<=[.?!:])[\s*)]+", re.sub(r"\]\([^)]*\)", "]", block))]
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


def examples() -> list[str]:
    """Every block of YAML in the manual, as it stands after its indentation."""
    texts = [file.read_text(encoding="utf-8") for file in ARTICLES]
    blocks = [found for text in texts for found in re.findall(r"^( *)```yaml\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)]
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks]


@pytest.mark.parametrize("example", examples())
def test_every_example_can_be_typed_as_it_stands(example: str) -> None:
    if example.startswith("---\n"):
        assert read_source(example, "example.md").problems == ()
    elif not example.startswith("name: mine\n"):
        problems = [read_record(example, kind, "example")[1] for kind in (Config, Meta, Terms)]
        assert () in problems


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_of_the_first_pages_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A copy of the manual, and what its first build said."""
    center = copy_center(CONTENT, tmp_path_factory.mktemp("manual"), (ROOT / "kbtool.yml").read_text(encoding="utf-8"))
    return center, run_kbtool("build", "--strict", "--hints", "--no-search", cwd=center)


def test_the_manual_builds_without_a_problem(built: tuple[Path, Run]) -> None:
    assert (built[1].code, built[1].err) == (0, "")


def test_what_the_manual_says_about_the_built_site_is_true(built: tuple[Path, Run]) -> None:
    center, _ = built
    (center / "content/changed.md").write_text("---\ntitle: Changed\nupdated: 2026-11-22\n---\n\nFor the feed.\n")
    site = build(center)
    table = section((CONTENT / "reference/files.md").read_text(encoding="utf-8"), "The built site")
    named = [path for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for path in re.findall(r"`([^`]+)`", row)]
    assert [path for path in named if not path.startswith("billing/") and not (site / path).exists()] == []
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', (site / "start/index.html").read_text(encoding="utf-8"))
    assert policy
    assert f"Content-Security-Policy: {policy[1]}\n" in (CONTENT / "publish/publish-on-your-own-server.md").read_text(
        encoding="utf-8"
    )
