"""Subjects that ask the same -> the few that tell a reader what they ask, as they may be shown."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

import numpy as np

from kbtool.demand import Match
from kbtool.tickets.arrays import Floats, Packed, cosines
from kbtool.tickets.noise import is_uninformative
from kbtool.tickets.subjects import clean_subject

MOST = 5
"""Examples of a topic."""
_TRIED = 50
"""How many subjects may be tried as examples."""
_SLIP = 0.75
"""How like a word is that was written with a slip of the finger."""


def choose_examples(subjects: Sequence[str], words: Sequence[Sequence[str]], vectors: Packed) -> list[str]:
    """Return the most typical subject, then always the one least like those chosen, among the more typical half; no copies of them.

    The subjects come with the most typical first, each with its words and its vector. Of copies the plainest is taken.
    """
    different: dict[tuple[str, ...], int] = {}
    for place in sorted(range(len(subjects)), key=lambda place: (subjects[place].isupper(), place)):
        different.setdefault(tuple(words[place]), place)
    core = sorted(different.values())[: max(MOST, len(subjects) // 2)]
    near, used = vectors[core], Counter(word for each in words for word in dict.fromkeys(each))
    said = [words[place] for place in core]
    chosen = [0]
    likeness = _likeness(near, 0)
    likeness[0] = np.inf
    for _ in range(_TRIED):
        least = int(likeness.argmin())
        if len(chosen) == MOST or likeness[least] == np.inf:
            break
        if not any(copies(said[least], said[number]) for number in chosen):
            chosen.append(least)
            likeness = np.maximum(likeness, _likeness(near, least))
        likeness[least] = np.inf
    texts = [subjects[place] for place in core]
    return [*dict.fromkeys(texts[_plainest(number, texts, said, used)] for number in chosen)]


def copies(words: Sequence[str], others: Collection[str]) -> bool:
    """Tell whether a subject has no word that the other lacks, but for slips of the finger and words that say nothing.

    >>> copies(["borad", "is", "dead", "asap"], ["board", "is", "dead"]), copies(["board", "is", "red"], ["board", "is", "dead"])
    (True, False)
    """
    return all(word in others or is_uninformative(word) or bool(get_close_matches(word, others, 1, _SLIP)) for word in words)


def shown_subjects(subjects: Sequence[str], matches: Sequence[Match]) -> tuple[str, ...]:
    """Return the subjects as they may be shown: as they were cleaned, or with marks where something was taken out of their midst."""
    written = dict.fromkeys(subjects, "")
    for match in sorted(matches, key=lambda match: (-len(match.ticket.shown), match.ticket.id)):
        if match.ticket.subject in written:
            written[match.ticket.subject] = match.ticket.shown
    shown = (
        subject if subject in written[subject] else clean_subject(written[subject]) or written[subject] for subject in subjects
    )
    return tuple(dict.fromkeys(shown))


def _likeness(vectors: Packed, place: int) -> Floats:
    """Return how like one of the vectors each of them is."""
    return cosines(vectors, vectors[place : place + 1])[:, 0].astype(np.float64)


def _plainest(number: int, texts: Sequence[str], said: Sequence[Sequence[str]], used: Mapping[str, int]) -> int:
    """Return which of the first subjects says the same as this one without capitals, slips of the finger and words too many."""
    same = [
        other
        for other in range(min(_TRIED, len(texts)))
        if len(said[other]) <= len(said[number]) and copies(said[other], said[number]) and copies(said[number], said[other])
    ]
    rare = {other: sum(used[word] == 1 for word in said[other]) for other in same}
    return min(same, key=lambda other: (texts[other].isupper(), rare[other], other), default=number)
