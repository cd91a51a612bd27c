"""Examples tell what people ask: different from each other, plainly written, and with nothing private."""

import datetime

import numpy as np

from kbtool.demand import Match, Ticket
from kbtool.tickets.examples import choose_examples, copies, shown_subjects
from kbtool.tickets.naming import split_words


def _chosen(*subjects: str) -> list[str]:
    """Choose among subjects whose vectors all point elsewhere."""
    return choose_examples(subjects, [split_words(subject) for subject in subjects], np.eye(len(subjects), dtype=np.float32))


def test_of_copies_the_plainest_is_shown_and_once() -> None:
    assert _chosen("how do I pay", "BOARD IS DEAD", "borad is dead", "board is dead") == ["how do I pay", "board is dead"]


def test_what_differs_in_a_word_is_no_copy() -> None:
    assert set(_chosen("return my order", "cancel my order", "change my order")) == {
        "return my order",
        "cancel my order",
        "change my order",
    }
    assert not copies(["card", "lost"], ["card", "found"])


def test_a_subject_is_shown_as_it_was_cleaned_unless_something_was_taken_out_of_its_midst() -> None:
    written = (
        ("board is dead", "Re: board is dead call me [number]"),
        ("where is 's order", "Fwd: where is [name]'s order"),
    )
    found = [
        Match(Ticket(f"{number}", subject, shown, datetime.datetime.now(datetime.UTC), "open", (), ""), "a.md", 0.1, "weak", "")
        for number, (subject, shown) in enumerate(written)
    ]
    assert shown_subjects([subject for subject, _ in written], found) == ("board is dead", "where is [name]'s order")
