"""WordLlama's vectors for words, read from the two files that its package holds; its own loader is not used, for it asks a hub."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from kbtool.tickets.arrays import Floats

_TOKENS = "tokenizers/l2_supercat_tokenizer_config.json"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
LANGUAGES = frozenset({"en"})
"""The languages that it was trained on."""


def word_vectors(words: Sequence[str]) -> Floats:
    """Return a vector for each word: the sum of its pieces'. A text's vector is the sum of its words'."""
    folder = _folder()
    if folder is None:
        raise ModuleNotFoundError("wordllama")
    table = _table(folder / _WEIGHTS)
    tokenizer = Tokenizer.from_file(str(folder / _TOKENS))
    pieces = tokenizer.encode_batch(list(words), add_special_tokens=False)
    vectors = np.zeros((len(words), table.shape[1]))
    for number, piece in enumerate(pieces):
        vectors[number] = table[piece.ids].astype(np.float64).sum(axis=0)
    return vectors


def _folder() -> Path | None:
    """Return where the package is, without importing it."""
    found = find_spec("wordllama")
    return Path(next(iter(found.submodule_search_locations))) if found and found.submodule_search_locations else None


def _table(file: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float16]]":
    """Return the vectors of all pieces. A safetensors file is a length, a JSON header of that length, and plain numbers."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        (entry,) = json.loads(opened.read(length)).values()
    rows, columns = entry["shape"]
    numbers = np.memmap(file, "<f2", "r", offset=8 + length + entry["data_offsets"][0], shape=(rows, columns))
    return np.asarray(numbers)
