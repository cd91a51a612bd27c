"""The right article is among the first three: floors, in a real browser, on our own help center and on Arduino's."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.quality.measure_search import (
    Case,
    article_urls,
    ask,
    asked_cases,
    documents_of,
    first_search_bytes,
    grown_site,
    misspelt,
    plain_page,
    search_page,
    title_cases,
    typo_cases,
)

HERE = Path(__file__).parent
TITLES, TYPOS, QUESTIONS = 0.95, 0.85, 0.75

pytestmark = pytest.mark.browser


def _shares(browser: Browser, folder: Path, *sets: list[Case]) -> list[float]:
    with search_page(browser, folder / "site") as page:
        return [ask(page, cases).share for cases in sets]


def test_our_own_manual_is_found(chromium: Browser, own_center: Path) -> None:
    documents = documents_of(own_center)
    questions = asked_cases(HERE / "own_questions.yml", article_urls(own_center))
    titles, typos, asked = _shares(chromium, own_center, title_cases(documents), typo_cases(documents), questions)
    assert (titles >= TITLES, typos >= TYPOS, asked >= QUESTIONS) == (True, True, True), (titles, typos, asked)


def test_arduinos_articles_are_found(chromium: Browser, arduino_center: Path) -> None:
    documents = documents_of(arduino_center)
    chance = random.Random(7)  # noqa: S311 - no secret depends on it
    titles = chance.sample(title_cases(documents), 100)
    typos = chance.sample(typo_cases(documents), 100)
    urls = article_urls(arduino_center)
    asked = asked_cases(HERE / "arduino_questions.yml", urls)
    held_out = asked_cases(HERE / "arduino_more_questions.yml", urls)
    shares = _shares(chromium, arduino_center, titles, typos, asked, held_out)
    floors = (TITLES, TYPOS, QUESTIONS, QUESTIONS)
    assert all(share >= floor for share, floor in zip(shares, floors, strict=True)), shares


def test_plain_pagefind_is_measured_on_the_same_pages(chromium: Browser, own_center: Path) -> None:
    with plain_page(chromium, own_center / "site") as page:
        assert ask(page, title_cases(documents_of(own_center))).share > 0.9


def test_a_first_search_among_a_thousand_articles_fetches_little(chromium: Browser, arduino_center: Path, tmp_path: Path) -> None:
    site = grown_site(arduino_center, tmp_path, 1000)
    assert sum(first_search_bytes(chromium, site, "forgot my password").values()) <= 250_000


def test_a_typing_error_changes_one_word_and_is_the_same_for_a_seed() -> None:
    text = "Reset your password"
    changed = [misspelt(text, random.Random(seed)) for seed in range(50)]  # noqa: S311 - no secret depends on it
    assert changed == [misspelt(text, random.Random(seed)) for seed in range(50)]  # noqa: S311 - no secret depends on it
    assert text not in changed
    assert all(abs(len(each) - len(text)) <= 1 for each in changed)
