"""A stand-in for sentence-transformers, whose vectors tell nothing but that a text is the same."""

import sys
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import xxhash

DIMENSIONS = 64


class Hashed:
    """An encoder whose vectors are random numbers, drawn from the text; ``shared`` is added to all of them."""

    def __init__(self, dimensions: int = DIMENSIONS, shared: float = 0.0) -> None:
        self._dimensions, self._shared = dimensions, shared

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        seeds = [xxhash.xxh64_intdigest(text.encode()) for text in texts]
        made = np.stack([np.random.default_rng(seed).normal(size=self._dimensions) + self._shared for seed in seeds])
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


class Library:
    """What the stand-in was asked for. ``error``: raised on loading."""

    def __init__(self) -> None:
        self.loaded: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[tuple[list[str], dict[str, Any]]] = []
        self.threads: list[int] = []
        self.error: Exception | None = None


def stand_in(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Takes the place of torch and sentence_transformers, in this process alone."""
    library = Library()

    class Model:
        def __init__(self, name: str, **options: Any) -> None:
            if library.error is not None:
                raise library.error
            library.loaded.append((name, options))

        def encode(self, texts: list[str], **options: Any) -> npt.NDArray[np.float32]:
            library.asked.append((texts, options))
            return Hashed().encode(texts)

    torch: Any = ModuleType("torch")
    torch.set_num_threads = library.threads.append
    module: Any = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return library
