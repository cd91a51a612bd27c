"""A new help center and a new article."""

import json
import os
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtool.config import HelpCenter, load_config
from kbtool.content.frontmatter import read_source
from kbtool.model import Meta
from kbtool.problems import Stop
from kbtool.records import json_schema
from kbtool.settings import Config
from kbtool.starter import ARTICLE_TYPES, NewArticle, new_article, start_help_center, title_from
from kbtool.urls import slug

TODAY = date(2026, 11, 22)


def start(folder: Path) -> HelpCenter:
    start_help_center(folder, "Blue Bottle help", TODAY, "Ana")
    return load_config(folder / "kbtool.yml")


def meta_of(file: Path) -> Meta:
    source = read_source(file.read_text(encoding="utf-8"), file.name)
    assert source.problems == ()
    return source.meta


def rule_of(center: HelpCenter, article: NewArticle) -> str:
    with pytest.raises(Stop) as stop:
        new_article(center, article)
    return stop.value.problems[0].rule


def test_a_new_help_center_has_settings_an_article_of_each_type_and_workflows(tmp_path: Path) -> None:
    started = start_help_center(tmp_path / "help", "Blue Bottle help", TODAY, "Ana")
    assert started.kept == ()
    assert {"kbtool.yml", "kbtool.schema.json", ".gitignore", ".gitlab-ci.yml", ".github/workflows/help-center.yml"} <= {
        *started.made
    }
    articles = [file for file in (tmp_path / "help/content").rglob("*.md") if file.parent.name != "_snippets"]
    assert {meta_of(file).type for file in articles} == {*ARTICLE_TYPES, None}
    assert {meta_of(file).owner for file in articles if meta_of(file).type} == {"Ana"}
    assert {meta_of(file).reviewed for file in articles if meta_of(file).type} == {TODAY}


def test_a_new_help_centers_settings_have_no_problems(tmp_path: Path) -> None:
    center = start(tmp_path)
    assert center.problems == ()
    assert center.config.title == "Blue Bottle help"
    assert (tmp_path / "kbtool.yml").read_text().startswith("# yaml-language-server: $schema=kbtool.schema.json\n")


def test_the_schema_is_that_of_the_settings(tmp_path: Path) -> None:
    start(tmp_path)
    assert json.loads((tmp_path / "kbtool.schema.json").read_text()) == json.loads(json.dumps(json_schema(Config)))


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "kbtool.yml").write_text("title: Mine\n")
    (tmp_path / "elsewhere").write_text("untouched")
    (tmp_path / ".gitignore").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".gitlab-ci.yml").symlink_to(tmp_path / "not-there")
    started = start_help_center(tmp_path, "Other", TODAY, "")
    assert started.kept == (".gitignore", ".gitlab-ci.yml", "kbtool.yml")
    assert (tmp_path / "kbtool.yml").read_text() == "title: Mine\n"
    assert (tmp_path / "elsewhere").read_text() == "untouched"
    assert not (tmp_path / "not-there").exists()


def test_examples_are_not_mixed_into_articles_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "content/billing").mkdir(parents=True)
    (tmp_path / "content/billing/refund.md").write_text("# Refund")
    started = start_help_center(tmp_path, "Help", TODAY, "")
    assert not any(path.startswith("content/") for path in (*started.made, *started.kept))
    assert start_help_center(tmp_path, "Help", TODAY, "").made == ()


def test_a_place_that_is_no_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop) as stop:
        start_help_center(tmp_path / "file" / "help", "Help", TODAY, "")
    assert stop.value.problems[0].rule == "cannot-write"


@pytest.mark.parametrize("kind", ARTICLE_TYPES)
def test_a_new_article_says_its_type_title_and_owner_and_that_nobody_reviewed_it(kind: str, tmp_path: Path) -> None:
    center = start(tmp_path)
    file = new_article(center, NewArticle(kind, "Get a refund", "billing", "Ana"))  # type: ignore[arg-type]
    meta = meta_of(file)
    assert file == center.content / "billing/get-a-refund.md"
    assert (meta.type, meta.title, meta.reviewed, meta.owner, meta.status) == (kind, "Get a refund", None, "Ana", "draft")


