"""A text -> a few digits that are alike when texts are: what an article is known by when its title and its file have changed."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain, islice
from zlib import crc32

_HASHES, _DIGITS = 12, 6
_LIKELY = 20
"""So many of those that share most with a sketch are compared with it."""


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


class Sketches:
    """The sketches of many texts, by the texts' names: to find the text that is most like another without a look at all."""

    def __init__(self, sketches: Mapping[str, str]) -> None:
        """Take each text's sketch by the text's name."""
        self._sketches = sketches
        self._same: dict[str, list[str]] = defaultdict(list)
        self._sharing: dict[str, list[str]] = defaultdict(list)
        for name, sketch in sketches.items():
            self._same[sketch].append(name)
            for number in _hashes(sketch):
                self._sharing[number].append(name)

    def nearest(self, sketch: str) -> tuple[float, str]:
        """Return how like the most alike text is, and its name; 0 and "" when none has anything in common with it."""
        if sketch and sketch in self._same:
            return 1.0, max(self._same[sketch])
        shared = Counter(chain.from_iterable(self._sharing.get(number, ()) for number in _hashes(sketch)))
        likely = heapq.nlargest(_LIKELY, ((count, name) for name, count in shared.items()))
        return max(((likeness(sketch, self._sketches[name]), name) for _, name in likely), default=(0.0, ""))


def _hashes(sketch: str) -> set[str]:
    return {sketch[start : start + _DIGITS] for start in range(0, len(sketch) - _DIGITS + 1, _DIGITS)}
