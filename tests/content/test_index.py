"""Searching the articles: what is found, in which order, and that the index kept between searches can be trusted."""

import os
import pickle
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtool.content import index
from kbtool.content.index import search_articles
from kbtool.content.ranking import SearchAnswer
from kbtool.content.stamp import Stamp, read_stamp, seal
from kbtool.model import Article, Heading, Library, Meta
from tests.thorough import tries


def article(path: str, title: str, text: str = "", **meta: object) -> Article:
    """Return an article as the reader would."""
    found = Meta(title=title, **meta)  # type: ignore[arg-type]
    url = path.removesuffix(".md") + "/"
    return Article(path, url, "article", found, title, text[:60], f"<p>{text}</p>", text, digest=f"{path} {title} {text} {found}")


def library(*articles: Article) -> Library:
    """Return a library of these articles alone."""
    return Library(articles, (), (), frozenset(), {}, {}, ())


ARTICLES = (
    article("refund.md", "Get your refund", "Ask for a refund within 30 days. We send the money to your card.", keywords=("reimbursement",)),
    article("prices.md", "Plans and prices", "Every plan can be cancelled. There is no refund for the past month."),
    article("password.md", "Reset your password", "Open the account page, choose a new password and confirm it by mail."),
    article("upload.md", "If a sketch does not upload", "Connecting the board fails when the port is wrong. Choose the port anew."),
    article("draft.md", "Refunds for teams", "A draft about refunds.", status="draft"),
    article("old.md", "Refunds until 2019", "An archived page about refunds.", status="archived"),
    article("agents.md", "How agents refund", "For agents: refund in the console.", audience="agents"),
)  # fmt: skip
LIBRARY = library(*ARTICLES)


def paths(answer: SearchAnswer) -> list[str]:
    """Return what was found, best first."""
    return [hit.article for hit in answer.hits]


def search(query: str, folder: Path, articles: Library = LIBRARY, language: str = "en") -> SearchAnswer:
    """Return the answer of a search."""
    return search_articles(articles, query, folder=folder / "index", language=language)


def test_articles_are_found_by_title_keywords_and_text_best_first(tmp_path: Path) -> None:
    assert paths(search("password", tmp_path)) == ["password.md"]
    assert paths(search("reimbursement", tmp_path)) == ["refund.md"]
    assert paths(search("refund", tmp_path)) == ["refund.md", "prices.md"]


def test_a_hit_says_what_matched_most_telling_word_first(tmp_path: Path) -> None:
    (hit,) = search("choose Upload of ports", tmp_path).hits[:1]
    assert (hit.article, hit.title, hit.url) == ("upload.md", "If a sketch does not upload", "upload/")
    assert set(hit.words) == {"choose", "Upload", "ports"}
    assert hit.words[0] == "Upload"
    assert hit.score > 0


def test_drafts_archived_articles_and_those_for_agents_are_found_only_when_asked_for(tmp_path: Path) -> None:
    everything = search_articles(LIBRARY, "refunds", folder=tmp_path, language="en", everything=True)
    assert {"draft.md", "old.md", "agents.md"} <= set(paths(everything))
    assert not {"draft.md", "old.md", "agents.md"} & set(paths(search("refunds for agents", tmp_path)))


def test_the_article_with_more_of_the_words_comes_first(tmp_path: Path) -> None:
    texts = library(
        article("one.md", "Delete delete delete", "delete " * 50), article("both.md", "Accounts", "delete your account here")
    )
    assert paths(search("delete account", tmp_path, texts)) == ["both.md", "one.md"]


def test_headings_count(tmp_path: Path) -> None:
    plain = article("plain.md", "One", "colour in passing and much else " * 5)
    headed = Article(**{**{name: getattr(plain, name) for name in plain.__slots__}, "path": "headed.md", "digest": "h",
                        "headings": (Heading(2, "Choose a colour", "c", 3),)})  # fmt: skip
    assert paths(search("colour", tmp_path, library(plain, headed))) == ["headed.md", "plain.md"]


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "Connecting the boards", "connect board"),
        ("en-GB", "Connecting the boards", "connected"),
        ("de", "Rechnungen bezahlen", "Rechnung"),
        ("pt_BR", "Instalações", "instalação"),
        ("nb", "Bestillinger", "bestilling"),
        ("ar", "المكتبات", "مكتبات"),
        ("xx", "Any words", "WORDS"),
        ("", "Any words", "words"),
        ("ja", "返金を受け取る方法", "返金"),
        ("en", "Über die Größe", "uber"),
        ("en", "Cafe\u0301 opening", "café"),
    ],
)
def test_words_are_found_in_their_other_forms(tmp_path: Path, language: str, text: str, query: str) -> None:
    assert paths(search(query, tmp_path, library(article("a.md", text), article("b.md", "Zzz")), language)) == ["a.md"]


