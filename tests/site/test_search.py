"""The search index: what is in it, that the same articles give the same bytes, and what the box knows beside it."""

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kbtool.config import HelpCenter
from kbtool.model import SearchDocument, Section
from kbtool.pipeline.building import BuildOptions, build_site
from kbtool.problems import Stop
from kbtool.settings import Config
from kbtool.site.compounds import compounds
from kbtool.site.search import search_files, search_key, write_search_index
from kbtool.site.vocabulary import search_words, spaced

CENTER = HelpCenter(Path("nowhere"), Config())
REFUND = SearchDocument(
    "billing/refund/",
    "Get a refund",
    "Billing",
    ("money back",),
    "How to return what you bought.",
    (Section("", "", "How to return what you bought. Write to us."), Section("costs", "What it costs", "Nothing at all.")),
    "billing/",
)
LOGIN = SearchDocument("account/login/", "Log in", "Account", (), "", (Section("", "", "Type your password."),), "account/")
QUESTION = SearchDocument(
    "billing/refund/#how-long", "How long does it take?", "Billing", (), "", (Section("", "", "A week."),), "billing/"
)


def _files(*documents: SearchDocument, center: HelpCenter = CENTER) -> dict[str, bytes]:
    return dict(search_files(documents, center))


def _fragments(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    found = [
        json.loads(gzip.decompress(content).removeprefix(b"pagefind_dcd"))
        for path, content in files.items()
        if path.endswith(".pf_fragment")
    ]
    return {each["url"]: each for each in found}


def _words(files: dict[str, bytes]) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(files["words.json"])
    return words


def _spelt(words: str) -> list[str]:
    """Return the words, as the box reads them."""
    spelt = [""]
    for shared, rest in re.findall(r"(\d)(\D*)", words):
        spelt.append(spelt[-1][: int(shared)] + rest)
    return spelt[1:]


def test_the_same_documents_give_the_same_bytes_in_any_order() -> None:
    many = [replace(REFUND, url=f"billing/refund-{number}/", title=f"Refund number {number}") for number in range(40)]
    assert _files(*many, LOGIN) == _files(LOGIN, *reversed(many))


def test_titles_and_keywords_are_searched_but_never_part_of_an_excerpt() -> None:
    fragment = _fragments(_files(REFUND))["billing/refund/"]
    assert fragment["meta"] == {"title": "Get a refund", "keywords": "money back"}
    assert fragment["content"] == "How to return what you bought. Write to us. What it costs. Nothing at all."


def test_a_summary_of_the_writers_own_is_searched_too() -> None:
    own = replace(REFUND, summary="All about reimbursement.")
    assert "reimbursement" in _fragments(_files(own))["billing/refund/"]["content"]


def test_sections_keep_their_anchors() -> None:
    anchors = _fragments(_files(REFUND))["billing/refund/"]["anchors"]
    assert [(each["id"], each["text"]) for each in anchors] == [("costs", "What it costs")]


def test_a_question_of_a_faq_is_a_document_of_its_own_that_knows_its_page() -> None:
    files = _files(REFUND, QUESTION)
    assert set(_fragments(files)) == {"billing/refund/", "billing/refund/#how-long"}
    words = _words(files)
    assert words["titles"] == ["Get a refund", "How long does it take?"]
    assert words["pages"] == {"1": 0}


def test_hostile_text_is_text() -> None:
    title = "</h1><script>alert(1)</script>\"'&amp;"
    text = "<img src=x onerror=alert(1)> </body></html>"
    hostile = replace(LOGIN, title=title, keywords=("<b>",), sections=(Section('"><x y="', "<i>z</i>", text),))
    fragment = _fragments(_files(hostile))["account/login/"]
    assert fragment["meta"] == {"title": title, "keywords": "<b>"}
    assert "<img src=x onerror=alert(1)> </body></html>" in fragment["content"]
    assert fragment["anchors"][0]["id"] == '"><xy="'


def test_only_what_search_needs_is_written() -> None:
    names = {Path(path).name.partition(".")[2] or path for path in _files(REFUND)}
    assert {name.rpartition(".")[2] for name in names} == {"js", "json", "pagefind", "pf_meta", "pf_index", "pf_fragment"}
    assert [path for path in _files(REFUND) if path.endswith(".js")] == ["pagefind.js"]
    assert [path for path in _files(REFUND) if path.startswith("wasm.")] == ["wasm.en.pagefind"]


def test_a_language_without_stemming_has_the_engine_it_needs() -> None:
    center = replace(CENTER, config=replace(CENTER.config, language="zh-Hant"))
    files = _files(replace(LOGIN, title="重設密碼"), center=center)
    assert [path for path in files if path.startswith("wasm.")] == ["wasm.unknown.pagefind"]
    assert list(json.loads(files["pagefind-entry.json"])["languages"]) == ["zh-hant"]


def test_letters_of_scripts_without_spaces_stand_apart() -> None:
    assert spaced("こんにちは") == "こ ん に ち は"
    assert spaced("Wi-Fiの設定") == "Wi-Fi の 設 定"
    assert spaced("รหัส") == "ร หั ส"
    assert spaced("Ärger über Äpfel") == "Ärger über Äpfel"


def test_the_sites_words_are_grouped_by_how_common_they_are() -> None:
    documents = [replace(LOGIN, url=f"{number}/", title="Log in" if number else "Sign up") for number in range(5)]
    data = search_words(documents, [f"en_{number}" for number in range(5)], CENTER.config)
    assert dict(zip(_spelt(data["words"]), data["sizes"], strict=True)) == {
        "log": "2",
        "password": "2",
        "sign": "0",
        "type": "2",
        "your": "2",
    }


def test_a_rare_word_of_the_text_is_no_spelling_but_one_of_a_title_is() -> None:
    words = _spelt(_words(_files(REFUND, LOGIN))["words"])
    assert {"refund", "costs", "money"} <= set(words)
    assert "nothing" not in words


def test_a_site_of_many_words_keeps_those_of_titles() -> None:
    def word(number: int) -> str:
        return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05}")

    text = Section("", "", " ".join(word(number) for number in range(9000)))
    documents = [replace(LOGIN, url=f"{number}/", title="zzz unusual", sections=(text,)) for number in range(2)]
    words = _spelt(search_words(documents, ["en_0", "en_1"], CENTER.config)["words"])
    assert len(words) == 8000
    assert "unusual" in words


