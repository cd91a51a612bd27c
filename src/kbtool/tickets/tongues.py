"""The words of many subjects -> the language that they are in, where their small words say that it is not the articles' own."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from kbtool.demand import Postings

NAMES = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
}
"""How a reader calls the languages whose small words are known."""
_FEWEST = 2
"""Different small words of another language that there must be: one alone may be part of a name, like the "Uno" of a board."""

Said = Sequence[Sequence[str]]
"""Subjects, each as its words in small letters."""


def tongue_reader(postings: Postings) -> Callable[[Said], str]:
    """Return a function: subjects -> the code of the other language that they are in; empty when it is the articles', or nothing tells.

    They are in another language when they have more of its small words than of the articles' language, and one for each two subjects.
    """
    languages: defaultdict[str, list[str]] = defaultdict(list)
    for language, words in sorted(postings.tongues.items()):
        for word in words:
            languages[word].append(language)

    def read(subjects: Said) -> str:
        written = Counter(word for words in subjects for word in dict.fromkeys(words))
        told, different = Counter[str](), Counter[str]()
        for word, number in written.items():
            for language in languages.get(word, ()):
                told[language] += number
                different[language] += 1
        own = sum(number for word, number in written.items() if word in postings.fillers)
        language = min(told, key=lambda one: (-told[one], one), default="")
        enough = different[language] >= _FEWEST and told[language] > own and 2 * told[language] >= len(subjects)
        return language if enough else ""

    return read


def strange_words(tongues: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the small words of all other languages: no article lacks them."""
    return frozenset().union(*tongues.values())
