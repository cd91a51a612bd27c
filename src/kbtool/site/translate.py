"""A language -> the site's own words in it, its direction and its dates."""

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from kbtool.problems import Problem, Stop

_SAMPLES = (1, 2, 0, *range(3, 201))


@dataclass(frozen=True, slots=True)
class Words:
    """The site's own words in one language."""

    language: str
    """As it stands in `lang`."""
    direction: str
    """ltr or rtl."""
    locale: Locale
    translations: NullTranslations
    texts: Mapping[str, str] = field(default_factory=dict)
    """Those that `kbtool.yml` replaces, by their English text."""

    @property
    def territorial(self) -> str:
        """The language with its country, or the one where most speak it, as Open Graph names it: de_DE; empty when none is known."""
        likely = get_global("likely_subtags")
        known = likely.get(str(self.locale)) or likely.get(self.locale.language) or ""
        country = self.locale.territory or known.rpartition("_")[2]
        return f"{self.locale.language}_{country}" if country else ""

    def gettext(self, text: str) -> str:
        """Return the text in this language; English when nobody translated it."""
        return self.texts.get(text) or self.translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form of the text that goes with the number."""
        replaced = self.texts.get(one if number == 1 else many)
        return replaced or self.translations.ngettext(one, many, number)

    def date(self, day: datetime.date) -> str:
        """Return the day as people write it."""
        from babel.dates import format_date  # noqa: PLC0415 - many sites show no date

        return format_date(day, "long", locale=self.locale)

    def for_scripts(self, texts: Iterable[str], plurals: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
        """Return what scripts show, by its English text, as far as it differs from that.

        What depends on a number is a list of forms; "plurals" names their `Intl.PluralRules` categories (CLDR) in the list's order.
        """
        category = self.locale.plural_form
        samples: dict[str, int] = {}
        for number in _SAMPLES:
            samples.setdefault(category(number), number)
        spoken: dict[str, str | list[str]] = {text: said for text in texts if (said := self.gettext(text)) != text}
        for one, many in plurals:
            forms = [self.ngettext(one, many, number) for number in samples.values()]
            if forms != [one, many]:
                spoken[one] = forms
        return {**spoken, "plurals": list(samples)}


def load_words(language: str, folders: Iterable[Path], texts: Mapping[str, str]) -> Words:
    """Return the words of a language out of the first `messages.po` among the folders' `locale/<language>`.

    Raises Stop when there is no such language, or when the file cannot be read.
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        hint = 'write it as "en", "de" or "pt-BR"'
        raise Stop(Problem("kbtool.yml", 0, "unknown-language", f'"{language}" is no language', hint)) from error
    named = [folder / "locale" / name / "messages.po" for folder in folders for name in (language, locale.language)]
    file = next((file for file in named if file.is_file()), None)
    translations = _translations(file, str(locale)) if file else NullTranslations()
    direction = str(locale.text_direction)
    return Words(language, direction, locale, translations, texts)


def translated_texts(file: Path) -> tuple[str, ...]:
    """Return the English texts that a file translates, both forms where a number decides; none when it cannot be read."""
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - few sites replace texts

    try:
        catalog = read_po(io.BytesIO(file.read_bytes()), abort_invalid=True)
    except (PoFileError, ValueError):
        return ()
    forms = (message.id if isinstance(message.id, (list, tuple)) else (message.id,) for message in catalog)
    return tuple(str(text) for texts in forms for text in texts if text)


def _translations(file: Path, locale: str) -> NullTranslations:
    """Return the file's texts; those marked fuzzy are not used."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - an English site needs none of this
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - the same
    from babel.support import Translations  # noqa: PLC0415 - the same

    try:
        catalog = read_po(io.BytesIO(file.read_bytes()), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        raise Stop(Problem(str(file), line, "broken-translation", "the translation cannot be read", str(error))) from error
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
