"""Which of very many vectors may be like a given one: by the signs of fixed projections (Charikar 2002, SimHash).

A sketch has 128 bits, one for each of 128 fixed directions: whether the vector, with the shipped mean of its language
taken off, points that way. Two vectors with a cosine of .6 differ in 38 ± 5 of the bits, of .45 in 45 ± 5, unrelated
ones in 64 ± 6. A scan over the sketches costs a thirtieth of one over the vectors. What is found depends on what is
stored, not on the order of storing.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import xxhash

from processors.group.vectors.priors import FINE, Floats

_BITS = 128
# Found are those that differ in at most so many bits, and of them the nearest, about as many as follow.
MOST_BITS = 50
_MOST_FOUND = 256

Rows = npt.NDArray[np.intp]
Sketch = npt.NDArray[np.uint64]


@cache
def _directions(dimensions: int) -> npt.NDArray[np.float32]:
    """Signs, from a hash of their place: the same on every machine and in every version. Shape: (dimensions, 128)."""
    count = dimensions * _BITS // 64
    packed = b"".join(xxhash.xxh64_digest(f"direction {i}".encode()) for i in range(count))
    bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8)).reshape(dimensions, _BITS)
    return bits.astype(np.float32) * 2 - 1


def bits_apart(cosine: float) -> int:
    """In how many bits two vectors with this cosine differ, as is to be expected."""
    return round(_BITS * float(np.arccos(cosine)) / np.pi)


def cosine_apart(bits: int) -> float:
    """The cosine of two vectors whose sketches may be expected to differ in so many bits."""
    return float(np.cos(np.pi * bits / _BITS))


def sketch(vector: npt.NDArray[np.int8], mean: Floats) -> Sketch:
    """Two 64-bit words. ``mean``: the shipped one of the language, in units of the vector.

    The projections are of integers below 2**24, exact in float32.
    """
    found: Sketch = sketches(vector[np.newaxis], mean)[0]
    return found


def sketches(vectors: npt.NDArray[np.int8], mean: Floats) -> Sketch:
    """The same for each row of a matrix: two words a row."""
    centred = vectors.astype(np.float32) * FINE - np.rint(mean * FINE).astype(np.float32)
    return np.packbits(centred @ _directions(vectors.shape[1]) > 0, axis=1).view(np.uint64)


class Sketches:
    """Sketches of some rows of a store."""

    def __init__(self, most_bits: int = MOST_BITS) -> None:
        self._most_bits = most_bits
        self._words = np.zeros((2, 64), dtype=np.uint64)
        self._rows = np.zeros(64, dtype=np.intp)
        self._at: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._at)

    def add(self, row: int, vector: npt.NDArray[np.int8], mean: Floats) -> None:
        if row in self._at:
            return
        at = len(self._at)
        if at == len(self._rows):
            self._words = np.concatenate([self._words, np.zeros_like(self._words)], axis=1)
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._words[:, at] = sketch(vector, mean)
        self._rows[at] = row
        self._at[row] = at

    def remove(self, row: int) -> None:
        at = self._at.pop(row, None)
        if at is None:
            return
        last = len(self._at)
        if at != last:  # the last one takes its place
            self._words[:, at] = self._words[:, last]
            self._rows[at] = self._rows[last]
            self._at[int(self._rows[at])] = at

    def near(self, vectors: Sequence[npt.NDArray[np.int8]], mean: Floats) -> Rows:
        """Rows whose sketches differ least from that of one of the vectors, in no particular order."""
        if not len(vectors) or not self._at:
            return np.zeros(0, dtype=np.intp)
        found = np.zeros(len(self._at), dtype=np.bool_)
        for first, second in sketches(np.stack(vectors), mean):
            found[self._nearest(first, second)] = True
        return self._rows[: len(found)][found]

    def _nearest(self, first: np.uint64, second: np.uint64) -> Rows:
        """Places, not rows."""
        used = len(self._at)
        apart = np.bitwise_count(self._words[0, :used] ^ first)
        apart += np.bitwise_count(self._words[1, :used] ^ second)
        chosen = np.nonzero(apart <= self._most_bits)[0]
        if len(chosen) > _MOST_FOUND:
            counts = np.cumsum(np.bincount(apart[chosen]))
            # All of one distance or none, so that the answer does not depend on places.
            border = max(int(apart[chosen].min()), int(np.searchsorted(counts, _MOST_FOUND, side="right")) - 1)
            chosen = chosen[apart[chosen] <= border]
        return chosen
