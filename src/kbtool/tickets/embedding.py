"""A model's name -> the model that tells texts of the same meaning: kbtool's own two and those that packages offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kbtool import extensions
from kbtool.tickets.arrays import Floats, Matrix

GROUP = "kbtool.embeddings"
DEFAULT = "wordllama"
EXPORT_ITSELF = "the export itself"
"""What tells texts of the same meaning when no model does."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """A model that gives texts vectors in which those that mean the same lie near each other."""

    name: str
    languages: frozenset[str]
    """Codes of the languages that it knows, without countries; empty: all."""
    vectors: Callable[[Sequence[str]], Floats]
    """Returns a row for each text."""
    pieces: Callable[[Sequence[str]], tuple[Matrix, Floats]] | None = None
    """Returns how often each word (row) holds each piece, and the pieces' vectors, where a text's vector is the sum of its words': each
    word is then looked up once."""

    def knows(self, language: str) -> bool:
        """Tell whether the model was trained on the language."""
        return not self.languages or language.replace("_", "-").partition("-")[0].lower() in self.languages


def find_embeddings(name: str, language: str) -> tuple[Embedding, ...]:
    """Return the models that know the language: that of the name, and kbtool's own beside it. Two see more than either.

    Raises Stop when there is no model of that name, or it is not installed.
    """
    found = (find_embedding(each) for each in dict.fromkeys((name or DEFAULT, DEFAULT)))
    return tuple(each for each in found if each.knows(language))


def find_embedding(name: str = "") -> Embedding:
    """Return the model of that name, kbtool's own without one. Raises Stop when there is none or it is not installed."""
    found: Embedding = extensions.find(GROUP, name or DEFAULT)()
    return found
