"""Whom a word in the subject tells to be a person is not named; what only looks like a name stays."""

import itertools
import time

import pytest

from kbtool.tickets.redact import redact
from tests.tickets.people import EASTERN, LED, LEFT, PEOPLE, TITLED

PARTICLES = {"van", "von", "den", "de", "da", "la", "bin", "del", "el", "le"}


def _left(frame: str, person: str) -> list[str]:
    """Return the words of the person's name that are left of a subject."""
    shown = redact(frame.format(person))
    return [word for word in person.split() if word not in PARTICLES and len(word) > 2 and word in shown]


@pytest.mark.parametrize("frame", TITLED)
def test_nobody_with_a_title_is_named(frame: str) -> None:
    families = [person.split()[-1] for person in PEOPLE]
    assert len(PEOPLE) >= 150
    assert not [person for person in (*PEOPLE, *families) if _left(frame, person)]


@pytest.mark.parametrize("frame", LED)
def test_nobody_is_named_after_words_that_lead_to_a_person(frame: str) -> None:
    assert not [person for person in PEOPLE if _left(frame, person)]


@pytest.mark.parametrize("subject", EASTERN)
def test_nobody_with_a_title_is_named_in_scripts_without_capitals(subject: str) -> None:
    assert "[name]" in redact(subject)
    assert not [name for name in LEFT if name in redact(subject)]


@pytest.mark.parametrize(
    "subject",
    [
        "Price too high", "mark as read", "Bill is wrong", "Mark all as read", "Will my refund come?", "Grace period", "Rose gold case",
        "Arduino Leonardo ETH not detected", "Nano Every bootloader", "Uno R3 board", "Portenta H7 camera", "Yún Shield", "add Apple Pay to my phone",
        "add Google Authenticator to my account", "PAN Card is not accepted", "Hello Kitty skin is gone", "miss the old design", "hi my card is blocked",
        "part of the order is missing", "お客様番号を忘れた", "奥様向けの商品", "고객님 센터 전화", "name of my account", "a nombre de empresa",
    ],
)  # fmt: skip
def test_words_that_only_look_like_names_stay(subject: str) -> None:
    assert redact(subject) == subject


def test_hostile_names_take_no_longer() -> None:
    begun = time.process_time()
    for lead, piece in itertools.product(
        ("mr ", "dear ", "add ", "on behalf of ", "c/o "), ("A", "A ", "de ", "A de ", "d'A ", "mr ", "様", "A.")
    ):
        redact(lead + piece * (20_000 // len(piece)))
    assert time.process_time() - begun < 10
