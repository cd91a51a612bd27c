"""Search documents -> what the search box knows before it asks the index: titles, topics, and the site's own words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from kbtool.config import Config
from kbtool.model import Json, SearchDocument
from kbtool.site.filler import filler_words

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
    """Return the data that the box loads when search is opened, small enough for a thousand articles.

    `documents`: the name of the document in the index, title, the topic's number, keywords, and for a question the number
    of its page. `topics`: title and address. `words`: the site's words by how many documents have them, a power of two a list.
    """
    topics = sorted({(document.topic, document.topic_url) for document in documents})
    numbers = {topic: number for number, topic in enumerate(topics)}
    pages = {document.url: number for number, document in enumerate(documents) if "#" not in document.url}
    rows = []
    for document, name in zip(documents, hashes, strict=True):
        row: list[str | int] = [name.rpartition("_")[2], document.title, numbers[document.topic, document.topic_url]]
        page = pages.get(document.url.partition("#")[0], -1) if "#" in document.url else -1
        if document.keywords or page >= 0:
            row.append(" ".join(document.keywords))
        if page >= 0:
            row.append(page)
        rows.append(row)
    return {
        "prefix": hashes[0].rpartition("_")[0] + "_" if hashes else "",
        "topics": [list(topic) for topic in topics],
        "documents": rows,
        "words": _spellings(documents),
        "synonyms": [list(group) for group in config.synonyms],
        "filler": " ".join(filler_words(config.language)),
    }


def _spellings(documents: Sequence[SearchDocument]) -> list[str]:
    """Return the site's words: the list's entry n has those in 2^n to 2^(n+1)-1 documents, sorted, with spaces between."""
    counts: Counter[str] = Counter()
    named: set[str] = set()
    for document in documents:
        names = {word for name in _names(document) for word in _words(name)}
        counts.update(names.union(*(_words(text) for text in (document.summary, *(part.text for part in document.sections)))))
        named |= names
    chosen = sorted(
        (word for word in counts if word in named or counts[word] > 1), key=lambda word: (word not in named, -counts[word], word)
    )
    lists: list[list[str]] = []
    for word in sorted(chosen[:MOST]):
        size = counts[word].bit_length() - 1
        lists.extend([] for _ in range(size + 1 - len(lists)))
        lists[size].append(word)
    return [" ".join(words) for words in lists]


def _names(document: SearchDocument) -> Iterable[str]:
    return (document.title, *document.keywords, *(section.title for section in document.sections))


def _words(text: str) -> set[str]:
    """Return the words that may be offered as spellings: numbers, codes and scripts without spaces are none."""
    return {
        word
        for word in _WORD.findall(text.lower().replace("\u2019", "'"))
        if SHORTEST <= len(word) <= LONGEST and word.replace("'", "").isalpha() and not _LETTER.search(word)
    }
