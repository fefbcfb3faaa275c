"""Which blocks of a page are the article: a small network over the figures of ``features``, trained on labelled pages.

The weights (``data/blocks.json``) are made by ``python -m tests.quality.train_blocks``. What trafilatura took must be
refused more clearly, and what it left out be wanted more clearly, than the rest: it errs less often than the network
does in places that look like none in the training pages.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ingest.clean.body.blocks import Block
from ingest.clean.body.features import AGREED, KNOWN, SHARED, Rows, known_pages, width

_TAKEN, _LEFT = 0.8, 0.2
_WANTED = 0.5
_WANTED_OF_TAKEN = 0.4
_WANTED_OF_LEFT = 0.6
# What half of an outlet's other pages have, too, is no article, once there are enough pages to say so.
_RECURS = 0.5
_PAGES = 4
# The same long text twice on a page: the second is a copy for another width of screen, or a teaser of the first.
_REPEATED_CHARS = 60
# Scores are rounded before they are compared: their last digits depend on the machine.
_DIGITS = 4
# OpenBLAS gives products of more multiplications to threads (interface/gemm.c), which then spin for the next one: that
# cost more than all else of a large page.
_MOST_PRODUCTS = 262_144
_ARRAYS = ("centre", "scale", "hidden", "hidden_bias", "out")


@dataclass(frozen=True)
class Weights:
    """A layer of rectified units and a logistic one, over rows that are centred, scaled and clipped."""

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    hidden: NDArray[np.float64]
    hidden_bias: NDArray[np.float64]
    out: NDArray[np.float64]
    out_bias: float

    def scores(self, rows: Rows) -> Rows:
        """How likely each row's block is the article's, between 0 and 1."""
        scaled = np.clip((rows - self.centre) / self.scale, -5, 5)
        at_once = _MOST_PRODUCTS // self.hidden.size
        sums = [self._sums(scaled[n : n + at_once]) for n in range(0, len(scaled), at_once)]
        found: Rows = 1 / (1 + np.exp(-np.clip(np.concatenate(sums), -30, 30)))
        return found

    def _sums(self, scaled: Rows) -> Rows:
        units = np.maximum(scaled @ self.hidden + self.hidden_bias, 0)
        found: Rows = units @ self.out + self.out_bias
        return found


def chosen(blocks: Sequence[Block], rows: Rows, weights: Weights | None = None) -> list[int]:
    """Numbers of the blocks that are the article, in order."""
    if not blocks:
        return []
    scores = np.round((weights or shipped()).scores(rows), _DIGITS)
    agreed = rows[:, AGREED]
    wanted = np.where(agreed > _TAKEN, _WANTED_OF_TAKEN, np.where(agreed < _LEFT, _WANTED_OF_LEFT, _WANTED))
    recurs = (rows[:, SHARED] >= _RECURS) & (rows[:, KNOWN] >= known_pages(_PAGES))
    seen: set[str] = set()
    found = []
    for n in np.flatnonzero((scores >= wanted) & ~recurs).tolist():
        text = blocks[n].text
        if len(text) >= _REPEATED_CHARS:
            if text in seen:
                continue
            seen.add(text)
        found.append(n)
    return found


@functools.cache
def shipped() -> Weights:
    """The weights that come with the program."""
    return read(files("ingest.clean").joinpath("data/blocks.json").read_text(encoding="utf-8"))


def read(text: str) -> Weights:
    """Weights from JSON. Raises ``ValueError`` where they are for other figures than ``features`` gives."""
    data = json.loads(text)
    named = {name: np.array(data[name], dtype=np.float64) for name in _ARRAYS}
    weights = Weights(
        named["centre"],
        named["scale"],
        named["hidden"],
        named["hidden_bias"],
        named["out"],
        float(data["out_bias"]),
    )
    if weights.hidden.shape[0] != width():
        raise ValueError(f"weights for {weights.hidden.shape[0]} figures, features gives {width()}")
    return weights


def written(weights: Weights) -> str:
    """The JSON that ``read`` reads, four digits."""
    named = {name: getattr(weights, name) for name in _ARRAYS}
    data = {name: np.round(values, 4).tolist() for name, values in named.items()}
    return json.dumps(data | {"out_bias": round(weights.out_bias, 4)}, separators=(",", ":")) + "\n"
