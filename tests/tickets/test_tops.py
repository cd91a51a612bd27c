"""The short ways to the best articles and the nearest subjects find what the long ways find."""

from pathlib import Path

import numpy as np
import pytest

from kbtool.tickets.scoring import MatchOptions, Table, Taught, build_table, reference_scores, score_rows
from kbtool.tickets.signals import NEAREST, best_of, find_neighbours
from kbtool.tickets.tops import best_rows
from tests.tickets.help_center import ARTICLES, all_subjects, library, postings

TWINS = {**ARTICLES, **{f"{name} again": texts for name, texts in ARTICLES.items()}}
"""Every article twice, so that scores are equal."""


def table(folder: Path, articles: dict[str, tuple[str, ...]], taught: tuple[Taught, ...] = ()) -> Table:
    """Return the subjects' table against these articles."""
    read = library(articles)
    return build_table(sorted(all_subjects()), read.articles, postings(read, folder), MatchOptions(taught=taught))


@pytest.mark.parametrize("articles", [TWINS, ARTICLES, dict([*ARTICLES.items()][:2]), dict([*ARTICLES.items()][:1])])
@pytest.mark.parametrize("taught", [(), (Taught("cannot log in any more", "password.md", right=False),)])
def test_the_best_articles_are_those_of_all_scores(
    articles: dict[str, tuple[str, ...]], taught: tuple[Taught, ...], tmp_path: Path
) -> None:
    known = table(tmp_path, articles, taught)
    _, scale = reference_scores(known)
    part = slice(3, len(known.sample) - 2)
    scores, found = score_rows(known, np.arange(part.start, part.stop), scale), best_rows(known, part, scale)
    ranked = best_of(scores.rank)
    assert np.array_equal(found.ranked.article[:, 0], ranked.article[:, 0])
    assert np.allclose(found.ranked.score, ranked.score[:, :2], rtol=0, atol=1e-9)
    assert np.array_equal(found.similar.score[:, 0], best_of(scores.similarity).score[:, 0])
    assert np.array_equal(found.chosen, scores.choice.argmax(axis=1))


@pytest.mark.parametrize(("size", "different"), [(700, 700), (700, 9), (600, 1), (41, 41), (30, 30), (2, 2), (1, 1)])
def test_the_nearest_are_those_of_all_likenesses(size: int, different: int) -> None:
    chance = np.random.default_rng(size + different)
    reference = chance.integers(-700, 700, (different, 16)).astype(np.int16)[np.arange(size) % different]
    vectors, own = reference[-20:], np.arange(size)[-20:]
    own[::3] = -1
    products = vectors.astype(np.int64) @ reference.astype(np.int64).T
    found = find_neighbours(vectors, reference, own)
    for row, mine in enumerate(own.tolist()):
        others = [place for place in range(size) if place != mine]
        nearest = sorted(others, key=lambda place: (-int(products[row, place]), place))[: min(NEAREST, max(1, size - 1))]
        assert found.places[row, : len(nearest)].tolist() == nearest
