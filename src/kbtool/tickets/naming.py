"""A group's subjects -> the phrase that customers use for it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import log, sqrt

_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_SHORTEST, _LONGEST = 2, 9
"""Words of a name. One word alone reads as a keyword, not as what somebody asked."""
_FEWEST = 4
"""Words of a part of a longer sentence."""
_TYPICAL = 200
"""Subjects of a group, the most typical first, that are looked at for a name."""
_EDGE = 0.25
"""How much less a phrase is worth that stands in the least typical of them."""
_CUT_OUT = 0.8
"""What a part of a longer sentence is worth beside a whole one."""

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


def name_group(subjects: Sequence[str], everywhere: Mapping[str, float], stem: Stem, taken: Iterable[str] = ()) -> str:
    """Return a phrase that stands in one of the subjects, is nearest to all of them, and is not taken: a whole sentence if it can be.

    The subjects come with the most typical first; `everywhere` says which share of all subjects holds a stem. When every phrase is
    taken, the best gets a number.
    """
    used = {name.lower() for name in taken}
    scored = _phrases(subjects, everywhere, stem)
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


def _phrases(subjects: Sequence[str], everywhere: Mapping[str, float], stem: Stem) -> dict[str, float]:
    """Return each phrase's nearness to the middle of the subjects: the cosine of rare words held and rare words shared.

    A word counts as customers of this group write it, half by itself and half by its stem; one that a single subject has is not shared.
    """
    shares = _shared(subjects, stem)
    rarity = {word: log(1 / min(1.0, everywhere.get(stem(word), 0.0) + 1e-4)) ** 2 for word in shares}
    core = subjects[: min(_TYPICAL, 3 + len(subjects) // 2)]
    found: dict[str, float] = {}
    for place, subject in enumerate(core):
        typical = 1 - _EDGE * place / len(core)
        for sentence in _SENTENCE.split(subject):
            text, words = _whole(sentence)
            if _SHORTEST <= len(words) <= _LONGEST:
                found.setdefault(text, typical * _nearness(words, shares, rarity))
            elif len(words) > _LONGEST:
                for part, inside in _windows(sentence):
                    found.setdefault(part, _CUT_OUT * typical * _nearness(inside, shares, rarity))
    return found


def _shared(subjects: Sequence[str], stem: Stem) -> dict[str, float]:
    """Return which share of the subjects each word stands in, as it is written and as its stem, on the mean."""
    sets = [sorted(set(split_words(subject))) for subject in subjects]
    words = Counter(word for words in sets for word in words)
    stems = Counter(each for words in sets for each in sorted({stem(word) for word in words}))

    def shared(count: int) -> float:
        return count / len(subjects) if count > 1 or len(subjects) == 1 else 0.0

    return {word: (shared(count) + shared(stems[stem(word)])) / 2 for word, count in words.items()}


def _nearness(words: Iterable[str], shares: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    different = sorted(set(words))
    length = sqrt(sum(rarity[word] for word in different))
    return sum(shares[word] * rarity[word] for word in different) / max(length, 1e-9)


def _whole(sentence: str) -> tuple[str, list[str]]:
    """Return the sentence without the marks around it, and its words."""
    return sentence.strip(" \t.,;:!?-\"'"), split_words(sentence)


def _windows(subject: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the runs of words that a name may have, as they stand in the subject."""
    found = list(_WORD.finditer(subject))
    for start in range(len(found)):
        for end in range(start + _FEWEST, min(start + _LONGEST, len(found)) + 1):
            yield subject[found[start].start() : found[end - 1].end()], [match[0].lower() for match in found[start:end]]
