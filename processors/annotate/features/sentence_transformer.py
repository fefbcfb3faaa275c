"""Sentence vectors of a model of sentence-transformers (Reimers and Gurevych 2019), which is an extra.

On the processor and in one thread, one text at a time: beside longer ones a text is padded, and other sums are rounded
otherwise, so that its vector would depend on what it came with.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from schemas.errors import SettingsError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LIBRARY = "sentence-transformers"


class SentenceTransformerEncoder:
    """A model by its name or folder, loaded at the first text; a name that is not on this machine is fetched by the
    library from its hub.

    ``prompt``: what is written before each text, such as ``"passage: "``; empty: what the model's own files say.
    """

    def __init__(self, model: str, prompt: str = "") -> None:
        self._name = model
        self._prompt = prompt or None
        self._model: SentenceTransformer | None = None

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        if self._model is None:
            self._model = _loaded(self._name)
        vectors = self._model.encode(
            texts, prompt=self._prompt, batch_size=1, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _loaded(name: str) -> "SentenceTransformer":
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise SettingsError(
            f"annotate.embedding_model {name!r} needs {LIBRARY}, which is an extra ({error}): pip install "
            f"'{LIBRARY}>=3' beside remarkwire, or leave the setting out for the shipped model"
        ) from error
    # Workers scale by processes; and how sums are divided among threads shows in the last bits.
    torch.set_num_threads(1)
    try:
        # Code that comes with a model stays unrun.
        return SentenceTransformer(name, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"annotate.embedding_model {name!r} cannot be loaded as a model of {LIBRARY}: {error}; give its folder, or "
            "its name where it can be fetched"
        ) from error
