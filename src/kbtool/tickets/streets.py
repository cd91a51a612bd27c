"""A text -> the same without the streets and numbers at which people live."""

import re

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME = rf"{_CAPITAL}[\w'\u2019.-]{{0,25}}"
_POSTCODE = rf"(?:,?\s(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s{_NAME}|,\s{_NAME}(?:\s\d{{5}})?)?"
"""What may follow a street: 10115 Berlin, or Springfield 62704."""
_STREETS = (
    (
        ("str", "allee", "gasse"),
        (
            rf"\b(?:(?:{_NAME}\s)?(?:Straße|Strasse|Str\.|STRASSE|STRAßE|STR\.|Allee|ALLEE)|{_NAME}(?i:straße|strasse|str\.|allee|gasse))"
            rf"\s?\d{{1,4}}(?:\s?[a-h]\b)?{_POSTCODE}"
        ),
    ),
    (
        ("st", "road", "rd", "ave", "lane", "boulevard", "blvd"),
        rf"\b\d{{1,5}}\s(?:{_NAME}\s){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Boulevard|Blvd|STREET|ST|ROAD|AVENUE|LANE)\b\.?{_POSTCODE}",
    ),
    (
        ("rue ", "chemin ", "impasse "),
        rf"\b\d{{1,4}}(?:\s?bis)?,?\s(?i:rue|chemin|impasse)\s(?:(?i:de|du|des|la|le|les)\s|(?i:d'|l')){{0,2}}{_NAME}{_POSTCODE}",
    ),
    (
        ("calle ", "avenida ", "viale ", "piazza ", "rua "),
        rf"\b(?i:calle|avenida|viale|piazza|rua)\s(?:(?i:de|da|do|del)\s)?{_NAME}(?:\s{_NAME}){{0,2}},?\s\d{{1,4}}\b{_POSTCODE}",
    ),
)
"""What stands in a text in small letters that names a street, and how the whole of it looks: names have capitals, or a sensor for a road were one."""
_PATTERNS = tuple((hints, re.compile(pattern)) for hints, pattern in _STREETS)


def without_streets(text: str, lowered: str) -> str:
    """Return the text, also given in small letters, with [address] where a street with a house's number stands.

    >>> asked = "not delivered to Hauptstraße 12, 10115 Berlin"
    >>> without_streets(asked, asked.lower())
    'not delivered to [address]'
    """
    for hints, pattern in _PATTERNS:
        if any(hint in lowered for hint in hints):
            text = pattern.sub("[address]", text)
    return text
