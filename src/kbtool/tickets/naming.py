"""A group's subjects -> the phrase that customers use for it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

_WORD = re.compile(r"\w+(?:['’]\w+)*")  # noqa: RUF001
_PLACED = re.compile(rf"\[\w+\]|{_WORD.pattern}")
"""A word, or what stands where something private stood."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_CLAUSE = re.compile(r"[,:;()–—]|\s-+\s")  # noqa: RUF001
_AROUND = " \t.,;:!?¿¡-–—\"'<>*_~|/\\"  # noqa: RUF001
_SHORTEST, _LONGEST = 2, 14
"""Words of a sentence that may be a name. One word alone reads as a keyword, not as what somebody asked."""
_READY = 8
"""Words that are read at a glance; each further one costs."""
_TOO_LONG = 0.9
_FEWEST, _MOST = 4, 9
"""Words of a part of a longer sentence."""
_CLAUSES, _PARTS, _ACROSS = 0.7, 0.5, 0.8
"""What a clause of a longer sentence is worth beside a whole one, what a part that no marks bound, and what one with a mark inside."""
_UNUSUAL = 0.7
"""What a part is worth that begins or ends with a word with which sentences seldom do."""
_TYPICAL = 100
"""Subjects of a group, the most typical first, that are looked at for a name."""
_LEAST_TYPICAL = 0.25
"""How much less a phrase is worth that stands in the least typical of them."""
_SAMPLE = 20_000
"""Subjects that are read to learn how customers write."""
_PRIOR = 0.02
"""The share of subjects below which a word's rarity is not told from chance."""
_TIGHT = 0.2
"""The share of a word's places from which on it belongs to its neighbour."""
_ODD = 0.3
"""How much less a phrase is worth in which no two words follow each other as they do elsewhere."""
_NEAR = 3
"""For how many subjects of the group those near it count."""
_BEGUN, _INCIDENTAL = 6, 0.3
"""What reading a name costs before its first word, and what a rare word costs that the group does not share."""
_SHOUTED = 0.8
"""What a phrase is worth that nobody wrote but in capitals."""
_SINGLE = 0.85
"""What a phrase is worth with a word that one subject alone has."""
_EDGE = ""
"""What stands before the first word of a sentence and after its last."""

Stem = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Usage:
    """How all customers write: what a group's words are held against."""

    subjects: int
    stem: Stem
    fillers: frozenset[str]
    """Words that say little by themselves."""
    shares: Mapping[str, float]
    """Which share of the subjects holds each stem."""
    pairs: Mapping[tuple[str, str], int]
    """How many subjects have two words one after the other; the edges of a sentence are words too."""
    leading: Mapping[str, int]
    """How many pairs a word begins."""
    following: Mapping[str, int]
    """How many pairs a word ends."""
    edge: float
    """How often a word stands at one edge of a sentence, on the mean."""