def test_filler_words_find_nothing_of_their_own_but_are_searched_when_alone(tmp_path: Path) -> None:
    assert paths(search("how do I get my password", tmp_path))[0] == "password.md"
    assert paths(search("not", tmp_path)) == ["upload.md"]


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("pasword", "password"),
        ("reset my passwrod!", "reset my password!"),
        ("refnud", "refund"),
        ("password", ""),
        ("xylophone", ""),
        ("rfd", ""),
        ("why wont my pasword work", "why wont my password work"),
        ("couldn't reset", ""),
        ("howewer", ""),
        ("", ""),
    ],
)
def test_a_misspelt_query_is_answered_with_what_was_meant(tmp_path: Path, query: str, suggestion: str) -> None:
    assert search(query, tmp_path).suggestion == suggestion


def test_a_suggestion_never_tells_a_word_of_a_hidden_article(tmp_path: Path) -> None:
    hidden = library(article("a.md", "Prices"), article("b.md", "Layoffs", status="draft"))
    assert search("layofs", tmp_path, hidden).suggestion == ""


def test_an_empty_library_and_a_limit(tmp_path: Path) -> None:
    assert search("refund", tmp_path, library()) == SearchAnswer(())
    assert len(search_articles(LIBRARY, "refund password", folder=tmp_path, language="en", limit=1).hits) == 1
    assert search_articles(LIBRARY, "refund", folder=tmp_path, language="en", limit=0).hits == ()


@settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=200)
    | st.sampled_from(['"', "a:b", "title:(", "* OR ?", "\0", "\ud800", "[a TO", "x" * 100_000, "1e400", "~2^3"])
)
def test_any_text_is_a_query(tmp_path: Path, query: str) -> None:
    assert isinstance(search(query, tmp_path), SearchAnswer)


def test_changes_are_found_at_once_and_as_in_a_new_index(tmp_path: Path) -> None:
    many = tuple(article(f"{number}.md", f"Article {number}", f"common words and number{number}") for number in range(20))
    search("common", tmp_path, library(*many))
    changed = (
        *many[1:-1],
        article("19.md", "Article 19", "other words"),
        article("new.md", "Something new", "number0 is here now"),
    )
    mended = search("number0 other common", tmp_path, library(*changed))
    fresh = search("number0 other common", tmp_path / "fresh", library(*changed))
    assert set(paths(mended)) == set(paths(fresh))
    assert paths(mended)[:2] == paths(fresh)[:2]
    assert "0.md" not in paths(search("article 0 number0", tmp_path, library(*changed)))


def test_an_index_is_mended_not_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(article(f"{number}.md", f"Article {number}", "words") for number in range(20))
    search("words", tmp_path, library(*many))
    monkeypatch.setattr(index, "_create", lambda _: pytest.fail("made anew"))
    search("words", tmp_path, library(*many))
    search("words", tmp_path, library(*many[1:]))


def test_one_index_is_kept(tmp_path: Path) -> None:
    for end in range(2, 7):
        search("refund", tmp_path, library(*ARTICLES[:end]))
    assert len(list((tmp_path / "index").iterdir())) == 1


def test_an_index_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    search("refund", tmp_path)
    (place,) = (tmp_path / "index").iterdir()
    stamp = read_stamp(place)
    assert stamp
    for entry in place.glob("*.seg"):
        entry.unlink()
    seal(place, stamp)
    assert paths(search("refund", tmp_path)) == ["refund.md", "prices.md"]
    assert paths(search("refund", tmp_path)) == ["refund.md", "prices.md"]
    (mended,) = (tmp_path / "index").iterdir()
    assert mended.name == place.name
    assert list(mended.glob("*.seg"))


def test_what_a_killed_process_left_goes_in_time(tmp_path: Path) -> None:
    old, young = tmp_path / "index" / ".new-old", tmp_path / "index" / ".new-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    search("refund", tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


class Explosive:
    """Writes a file when it is read with pickle."""

    def __init__(self, file: Path) -> None:
        """Keep the file's name."""
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        """Tell pickle what to call."""
        return Path.touch, (self.file,)


def poison(place: Path, file: Path) -> None:
    """Put code into every file of an index, as one that comes with a repository might have it."""
    for entry in place.iterdir():
        if entry.name != "stamp.json" and entry.stat().st_size:
            entry.write_bytes(pickle.dumps(Explosive(file)))


def test_an_index_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    search("refund", tmp_path)
    (place,) = (tmp_path / "index").iterdir()
    poison(place, tmp_path / "exploded")
    assert paths(search("refund", tmp_path)) == ["refund.md", "prices.md"]
    assert not (tmp_path / "exploded").exists()


