"""A text -> a few digits that are alike when texts are: what an article is known by when its title and its file have changed."""

import heapq
from itertools import islice
from zlib import crc32

_HASHES, _DIGITS = 12, 6


def make_sketch(text: str) -> str:
    """Return the smallest hashes of all pairs of words that stand side by side, as hexadecimal digits.

    How many of them two texts share estimates how many pairs they share (Broder, On the resemblance and containment of documents).

    >>> make_sketch("one") == ""
    True
    """
    words = text.lower().encode().split()
    pairs = set(map(crc32, islice(words, 1, None), map(crc32, words)))  # for every article, and so without a loop of our own
    return "".join(f"{number >> 8:0{_DIGITS}x}" for number in sorted(pairs)[:_HASHES])


def likeness(one: str, other: str) -> float:
    """Return what share of their words two sketches have in common: 0 to 1.

    >>> likeness(make_sketch("open the app and wait"), make_sketch("open the app and wait"))
    1.0
    """
    ours, theirs = _hashes(one), _hashes(other)
    smallest = heapq.nsmallest(min(_HASHES, max(len(ours), len(theirs))), ours | theirs)
    return sum(number in ours and number in theirs for number in smallest) / len(smallest) if smallest else 0.0


def _hashes(sketch: str) -> set[str]:
    return {sketch[start : start + _DIGITS] for start in range(0, len(sketch) - _DIGITS + 1, _DIGITS)}
