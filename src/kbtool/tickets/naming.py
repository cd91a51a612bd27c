"""A group's subjects -> the phrase that customers use for it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import log

_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_SHORTEST, _LONGEST = 2, 9
"""Words of a name. One word alone reads as a keyword, not as what somebody asked."""
_TYPICAL = 200
"""Subjects of a group, the most typical first, that are looked at for a name."""
_TOLL = 0.06
"""What each word of a name costs, in parts of what the most telling word is worth."""

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
    """Return a phrase that stands in one of the subjects, holds the most telling words, and is not taken: a whole sentence if it can be.

    The subjects come with the most typical first. When every phrase is taken, the best gets a number.
    """
    used = {name.lower() for name in taken}
    core = subjects[: min(_TYPICAL, 3 + len(subjects) // 2)]
    scored = _phrases(core, weights, stem)
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
    toll = _TOLL * max(weights.values(), default=0.0)
    sentences = [_whole(sentence) for subject in subjects for sentence in _SENTENCE.split(subject)]
    whole = [found for found in sentences if _SHORTEST <= len(found[1]) <= _LONGEST]
    return {
        phrase: sum(max(0.0, weights.get(each, 0.0)) for each in {stem(word) for word in words}) - toll * len(words)
        for phrase, words in whole or [window for subject in subjects for window in _windows(subject)]
    }


def _whole(sentence: str) -> tuple[str, list[str]]:
    """Return the sentence without the marks around it, and its words."""
    return sentence.strip(" \t.,;:!?-\"'"), split_words(sentence)


def _windows(subject: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the longest runs of words that a name may have, as they stand in the subject."""
    found = list(_WORD.finditer(subject))
    for start in range(max(1, len(found) - _LONGEST + 1)):
        run = found[start : start + _LONGEST]
        yield (subject[run[0].start() : run[-1].end()] if run else subject), [match[0].lower() for match in run]
