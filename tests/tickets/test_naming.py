"""What a topic is called: a phrase that somebody typed, which tells best what all of them typed about."""

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from kbtool.tickets.naming import name_group, read_usage

OTHERS = ["where is my card", "my card is lost", "can I get a card", "how do I pay", "where is my money", "is it free"] * 5
FILLERS = [
    "a",
    "an",
    "and",
    "any",
    "are",
    "at",
    "be",
    "can",
    "do",
    "for",
    "i",
    "in",
    "is",
    "it",
    "me",
    "my",
    "of",
    "the",
    "to",
    "what",
    "when",
    "where",
    "with",
    "you",
]


def _named(subjects: Sequence[str], near: Sequence[str] = (), taken: Iterable[str] = (), others: Sequence[str] = OTHERS) -> str:
    return name_group(subjects, read_usage([*subjects, *others], str, FILLERS), near, taken)


def test_the_name_holds_what_most_subjects_share() -> None:
    subjects = [
        "Where can I find the card PIN?",
        "Help me find my card PIN",
        "I can not find my card pin.",
        "PIN please, it is urgent",
    ]
    assert _named(subjects) == "Where can I find the card PIN"


def test_a_short_sentence_that_says_nothing_is_no_name() -> None:
    subjects = [
        "I want to use a European bank card for each of my top ups every month. Must I pay?",
        "Will I be charged whenever I use a European bank card for a top up?",
        "Are there any fees at all when a European bank card is used for a top up?",
    ]
    name = _named(subjects)
    assert "European bank card" in name
    assert any(name in subject for subject in subjects)


def test_what_a_single_customer_tells_is_left_out() -> None:
    subjects = [
        "How do I exchange pounds in Aunt Emma's shop?",
        "Can I exchange my money?",
        "Is there a way to exchange dollars by Friday?",
        "Where to exchange zloty?",
    ]
    assert _named(subjects) == "Can I exchange my money"


def test_no_name_breaks_off_in_the_middle() -> None:
    subjects = [
        "I live with my sister over in Lisbon at the moment and now wonder how old I have to be to open an account with you",
        "My nephew Joe asks every day of the week how old he has to be to open an account, so what do I tell him?",
        "Since when is there an age and how old must one be to open an account",
    ]
    assert _named(subjects).endswith("account")


def test_few_subjects_are_named_as_those_near_them_would() -> None:
    subjects = [
        "Change pounds to euros",
        "Exchange pounds to euros",
        "Change pounds to euros now",
        "Exchange pounds to euros now",
    ]
    others = [*OTHERS, *["change my address", "change the name", "change a PIN"] * 4]
    assert _named(subjects, ["What do you exchange", "exchange rate"], others=others) == "Exchange pounds to euros"


def test_what_stands_for_something_private_stays_whole() -> None:
    subjects = ["[number] was never shipped to me by anybody at all and is lost in some depot far away from here"] * 2
    assert _named(subjects).startswith("[number] ")


def test_each_topic_has_a_name_of_its_own() -> None:
    subjects = ["my card PIN", "the card PIN"]
    first = _named(subjects)
    second = _named(subjects, taken=[first])
    third = _named(subjects, taken=[first, second])
    assert len({first, second, third}) == 3
    assert _named(["PIN"]) == "PIN"


def test_customers_who_write_on_and_on_give_no_endless_name() -> None:
    assert len(_named(["so and " * 60, "and so " * 60], others=[]).split()) <= 14


def test_a_slip_of_the_finger_is_no_part_of_a_name() -> None:
    subjects = ["Whta is the top up limit", "What is the top up limit", "What limits a top up", "limit of the top up"]
    assert _named(subjects) == "What is the top up limit"


@given(st.lists(st.text(alphabet=" .,;[]'’-İßaAbB1\u0301\n", min_size=1), min_size=1, max_size=4))  # noqa: RUF001
def test_every_topic_gets_a_name_out_of_a_subject(subjects: list[str]) -> None:
    name = _named(subjects, near=subjects)
    assert name
    assert any(name in subject for subject in subjects)


def test_a_name_is_not_shouted_when_somebody_did_not_shout() -> None:
    assert _named(["BOARD IS DEAD", "board is dead", "BOARD IS DEAD AGAIN"]) == "board is dead"
    assert _named(["BOARD IS DEAD", "BOARD IS DEAD"]) == "BOARD IS DEAD"
    assert _named(["BOARD OPPORTUINTY LOST", "board opportunity lost"]) == "board opportunity lost"
