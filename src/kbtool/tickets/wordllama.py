"""WordLlama's vectors for words, read from the two files that its package holds; its own loader is not used, for it asks a hub."""

import json
from array import array
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy import sparse
from tokenizers import Tokenizer

from kbtool.tickets.arrays import Floats, Matrix
from kbtool.tickets.embedding import Embedding

_TOKENS = "tokenizers/l2_supercat_tokenizer_config.json"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
LANGUAGES = frozenset({"en"})
"""The languages that it was trained on."""


_AT_ONCE = 10_000
"""Words that are taken apart in one go: each is given far more room than it needs."""


def embedding() -> Embedding:
    """Return the model."""
    return Embedding("wordllama", LANGUAGES, _text_vectors, word_pieces)


def word_pieces(words: Sequence[str]) -> tuple[Matrix, Floats]:
    """Return how often each word (row) holds each piece (column), and the pieces' vectors. A text's vector is the sum of its pieces'."""
    table, tokenizer = _table(_folder() / _WEIGHTS), read_tokenizer()
    pieces, ends = array("i"), array("q", [0])
    for start in range(0, len(words), _AT_ONCE):
        for found in tokenizer.encode_batch_fast(list(words[start : start + _AT_ONCE]), add_special_tokens=False):
            pieces.extend(found.ids)
            ends.append(len(pieces))
    used, columns = np.unique(np.asarray(pieces, np.int32), return_inverse=True)
    counts = sparse.csr_array((np.ones(len(columns)), columns, np.asarray(ends)), shape=(len(words), len(used)))
    counts.sum_duplicates()
    return counts, table[used].astype(np.float64)


@cache
def read_tokenizer() -> Tokenizer:
    """Return what takes words apart; reading it takes as long as all else for a hundred tickets."""
    return Tokenizer.from_file(str(_folder() / _TOKENS))


def _text_vectors(texts: Sequence[str]) -> Floats:
    pieces, table = word_pieces(texts)
    return np.asarray(pieces @ table)


def _folder() -> Path:
    """Return where the package is, without importing it. Raises ModuleNotFoundError when it is not installed."""
    found = find_spec("wordllama")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("wordllama")
    return Path(next(iter(found.submodule_search_locations)))


def _table(file: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float16]]":
    """Return the vectors of all pieces. A safetensors file is a length, a JSON header of that length, and plain numbers."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        (entry,) = json.loads(opened.read(length)).values()
    rows, columns = entry["shape"]
    numbers = np.memmap(file, "<f2", "r", offset=8 + length + entry["data_offsets"][0], shape=(rows, columns))
    return np.asarray(numbers)
