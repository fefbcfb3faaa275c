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

from processors.annotate.features import DIMENSIONS, Embedder

# Means are kept in 1/64 of the vectors' unit, as integers.
FINE = 64

Floats = npt.NDArray[np.float64]


def means_of(
    sentences: Mapping[str, Sequence[str]], embedder: Embedder, dimensions: int = DIMENSIONS
) -> dict[str, str]:
    """For each language the mean of its sentences' vectors, as base64 of little-endian 16-bit integers."""
    means = {}
    for lang, texts in sorted(sentences.items()):
        vectors = [np.frombuffer(packed, dtype=np.int8, count=dimensions) for packed in embedder.embed(texts)]
        total = np.sum(np.stack(vectors).astype(np.int64), axis=0)
        fine = np.rint(FINE * total / len(vectors)).astype("<i2")
        means[lang] = base64.b64encode(fine.tobytes()).decode("ascii")
    return means


@cache
def neutral_sentences() -> dict[str, list[str]]:
    """The sentences of each language; the same one stands at the same place in all."""
    raw: dict[str, list[str]] = json.loads(files("processors.group").joinpath("data/neutral.json").read_text("utf-8"))
    return raw


@cache
def prior_means() -> dict[str, Floats]:
    """Mean vector (in units of the vectors) of each language of the shipped file; ``""`` is the mean of them all."""
    raw = json.loads(files("processors.group").joinpath("data/means.json").read_text("utf-8"))
    return unpacked_means(raw["means"], DIMENSIONS)


def unpacked_means(packed: Mapping[str, str], dimensions: int) -> dict[str, Floats]:
    """What ``means_of`` packed, in units of the vectors; ``""`` is the mean of them all.

    Raises ``ValueError`` where one is no base64 or has another number of dimensions.
    """
    means = {}
    for lang, one in packed.items():
        mean = np.frombuffer(base64.b64decode(one, validate=True), dtype="<i2")
        if len(mean) != dimensions:
            raise ValueError(f"the mean of {lang!r} has {len(mean)} dimensions instead of {dimensions}")
        means[lang] = mean.astype(np.float64) / FINE
    common = sum((means[lang] for lang in sorted(means)), np.zeros(dimensions))
    means[""] = np.asarray(common) / max(1, len(means))
    return means
