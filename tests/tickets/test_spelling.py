"""Slips of the finger are read as the word that was meant; words that many write are left alone."""

import numpy as np
import pytest

from kbtool.tickets.spelling import mend_words
from kbtool.tickets.words import read_words

ARTICLES = ["Reset your password", "Delivery of a parcel", "Change your plan"] * 8


def read_as(subjects: list[str]) -> list[str]:
    """Return how each subject's words are read."""
    vocabulary = read_words([*subjects, *ARTICLES])
    counts = vocabulary.counts
    holding = np.bincount(counts.indices, minlength=len(vocabulary.words))
    certain = np.bincount(counts[len(subjects) :].indices, minlength=len(vocabulary.words)) > 0
    meant = mend_words(vocabulary.words, holding, certain)
    return [" ".join(vocabulary.words[place] for place in meant[counts[[row]].indices]) for row in range(len(subjects))]


@pytest.mark.parametrize("slip", ["pasword", "passwrod", "passsword", "passwort"])
def test_one_slip_is_mended(slip: str) -> None:
    assert read_as([slip]) == ["password"]


@pytest.mark.parametrize("word", ["passed", "pln", "plan9", "m\u00fcnchen", "parc"])
def test_other_words_are_left_alone(word: str) -> None:
    assert read_as([word]) == [word]


def test_a_word_that_several_write_is_no_slip() -> None:
    assert read_as(["plane"] * 3)[0] == "plane"
