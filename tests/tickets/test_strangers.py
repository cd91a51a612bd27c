"""The requesters' names teach which words people are called: others are not named either, and things keep their names."""

import pytest

from kbtool.demand import Ticket
from kbtool.tickets.strangers import learn_names, without_strangers
from tests.tickets.people import BARE, PEOPLE

PARTICLES = {"van", "von", "den", "de", "da", "la", "bin", "del", "el", "le"}
ASKED = ("refund of an order", "my account is locked", "access to the contract", "how do i log in")


def _ticket(subject: str) -> Ticket:
    return Ticket("", subject, subject, None, "open", (), "")


def shown(subjects: list[str], names: list[str], article: str = "") -> list[str]:
    """Return the subjects as they are shown in an export of people with the names."""
    return [ticket.shown for ticket in without_strangers([*map(_ticket, subjects)], learn_names(names), [article])]


def _left(person: str, subject: str) -> bool:
    return any(word in subject for word in person.split() if word not in PARTICLES and len(word) > 2)


@pytest.mark.parametrize("frame", BARE)
def test_a_requester_is_not_named_by_others(frame: str) -> None:
    subjects = [frame.format(person) for person in PEOPLE]
    found = shown([*subjects, *ASKED], list(PEOPLE))
    assert not [subject for person, subject in zip(PEOPLE, found, strict=False) if _left(person, subject)]


@pytest.mark.parametrize("frame", BARE)
def test_who_shares_a_first_name_with_a_requester_is_hardly_named(frame: str) -> None:
    subjects = [frame.format(person) for person in PEOPLE]
    found = shown([*subjects, *ASKED], [f"{person.split()[0]} Qorv" for person in PEOPLE])
    left = [subject for person, subject in zip(PEOPLE, found, strict=False) if _left(person, subject)]
    assert len(left) <= 0.02 * len(PEOPLE), left


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("Refund for Maria Gonzalez", "Refund for [name]"),
        ("Maria's account is locked", "[name]'s account is locked"),
        ("Please add GONZALEZ to the plan", "Please add [name] to the plan"),
        ("Re: contract Gonzalez / Jones", "Re: contract [name] / Jones"),
        ("Maria Gonzalez Rechnung fehlt", "[name] Rechnung fehlt"),
        ("Konto von Gonzalez sperren", "Konto von [name] sperren"),
        ("Access For Maria Gonzalez Is Lost", "Access For [name] Is Lost"),
        ("Price too high", "Price too high"),
        ("Bill is wrong", "Bill is wrong"),
        ("What Is The Price Of A Transfer", "What Is The Price Of A Transfer"),
        ("Leonardo ETH is not found", "Leonardo ETH is not found"),
        ("maria is slow", "maria is slow"),
        ("Nobody Else is told", "Nobody Else is told"),
    ],
)
def test_a_name_is_told_by_how_it_is_written(subject: str, left: str) -> None:
    more = ["the price is too high", "my bill is wrong", "Rechnung von heute", "Rechnung von gestern", "Rechnung doppelt"]
    names = ["Maria Gonzalez", "Leonardo Price", "Bill Moss"]
    if subject.startswith("maria"):
        assert shown([subject, "Maria is fast"], names) == [subject, "Maria is fast"]
    assert shown([subject, *more], names, "The Leonardo is a board.")[0] == left


def test_whom_several_write_about_is_not_half_named() -> None:
    subjects = [f"{asked} for Maria Gonzalez" for asked in "abcdef"]
    assert shown(subjects, ["Maria Lopez"]) == [f"{asked} for [name]" for asked in "abcdef"]


def test_what_stands_in_many_subjects_is_a_thing() -> None:
    subjects = [f"Tesla wallbox {fault}" for fault in "abcdefghijklmnopqrstuvwxyz"]
    assert shown(subjects, ["Nikola Tesla"]) == subjects
    assert shown(subjects[:3], ["Nikola Tesla"])[0] == "[name] wallbox a"


def test_the_matched_subject_is_without_the_name() -> None:
    tickets = without_strangers([_ticket("refund for Maria Gonzalez")], learn_names(["Maria Lopez"]), [])
    assert (tickets[0].shown, tickets[0].subject) == ("refund for [name]", "refund for")


def test_without_names_nothing_changes() -> None:
    assert shown(["Refund for Maria Gonzalez"], ["Acme", "Shop 24", ""]) == ["Refund for Maria Gonzalez"]
