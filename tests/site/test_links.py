"""Link marks become addresses, and never anything else."""

from pathlib import Path

import pytest

from kbtool.model import Asset
from kbtool.site.links import fill_links

ASSETS = {"billing/a b.png": Asset("billing/a b.png", "billing/a b.png", Path("a"), 1, 1, 40, 20)}
TARGETS = (
    "billing/prices/#fees",
    "",
    "billing/a b.png",
    "https://old.example/?a=1&b=2",
    "billing/refund/#top",
    "",
    'a/#:~:text=The "Ü"',
)


def fill(marked: str) -> str:
    """Fill the marks of an article at billing/refund/."""
    return fill_links(marked, "billing/refund/", TARGETS, ASSETS, lambda alt: f"<i>{alt}</i>")


@pytest.mark.parametrize(
    ("marked", "filled"),
    [
        ('<a href="kb:0">Fees</a>', '<a href="../prices/#fees">Fees</a>'),
        ('<a class="x" href="kb:1" title="t">Gone</a>', '<a class="x" title="t">Gone</a>'),
        ('<a href="kb:3">Old</a>', '<a href="https://old.example/?a=1&amp;b=2">Old</a>'),
        ('<a href="kb:4">Up</a>', '<a href="#top">Up</a>'),
        ('<a href="kb:99">Beyond</a>', "<a>Beyond</a>"),
        ('<img src="kb:2" alt="A > b">', '<img src="../a%20b.png" width="40" height="20" alt="A > b">'),
        ('<img alt="x" src="kb:2" width="9">', '<img alt="x" src="../a%20b.png" width="9">'),
        ('<img src="kb:5" alt="Lost &amp; found">', "<i>Lost &amp; found</i>"),
        ('<img src="kb:5">', "<i></i>"),
        ('<video src="kb:2"></video>', '<video src="../a%20b.png"></video>'),
        ("<code>href=&quot;kb:0&quot;</code>", "<code>href=&quot;kb:0&quot;</code>"),
        ('<a href="kb:6">Ü</a>', '<a href="../../a/#:~:text=The%20%22Ü%22">Ü</a>'),
        ("<p>kb:0</p>", "<p>kb:0</p>"),
    ],
)
def test_a_mark_becomes_an_address(marked: str, filled: str) -> None:
    assert fill(marked) == filled


def test_many_unclosed_images_take_no_long_time() -> None:
    assert fill('<img alt="' * 2000 + "kb:")
