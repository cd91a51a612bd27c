"""A text and who wrote it -> the text without the name, where it stands as a name stands."""

import re
import unicodedata
from collections.abc import Sequence

_MOST_WORDS, _LONGEST = 5, 100
"""Of a name; more is none."""
_SHORTEST = 3
"""Letters of a single word that may be told as a name."""
_APART = r"[-\u2010-\u2015/|,;:(~*.!?]"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"


def without_writer(text: str, name: str) -> str:
    """Return the text with [name] where the writer's name stands: the whole name anywhere, one of its words only where people sign.

    A single word may well mean something else ("Will", "Mark"), so it must stand apart, or at the end in capitals.

    >>> without_writer("order for Jane Roe - late", "Jane Roe"), without_writer("board is dead, thanks jane", "Jane Roe")
    ('order for [name] - late', 'board is dead, thanks jane')
    >>> without_writer("board is dead - jane", "Jane Roe"), without_writer("board is dead, regards Roe", "Jane Roe")
    ('board is dead - [name]', 'board is dead, regards [name]')
    """
    lowered = text.casefold()
    words = unicodedata.normalize("NFKC", name).split()
    if len(words) > _MOST_WORDS or len(name) > _LONGEST or not any(word.casefold() in lowered for word in words):
        return text
    if len(words) > 1:
        text = _whole(words).sub("[name]", text)
    single = [word for word in words if len(word) >= _SHORTEST and word[0].isalpha() and word.casefold() in lowered]
    return _signed(single, text) if single else text


def _whole(words: Sequence[str]) -> re.Pattern[str]:
    orders = (words, [f"{words[-1]},", *words[:-1]])
    found = "|".join(r"\s".join(map(re.escape, order)) for order in orders)
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def _signed(words: Sequence[str], text: str) -> str:
    """Take out the words that stand between marks, or at the text's end and begin with a capital letter."""
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    several = rf"(?:{either})(?:[\s.]{{1,2}}(?:{either}))*"
    text = re.sub(rf"(?:(?<={_APART}\s)|(?<=[(/]))(?:{several})(?=\s?(?:$|{_APART}|\)))", "[name]", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b((?i:i'm|i\u2019m|i\sam|this\sis|ich\sbin|hier\sist|je\ssuis|soy|sono|sou)\s)(?:{several})(?!\w)",
        r"\1[name]",
        text,
        flags=re.IGNORECASE,
    )
    led = rf"\b((?i:for|by|from|für|von|pour|para|per)\s)(?:{several})(?!\w)((?:\s(?-i:{_CAPITAL})[\w'\u2019-]{{1,40}}){{0,2}})"
    text = re.sub(led, _led, text, flags=re.IGNORECASE)

    def signed(found: re.Match[str]) -> str:
        return "[name]" if found.start() and found[0][0].isupper() else found[0]

    return re.sub(rf"(?<!\w)(?:{several})(?=\W*$)", signed, text, flags=re.IGNORECASE)


def _led(found: re.Match[str]) -> str:
    """Take out a word with a capital and the family name after it, which may be somebody else's; in A Title any word has a capital."""
    if not found[0][len(found[1])].isupper():
        return found[0]
    return f"{found[1]}[name]" if found[1].islower() else f"{found[1]}[name]{found[2]}"
