"""Links that are spelt wrong -> the only file that they can mean; any other stays as it is typed."""

from datetime import date
from pathlib import Path

import pytest

from kbtool.pipeline.checking import CheckOptions
from kbtool.pipeline.mending import mend_content
from tests.sites import write_site

SITE = """
-- content/img/Menu one.png --
x
-- content/billing/pics/bill.png --
x
-- content/billing/refund.md --
# Refund

## Soon
-- content/orders/new/order.md --
# Order

{}
-- content/_snippets/see.md --
![A menu](../../IMG/menu%20one.png)
"""


def mended(folder: Path, typed: str) -> str:
    """Return what an article's line becomes."""
    center = write_site(folder, SITE.replace("{}", typed))
    mend_content(center / "kbtool.yml", CheckOptions(date(2026, 11, 22)), dry_run=False)
    return (center / "content/orders/new/order.md").read_text().partition("\n\n")[2].removesuffix("\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("![A](../../IMG/menu%20one.png)", "![A](../../img/Menu%20one.png)"),
        ("![A](<../../img/menu one.png> 'T')", "![A](<../../img/Menu one.png> 'T')"),
        ('<img src="../../img/menu%20one.png" alt="A">', '<img src="../../img/Menu%20one.png" alt="A">'),
        ("![A][a]\n\n[a]: /IMG/MENU%20ONE.png 'T'", "![A][a]\n\n[a]: /img/Menu%20one.png 'T'"),
        ("[A](billing/refund.md#soon)", "[A](../../billing/refund.md#soon)"),
        ("[A](../billing/refund)", "[A](../../billing/refund)"),
        ("[A](../../../billing/refund.md)", "[A](../../billing/refund.md)"),
        (
            "[A](../billing/pics/bill.png) and [B](../billing/refund.md)",
            "[A](../../billing/pics/bill.png) and [B](../../billing/refund.md)",
        ),
    ],
)
def test_a_link_that_can_mean_one_file_only_gets_its_path(typed: str, meant: str, tmp_path: Path) -> None:
    assert mended(tmp_path, typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "[A](refund.md)",
        "[A](../refund.md)",
        "![A](pics/bill.png)",
        "[A](../../billing/refunds.md)",
        "[A](../../img/pics/bill.png)",
        "```\n![A](../../IMG/menu%20one.png)\n```",
        "{{ snippet see }}",
        "[A](https://help.example/en/IMG/menu.png)",
    ],
)
def test_a_link_that_may_mean_something_else_stays(typed: str, tmp_path: Path) -> None:
    assert mended(tmp_path, typed) == typed


def test_of_two_files_that_differ_in_case_alone_none_is_meant(tmp_path: Path) -> None:
    write_site(tmp_path, "-- content/img/twin.png --\nx\n-- content/img/TWIN.png --\nx\n")
    if len([*(tmp_path / "content/img").iterdir()]) == 1:
        pytest.skip("this disk takes them for one file")
    assert mended(tmp_path, "![A](../../img/Twin.png)") == "![A](../../img/Twin.png)"
