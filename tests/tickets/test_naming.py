"""What a topic is called: a phrase that somebody typed, nearest to what all of them typed."""

from kbtool.tickets.naming import name_group, stem_shares

EVERYWHERE = stem_shares(
    ["where is my card", "my card is lost", "can I get a card", "how do I pay", "where is my money", "is it free"] * 5, str
)


def test_the_name_holds_what_most_subjects_share() -> None:
    subjects = [
        "Where can I find the card PIN?",
        "Help me find my card PIN",
        "I can not find my card pin.",
        "PIN please, it is urgent",
    ]
    assert name_group(subjects, EVERYWHERE, str) == "Where can I find the card PIN"


def test_a_short_sentence_that_says_nothing_is_no_name() -> None:
    subjects = [
        "I want to use a European bank card for each of my top ups every month. Must I pay?",
        "Will I be charged whenever I use a European bank card for a top up?",
        "Are there any fees at all when a European bank card is used for a top up?",
    ]
    name = name_group(subjects, EVERYWHERE, str)
    assert "European bank card" in name
    assert any(name in subject for subject in subjects)
    assert len(name.split()) <= 9


def test_each_topic_has_a_name_of_its_own() -> None:
    subjects = ["my card PIN", "the card PIN"]
    first = name_group(subjects, EVERYWHERE, str)
    second = name_group(subjects, EVERYWHERE, str, [first])
    third = name_group(subjects, EVERYWHERE, str, [first, second])
    assert len({first, second, third}) == 3
    assert name_group(["PIN"], EVERYWHERE, str) == "PIN"
