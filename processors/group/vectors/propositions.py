"""What of a sentence vector tells propositions apart: a linear discriminant analysis (Fisher 1936) of labelled remarks.

Wordings of one remark differ in language, length and outlet; other remarks of the same occasion differ in what is
said. Directions of the first kind are weighed down (within-class covariance normalization, Hatch et al. 2006), and of
the second the strongest are kept. ``data/propositions.json`` is made by ``python -m tests.quality.fit_propositions``.
"""

import base64
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from processors.annotate.features import DIMENSIONS
from processors.group.vectors.priors import Floats

KEPT = 96


def packed(projection: Floats) -> str:
    """Base64 of a projection in signed bytes, row by row, its largest number 127.

    Shape of the projection: (``DIMENSIONS``, ``KEPT``).
    """
    scaled = np.rint(projection * (127 / np.abs(projection).max()))
    return base64.b64encode(scaled.astype("i1").tobytes()).decode("ascii")


@cache
def projection() -> Floats:
    """From a centred vector to what tells propositions apart, in whole numbers up to 127.

    Shape: (``DIMENSIONS``, ``KEPT``).
    """
    numbers = np.frombuffer(base64.b64decode(_shipped()["projection"]), dtype="i1")
    return numbers.reshape(DIMENSIONS, KEPT).astype(np.float64)


def on_the_scale_of_plain(cosines: Floats) -> Floats:
    """Cosines of projected vectors as the centred ones that are as rare among statements of one speaker, for which
    weights and thresholds were made.
    """
    scale = _shipped()["scale"]
    return np.asarray(np.interp(cosines, scale["projected"], scale["plain"]))


@cache
def _shipped() -> dict[str, Any]:
    shipped: dict[str, Any] = json.loads(
        files("processors.group").joinpath("data/propositions.json").read_text("utf-8")
    )
    return shipped