def test_an_index_that_came_from_elsewhere_is_not_opened_even_with_a_good_stamp(tmp_path: Path) -> None:
    search("refund", tmp_path)
    (place,) = (tmp_path / "index").iterdir()
    stamp = read_stamp(place)
    assert stamp
    poison(place, tmp_path / "exploded")
    seal(place, stamp)
    assert read_stamp(place) == stamp
    shutil.copytree(tmp_path / "index", tmp_path / "elsewhere" / "index")
    assert paths(search("refund", tmp_path / "elsewhere")) == ["refund.md", "prices.md"]
    assert not (tmp_path / "exploded").exists()


def test_a_file_put_beside_the_index_breaks_the_seal(tmp_path: Path) -> None:
    stamp = Stamp("x", {"a.md": "1"})
    (tmp_path / "data").write_text("x")
    seal(tmp_path, stamp)
    assert read_stamp(tmp_path) == stamp
    (tmp_path / "more").write_text("x")
    assert read_stamp(tmp_path) is None


@pytest.mark.parametrize(
    "stamp", [b"", b"{", b"[]", b'{"stamp": 1, "files": {}}', b"\xff", b'{"stamp":{"maker":"","sources":{}},"files":[]}']
)
def test_a_damaged_stamp_is_no_stamp(tmp_path: Path, stamp: bytes) -> None:
    (tmp_path / "stamp.json").write_bytes(stamp)
    assert read_stamp(tmp_path) is None


def test_another_language_needs_another_index(tmp_path: Path) -> None:
    texts = library(article("a.md", "Rechnungen"), article("b.md", "Zzz"))
    assert paths(search("Rechnung", tmp_path, texts, "xx")) == []
    assert paths(search("Rechnung", tmp_path, texts, "de")) == ["a.md"]


@pytest.mark.skipif(os.name == "nt", reason="rights are told differently there")
def test_without_a_place_to_keep_it_the_index_is_made_for_this_search(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file, where a folder should be")
    assert paths(search("refund", tmp_path)) == ["refund.md", "prices.md"]


def test_many_at_once_get_right_answers(tmp_path: Path) -> None:
    answers: list[list[str]] = []

    def ask(number: int) -> None:
        articles = ARTICLES if number % 2 else (*ARTICLES, article(f"{number}.md", "Money matters", "money money"))
        answers.append(paths(search("refund", tmp_path, library(*articles))))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["refund.md", "prices.md"]] * 8


def test_a_synonym_counts_as_the_word_itself(tmp_path: Path) -> None:
    known = library(
        article("login.md", "Log on to your account", "Type your name."), article("bill.md", "Read your bill", "It is there.")
    )
    groups = (("sign in", "log on"), ("invoice", "bill"))

    def found(query: str) -> list[tuple[str, tuple[str, ...]]]:
        answer = search_articles(known, query, folder=tmp_path, language="en", synonyms=groups)
        return [(hit.article, hit.words) for hit in answer.hits]

    assert found("sign in") == [("login.md", ("sign",))]
    assert found("my invoices") == [("bill.md", ("invoices",))]
    assert search_articles(known, "sign in", folder=tmp_path, language="en").hits == ()


def test_the_package_is_imported_without_a_word_when_it_is_compiled_for_the_first_time(tmp_path: Path) -> None:
    program = """
import pickle, sys
from pathlib import Path
from kbtool.content.index import search_articles
library = pickle.loads(sys.stdin.buffer.read())
sys.pycache_prefix, sys.dont_write_bytecode = sys.argv[1] + "/compiled", False
assert search_articles(library, "refund pasword", folder=Path(sys.argv[1], "index"), language="en").hits
"""
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env=environment,
        input=pickle.dumps(LIBRARY),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [*(tmp_path / "compiled").rglob("whoosh/analysis/__init__.*.pyc")]


@settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(min_size=1, max_size=30),
    language=st.sampled_from(["ar", "da", "nl", "fi", "fr", "de", "hu", "it", "no", "pt", "ro", "ru", "es", "sv", "tr"]),
)
def test_any_word_has_a_stem_in_every_language(tmp_path: Path, query: str, language: str) -> None:
    assert isinstance(search(query, tmp_path, library(article("a.md", "x")), language), SearchAnswer)


@pytest.mark.parametrize("query", ["wifi", "wi-fi", "Wi Fi"])
def test_what_a_hyphen_joins_is_found_without_it(query: str, tmp_path: Path) -> None:
    articles = library(article("wifi.md", "Connect to Wi-Fi"), article("cable.md", "Connect a cable", "Well-to-do."))
    assert paths(search(query, tmp_path, articles)) == ["wifi.md"]
