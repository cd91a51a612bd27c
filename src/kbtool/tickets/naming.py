"""A group's subjects -> the phrase that customers use for it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import log

_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001
_SHORTEST, _LONGEST = 2, 7
"""Words of a name. One word alone reads as a keyword, not as what somebody asked."""
_WINDOWS = 400
"""Subjects of a group that are looked at for a name."""

Stem = Callable[[str], str]


def telling_stems(inside: Mapping[str, float], everywhere: Mapping[str, float]) -> dict[str, float]:
    """Return how telling each stem is of a group: its share of the group's subjects, times how much likelier it is there.

    Both say which share of subjects holds a stem.
    """
    return {stem: share * log((share + 0.002) / (everywhere.get(stem, 0.0) + 0.002)) for stem, share in inside.items()}


def stem_shares(subjects: Iterable[str], stem: Stem) -> dict[str, float]:
    """Return which share of the subjects holds each stem."""
    sets = [{stem(word) for word in split_words(subject)} for subject in subjects]
    counts = Counter(each for one in sets for each in sorted(one))
    return {each: count / max(1, len(sets)) for each, count in counts.items()}


def name_group(subjects: Sequence[str], weights: Mapping[str, float], stem: Stem, taken: Iterable[str] = ()) -> str:
    """Return a phrase that stands in one of the subjects, holds the most telling words, and is not taken.

    When every phrase is taken, the first gets a number.
    """
    used = {name.lower() for name in taken}
    scored = _phrases(subjects[:_WINDOWS], weights, stem)
    best = sorted(scored.items(), key=lambda pair: (-round(pair[1], 9), len(pair[0]), pair[0]))
    free = next((phrase for phrase, _ in best if phrase.lower() not in used), "")
    base = free or (best[0][0] if best else subjects[0])
    number = 2
    name = base
    while name.lower() in used:
        name = f"{base} ({number})"
        number += 1
    return name


def split_words(text: str) -> list[str]:
    """Return the text's words in small letters."""
    return _WORD.findall(text.lower())


def _phrases(subjects: Sequence[str], weights: Mapping[str, float], stem: Stem) -> dict[str, float]:
    """Return each phrase's worth: that of its different stems, less a little for each word."""
    toll = 0.25 * max(weights.values(), default=0.0)
    scored: dict[str, float] = {}
    often = Counter(phrase for subject in subjects for phrase, _ in _windows(subject))
    for subject in subjects:
        for phrase, words in _windows(subject):
            worth = sum(max(0.0, weights.get(each, 0.0)) for each in {stem(word) for word in words}) - toll * len(words) / 2
            scored[phrase] = worth * (1 + log(often[phrase]) / 4) if worth > 0 else worth
    return scored


def _windows(subject: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the runs of words, as they stand in the subject."""
    found = list(_WORD.finditer(subject))
    if len(found) < _SHORTEST:
        yield subject, [match[0].lower() for match in found]
    for start in range(len(found)):
        for end in range(start + _SHORTEST, min(start + _LONGEST, len(found)) + 1):
            yield subject[found[start].start() : found[end - 1].end()], [match[0].lower() for match in found[start:end]]
