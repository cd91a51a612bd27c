"""Who is asked, who is not, and what is shown of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.outside.addresses import Reach, asked_address, is_private, shown

OWN = "https://www.shop.org/help/"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://kbtool.org/", True),
        ("https://www.shop.org/prices", True),
        ("https://www.shop.org/help", False),
        ("https://www.shop.org/help/refund/", False),
        ("https://www.shop.org/helpers", True),
        ("http://localhost:8000/", False),
        ("http://app.localhost/", False),
        ("http://127.0.0.1/", False),
        ("http://127.1/", False),
        ("http://2130706433/", False),
        ("http://[::1]/", False),
        ("http://[fe80::1%25eth0]/", False),
        ("http://10.0.0.8/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://8.8.8.8/", True),
        ("http://wiki/", False),
        ("http://files.corp/", False),
        ("http://printer.local./", False),
        ("https://example.com/", False),
        ("https://shop.example.com/", False),
        ("https://myexample.com/", True),
        ("https://something.example/", False),
    ],
)
def test_own_and_private_hosts_are_not_asked(address: str, asked: bool) -> None:  # noqa: FBT001 - a table
    assert Reach(OWN).holds(address) is asked


def test_the_settings_have_the_last_word() -> None:
    assert Reach(OWN, ask=("[::1]",)).holds("http://[::1]:8000/")
    reach = Reach(OWN, ask=("wiki", "*.corp", "https://www.shop.org/help/*"), skip=("*.net", "https://a.org/login"))
    asked = ["http://wiki/", "http://files.corp/", "https://www.shop.org/help/x", "https://a.org/", "https://net/x"]
    assert [reach.holds(one) for one in asked] == [True, True, True, True, False]
    assert [reach.holds(one) for one in ("https://b.net/", "https://a.org/login?x", "https://www.shop.org/help")] == [False] * 3


@pytest.mark.parametrize(
    "target", ["mailto:a@b.org", "tel:1", "ftp://a.org/", "//", "https://", "https://[broken/", "https://a:99999/"]
)
def test_what_is_not_of_the_web_is_not_asked(target: str) -> None:
    assert asked_address(target) == ""


@pytest.mark.parametrize(
    ("target", "seen"),
    [
        ("https://me:secret@a.org/x", "https://a.org/x"),
        ("https://secret@a.org/x#y", "https://a.org/x#y"),
        ("https://a.org/x?api_key=secret", "https://a.org/x?..."),
        ("https://a.org/x?next=https://u:secret@b.org/", "https://a.org/x?..."),
        ("https://a.org/x?page=2#top", "https://a.org/x?page=2#top"),
        ("https://[broken", "an address that cannot be read"),
    ],
)
def test_no_secret_is_shown(target: str, seen: str) -> None:
    assert shown(target) == seen


@given(st.text() | st.builds("https://{}{}".format, st.text(), st.text()))
def test_any_text_can_be_taken_for_an_address(text: str) -> None:
    address = asked_address(text)
    assert "@" not in address.partition("?")[0].split("/")[2:3] or not address
    shown(text)
    if address:
        Reach(OWN, skip=("*.net",)).holds(address)
        assert asked_address(address) == address


@given(st.ip_addresses())
def test_only_addresses_of_the_whole_world_are_public(address: object) -> None:
    assert is_private(str(address)) is not getattr(address, "is_global")  # noqa: B009 - two classes have it
