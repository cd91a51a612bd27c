"""terms.yml -> the team's own words: say this, not that, why; and what each means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from kbtool.kinds import Doc
from kbtool.places import TERMS_NAME
from kbtool.problems import Problem
from kbtool.records import read_record


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a name as the team wants it."""

    say: Annotated[str, Doc("The word to use.")]
    avoid: Annotated[tuple[str, ...], Doc("Words not to use for it.")] = ()
    was: Annotated[tuple[str, ...], Doc("Names it had before it was renamed.")] = ()
    why: Annotated[str, Doc("The reason, shown with each finding.")] = ""
    means: Annotated[str, Doc("The explanation that readers see beside it: an entry of the glossary.")] = ""
    unless: Annotated[tuple[str, ...], Doc("Phrases in which an avoided word is right.")] = ()
    case: Annotated[bool, Doc("Capital letters count, so that GitHub is not Github.")] = False


@dataclass(frozen=True, slots=True)
class Terms:
    """All that terms.yml may say."""

    terms: Annotated[tuple[Term, ...], Doc("The words, each with what to say and what not.")] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A place in a text where a word stands that the team does not want."""

    start: int
    found: str
    """As it stands there."""
    term: Term
    old: bool = False
    """It is a name that the thing had before."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a help center, ready to be looked for."""

    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def glossary(self) -> Mapping[str, str]:
        """What the terms mean, as the setting `glossary` says it."""
        return {term.say: term.means for term in self.terms if term.means}


def read_terms(root: Path) -> Vocabulary:
    """Return the words of the help center's terms.yml; none when there is no such file. Nothing is raised."""
    file = root / TERMS_NAME
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Vocabulary()
    except OSError as error:
        return Vocabulary((), (Problem(TERMS_NAME, 0, "unreadable", f'"{TERMS_NAME}" cannot be read: {error.strerror}'),))
    record, problems = read_record(data, Terms, TERMS_NAME)
    return Vocabulary(record.terms, (*problems, *_contradictions(record.terms, data.decode("utf-8", "replace"))))


def find_uses(text: str, terms: tuple[Term, ...]) -> Iterator[Use]:
    """Yield each place where a word stands that is to be avoided, or a name that was given up, in the text's order.

    Words are found whole, with English plurals ("app" finds "apps"), in any case unless the term says that capitals count. A
    sentence may begin with a capital either way. What stands within the right word or within an `unless` phrase is no use.

    >>> [use.found for use in find_uses("Logins fail", (Term("account", avoid=("login",)),))]
    ['Logins']
    >>> list(find_uses("Open the mobile app", (Term("mobile app", avoid=("app",)),)))
    []
    """
    finder = _finder(terms)
    if finder is None:
        return
    allowed: list[tuple[int, int]] | None = None
    for match in finder.expression.finditer(text):
        for term, old in finder.uses(match[0]):
            if _is_right(match[0], term):
                continue
            if allowed is None:
                allowed = [found.span() for found in finder.allowed.finditer(text)] if finder.allowed else []
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                yield Use(match.start(), match[0], term, old)
                break


@dataclass(frozen=True, slots=True)
class _Finder:
    expression: re.Pattern[str]
    allowed: re.Pattern[str] | None
    by_word: Mapping[str, tuple[tuple[Term, str, bool], ...]]

    def uses(self, found: str) -> Iterator[tuple[Term, bool]]:
        """Yield the terms that the words found offend, and whether by an old name."""
        folded = _folded(found)
        for word in (folded, *_singulars(folded)):
            for term, typed, old in self.by_word.get(word, ()):
                if not term.case or _same_capitals(found, typed):
                    yield term, old


@lru_cache(maxsize=8)
def _finder(terms: tuple[Term, ...]) -> _Finder | None:
    by_word: dict[str, tuple[tuple[Term, str, bool], ...]] = {}
    for term in terms:
        for word, old in (*((word, False) for word in term.avoid), *((word, True) for word in term.was)):
            if word.strip():
                by_word[_folded(word)] = (*by_word.get(_folded(word), ()), (term, word, old))
    if not by_word:
        return None
    right = {_folded(phrase) for term in terms for phrase in (term.say, *term.unless) if phrase.strip()} - by_word.keys()
    return _Finder(_expression(by_word), _expression(right) if right else None, by_word)


def _expression(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    one = "|".join(r"[\s\u00a0]+".join(map(re.escape, word.split())) for word in longest_first)
    return re.compile(rf"(?<![\w@/.-])(?:{one})(?:'s|\u2019s|e?s)?(?![\w@]|[.-]\w)", re.IGNORECASE)


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


def _singulars(word: str) -> Iterator[str]:
    for ending in ("'s", "\u2019s", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield word[: -len(ending)]


def _same_capitals(found: str, typed: str) -> bool:
    """Tell whether the words found are the avoided ones to the letter; only the ending of a plural may follow."""
    return " ".join(found.split()).startswith(" ".join(typed.split()))


def _is_right(found: str, term: Term) -> bool:
    """Tell whether the words found are the right ones: GitHub, where Github is to be avoided in any case."""
    plain = " ".join(found.split())
    return plain in (term.say, term.say[:1].upper() + term.say[1:])


def _contradictions(terms: tuple[Term, ...], text: str) -> Iterator[Problem]:
    """Yield a problem for each word that one entry says and another avoids."""
    said = {term.say: term for term in terms}
    for term in terms:
        for word in (*term.avoid, *term.was):
            if word in said:
                line = 1 + text[: max(0, text.find(word))].count("\n")
                other = f'"{said[word].say}" and "{term.say}"'
                message = f'"{word}" is both to be said and to be avoided'
                yield Problem(TERMS_NAME, line, "wrong-value", message, f"look at the entries of {other}")
