"""kbtool.content.signposts: kbtool.yml's own links and pictures stand on every page, and each that leads nowhere is told."""

import datetime
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.reader import read_content
from tests.sites import build, write_site

SITE = "-- content/img/logo.svg --\n<svg/>\n-- content/terms.pdf --\n%PDF\n-- content/orders/pay now.md --\n# Pay\n\n[t](../terms.pdf)\n-- content/orders/later.md --\n---\ntitle: Later\nstatus: draft\n---\nSoon.\n"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("brand: { logo: img/logo.svg }", ""),
        (
            "brand:\n  logo: img/log.svg",
            'kbtool.yml:2: error: the logo "img/log.svg" is not in the folder "content" [missing-file]\n    did you mean "img/logo.svg"?',
        ),
        ("footer: [{ title: A, url: orders/pay-now/ }]", ""),
        ("footer: [{ title: A, url: /orders/pay-now }]", ""),
        (
            "footer: [{ title: A, url: orders/#x }, { title: B, url: / }, { title: C, url: search/ }, { title: D, url: terms.pdf }]",
            "",
        ),
        (
            "header: [{ title: A, url: https://example.com }, { title: B, url: '#top' }, { title: C, url: 'mailto:a@b.example' }]",
            "",
        ),
        (
            "title: Help\nheader:\n  - title: A\n    url: content/orders/pay now.md",
            "",
        ),
        (
            "footer: [{ title: A, url: www.example.com }]",
            'kbtool.yml:1: error: a link of "footer" leads to "www.example.com", which is not there [dead-link]\n    for another site, write "https://www.example.com"',
        ),
        (
            "contact: { url: orders/gone/ }",
            'kbtool.yml:1: error: a link of "contact" leads to "orders/gone/", which is not there [dead-link]',
        ),
        (
            "title: Help\nheader:\n  - title: A\n    url: content/orders/pay noww.md",
            'kbtool.yml:4: error: a link of "header" leads to "content/orders/pay noww.md", which is not there [dead-link]\n    did you mean "orders/pay now.md"?',
        ),
        (
            "footer: [{ title: A, url: nope/ }]",
            'kbtool.yml:1: error: a link of "footer" leads to "nope/", which is not there [dead-link]',
        ),
        (
            "footer: [{ title: A, url: 'orders/later.md#x' }, { title: B, url: /orders/later }]",
            "\n".join(
                f'kbtool.yml:1: warning: a link of "footer" leads to "{typed}", which readers do not have: its article is a draft, or for agents'
                ' [dead-link]\n    publish "orders/later.md" first, or take the link out'
                for typed in ("/orders/later", "orders/later.md#x")
            ),
        ),
        ("redirects: { orders/old.md: orders/pay-now }\nfooter: [{ title: A, url: content/orders/old.md }]", ""),
        ("redirects: { old: orders/pay-now }\nfooter: [{ title: A, url: old/ }]", ""),
    ],
)
def test_links_and_pictures_of_every_page(tmp_path: Path, config: str, told: str) -> None:
    center = load_config(write_site(tmp_path, f"-- kbtool.yml --\n{config}\n{SITE}") / "kbtool.yml")
    library = read_content(center, cache=None, workers=1, today=datetime.date(2026, 11, 22))
    assert "\n".join(map(str, library.problems)) == told


def test_a_files_path_leads_to_its_page(tmp_path: Path) -> None:
    config = "header: [{ title: A, url: content/orders/pay now.md }]\nfooter: [{ title: B, url: 'orders/pay now.md#top' }]\ncontact: { url: /content/terms.pdf }"
    build(write_site(tmp_path, f"-- kbtool.yml --\n{config}\n{SITE}"), "--strict", "--no-search")
    page = (tmp_path / "site/orders/pay-now/index.html").read_text()
    for address in ("../../orders/pay-now/", "../../orders/pay-now/#top", "../../terms.pdf"):
        assert f'href="{address}"' in page
