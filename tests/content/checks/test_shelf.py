"""What only all articles together show: twins, near-duplicates, heavy pictures."""

from pathlib import Path

from kbtool.content.checks.duplicates import gather_facts
from tests.content.checks.checking import found, told
from tests.sites import write_site

RETURNS = (
    "You can send your parcel back to us when it does not fit, when it is broken, or when you have changed your mind about it. "
    "Put the label on the box and bring it to any shop that takes parcels. We pay the postage, and you get the whole price back "
    "within {} days, by the same way that you have paid us. Keep the slip until the money is there."
)


def test_two_articles_of_one_text_are_told_once(tmp_path: Path) -> None:
    site = f"-- content/a/one.md --\n# Return a parcel\n\n{RETURNS.format(14)}\n-- content/b/two.md --\n# Send it back\n\n{RETURNS.format(14)}\n"
    assert told(tmp_path, site, "duplicate") == ["b/two.md:1 hint"]


def test_an_unsaved_article_is_told_of_its_twin(tmp_path: Path) -> None:
    site = f"-- content/a/one.md --\n# A parcel\n\nText.\n-- content/b/two.md --\n# Send it back\n\n{RETURNS.format(14)}\n"
    write_site(tmp_path, site)
    typed = f"# Return a parcel\n\n{RETURNS.format(14)}\n".encode()
    assert told(tmp_path, "", "duplicate", unsaved={Path("content/a/one.md"): typed}, here=tmp_path) == ["a/one.md:1 hint"]


def test_different_numbers_under_like_titles_are_a_warning(tmp_path: Path) -> None:
    site = f"-- content/a/one.md --\n# Return a parcel\n\n{RETURNS.format(14)}\n-- content/b/two.md --\n# Return your parcel\n\n{RETURNS.format(30)}\n"
    (problem,) = found(tmp_path, site, "duplicate")
    assert (problem.severity, '"price back within 30 days" and "price back within 14 days"' in problem.message) == (
        "warning",
        True,
    )


def test_one_procedure_for_two_products_is_no_contradiction(tmp_path: Path) -> None:
    site = f"-- content/a/one.md --\n# Return shoes\n\n{RETURNS.format(14)}\n-- content/b/two.md --\n# Send furniture back\n\n{RETURNS.format(30)}\n"
    assert told(tmp_path, site, "duplicate") == ["b/two.md:1 hint"]


def test_one_title_in_two_topics_is_told(tmp_path: Path) -> None:
    site = "-- content/a/one.md --\n# How do I pay?\n\nBy card.\n-- content/b/two.md --\n# How do I pay\n\nIn cash.\n"
    assert told(tmp_path, site, "duplicate") == ["b/two.md:1 hint"]


def test_articles_that_share_a_closing_sentence_are_no_duplicates(tmp_path: Path) -> None:
    end = "If this did not help you, write to us, and tell us the number of your order and what you have tried so far."
    about = (
        "shoes are measured in a shop near you",
        "a letter needs a stamp of the right price",
        "cats sleep on warm roofs all day",
    )
    site = "".join(f"-- content/{number}.md --\n# Title {number}\n\nMost {what}. {end}\n" for number, what in enumerate(about))
    assert told(tmp_path, site, "duplicate") == []


def test_a_number_is_known_by_the_words_around_it() -> None:
    assert dict(gather_facts("It costs € 4.99 a month. Open from 9:30 to 17 o'clock.")) == {
        "it costs * a": "€4.99",
        "open from * to": "9:30",
    }


def test_heavy_pictures_are_told_once_where_they_are_shown_first(tmp_path: Path) -> None:
    pictures = {"big.png": 600_000, "small.png": 400_000, "film.gif": 1_100_000, "short.gif": 400_000, "tiny.gif": 90_000}
    folder = tmp_path / "content"
    folder.mkdir()
    for name, size in pictures.items():
        (folder / name).write_bytes(b"x" * size)
    shown = "".join(f"![The menu {name[:-4]}]({name})\n\n" for name in sorted(pictures))
    site = f"-- content/one.md --\n# A\n\n{shown}\n-- content/two.md --\n# B\n\n![The menu](big.png)\n"
    assert told(tmp_path, site, "heavy-image") == ["one.md:3 warning", "one.md:5 warning", "one.md:7 hint"]
