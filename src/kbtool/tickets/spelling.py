"""Words of subjects -> the same with slips of the finger mended, by the words of the articles and those that many tickets hold."""

from collections.abc import Iterator, Sequence

import numpy as np

from kbtool.tickets.arrays import Flags, Ints

_SHORTEST = 4
"""Letters of a word that is mended: shorter ones have too many neighbours."""
_RARE = 2
"""Texts that hold a word that may be a slip."""
_OFTEN = 8
"""How many times more texts must hold the word that was meant."""


def mend_words(words: Sequence[str], texts: Ints, certain: Flags) -> Ints:
    """Return as which word each is read: as itself, or, a rare one that no article holds, as the commonest within one slip.

    `texts` says how many texts hold each word, `certain` which stand in an article. A slip is one letter too many, too few, another, or
    two that changed places. Words with digits are left alone.
    """
    known: dict[str, list[int]] = {}
    for place in np.flatnonzero(certain | (texts > _RARE * _OFTEN)).tolist():
        if len(words[place]) >= _SHORTEST and words[place].isalpha():
            for key in _keys(words[place]):
                known.setdefault(key, []).append(place)
    meant = np.arange(len(words))
    for place in np.flatnonzero(~certain & (texts <= _RARE)).tolist():
        if len(words[place]) > _SHORTEST and words[place].isalpha():
            near = {other for key in _keys(words[place]) for other in known.get(key, ()) if _is_slip(words[place], words[other])}
            likely = sorted(near, key=lambda other: (-texts[other], words[other]))
            if likely and texts[likely[0]] >= _OFTEN * texts[place]:
                meant[place] = likely[0]
    return meant


def _keys(word: str) -> Iterator[str]:
    """Yield the word and what is left of it when a letter goes: words within one slip share one of these."""
    yield word
    yield from {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_slip(word: str, other: str) -> bool:
    """Tell whether one slip makes one word of the other.

    >>> _is_slip("pasword", "password"), _is_slip("crad", "card"), _is_slip("card", "cord"), _is_slip("cards", "caret")
    (True, True, True, False)
    """
    start = next(
        (place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), min(len(word), len(other))
    )
    left, right = word[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]
