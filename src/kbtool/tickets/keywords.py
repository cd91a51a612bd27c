"""Matches -> the words that customers use for what an article answers, and that the article lacks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from kbtool.demand import Match
from kbtool.model import Article
from kbtool.tickets.naming import split_words
from kbtool.tickets.noise import is_uninformative

_PEOPLE = 3
"""Different people who must use a word: what fewer use may be a name, or a slip."""
_OWN = 0.5
"""The share of the tickets with a word that must be this article's, or the word says nothing about it."""
_MOST = 5
"""Words for one article."""
_ALIKE = 0.8
"""How like a word of the article another one is that counts as the same, misspelt: search forgives it."""
_SHORTEST = 3
_DIGITS = 2
"""A word may have so many digits: "2fa" and "ps5" are words, what has more is a number."""


@dataclass(frozen=True, slots=True)
class LackingKeyword:
    """A word that an article's tickets use and the article does not have."""

    word: str
    """As customers write it most."""
    people: int
    tickets: int


@dataclass(frozen=True, slots=True)
class KeywordLine:
    """What an article's `keywords` should hold beside what it holds."""

    article: str
    title: str
    keywords: tuple[str, ...]
    """Those that it has."""
    words: tuple[LackingKeyword, ...]
    """Most people first."""
    people: int
    """How many different people wrote the article's tickets."""


def find_keywords(
    matches: Sequence[Match],
    articles: Iterable[Article],
    stems_of: Callable[[str], Iterable[str]],
    filler: Collection[str],
) -> tuple[KeywordLine, ...]:
    """Return a line for each article whose answered tickets use words that it lacks, most people first.

    `stems_of` reduces a text's words as the search index does. Words in `filler` say nothing.
    """
    stem = cache(lambda word: " ".join(stems_of(word)))
    answered: defaultdict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.state == "answered":
            answered[match.article].append(match)
    everywhere = _ticket_counts(matches, stem)
    ignored = {stem(word) for word in filler}
    known = {article.path: article for article in articles}
    lines = (_line(known[path], found, everywhere, ignored, stem) for path, found in sorted(answered.items()) if path in known)
    return tuple(sorted((line for line in lines if line.words), key=lambda line: (-line.people, line.article)))


def _ticket_counts(matches: Iterable[Match], stem: Callable[[str], str]) -> Counter[str]:
    """Return how many tickets have each stem."""
    stems = cache(lambda subject: frozenset(stem(word) for word in split_words(subject)))
    return Counter(each for match in matches for each in stems(match.ticket.subject))


def _line(
    article: Article,
    matches: Sequence[Match],
    everywhere: Mapping[str, int],
    ignored: Collection[str],
    stem: Callable[[str], str],
) -> KeywordLine:
    """Return the words that the article lacks, the most used first."""
    has = _words_of(article)
    lacked: defaultdict[str, list[tuple[Match, str]]] = defaultdict(list)
    has_stems = {stem(word) for word in has}
    for match in matches:
        for word in dict.fromkeys(split_words(match.ticket.subject)):
            if stem(word) not in has_stems and stem(word) not in ignored and _is_word(word):
                lacked[stem(word)].append((match, word))
    found = [_keyword(uses) for each, uses in lacked.items() if len({id(match) for match, _ in uses}) >= _OWN * everywhere[each]]
    telling = (word for word in found if word.people >= _PEOPLE and not get_close_matches(word.word, has, 1, _ALIKE))
    words = sorted(telling, key=lambda word: (-word.people, -word.tickets, word.word))[:_MOST]
    return KeywordLine(article.path, article.title, article.meta.keywords, tuple(words), _people(matches))


def _words_of(article: Article) -> set[str]:
    """Return the words by which search finds the article."""
    headings = " ".join(heading.text for heading in article.headings)
    return set(split_words(f"{article.title} {' '.join(article.meta.keywords)} {headings} {article.summary} {article.text}"))


def _is_word(word: str) -> bool:
    digits = sum(letter.isdigit() for letter in word)
    return len(word) >= _SHORTEST and digits <= min(_DIGITS, len(word) - 1) and not is_uninformative(word)


def _keyword(uses: Sequence[tuple[Match, str]]) -> LackingKeyword:
    written = Counter(word for _, word in uses)
    matches = {id(match): match for match, _ in uses}
    word = min(written, key=lambda each: (-written[each], each))
    return LackingKeyword(word, _people(matches.values()), len(matches))


def _people(matches: Iterable[Match]) -> int:
    """Return how many different people wrote; tickets of nobody known count one each."""
    persons = [match.ticket.person for match in matches]
    return len({*persons} - {""}) + persons.count("")
