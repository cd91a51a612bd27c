"""Search documents -> what the search box knows before it asks the index: titles, topics, and the site's own words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from os.path import commonprefix

from kbtool.filler import filler_words
from kbtool.kinds import Json
from kbtool.model import SearchDocument
from kbtool.settings import Config
from kbtool.site.compounds import compounds

SHORTEST = 3
LONGEST = 24
MOST = 8_000
"""Words offered as spellings: of a larger site, those of titles and headings and the most frequent of the rest."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_UNSPACED = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese and Japanese
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
)
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
_LETTER = re.compile(rf"[{_UNSPACED}][{_MARKS}]*")


def spaced(text: str) -> str:
    """Return the text with the letters of scripts that set no spaces apart from one another, as the index keeps them.

    >>> spaced("重置 Wi-Fi密码")
    '重 置 Wi-Fi 密 码'
    >>> spaced("Reset your password")
    'Reset your password'
    """
    if text.isascii():
        return text
    return " ".join(_LETTER.sub(r" \g<0> ", text).split())


def search_words(documents: Sequence[SearchDocument], hashes: Sequence[str], config: Config) -> Json:
    """Return the data that the box loads when search is opened: columns, which compress better than rows.

    `names`, `titles` and `topic` have an entry for each document: the beginning of its name in the index, as long as it must be
    to tell it from the others, the language that all begin with aside; its title; its topic's number.
    `keywords`: by the document's number. `pages`: for a question's number the number of its page. `topics`: title and address.
    `words`: the site's words, sorted, each as how many letters it shares with the one before, up to nine, and the rest.
    `sizes`: a digit for each word, n when 2^n to 2^(n+1)-1 documents have it.
    """
    topics = sorted({(document.topic, document.topic_url) for document in documents})
    places = {document.url: number for number, document in enumerate(documents)}
    parents = {
        number: places.get(document.url.partition("#")[0]) for number, document in enumerate(documents) if "#" in document.url
    }
    counts = _spellings(documents)
    words = sorted(counts)
    return {
        "names": _short(hashes),
        "titles": [document.title for document in documents],
        "topic": [topics.index((document.topic, document.topic_url)) for document in documents],
        "keywords": {number: " ".join(document.keywords) for number, document in enumerate(documents) if document.keywords},
        "pages": {number: page for number, page in parents.items() if page is not None},
        "topics": [list(topic) for topic in topics],
        "words": "".join(_rest(word, before) for word, before in zip(words, ["", *words], strict=False)),
        "sizes": "".join(str(min(9, counts[word].bit_length() - 1)) for word in words),
        "synonyms": _synonyms(config.synonyms, compounds([list(_texts(document)) for document in documents], config.language)),
        "filler": " ".join(filler_words(config.language)),
    }


def _synonyms(groups: Iterable[Sequence[str]], compounds: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the team's groups of words that mean the same, and those in one word and in two, as groups of their own or in the team's.

    >>> _synonyms([["sign in", "Log in"]], [("login", "log in"), ("setup", "set up")])
    [['sign in', 'Log in', 'login'], ['setup', 'set up']]
    """
    found = [list(group) for group in groups]
    for pair in compounds:
        same = [group for group in found if {word.lower() for word in group} & {*pair}]
        for group in same:
            group.extend(word for word in pair if word not in {other.lower() for other in group})
        if not same:
            found.append(list(pair))
    return found


def _short(hashes: Sequence[str]) -> list[str]:
    """Return beginnings of the names, all of one length, none like another."""
    names = [name.rpartition("_")[2] for name in hashes]
    length = next(length for length in range(1, 100) if len({name[:length] for name in names}) == len(names))
    return [name[:length] for name in names]


def _rest(word: str, before: str) -> str:
    """Return how many letters the word shares with the one before, and the others."""
    shared = min(9, len(commonprefix((word, before))))  # noqa: RUF071 - letters are what is meant
    return f"{shared}{word[shared:]}"


def _spellings(documents: Sequence[SearchDocument]) -> dict[str, int]:
    """Return the site's words that may be offered as spellings, and how many documents have each."""
    counts: Counter[str] = Counter()
    named: set[str] = set()
    for document in documents:
        names = {word for name in _names(document) for word in _words(name)}
        counts.update(names.union(*(_words(text) for text in _texts(document))))
        named |= names
    offered = (word for word in counts if word in named or counts[word] > 1)
    chosen = sorted(offered, key=lambda word: (word not in named, -counts[word], word))[:MOST]
    return {word: counts[word] for word in chosen}


def _names(document: SearchDocument) -> Iterable[str]:
    return (document.title, *document.keywords, *(section.title for section in document.sections))


def _texts(document: SearchDocument) -> Iterable[str]:
    return (*_names(document), document.summary, *(section.text for section in document.sections))


def _words(text: str) -> set[str]:
    """Return the words of a text that may be offered as spellings."""
    return {word for word in set(_WORD.findall(text.lower().replace("\u2019", "'"))) if _is_offered(word)}


@lru_cache(maxsize=65_536)
def _is_offered(word: str) -> bool:
    """Tell whether a word is one: numbers, codes, scripts without spaces and letters that scripts count as two are none."""
    return (
        SHORTEST <= len(word) <= LONGEST
        and word.replace("'", "").isalpha()
        and max(word) < "\U00010000"
        and not _LETTER.search(word)
    )
