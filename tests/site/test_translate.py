"""The site speaks German and Arabic as wholly as English."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from kbtool.records import read_record
from kbtool.site.assemble import _TITLES
from kbtool.site.theme import ThemeFile
from kbtool.site.translate import load_words
from tests.site.sited import build
from tests.sites import ROOT

PLAIN = ROOT / "themes" / "plain"
LANGUAGES = ("de", "ar")
IN_CODE = ("Image missing", "Frequently asked questions", *_TITLES.values())


def theme_file() -> ThemeFile:
    """Return what the theme's theme.yml says."""
    return read_record((PLAIN / "theme.yml").read_bytes(), ThemeFile, "theme.yml")[0]


def said_by_templates() -> Iterator[str]:
    """Yield every English text in a template, the singular of those with a number."""
    for file in sorted((PLAIN / "templates").glob("*.html")):
        options = {"trim_blocks": "true", "newstyle_gettext": "true"}
        for _, _, message, _ in babel_extract(io.BytesIO(file.read_bytes()), ("_", "gettext", "ngettext"), [], options):
            yield _singular(message)


def said_by_scripts() -> Iterator[str]:
    """Yield every English text in a script, the singular of those with a number."""
    for file in sorted((PLAIN / "assets").glob("*.js")):
        yield from re.findall(r'\b(?:text|count)\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))


def catalog(language: str) -> Catalog:
    """Return a language's translations."""
    return read_po(io.BytesIO((PLAIN / "locale" / language / "messages.po").read_bytes()), locale=language, abort_invalid=True)


def test_every_text_of_a_script_is_handed_to_it() -> None:
    handed = {*theme_file().script_texts, *(forms[0] for forms in theme_file().script_plurals)}
    assert set(said_by_scripts()) <= handed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    wanted = {*said_by_templates(), *said_by_scripts(), *theme_file().script_texts, *IN_CODE}
    wanted |= {forms[0] for forms in theme_file().script_plurals}
    translated = {_singular(message.id) for message in catalog(language) if message.id and _whole(message.string)}
    assert wanted - translated == set()
    assert translated - wanted == set(), "nobody says this any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_what_is_filled_in(language: str) -> None:
    for message in catalog(language):
        for string in [message.string] if isinstance(message.string, str) else []:
            assert set(re.findall(r"%\(\w+\)[sd]", string)) == set(re.findall(r"%\(\w+\)[sd]", _singular(message.id))), message.id


def _singular(ident: object) -> str:
    return ident[0] if isinstance(ident, (tuple, list)) else str(ident)


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


CENTER = "-- kbtool.yml --\ntitle: Help\nlanguage: {}\n-- content/t/a.md --\n---\nreviewed: 2026-03-04\n---\n# A\n-- content/t/b.md --\n# B\n"


def test_arabic_runs_from_right_to_left(tmp_path: Path) -> None:
    built = build(tmp_path, CENTER.format("ar"))
    page = built.page("t/a/")
    assert '<html lang="ar" dir="rtl"' in page
    assert "4 مارس 2026" in page
    assert "مقالتان" in built.page("")
    assert '"plurals":["one","two","zero","few","many","other"]' in page


def test_german_is_german(tmp_path: Path) -> None:
    page = build(tmp_path, CENTER.format("de")).page("t/a/")
    assert "Zuletzt geprüft: <time" in page
    assert "4. März 2026" in page
    assert ">Suche</button>" in page


def test_a_language_without_translation_keeps_english_words_and_its_own_dates(tmp_path: Path) -> None:
    page = build(tmp_path, CENTER.format("fr")).page("t/a/")
    assert '<html lang="fr" dir="ltr"' in page
    assert "4 mars 2026" in page
    assert ">Search</button>" in page


def test_a_text_of_kbtool_yml_goes_before_all(tmp_path: Path) -> None:
    text = (
        CENTER.format("de")
        + '-- kbtool.yml --\nlanguage: de\ntexts: {"Search for answers": "Was <suchst> du?", "Home": "{{ 1 + 1 }}"}\n'
    )
    page = build(tmp_path, text).page("t/a/")
    assert 'placeholder="Was &lt;suchst&gt; du?"' in page
    assert ">{{ 1 + 1 }}</a>" in page


@pytest.mark.parametrize(
    ("language", "named"), [("de", "de_DE"), ("de-AT", "de_AT"), ("pt-BR", "pt_BR"), ("en", "en_US"), ("zh-Hant", "zh_TW")]
)
def test_a_language_has_the_country_where_most_speak_it(language: str, named: str) -> None:
    assert load_words(language, (), {}).territorial == named
