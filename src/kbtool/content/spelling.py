"""A misspelt query -> what was probably meant, from the words of the articles."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
"""A run of letters and digits; of a script written without spaces, a character at a time."""

JOINED = re.compile(r"(?<![\w-])([^\W\d_]+)-([^\W\d_]+)(?![\w-])")
"""Two words that a hyphen makes one, which many write without it: Wi-Fi, an e-mail."""

_SHORT = 4
"""Letters that a word needs to be corrected at all: too many short words are one letter apart."""

_LONG = 7
"""Letters from which on two mistakes are believed."""


def all_words(text: str) -> list[str]:
    """Return the text's words, and after them those that a hyphen makes of two.

    >>> all_words("Wi-Fi settings")
    ['Wi', 'Fi', 'settings', 'WiFi']
    """
    words: list[str] = WORD.findall(text)
    if "-" in text:
        words += (one + other for one, other in JOINED.findall(text))
    return words


def correct_query(query: str, unknown: Collection[str], texts: Iterable[str]) -> str:
    """Return the query with its unknown words, as they stand in it, replaced by the nearest of the texts; "" when none is near.

    >>> correct_query("Refnud policy", {"Refnud"}, ["Get a refund", "A refund takes a week"])
    'refund policy'
    >>> correct_query("xylophone", {"xylophone"}, ["Get a refund"])
    ''
    """
    known = Counter(word for text in texts for word in WORD.findall(text.lower()))
    corrections = {word: nearest_word(word.lower(), known) for word in unknown}
    corrected = WORD.sub(lambda match: corrections.get(match[0]) or match[0], query)
    return corrected if corrected != query else ""


def nearest_word(word: str, known: Counter[str]) -> str:
    """Return the known word with the fewest mistakes from this one, the most frequent of those; "" when none is near.

    A mistake in the first letter is rare (Pollock and Zamora 1984 found it in 8 % of misspelt words) and counts as one more.
    """
    allowed = 0 if len(word) < _SHORT else 1 if len(word) < _LONG else 2
    best = (allowed + 1, 0, "")
    for candidate, frequency in known.items():
        if abs(len(candidate) - len(word)) <= allowed and len(candidate) >= _SHORT and not candidate.isdigit():
            mistakes = count_mistakes(word, candidate, allowed) + (allowed > 1 and candidate[0] != word[0])
            if mistakes <= allowed:
                best = min(best, (mistakes, -frequency, candidate))
    return best[2]


def count_mistakes(word: str, other: str, limit: int) -> int:
    """Return how many letters are missing, too many, wrong or swapped with their neighbour; over `limit` any number above it.

    The optimal string alignment distance (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).

    >>> count_mistakes("refnud", "refund", 2), count_mistakes("pasword", "password", 2), count_mistakes("same", "same", 2)
    (1, 1, 0)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word):
        above, row, before = row, [place + 1], row if not place else before
        for column, there in enumerate(other):
            cost = min(above[column + 1] + 1, row[column] + 1, above[column] + (letter != there))
            if place and column and letter == other[column - 1] and word[place - 1] == there:
                cost = min(cost, before[column - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return row[-1]
