"""Words of subjects and articles: the batch ranks as the searcher does, one query at a time."""

import random
from pathlib import Path
from typing import Any

import pytest
from whoosh import query, scoring

from kbtool.content.index import FIELD_WEIGHTS, read_index
from kbtool.model import Article, Library, Meta
from kbtool.tickets.words import article_weights, read_words, stem_words
from tests.tickets.help_center import library, postings

NOUNS = [
    "card",
    "refund",
    "parcel",
    "plan",
    "invoice",
    "password",
    "webcam",
    "login",
    "price",
    "mail",
    "shop",
    "order",
    "delay",
    "cable",
    "screen",
]


def random_library(chance: random.Random, size: int) -> Library:
    """Return articles of words drawn by chance: many share words, and lengths differ much."""

    def words(most: int) -> str:
        return " ".join(chance.choices(NOUNS, k=chance.randint(1, most)))

    articles = [
        Article(
            f"{number:03}.md", "", "article", Meta(keywords=(words(3),)), words(5), words(9), "", words(120), digest=str(number)
        )
        for number in range(size)
    ]
    return Library(tuple(articles), (), (), frozenset(), {}, {}, ())


@pytest.mark.parametrize("seed", [1, 2])
def test_all_subjects_at_once_score_as_whoosh_scores_each(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be drawn alike each time
    read = random_library(chance, 60)
    subjects = [" ".join(chance.choices(NOUNS, k=chance.randint(1, 6))) for _ in range(40)]
    found = postings(read, tmp_path)

    def search(index: Any) -> list[dict[str, float]]:  # noqa: ANN401 - Whoosh has no types
        with index.searcher(weighting=scoring.BM25F()) as searcher:
            return [{hit["path"]: hit.score for hit in searcher.search(asked(subject), limit=None)} for subject in subjects]

    def asked(subject: str) -> query.Query:
        terms = [
            query.Term(name, stem, boost=weight) for stem in found.stems_of(subject) for name, weight in FIELD_WEIGHTS.items()
        ]
        return query.Or(terms)

    one_by_one = read_index(read.articles, tmp_path / "index", "en", search)
    vocabulary = read_words(subjects)
    by_word = stem_words(vocabulary.words, found)[1]
    at_once = ((vocabulary.counts @ by_word)[:, : len(found.stems)] @ article_weights(found)).toarray()
    for scores, expected in zip(at_once, one_by_one, strict=True):
        assert {path: score for path, score in zip(found.articles, scores, strict=True) if score} == pytest.approx(expected)


def test_words_are_counted_and_apostrophes_are_one(tmp_path: Path) -> None:
    vocabulary = read_words(["Can't log in, can\u2019t!", "", "LOG"])
    assert vocabulary.words == ("can't", "in", "log")
    assert vocabulary.counts.toarray().tolist() == [[2, 1, 1], [0, 0, 0], [0, 0, 1]]
    stems, _ = stem_words(("unheard", "password"), postings(library(), tmp_path))
    assert stems[-1] == "unheard"
