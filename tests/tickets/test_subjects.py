"""Subjects as mail programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.tickets.subjects import clean_subject, decoded


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Re: where is my card?", "where is my card?"),
        ("AW: WG: [EXTERNAL] Rechnung fehlt", "Rechnung fehlt"),
        ("RE[2]: 回复\uff1aRefund", "Refund"),
        ("[#282285] how do you decide", "how do you decide"),
        ("##4821## printer", "printer"),
        ("Hello team - my card was swallowed", "my card was swallowed"),
        ("URGENT!! help with top-up", "help with top-up"),
        ("No card (ticket 48213)", "No card"),
        ("No card order 48213123 thanks", "No card"),
        ("Where is it????", "Where is it?"),
        ("Hi there", "Hi there"),
        ("refund 2024", "refund 2024"),
        ("Support request - board is dead", "board is dead"),
        ("Frage: wo ist mein Paket - bitte dringend", "wo ist mein Paket"),
        ("Board is dead. Kind regards, Jane Roe", "Board is dead."),
        ("BOARD IS DEAD REGARDS JANE", "BOARD IS DEAD"),
        ("Wo ist es? Mit freundlichen Grüßen Jürgen", "Wo ist es?"),
        ("board is dead Sent from my iPhone", "board is dead"),
        ("\U0001f525 board is dead \U0001f621\U0001f621", "board is dead"),
        ("board is dead -", "board is dead"),
        ("in regards to my order", "in regards to my order"),
        ("nothing is sent from my board", "nothing is sent from my board"),
        ("error: exit status 1", "error: exit status 1"),
        ("Issue: ", "Issue:"),
        ("Re: Fwd:", ""),
        ("12345678", ""),
        ("", ""),
    ],
)
def test_what_is_not_the_question_goes(written: str, meant: str) -> None:
    assert clean_subject(written) == meant


@given(st.text())
def test_any_text_is_cleaned_and_stays_clean(text: str) -> None:
    once = clean_subject(text)
    assert clean_subject(once) == once


@given(st.text() | st.from_regex(r"=\?[a-z0-9-]{1,9}\?[bqBQ]\?[^?]{0,20}\?="))
def test_any_text_is_decoded(text: str) -> None:
    assert isinstance(decoded(text), str)
