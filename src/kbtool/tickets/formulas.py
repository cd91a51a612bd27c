"""Cells that a spreadsheet would take for formulas -> guarded ones, and back."""

_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""As typed, and as wide as a Chinese letter: some spreadsheets take one for the other."""


def guard_formula(text: str) -> str:
    """Return the text as it may stand in a CSV that is opened in a spreadsheet.

    >>> guard_formula("=1+1"), guard_formula("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip().startswith(_SIGNS) or text.startswith(("\t", "\r", "\n")) else text


def unguard_formula(text: str) -> str:
    """Return the text without the apostrophe that a careful help desk put before it.

    >>> unguard_formula("'+49 is missing"), unguard_formula("'quoted' word")
    ('+49 is missing', "'quoted' word")
    """
    return text[1:] if text[:1] == "'" and text[1:].lstrip().startswith(_SIGNS) else text
