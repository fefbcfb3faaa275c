"""Which of many statements may share enough words with one, asked for all of them at once.

Each word of a statement sets one of 512 bits (Bloom 1970). Two statements have no more words in common than bits, and
than one of them has words beyond its bits; so pairs that cannot be alike are passed over without comparing their words.
The bits follow from Python's own hashes of strings, which differ from process to process: they are never stored, and
whatever they let through is compared exactly.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

_BITS = 512
_WORD_BITS = 64

FEWEST = 2
"""Two statements with fewer words in common are not alike by their words."""
LENGTHS = 8
"""Nor are those whose lengths together are more than so many times the words in common."""

Mask = npt.NDArray[np.bool_]


def outline(words: Iterable[str]) -> bytes:
    """The bits of the words."""
    bits = 0
    for word in words:
        bits |= 1 << (hash(word) % _BITS)
    return bits.to_bytes(_BITS // 8, "little")


class Outlines:
    """Those of several statements."""

    def __init__(self, outlines: Sequence[bytes], words: Sequence[frozenset[str]]) -> None:
        self._bits = np.frombuffer(b"".join(outlines), dtype=np.uint64).reshape(-1, _BITS // _WORD_BITS)
        self._lengths = np.array([len(one) for one in words], dtype=np.int64)
        self._beyond = self._lengths - np.bitwise_count(self._bits).sum(axis=1, dtype=np.int64)
        """Words that share a bit with another of their statement."""

    def near(self, given: bytes, words: frozenset[str]) -> Mask:
        """Which of them may be alike to one with these words; the others have a likeness of 0 to it."""
        common = np.bitwise_count(self._bits & np.frombuffer(given, dtype=np.uint64)).sum(axis=1, dtype=np.int64)
        common += self._beyond
        found: Mask = LENGTHS * common >= self._lengths + len(words)
        found &= common >= FEWEST
        return found

    def near_each_other(self) -> Mask:
        """Which pairs of them may be. Shape: (number of statements, number of statements)."""
        common = np.bitwise_count(self._bits[:, np.newaxis] & self._bits).sum(axis=2, dtype=np.int64)
        common += self._beyond
        found: Mask = LENGTHS * common >= self._lengths[:, np.newaxis] + self._lengths
        found &= common >= FEWEST
        return found