def test_filler_words_are_those_of_the_language() -> None:
    german = replace(CENTER, config=replace(CENTER.config, language="de-AT", synonyms=(("Rechnung", "Faktura"),)))
    words = _words(_files(LOGIN, center=german))
    assert " wie " in words["filler"]
    assert " how " not in words["filler"]
    assert words["synonyms"] == [["Rechnung", "Faktura"]]


@pytest.mark.parametrize(
    "other",
    [
        ([replace(REFUND, title="Get your refund")], CENTER),
        ([replace(REFUND, keywords=())], CENTER),
        ([replace(REFUND, sections=REFUND.sections[:1])], CENTER),
        ([replace(REFUND, topic_url="bills/")], CENTER),
        ([REFUND, LOGIN], CENTER),
        ([REFUND], replace(CENTER, config=replace(CENTER.config, language="de"))),
        ([REFUND], replace(CENTER, config=replace(CENTER.config, synonyms=(("a", "b"),)))),
    ],
)
def test_the_key_changes_with_what_shapes_the_index(other: tuple[Sequence[SearchDocument], HelpCenter]) -> None:
    assert search_key([REFUND], CENTER) != search_key(*other)


def test_the_key_does_not_change_with_what_the_index_does_not_show() -> None:
    other = replace(CENTER, config=replace(CENTER.config, title="Another", footer_text="words"))
    assert search_key([REFUND], CENTER) == search_key([REFUND], other)


def test_files_of_an_older_index_go(tmp_path: Path) -> None:
    write_search_index([REFUND, LOGIN], CENTER, tmp_path)
    before = {file.name for file in tmp_path.rglob("*.pf_fragment")}
    write_search_index([LOGIN], CENTER, tmp_path)
    after = {file.name for file in tmp_path.rglob("*.pf_fragment")}
    assert len(before) == 2
    assert len(after) == 1


def test_a_site_without_articles_has_an_empty_index(tmp_path: Path) -> None:
    write_search_index([], CENTER, tmp_path)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["words.json"]
    assert json.loads((tmp_path / "pagefind" / "words.json").read_bytes())["titles"] == []


def test_a_missing_program_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: Path("no-such-program"))
    with pytest.raises(Stop, match="search-index"):
        _files(REFUND)


def test_a_program_that_ends_early_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: Path("/bin/true"))
    with pytest.raises(Stop, match="search-index"):
        _files(REFUND)


@pytest.mark.parametrize(("title", "found"), [("Refunds", True), ("???", False)])
def test_an_article_without_words_is_found_by_its_title_and_breaks_nothing(tmp_path: Path, title: str, *, found: bool) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "kbtool.yml").write_text("title: Help\n")
    (tmp_path / "content/a.md").write_text(f"---\ntitle: '{title}'\n---\n")
    (tmp_path / "content/b.md").write_text("# Prices\n\nNone.\n")
    build_site(tmp_path / "kbtool.yml", BuildOptions(date(2026, 11, 22), ""))
    assert len(list((tmp_path / "site/pagefind/fragment").iterdir())) == 1 + found


def test_what_is_written_in_one_word_or_in_two_is_found_by_both() -> None:
    told = replace(REFUND, summary="Set up your user name before you log in.", sections=())
    asked = replace(
        LOGIN, title="Your login", sections=(Section("", "", "A username is short."), Section("", "", "The username."))
    )
    own = replace(CENTER, config=replace(CENTER.config, synonyms=(("sign in", "Log in"),)))
    assert _words(_files(told, asked, center=own))["synonyms"] == [
        ["sign in", "Log in", "login"],
        ["setup", "set up"],
        ["username", "user name"],
    ]


@pytest.mark.parametrize(
    ("texts", "language", "pairs"),
    [
        (["Log in to it, and put it into the log."], "en", {"login"}),
        (["In to into, a way away, an ide as ideas, no where nowhere."], "en", set()),
        (["The file name is a filename.", "A file name.", "Your file name."], "en", set()),
        (["A drop-down is a dropdown."], "en", {"dropdown"}),
        (["Log. In the logs."], "en", set()),
        (["Ein Daten Blatt ist ein Datenblatt."], "de", {"datenblatt"}),
        (["Log in to it."], "de", set()),
        (["Une kunde service, kundeservice, en fin enfin."], "no", {"kundeservice"}),
        (["", "A a aa x1 x 1"], "en", set()),
    ],
)
def test_only_what_is_one_thing_is_taken_for_one(texts: list[str], language: str, pairs: set[str]) -> None:
    assert {one for one, _ in compounds([[text] for text in texts], language)} == pairs
