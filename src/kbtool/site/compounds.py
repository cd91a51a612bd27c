"""Documents -> what they write in one word and in two: people ask for "login" and "log in", "user name" and "username"."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kbtool.filler import filler_words

_ENGLISH = """
add-on back-up break-down built-in call-back cash-back cash-out charge-back check-in check-out clean-up cut-off drop-down drop-off
fall-back fill-in fill-out follow-up hand-over lock-out log-in log-off log-on log-out look-up mark-down mark-up opt-in opt-out
pay-back pay-off pay-out pick-up plug-in pop-up power-off power-on print-out read-out roll-back roll-out roll-over set-up shut-down
sign-in sign-on sign-out sign-up slow-down start-up switch-off switch-on take-over time-out top-up turn-off turn-on write-off
zoom-in zoom-out
"""
Pair = tuple[str, str]

_VERBS: dict[str, frozenset[Pair]] = {
    "en": frozenset((verb.partition("-")[0], verb.partition("-")[2]) for verb in _ENGLISH.split())
}
"""Verbs of two words, whose second says what is done: without it "log in" is no more than a log."""

_BREAK = re.compile(r"[^\w'\u2019 -]+|_")
_SHORTEST = 4
"""Letters of both words together."""


def compounds(documents: Sequence[Sequence[str]], language: str) -> tuple[Pair, ...]:
    """Return pairs of what means the same, in one word and in two, sorted: those that the documents, each some texts, write both ways.

    Two words that the documents have more often apart than together are two words; a verb's second word is none by itself, and
    the language's verbs of two words are returned when the documents have them either way.

    >>> compounds([["Log in with your username."], ["Your login is your user name. Sign up! A username is short."]], "en")
    (('login', 'log in'), ('signup', 'sign up'), ('username', 'user name'))
    """
    verbs = _VERBS.get(language.partition("-")[0].lower(), frozenset[Pair]())
    seconds = {second for _, second in verbs}
    filler = {*filler_words(language)}
    together = Counter(word for document in documents for word in {word for run in _runs(document) for word in run})
    apart = Counter(pair for document in documents for pair in set(_apart(document, together, filler, verbs)))
    both = {pair: apart[pair] for pair in {*apart, *(verb for verb in verbs if "".join(verb) in together)}}
    same = (pair for pair, times in both.items() if pair in verbs or pair[1] in seconds or times <= together["".join(pair)])
    return tuple(sorted(("".join(pair), " ".join(pair)) for pair in same))


def _runs(document: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words that stand beside one another with nothing but spaces and hyphens between them."""
    for text in document:
        for run in _BREAK.split(text.lower()):
            yield run.replace("-", " ").split()


def _apart(document: Sequence[str], together: Counter[str], filler: set[str], verbs: frozenset[Pair]) -> Iterator[Pair]:
    """Yield the document's pairs that the documents have as one word, too, and its verbs of two words."""
    seconds = {second for _, second in verbs}
    for run in _runs(document):
        for pair in pairwise(run):
            if pair in verbs or ("".join(pair) in together and _may_be_one(pair, filler, seconds)):
                yield pair


def _may_be_one(pair: Pair, filler: set[str], seconds: set[str]) -> bool:
    """Tell whether the two may be one word: "in to" is not "into", nor "ide as" an idea."""
    one, other = pair
    whole = one + other
    shortest = 2 if filler else 3  # without a list of them, the shortest are taken for words that say nothing
    return (
        min(len(one), len(other)) >= shortest
        and len(whole) >= _SHORTEST
        and whole.isalpha()
        and not filler & {one, whole}
        and (other not in filler or other in seconds)
    )