def test_without_an_owner_there_is_no_owner_line(tmp_path: Path) -> None:
    file = new_article(start(tmp_path), NewArticle("faq", "Prices"))
    assert "owner" not in file.read_text()


def test_a_topic_can_be_named_as_its_folder_or_as_its_title(tmp_path: Path) -> None:
    center = start(tmp_path)
    (center.content / "Store Support").mkdir()
    assert new_article(center, NewArticle("faq", "A b", "Store Support/")).parent == center.content / "Store Support"
    assert new_article(center, NewArticle("faq", "A b", "Bills & Payments")).parent == center.content / "bills-payments"


def test_a_topic_can_be_named_by_its_path_from_the_help_centers_folder(tmp_path: Path) -> None:
    center = start(tmp_path)
    assert new_article(center, NewArticle("faq", "A b", "content/orders/")).parent == center.content / "orders"


@pytest.mark.parametrize(
    "topic", ["..", "../x", "orders/../../x", "a\\..\\..\\x", "_snippets", "orders/.hidden", "link", "loop", "???"]
)
def test_a_topic_outside_the_content_is_refused(topic: str, tmp_path: Path) -> None:
    center = start(tmp_path / "help")
    (tmp_path / "elsewhere").mkdir()
    (center.content / "link").symlink_to(tmp_path / "elsewhere")
    (center.content / "loop").symlink_to("loop")
    assert rule_of(center, NewArticle("faq", "Prices", topic)) == "outside-content"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_topic_whose_name_no_disk_takes_is_a_problem(tmp_path: Path) -> None:
    assert rule_of(start(tmp_path), NewArticle("faq", "Prices", "a" * 300)) == "cannot-write"


def test_an_absolute_topic_is_refused(tmp_path: Path) -> None:
    center = start(tmp_path / "help")
    assert rule_of(center, NewArticle("faq", "Prices", str(tmp_path))) == "outside-content"


@pytest.mark.parametrize("there", ["get-a-refund.md", "Get a Refund.markdown", "get-a-refund/index.md"])
def test_an_article_with_that_address_is_kept(there: str, tmp_path: Path) -> None:
    center = start(tmp_path)
    (center.content / "orders" / there).parent.mkdir(exist_ok=True)
    (center.content / "orders" / there).write_text("mine")
    assert rule_of(center, NewArticle("faq", "Get a refund", "orders")) == "already-there"
    assert (center.content / "orders" / there).read_text() == "mine"


@pytest.mark.parametrize("title", ["", "???", "Index", "CON", "com1"])
def test_a_title_that_makes_no_file_name_is_refused(title: str, tmp_path: Path) -> None:
    assert rule_of(start(tmp_path), NewArticle("faq", title)) == "no-file-name"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_folder_is_a_problem(tmp_path: Path) -> None:
    center = start(tmp_path)
    center.content.chmod(0o500)
    assert rule_of(center, NewArticle("faq", "Prices")) == "cannot-write"


@settings(max_examples=60, deadline=None)
@given(title=st.text(min_size=1, max_size=200))
@example(title="Prices: how much?")
@example(title="@today@ @owner@")
@example(title="yes")
@example(title="# Not a comment")
@example(title='"quoted" \\ back')
@example(title="</script><script>alert(1)</script>")
@example(title="Ünïcödé 日本語 العربية " * 10)
@example(title="long" * 50)
def test_every_title_comes_back_as_it_was_typed(title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        center = HelpCenter(Path(folder), Config())
        try:
            file = new_article(center, NewArticle("article", title, "", "Ana"))
        except Stop as stop:
            assert not slug(title) or stop.problems[0].rule == "no-file-name"  # noqa: PT017 - either outcome is fine
        else:
            assert file.parent == center.content
            assert meta_of(file).title == " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", " ", title).split())


def test_a_folders_name_becomes_a_title() -> None:
    assert title_from(Path("blue-bottle")) == "Blue bottle"
    assert title_from(Path("/")) == "Help center"
