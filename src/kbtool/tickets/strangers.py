"""Names of people in subjects that no word leads to -> [name]: the requesters' own names teach which words people are called.

A word is a name where it begins with a capital, some requester is called so, no article has it and no subject writes it small.
So "Will", "Price" and a product that is called as somebody is stay, and there is no list of names to go out of date.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from kbtool.demand import Ticket
from kbtool.tickets.drafts import subject_words

_FEWEST_WORDS, _MOST_WORDS, _LONGEST = 2, 4, 60
"""Of a name: one word alone is as often what somebody does or sells."""
_SHORTEST = 3
"""Letters of a word that tells a name."""
_OFTEN, _CARRIED = 10, 10
"""A word that stands in more subjects than this, and than this many for each who is called so, is no name but a thing's."""
_TOGETHER = 1000
"""Subjects that are split into words at once: it takes half the time."""
_AFTER = 3
"""Words of a name, at most, after one that is known."""
_RARE = 2
"""A word beside a name is a part of it when it stands in no more subjects without one than this."""
_TITLE = 4
"""So many words with capitals are a title."""
_SIGNS = b'.,:;!?()[]{}<>"/|*#'
_APART = bytes.maketrans(_SIGNS, b" " * len(_SIGNS))
_QUOTES = re.compile("[\u2013\u2014\u201c-\u201e]")
_POSSESSIVE = re.compile(r"['\u2019][sS]?$")
_TOKEN = re.compile(r"(?<![\w\[])[^\W\d_][\w'\u2019-]*")
_PARTICLES = (
    "van",
    "von",
    "der",
    "den",
    "de",
    "la",
    "le",
    "du",
    "del",
    "della",
    "da",
    "das",
    "dos",
    "di",
    "el",
    "al",
    "bin",
    "ibn",
    "ter",
    "ten",
)
_BETWEEN = re.compile(rf"\s(?:(?:{'|'.join(_PARTICLES)})\s){{0,3}}")


_NEAR = (" ", " da ", " dos ", " van ", " van der ", " van den ", " bin ", " ibn ", " al ", " el ")


def learn_names(names: Iterable[str]) -> Mapping[str, int]:
    """Return the words, in small letters, of which names consist -> how many of the names have each.

    >>> learn_names(["Jane Roe", "jane doe", "Acme", "Shop 24"])
    {'doe': 1, 'jane': 2, 'roe': 1}
    """
    words: Counter[str] = Counter()
    for name in {name.casefold() for name in names}:
        parts = name.replace(",", " ").split()
        if _FEWEST_WORDS <= len(parts) <= _MOST_WORDS and len(name) <= _LONGEST and not any(map(str.isdigit, name)):
            words.update({part for part in parts if len(part) >= _SHORTEST and part[0].isalpha()})
    return dict(sorted(words.items()))


def without_strangers(tickets: Sequence[Ticket], names: Mapping[str, int], articles: Collection[str]) -> tuple[Ticket, ...]:
    """Return the tickets without the names of people in their subjects. `articles` are the articles' texts."""
    if not names:
        return tuple(tickets)
    subjects = {ticket.shown for ticket in tickets}
    written = _words(subjects)
    small = {_plain(word) for word in written if word.removeprefix("d'")[:1].islower()}
    forms = _capital_forms(written, names, small)
    small |= {_plain(word) for text in articles for word in _split(text)} if forms else set()
    named = _named(subjects, {form: word for form, word in forms.items() if word not in small})
    known = {word for word, there in named.items() if len(there) <= _OFTEN + _CARRIED * names[word]}
    every = {subject for word in known for subject in named[word]}
    small |= _common({word for subject in every for word in _split(subject)}, subjects - every) - known if every else set()
    made = {subject: shown for subject in every if (shown := _redacted(subject, known, small)) != subject}
    return tuple(_put(ticket, made[ticket.shown]) if ticket.shown in made else ticket for ticket in tickets)


