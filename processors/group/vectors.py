"""Similarity of statements: cosine of their sentence vectors after the mean of the language is taken off.

Raw cosines hardly tell two remarks of one domain apart, and hardly two languages at all; what a language's vectors
have in common must go first. The mean of a language is that of the statements in the window, with a shipped prior.

Exactness: vectors are small integers (|v| ≤ 130), so are the means scaled by 64, and no sum of products reaches
2**24; so every product below is exact in float32, in whatever order the library adds, and a rebuilt state gives the
same bits.
"""

import numpy as np
import numpy.typing as npt

from processors.annotate.features import DIMENSIONS, unpack_vector
from processors.group.priors import FINE, Floats, prior_means
from schemas import Statement


class Vectors:
    """The vectors of all statements in the state, and the means of their languages."""

    def __init__(self, prior: float) -> None:
        """``prior``: how many statements the shipped mean of a language counts for."""
        self._weight = prior
        self._matrix = np.zeros((64, DIMENSIONS), dtype=np.float32)
        self._square = np.zeros(64, dtype=np.int64)
        self._lang = np.zeros(64, dtype=np.int64)
        self._free: list[int] = []
        self._used = 0
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._langs: dict[str, int] = {}
        self._sums: list[npt.NDArray[np.int64]] = []
        self._counts: list[int] = []

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, statement_id: str) -> int | None:
        """Where a statement stands in the columns of ``similarities``; None without a vector."""
        return self._rows.get(statement_id)

    def statement(self, row: int) -> str:
        """The statement of a column of ``similarities``."""
        return self._ids[row]

    def add(self, statement: Statement, lang: str | None) -> None:
        vector = unpack_vector(statement.vector)
        if vector is None or statement.statement_id in self._rows:
            return
        at = self._free.pop() if self._free else self._grow()
        number = self._lang_number(lang or "")
        self._matrix[at] = vector
        wide = vector.astype(np.int64)
        self._square[at] = int(wide @ wide)
        self._lang[at] = number
        self._rows[statement.statement_id] = at
        self._ids[at] = statement.statement_id
        self._sums[number] += wide
        self._counts[number] += 1

    def remove(self, statement_id: str) -> None:
        at = self._rows.pop(statement_id, None)
        if at is None:
            return
        number = int(self._lang[at])
        self._sums[number] -= self._matrix[at].astype(np.int64)
        self._counts[number] -= 1
        self._matrix[at] = 0
        self._square[at] = 0
        self._free.append(at)

    def similarities(self, statements: list[Statement], lang: str | None) -> Floats:
        """Centred cosine of each given statement (rows) to each stored one (columns); zero where one has no vector.

        Shape: (number of statements, capacity of the store). Costs one matrix product over the store.
        """
        result = np.zeros((len(statements), self._used))
        given = [(i, v) for i, s in enumerate(statements) if (v := unpack_vector(s.vector)) is not None]
        if not given or not self._rows:
            return result
        self._lang_number(lang or "")
        means = np.stack([self._mean(name) for name in self._langs])  # integers, scaled by FINE
        ours = np.stack([v for _, v in given]).astype(np.float32)
        store = self._matrix[: self._used]
        # (a − μ)(b − ν) = ab − aν − bμ + μν, every term an exact integer times a power of two.
        dots = (store @ ours.T).astype(np.float64)
        store_means = (store @ means.T.astype(np.float32)).astype(np.float64) / FINE
        our_means = (ours.astype(np.float64) @ means.T) / FINE
        gram = (means @ means.T) / (FINE * FINE)
        mine = list(self._langs).index(lang or "")
        theirs = self._lang[: self._used]
        rows = np.arange(self._used)
        norm_store = np.sqrt(
            np.maximum(1e-9, self._square[: self._used] - 2 * store_means[rows, theirs] + gram[theirs, theirs])
        )
        for k, (i, vector) in enumerate(given):
            wide = vector.astype(np.int64)
            norm = np.sqrt(max(1e-9, float(wide @ wide) - 2 * our_means[k, mine] + gram[mine, mine]))
            centred = dots[:, k] - our_means[k][theirs] - store_means[:, mine] + gram[mine][theirs]
            result[i] = centred / (norm_store * norm)
        result[:, self._square[: self._used] == 0] = 0.0
        return result

    def _mean(self, lang: str) -> Floats:
        number = self._langs[lang]
        prior = prior_means().get(lang, prior_means()[""])
        mean = (self._weight * prior + self._sums[number]) / (self._weight + self._counts[number])
        return np.asarray(np.rint(mean * FINE), dtype=np.float64)

    def _lang_number(self, lang: str) -> int:
        if lang not in self._langs:
            self._langs[lang] = len(self._langs)
            self._sums.append(np.zeros(DIMENSIONS, dtype=np.int64))
            self._counts.append(0)
        return self._langs[lang]

    def _grow(self) -> int:
        if self._used == len(self._matrix):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
            self._square = np.concatenate([self._square, np.zeros_like(self._square)])
            self._lang = np.concatenate([self._lang, np.zeros_like(self._lang)])
        self._used += 1
        self._ids.append("")
        return self._used - 1
