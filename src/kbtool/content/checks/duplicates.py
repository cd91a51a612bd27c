"""Articles that answer the same question: told by the runs of words that they share.

Each article is known by the least 64 hashes of its runs of three words, numbers taken for one another (a bottom-k sketch: Broder 1997;
Cohen and Kaplan 2007). Two sketches say which share of their runs two texts have in common, without looking at the texts again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from kbtool.content.checks.records import Finding, Placed, Shelf
from kbtool.model import Article

_SIZE = 64
_FEWEST_WORDS = 25
"""Shorter texts are alike without saying the same."""
_ALIKE = 0.6
"""The share of their runs of words that two articles have in common when one was made from the other."""
_EVERYWHERE = 25
"""A run of words that so many articles share is the house's, such as a closing sentence."""
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_NUMBER = re.compile(r"(?:[$\u20ac\u00a3\u00a5]\s?)?(?<![\w.,:])\d{1,20}(?:[.,:]\d{1,20}){0,5}(?:\s?[$\u20ac\u00a3\u00a5%])?")
_WORDS_BEFORE = re.compile(r"(?:(?<!\w)[^\W\d_]+,?\s{1,3}){2,3}\Z")
_WORD_AFTER = re.compile(r"\s?[^\W\d_]{0,30}")
_FAR = 60
"""Characters in which the words before a number are looked for."""
_MOST_FACTS = 200


class _Pair(NamedTuple):
    first: Article
    second: Article
    share: float


def sketch(article: Article) -> tuple[int, ...]:
    """Return the least hashes of the article's runs of three words; nothing for a text of a few words."""
    words = ["0" if word[0].isdigit() else word for word in _WORD.findall(article.text.lower())]
    if len(words) < _FEWEST_WORDS:
        return ()
    runs = {f"{one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False)}
    return tuple(sorted({crc32(run.encode()) for run in runs})[:_SIZE])


def gather_facts(text: str) -> tuple[tuple[str, str], ...]:
    """Return the text's numbers, prices and times, each after the words around it, where these stand there once.

    >>> gather_facts("You can return it within 14 days.")
    (('return it within * days', '14'),)
    """
    found: dict[str, str | None] = {}
    for match in _NUMBER.finditer(text):
        before = _WORDS_BEFORE.search(text, max(0, match.start() - _FAR), match.start())
        after = _WORD_AFTER.match(text, match.end())
        if not before:
            continue
        around = " ".join(f"{before[0]} * {after[0] if after else ''}".lower().split())
        found[around] = None if around in found else "".join(match[0].split())
        if len(found) > _MOST_FACTS:
            break
    return tuple((around, value) for around, value in found.items() if value is not None)


def find_duplicates(shelf: Shelf) -> Iterator[Placed]:
    """Yield the second of each two articles that are nearly the same, or ask the same."""
    articles = {article.path: article for article in shelf.library.articles if article.meta.status != "archived"}
    told: set[tuple[str, str]] = set()
    for first, second, share in _alike(shelf, articles):
        told.update({(first.path, second.path), (second.path, first.path)})
        ours, theirs = dict(shelf.examined[second.path].facts), dict(shelf.examined[first.path].facts)
        differing = [around for around, value in ours.items() if theirs.get(around, value) != value]
        if differing and _named_alike(first, second):
            around = differing[0]
            said = " and ".join(f'"{around.replace("*", facts[around])}"' for facts in (ours, theirs))
            message = f'{share:.0%} of this article stands in "{first.path}", too, but one says {said}'
            yield Placed(second.path, Finding(1, message, "find out which is true; then keep one article", "warning"))
        else:
            message = f'{share:.0%} of this article stands in "{first.path}", too'
            hint = "keep one, and let the other's address lead to it with aliases; or put what they share into a snippet"
            yield Placed(second.path, Finding(1, message, hint))
    yield from _same_question(articles, told)


def _alike(shelf: Shelf, articles: dict[str, Article]) -> Iterator[_Pair]:
    """Yield the pairs of articles that share much of their words."""
    holders: dict[int, list[str]] = defaultdict(list)
    wanted = {value for path in shelf.only & articles.keys() for value in shelf.examined[path].sketch}
    for path in articles:
        for value in shelf.examined[path].sketch if path in shelf.examined else ():
            if not shelf.only or value in wanted:
                holders[value].append(path)
    shared: Counter[tuple[str, str]] = Counter()
    for paths in holders.values():
        if 1 < len(paths) <= _EVERYWHERE:
            shared.update(combinations(paths, 2))
    for (first, second), count in sorted(shared.items()):
        if count >= _SIZE * _ALIKE / 2:
            share = _share(shelf.examined[first].sketch, shelf.examined[second].sketch)
            told_of = (second, first) if first in shelf.only and second not in shelf.only else (first, second)
            if share >= _ALIKE:
                yield _Pair(articles[told_of[0]], articles[told_of[1]], share)


def _named_alike(first: Article, second: Article) -> bool:
    """Tell whether two titles share most of their words: those of one procedure for two products do not."""
    one, other = ({word for word in _WORD.findall(article.title.casefold()) if len(word) > 2} for article in (first, second))  # noqa: PLR2004 - "to", "a"
    return 3 * len(one & other) >= 2 * len(one | other)


def _share(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of runs that two texts have in common, as far as their sketches tell (Jaccard's index)."""
    both = {*one} & {*other}
    least = sorted({*one, *other})[:_SIZE]
    return sum(value in both for value in least) / len(least)


def _same_question(articles: dict[str, Article], told: set[tuple[str, str]]) -> Iterator[Placed]:
    """Yield the articles of different topics that have one title; within a topic, the rule "title" tells it."""
    called: dict[str, list[str]] = defaultdict(list)
    for path, article in articles.items():
        called[" ".join(_WORD.findall(article.title.casefold()))].append(path)
    for title, (first, *others) in called.items():
        for other in others:
            apart = first.rpartition("/")[0] != other.rpartition("/")[0]
            if title and apart and (first, other) not in told:
                message = f'"{first}" has the title "{articles[other].title}", too'
                yield Placed(other, Finding(1, message, "let the titles say how they differ, or keep one article"))
