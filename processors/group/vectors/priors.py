"""The shipped mean sentence vector of each language: from sentences of our own, parallel in all languages.

``data/neutral.json`` holds the sentences, ``data/means.json`` what ``means_of`` makes of them.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from processors.annotate.features import DIMENSIONS, Embedder, unpack_vector

# Means are kept in 1/64 of the vectors' unit, as integers.
FINE = 64

Floats = npt.NDArray[np.float64]


def means_of(sentences: Mapping[str, Sequence[str]], embedder: Embedder) -> dict[str, str]:
    """For each language the mean of its sentences' vectors, as base64 of 384 little-endian 16-bit integers."""
    means = {}
    for lang, texts in sorted(sentences.items()):
        vectors = [v for packed in embedder.embed(texts) if (v := unpack_vector(packed)) is not None]
        total = np.sum(np.stack(vectors).astype(np.int64), axis=0)
        fine = np.rint(FINE * total / len(vectors)).astype("<i2")
        means[lang] = base64.b64encode(fine.tobytes()).decode("ascii")
    return means


@cache
def prior_means() -> dict[str, Floats]:
    """Mean vector (in units of the vectors) of each language of the shipped file; ``""`` is the mean of them all."""
    raw = json.loads(files("processors.group").joinpath("data/means.json").read_text("utf-8"))
    means = {
        lang: np.frombuffer(base64.b64decode(packed), dtype="<i2").astype(np.float64) / FINE
        for lang, packed in raw["means"].items()
    }
    common = sum((means[lang] for lang in sorted(means)), np.zeros(DIMENSIONS))
    means[""] = np.asarray(common) / max(1, len(means))
    return means