def _split(text: str) -> list[str]:
    """Return the words between signs; as bytes that takes a third of the time."""
    text = text if text.isascii() else _QUOTES.sub(" ", text)
    return text.encode("utf-8", "replace").translate(_APART).decode().split()


def _words(subjects: Iterable[str]) -> set[str]:
    """Return every word of the subjects, as it is written."""
    found: set[str] = set()
    for several in _several(list(subjects)):
        found.update(_split(" ".join(several)))
    return found


def _several(subjects: Sequence[str]) -> Iterable[Sequence[str]]:
    return (subjects[at : at + _TOGETHER] for at in range(0, len(subjects), _TOGETHER))


def _common(words: Collection[str], subjects: Iterable[str]) -> set[str]:
    """Return in small letters which of the words stand in several subjects without a name: in German every noun has a capital."""
    wanted = {word for word in words if word[:1].isupper()}
    counted: Counter[str] = Counter()
    for subject in subjects:
        counted.update(wanted.intersection(_split(subject)))
    return {_plain(word) for word, count in counted.items() if count > _RARE}


def _capital_forms(written: Iterable[str], names: Mapping[str, int], small: Collection[str]) -> dict[str, str]:
    """Return the words with a capital that are a name's and never written small, each with that name's word."""
    plain = {word: _plain(word) for word in written if word.removeprefix("d'")[:1].isupper()}
    return {form: word for form, word in plain.items() if word in names and word not in small}


def _named(subjects: Iterable[str], forms: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each name's word the subjects in which it stands."""
    found: dict[str, list[str]] = {}
    if not forms:
        return found
    for subject in subjects:
        words = _split(subject)
        if not forms.keys().isdisjoint(words):
            for word in {forms[word] for word in words if word in forms}:
                found.setdefault(word, []).append(subject)
    return found


def _redacted(subject: str, known: Collection[str], small: Collection[str]) -> str:
    """Return the subject with [name] for each known word, and for the words with a capital beside it that are nowhere written small.

    In A Title Like This capitals say nothing: two known words must stand together.
    """
    tokens = [token for token in _TOKEN.finditer(subject) if token[0] not in _PARTICLES]
    titled = len(tokens) >= _TITLE and all(map(_is_capital, tokens))
    taken: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        first, last = at, at
        if _is_capital(tokens[at]) and _plain(tokens[at][0]) in known:
            free = at > 0 and not titled and (not taken or tokens[at - 1].start() > taken[-1][1])
            near = free and subject[tokens[at - 1].end() : tokens[at].start()] in _NEAR  # "Konto von" is no name before a name
            first = at - 1 if near and _joins(subject, tokens[at - 1], tokens[at], small) else at
            while last + 1 < len(tokens) and last - at < _AFTER and _joins(subject, tokens[last], tokens[last + 1], small):
                if titled and _plain(tokens[last + 1][0]) not in known:
                    break
                last += 1
            if last > first or not titled:
                taken.append((tokens[first].start(), tokens[last].start() + len(_POSSESSIVE.sub("", tokens[last][0]))))
        at = last + 1
    for start, end in reversed(taken):
        subject = f"{subject[:start]}[name]{subject[end:]}"
    return subject


def _joins(subject: str, before: re.Match[str], after: re.Match[str], small: Collection[str]) -> bool:
    """Tell whether two words are parts of one name: both with a capital, neither ever written small, and nothing but a "van" between."""
    strange = _plain(before[0]) not in small and _plain(after[0]) not in small
    return (
        strange
        and _is_capital(before)
        and _is_capital(after)
        and _BETWEEN.fullmatch(subject, before.end(), after.start()) is not None
    )


def _is_capital(token: re.Match[str]) -> bool:
    return token[0].removeprefix("d'").removeprefix("d\u2019")[:1].isupper()


def _plain(word: str) -> str:
    return _POSSESSIVE.sub("", word).casefold()


def _put(ticket: Ticket, shown: str) -> Ticket:
    return replace(ticket, shown=shown, subject=subject_words(shown))