def read_usage(subjects: Sequence[str], stem: Stem, fillers: Iterable[str] = ()) -> Usage:
    """Return how the customers write, of many subjects as learned from some, evenly taken."""
    sample = subjects[:: 1 + (len(subjects) - 1) // _SAMPLE] if subjects else subjects
    pairs = Counter(pair for subject in sample for pair in sorted(_pairs_of(subject)))
    leading, following = Counter[str](), Counter[str]()
    for (first, second), count in pairs.items():
        leading[first] += count
        following[second] += count
    edge = leading[_EDGE] / max(1, leading.total() - leading[_EDGE])
    return Usage(
        len(subjects), stem, frozenset(fillers), stem_shares(map(split_words, sample), stem), pairs, leading, following, edge
    )


def telling_stems(inside: Mapping[str, float], everywhere: Mapping[str, float]) -> dict[str, float]:
    """Return how telling each stem is of a group: its share of the group's subjects, times how much likelier it is there.

    Both say which share of subjects holds a stem.
    """
    return {stem: share * log((share + 0.002) / (everywhere.get(stem, 0.0) + 0.002)) for stem, share in inside.items()}


def stem_shares(subjects: Iterable[Iterable[str]], stem: Stem) -> dict[str, float]:
    """Return which share of the subjects, each its words, holds each stem."""
    sets = [set(map(stem, words)) for words in subjects]
    counts = Counter(each for one in sets for each in sorted(one))
    return {each: count / max(1, len(sets)) for each, count in counts.items()}


def name_group(subjects: Sequence[str], usage: Usage, near: Sequence[str] = (), taken: Iterable[str] = ()) -> str:
    """Return the phrase of one of the subjects that tells best what all of them are about, and is not taken.

    The subjects come with the most typical first; `near` are subjects of others that are nearest to them, as often as they are near
    to one. When every phrase is taken, the best gets a number.
    """
    used = {name.lower() for name in taken}
    scored = _scored(subjects, near, usage)
    best = sorted(scored.items(), key=lambda pair: (-round(pair[1], 9), len(pair[0]), pair[0]))
    free = next((phrase for phrase, _ in best if phrase.lower() not in used), "")
    base = free or (best[0][0] if best else _first_words(subjects[0]))
    number = 2
    name = base
    while name.lower() in used:
        name = f"{base} ({number})"
        number += 1
    return name


def split_words(text: str) -> list[str]:
    """Return the text's words in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word, in small letters, stands in the texts; far sooner than text by text.

    >>> count_words(["The card", "the cards"])["the"]
    2
    """
    counts = Counter[str]()
    for word, number in Counter(_WORD.findall("\n".join(texts))).items():
        counts[word.lower()] += number
    return counts


def _first_words(subject: str) -> str:
    """Return as many of the subject's first words as a name may have."""
    found = list(_PLACED.finditer(subject))
    return subject[: found[_MOST - 1].end()] if len(found) > _MOST else subject


def _scored(subjects: Sequence[str], near: Sequence[str], usage: Usage) -> dict[str, float]:
    """Return each phrase's worth: what its words tell of the group, for the length and the incidental words that they cost to read."""
    known = _words_of(subjects, near, usage)
    core = subjects[: min(_TYPICAL, 3 + len(subjects) // 2)]
    pairs = Counter(pair for subject in core for pair in sorted(_pairs_of(subject)))
    worth: dict[tuple[str, ...], float] = {}
    written: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for place, subject in enumerate(core):
        typical = 1 - _LEAST_TYPICAL * place / len(core)
        for text, words, whole in _phrases(subject, usage):
            key = tuple(words)
            written[key][text] += 1
            if key not in worth:
                worth[key] = _told(words, known, usage) * typical * whole * _ordinary(words, pairs, usage)
    plain = ((_plainest(written[words]), each) for words, each in worth.items())
    return {text: each * (_SHOUTED if text.isupper() else 1) for text, each in plain}


def _plainest(written: Mapping[str, int]) -> str:
    """Return the way to write a phrase that most people chose and that does not shout.

    >>> _plainest({"BOARD IS DEAD": 3, "Board is dead": 1, "board is dead": 2})
    'board is dead'
    """
    return min(written, key=lambda text: (text.isupper(), -written[text], len(text), text))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a group's subjects."""

    telling: float
    """What it tells of the group."""
    incidental: float
    """What it costs as one that few of the subjects share."""
    single: bool
    """Whether one subject alone has it: a slip of the finger, a name."""


def _words_of(subjects: Sequence[str], near: Sequence[str], usage: Usage) -> dict[str, _Word]:
    """Return what each word of the subjects tells of them.

    A word tells by the share of the subjects that have its stem, times the log-odds of finding it there and not elsewhere; less when they
    write the stem in another form. Few subjects are poor evidence of what their topic is called, so those nearest to them count like
    three more of the group.
    """
    sets = [sorted(set(split_words(subject))) for subject in subjects]
    written = Counter(word for words in sets for word in words)
    inside = Counter(each for words in sets for each in sorted(set(map(usage.stem, words))))
    beside = Counter(each for subject in near for each in sorted(set(map(usage.stem, split_words(subject)))))
    size = len(subjects)

    def word_of(word: str) -> _Word:
        stem = usage.stem(word)
        count = inside[stem] if inside[stem] > 1 or size == 1 or beside[stem] > 1 else 0
        share = (count + _NEAR * (beside[stem] / len(near) if near else count / size)) / (size + _NEAR)
        everywhere = usage.shares.get(stem, 0.0)
        elsewhere = max(0.0, everywhere * usage.subjects - inside[stem]) / max(1, usage.subjects - size)
        odds = max(0.0, log((share + _PRIOR) / (elsewhere + _PRIOR)))
        form = (1 + written[word] / inside[stem]) / 2
        rarity = log(1 / min(1, everywhere + 1 / max(1, usage.subjects)))
        single = max(written[word], usage.leading.get(word, 0)) < 2  # noqa: PLR2004
        return _Word(share * odds * form * (0.5 if word in usage.fillers else 1), (1 - min(1, 2 * share)) * rarity, single)

    return {word: word_of(word) for word in written}


def _told(words: Sequence[str], known: Mapping[str, _Word], usage: Usage) -> float:
    """Return what the words tell, each stem once, for what it costs to read them."""
    different = [known[word] for word in sorted({usage.stem(word): word for word in words}.values())]
    cost = _BEGUN + len(words) + _INCIDENTAL * sum(word.incidental for word in different)
    return sum(word.telling for word in different) / sqrt(cost) * _SINGLE ** sum(word.single for word in different)


def _phrases(subject: str, usage: Usage) -> Iterator[tuple[str, list[str], float]]:
    """Yield what a name may be: whole sentences, and of longer ones the clauses and the parts; their words, and what each kind is worth."""
    for sentence in _SENTENCE.split(subject):
        found = list(_PLACED.finditer(sentence))
        words = [match[0].lower().strip("[]") for match in found]
        if _SHORTEST <= len(words) <= _LONGEST:
            yield sentence.strip(_AROUND), words, _TOO_LONG ** max(0, len(words) - _READY)
        if len(words) > _READY:
            marks = [bool(_CLAUSE.search(sentence[one.end() : two.start()])) for one, two in pairwise(found)]
            for start, end, worth in _parts(words, [True, *marks, True], usage):
                yield sentence[found[start].start() : found[end - 1].end()], words[start:end], worth


def _parts(words: Sequence[str], marks: Sequence[bool], usage: Usage) -> Iterator[tuple[int, int, float]]:
    """Yield where a part of the sentence may begin and end, and what it is worth; `marks` says where a mark stands before a word."""
    starts = {
        place: worth for place in range(len(words)) if (worth := marks[place] or _opening(words[place - 1], words[place], usage))
    }
    ends = {
        place: worth
        for place in range(1, len(words) + 1)
        if (worth := marks[place] or _closing(words[place - 1], words[place], usage))
    }
    for start, opened in starts.items():
        for end in range(start + _FEWEST, min(start + _MOST, len(words)) + 1):
            if closed := ends.get(end, 0):
                bounded = _CLAUSES if marks[start] and marks[end] else _PARTS
                yield start, end, opened * closed * bounded * (_ACROSS if any(marks[start + 1 : end]) else 1)


def _opening(left: str, right: str, usage: Usage) -> float:
    """Return what a phrase is worth that is cut out before the second word: nothing when that belongs to the first or says little."""
    opens = usage.pairs.get((_EDGE, right), 0) >= usage.edge * max(1, usage.following.get(right, 0))
    return 0 if _tight(left, right, usage) else _natural(right, usage, edge=opens)


def _closing(left: str, right: str, usage: Usage) -> float:
    """Return what a phrase is worth that is cut out after the first word: nothing when the second belongs to it or it says little."""
    closes = usage.pairs.get((left, _EDGE), 0) >= usage.edge * max(1, usage.leading.get(left, 0))
    return 0 if _tight(left, right, usage) else _natural(left, usage, edge=closes)


def _natural(word: str, usage: Usage, *, edge: bool) -> float:
    return 1 if edge else 0 if word in usage.fillers else _UNUSUAL


def _tight(left: str, right: str, usage: Usage) -> bool:
    fewer = min(usage.leading.get(left, 0), usage.following.get(right, 0))
    return usage.pairs.get((left, right), 0) > max(1, _TIGHT * fewer)


def _ordinary(words: Sequence[str], inside: Mapping[tuple[str, str], int], usage: Usage) -> float:
    """Return what the phrase is worth as language: less, the fewer of its pairs of words two subjects have."""
    pairs = list(pairwise([_EDGE, *words, _EDGE]))
    odd = sum(max(inside.get(pair, 0), usage.pairs.get(pair, 0)) < 2 for pair in pairs)  # noqa: PLR2004
    return 1 - _ODD * odd / len(pairs)


def _pairs_of(subject: str) -> set[tuple[str, str]]:
    sentences = (split_words(sentence) for sentence in _SENTENCE.split(subject))
    return {pair for words in sentences if words for pair in pairwise([_EDGE, *words, _EDGE])}
