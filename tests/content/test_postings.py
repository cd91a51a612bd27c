"""The postings that tickets are matched by."""

from pathlib import Path

from kbtool.content.postings import read_postings
from kbtool.demand import Postings
from kbtool.model import Article, Library, Meta


def library(**texts: str) -> Library:
    """Return a library with an article of each title and text."""
    articles = tuple(
        Article(f"{name}.md", f"{name}/", "article", Meta(), name, "", "", text, digest=f"{name} {text}")
        for name, text in sorted(texts.items())
    )
    return Library(articles, (), (), frozenset(), {}, {}, ())


def body(postings: Postings) -> dict[tuple[str, str], int]:
    """Return how often each stem stands in each article's text."""
    field = postings.fields[-1]
    rows = zip(field.stems, field.articles, field.counts, strict=True)
    return {(postings.stems[stem], postings.articles[article]): count for stem, article, count in rows}


def test_a_word_is_counted_in_each_article_by_its_stem(tmp_path: Path) -> None:
    postings = read_postings(library(one="Refunds: one refund", two="Cards"), folder=tmp_path, language="en")
    assert body(postings) == {("refund", "one.md"): 2, ("one", "one.md"): 1, ("card", "two.md"): 1}
    assert list(postings.stems_of("Refunded CARDS")) == ["refund", "card"]
    assert postings.fields[-1].lengths[1] == 1


def test_the_same_articles_give_the_same_postings_whatever_stood_there_before(tmp_path: Path) -> None:
    now = {f"a{number}": f"Words of article {number}" for number in range(8)}
    read_postings(library(**now, gone="An article that goes away", z="Last"), folder=tmp_path / "kept", language="en")
    mended = read_postings(library(**now, z="New words"), folder=tmp_path / "kept", language="en")
    fresh = read_postings(library(**now, z="New words"), folder=tmp_path / "fresh", language="en")
    assert mended.fields == fresh.fields
    assert mended.stems == fresh.stems
    assert mended.articles == fresh.articles
