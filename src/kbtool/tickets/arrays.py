"""Vectors whose products are the same on every machine."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.float32]
"""Vectors of length `UNIT`, of whole numbers. Whatever the order in which a product's parts are added, each sum is below 2^24 by
Cauchy's inequality, and so exact: no processor, no number of threads and no library can change it."""
Packed = npt.NDArray[np.int16]
"""The same, in half the room."""
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int16]
"""Places in a sample of fewer than 32,768."""
Flags = npt.NDArray[np.bool_]
Matrix = sparse.csr_array

UNIT = 4000.0
"""The length of a vector: 4000 squared is just below 2^24."""

ROWS = 8_000_000
"""Numbers in a block of a large product: 32 MB."""


def units(vectors: Floats) -> Units:
    """Return the vectors with whole numbers in them, each of length UNIT; one without a length stays without."""
    lengths = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
    return np.asarray(np.rint(vectors * (UNIT / np.maximum(lengths, 1e-9))), np.float32)


def packed(vectors: Units) -> Packed:
    """Return the vectors in half the room."""
    return vectors.astype(np.int16)


def products(left: Units | Packed, right: Units | Packed) -> Units:
    """Return the product of each vector on the left with each on the right: whole numbers, and the cosine times UNIT * UNIT."""
    return np.asarray(left.astype(np.float32, copy=False) @ right.astype(np.float32, copy=False).T, np.float32)


def cosines(left: Units | Packed, right: Units | Packed) -> Units:
    """Return the cosine of each vector on the left with each on the right."""
    found = products(left, right)
    found /= np.float32(UNIT * UNIT)
    return found


def blocks(rows: int, width: int) -> list[slice]:
    """Return slices of so many rows that a block of this width stays small."""
    step = max(1, ROWS // max(1, width))
    return [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
