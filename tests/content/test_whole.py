"""kbtool.content.whole: addresses typed whole that lead to this very site, to one's own computer, or nowhere."""

import datetime
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.content.reader import read_content
from kbtool.problems import Problem
from tests.sites import write_site

SITE = """
-- kbtool.yml --
title: Help
url: https://help.crumb.example/en/
-- content/prices.md --
---
title: Prices
aliases: [old-prices]
---
## Fees

Five. See [our terms](terms.pdf).
-- content/terms.pdf --
%PDF
-- content/a/one.md --
# One

LINK
"""


def told(folder: Path, link: str) -> list[Problem]:
    """Return what is wrong with an article that holds the link."""
    center = load_config(write_site(folder, SITE.replace("LINK", link)) / "kbtool.yml")
    return list(read_content(center, cache=None, workers=1, today=datetime.date(2026, 11, 22)).problems)


@pytest.mark.parametrize(
    ("link", "rule", "severity", "words"),
    [
        ("[f]()", "dead-link", "error", 'the link "f" has no address'),
        ("![f]()", "missing-file", "error", 'the picture "f" has no address'),
        ("[f](http:/crumb.example)", "dead-link", "error", 'type "http://crumb.example"'),
        ("[f](https:crumb.example)", "dead-link", "error", 'type "https://crumb.example"'),
        ("[f](www.crumb.example)", "dead-link", "error", 'type "https://www.crumb.example"'),
        ("[f](help@crumb.example)", "dead-link", "error", 'type "mailto:help@crumb.example"'),
        ("[f](http://127.0.0.1:8000/prices/#fees)", "local-link", "warning", 'link to the file instead: "/prices.md"'),
        ("[f](http://localhost:8000/)", "local-link", "hint", "between backticks"),
        ("[f](http://[::1]:80/)", "local-link", "hint", "between backticks"),
        ("[f](https://help.crumb.example/en/typo/)", "dead-link", "warning", "which is not on this site"),
        ("[f](HTTP://Help.Crumb.example/en/price)", "dead-link", "warning", 'did you mean "prices/"?'),
        ("[f](https://help.crumb.example/en/prices/#nowhere)", "dead-anchor", "warning", 'the page has no "#nowhere"'),
    ],
)
def test_an_address_that_leads_no_reader_anywhere_is_told(
    tmp_path: Path, link: str, rule: str, severity: str, words: str
) -> None:
    (problem,) = told(tmp_path, link)
    assert (problem.rule, problem.severity, problem.path, problem.line) == (rule, severity, "content/a/one.md", 3)
    assert words in str(problem)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://help.crumb.example/en/prices/#fees",
            "https://help.crumb.example/en",
            "https://help.crumb.example/en/search/?q=x",
        ),
        *(
            "https://help.crumb.example/en/old-prices/",
            "https://help.crumb.example/en/terms.pdf",
            "https://help.crumb.example/en/a/faq/",
        ),
        *("https://help.crumb.example/de/typo/", "https://help.crumb.example:8443/en/typo/", "https://crumb.example/en/typo/"),
        *("https://127.0.0.1.crumb.example/", "http://[broken/", "https://crumb.example/%zz", "mailto:a@b.example"),
    ],
)
def test_other_addresses_are_none_of_ours(tmp_path: Path, address: str) -> None:
    assert told(tmp_path, f"[f]({address})") == []


def test_what_was_meant_is_looked_for_only_so_often(tmp_path: Path) -> None:
    links = "\n".join("[f](https://help.crumb.example/en/prises/)" for _ in range(30))
    hints = [problem.hint for problem in told(tmp_path, links) if problem.rule == "dead-link"]
    assert sorted(set(hints)) == ['did you mean "prices/"?', "link to the article's file instead"]
