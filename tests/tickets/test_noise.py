"""What no customer wrote, and what says nothing, is told from questions."""

import pytest

from kbtool.tickets.noise import first_line, first_sentence, is_system_mail, is_uninformative


@pytest.mark.parametrize(
    "subject",
    [
        *("Out of Office: back on Monday", "Automatic reply: Your order", "Abwesenheitsnotiz", "Réponse automatique : colis"),
        *(
            "Undeliverable: Your invoice",
            "Mail delivery failed: returning message to sender",
            "Delivery Status Notification (Failure)",
        ),
        *(
            "Voicemail from [number]",
            "New voice message",
            "Missed call from [number]",
            "Contact form",
            "New contact form submission",
        ),
        *("New message from your website", "Kontaktformular", "(no subject)", "Kein Betreff", "[name] - Form submission"),
    ],
)
def test_system_mail_is_known(subject: str) -> None:
    assert is_system_mail(subject)


@pytest.mark.parametrize(
    "subject",
    [
        *("Why do I get an automatic reply?", "My contact form does not work", "How do I set an out of office message?"),
        *(
            "Voicemail does not play",
            "Delivery failed twice",
            "Where is the contact form",
            "Office chair is broken",
            "Autosave is off",
        ),
    ],
)
def test_questions_about_such_things_are_questions(subject: str) -> None:
    assert not is_system_mail(subject)


@pytest.mark.parametrize(
    "subject", ["help", "Question", "URGENT!!!", "please help me asap", "Hallo, eine Frage", "???", "urgente", "Ayuda por favor"]
)
def test_a_subject_that_says_nothing_is_known(subject: str) -> None:
    assert is_uninformative(subject)


@pytest.mark.parametrize("subject", ["help with login", "refund", "Question about VAT", "can't pay", "退款", "問題が起きた"])
def test_a_subject_that_says_something_is_none_of_them(subject: str) -> None:
    assert not is_uninformative(subject)


def test_the_first_sentence_that_says_something_stands_for_the_body() -> None:
    assert first_sentence("Dear team!\n> quoted\n\nI have a question. Can I pay by card? Bye") == "Can I pay by card?"
    assert first_sentence("Hello") == ""


def test_a_greeting_alone_is_no_line_that_says_something() -> None:
    assert first_line("Hi there \U0001f44b\nDear Example team,\nmy lamp flickers\nJane") == "my lamp flickers"
    assert first_line("Hi, my lamp flickers") == "Hi, my lamp flickers"
    assert first_line(" \n") == ""
