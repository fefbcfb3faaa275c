"""Similarity of statements: cosine of their sentence vectors after the mean of the language is taken off.

Raw cosines hardly tell two remarks of one domain apart, and hardly two languages at all; what a language's vectors
have in common must go first. The mean of a language is that of the statements in the window, with a shipped prior.

Exactness: vectors are small integers (|v| ≤ 130), so are the means scaled by 64, and no sum of products reaches
2**24; so every product below is exact in float32, in whatever order the library adds, and a rebuilt state gives the
same bits, whichever columns are asked for.

Up to ``_ALL_COMPARED`` vectors a report is compared with all; beyond, sketches choose which (sketches.py).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from processors.annotate.features import DIMENSIONS, unpack_vector
from processors.group.priors import FINE, Floats, prior_means
from processors.group.sketches import Sketches
from schemas import Statement

Rows = npt.NDArray[np.intp]

# Comparing with so many takes two milliseconds.
_ALL_COMPARED = 8192


class Vectors:
    """The vectors of all statements in the state, and the means of their languages."""

    def __init__(self, prior: float, all_compared: int = _ALL_COMPARED) -> None:
        """``prior``: how many statements the shipped mean of a language counts for."""
        self._weight = prior
        self._all_compared = all_compared
        self.matrix = np.zeros((64, DIMENSIONS), dtype=np.int8)
        self.square = np.zeros(64, dtype=np.int64)
        self.lang = np.zeros(64, dtype=np.int64)
        self._free: list[int] = []
        self.used = 0
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self.langs: dict[str, int] = {}
        self._sums: list[npt.NDArray[np.int64]] = []
        self._counts: list[int] = []
        self._means: dict[int, Floats] = {}
        self.sketches = Sketches()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def all_compared(self) -> bool:
        """Whether ``Similar.near`` looks at every vector, not only at chosen first wordings."""
        return len(self._rows) <= self._all_compared

    def row(self, statement_id: str) -> int | None:
        """Where a statement stands in the columns of ``similarities``; None without a vector."""
        return self._rows.get(statement_id)

    def rows(self, statement_ids: Sequence[str]) -> Rows:
        """The rows of those that have a vector, in the order given."""
        found = [row for s in statement_ids if (row := self._rows.get(s)) is not None]
        return np.array(found, dtype=np.intp)

    def statement(self, row: int) -> str:
        """The statement of a column of ``similarities``."""
        return self._ids[row]

    def add(self, statement: Statement, lang: str | None) -> None:
        vector = unpack_vector(statement.vector)
        if vector is None or statement.statement_id in self._rows:
            return
        at = self._free.pop() if self._free else self._grow()
        number = self.number_of(lang or "")
        self.matrix[at] = vector
        wide = vector.astype(np.int64)
        self.square[at] = int(wide @ wide)
        self.lang[at] = number
        self._rows[statement.statement_id] = at
        self._ids[at] = statement.statement_id
        self._sums[number] += wide
        self._counts[number] += 1
        self._means.pop(number, None)

    def remove(self, statement_id: str) -> None:
        at = self._rows.pop(statement_id, None)
        if at is None:
            return
        number = int(self.lang[at])
        self._sums[number] -= self.matrix[at].astype(np.int64)
        self._counts[number] -= 1
        self._means.pop(number, None)
        self.sketches.remove(at)
        self.matrix[at] = 0
        self.square[at] = 0
        self._free.append(at)

    def represent(self, statement_id: str) -> None:
        """A statement is the first wording of a remark: by it the remark is found when not all are compared."""
        at = self._rows.get(statement_id)
        if at is not None:
            lang = list(self.langs)[int(self.lang[at])]
            self.sketches.add(at, self.matrix[at], prior_means().get(lang, prior_means()[""]))

    def represent_no_more(self, statement_id: str) -> None:
        at = self._rows.get(statement_id)
        if at is not None:
            self.sketches.remove(at)

    def similar(self, statements: Sequence[Statement], lang: str | None) -> "Similar":
        """Given statements as they are to be compared with stored ones."""
        return Similar(self, statements, lang)

    def similarities(self, statements: Sequence[Statement], lang: str | None) -> Floats:
        """Centred cosine of each given statement (rows) to each stored one (columns); zero where one has no vector.

        Shape: (number of statements, capacity of the store). Costs one matrix product over the store.
        """
        return self.similar(statements, lang).to(np.arange(self.used))

    def among(self, rows: Rows) -> Floats:
        """Centred cosines of stored statements to each other. Shape: (number of rows, number of rows)."""
        means = np.stack([self.mean(name) for name in self.langs])
        # Whole numbers below 2**53, so the products are exact whatever the order of adding.
        centred = FINE * self.matrix[rows].astype(np.float64) - means[self.lang[rows]]
        products = centred @ centred.T
        norms = np.sqrt(np.maximum(1.0, products.diagonal()))
        return np.asarray(products / np.outer(norms, norms))

    def mean(self, lang: str) -> Floats:
        """Mean vector of a language, integers, scaled by ``FINE``."""
        number = self.langs[lang]
        known = self._means.get(number)
        if known is None:
            prior = prior_means().get(lang, prior_means()[""])
            mean = (self._weight * prior + self._sums[number]) / (self._weight + self._counts[number])
            known = self._means[number] = np.asarray(np.rint(mean * FINE), dtype=np.float64)
        return known

    def number_of(self, lang: str) -> int:
        """The number of a language, by which ``lang`` names it."""
        if lang not in self.langs:
            self.langs[lang] = len(self.langs)
            self._sums.append(np.zeros(DIMENSIONS, dtype=np.int64))
            self._counts.append(0)
        return self.langs[lang]

    def _grow(self) -> int:
        if self.used == len(self.matrix):
            self.matrix = np.concatenate([self.matrix, np.zeros_like(self.matrix)])
            self.square = np.concatenate([self.square, np.zeros_like(self.square)])
            self.lang = np.concatenate([self.lang, np.zeros_like(self.lang)])
        self.used += 1
        self._ids.append("")
        return self.used - 1


class RowSet:
    """Rows of a store that belong together, as an array that grows."""

    def __init__(self) -> None:
        self._rows = np.zeros(8, dtype=np.intp)
        self._used = 0

    def add(self, rows: Rows) -> None:
        used = self._used + len(rows)
        if used > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros(used, dtype=np.intp)])
        self._rows[self._used : used] = rows
        self._used = used

    def remove(self, rows: Rows) -> None:
        kept = self.rows[~np.isin(self.rows, rows)]
        self._rows[: len(kept)] = kept
        self._used = len(kept)

    @property
    def rows(self) -> Rows:
        return self._rows[: self._used]


class Similar:
    """The statements of one report against stored ones: centred cosines, worked out for the columns that are asked.

    Holds for one state of the store.
    """

    def __init__(self, store: Vectors, statements: Sequence[Statement], lang: str | None) -> None:
        self._store = store
        self.statements = {statement.statement_id: i for i, statement in enumerate(statements)}
        found = [(i, v) for i, s in enumerate(statements) if (v := unpack_vector(s.vector)) is not None]
        self._given = np.array([i for i, _ in found], dtype=np.intp)
        self._vectors = [v for _, v in found]
        self._near: tuple[Rows, Floats] | None = None
        mine = store.number_of(lang or "")
        if not found:
            return
        means = np.stack([store.mean(name) for name in store.langs])  # integers, scaled by FINE
        ours = np.stack(self._vectors)
        wide = ours.astype(np.int64)
        self._columns = np.concatenate([ours.T.astype(np.float32), means.T.astype(np.float32)], axis=1)
        self._gram = (means @ means.T) / (FINE * FINE)
        self._our_means = (ours.astype(np.float64) @ means.T) / FINE
        self._mine = mine
        squares = (wide * wide).sum(axis=1)
        self._norms = np.sqrt(np.maximum(1e-9, squares - 2 * self._our_means[:, mine] + self._gram[mine, mine]))
        prior = prior_means().get(lang or "", prior_means()[""])
        self._prior = prior

    def to(self, rows: Rows) -> Floats:
        """Centred cosine of each given statement (rows) to the stored ones of ``rows`` (columns); zero where one has
        no vector. Shape: (number of statements, number of rows).
        """
        store = self._store
        result = np.zeros((len(self.statements), len(rows)))
        if not self._vectors or not len(rows):
            return result
        count = len(self._vectors)
        # (a − μ)(b − ν) = ab − aν − bμ + μν, every term an exact integer times a power of two.
        products = (store.matrix[rows].astype(np.float32) @ self._columns).astype(np.float64)
        store_means = products[:, count:] / FINE
        theirs, squares = store.lang[rows], store.square[rows]
        own = store_means[np.arange(len(rows)), theirs]
        norms = np.sqrt(np.maximum(1e-9, squares - 2 * own + self._gram[theirs, theirs]))
        centred = products[:, :count].T - self._our_means[:, theirs] - store_means[:, self._mine]
        centred = centred + self._gram[self._mine][theirs]
        result[self._given] = centred / (norms * self._norms[:, np.newaxis])
        result[:, squares == 0] = 0.0
        return result

    def near(self) -> tuple[Rows, Floats]:
        """Columns among which are those that are like ours, and the cosines to them, as ``to`` gives them.

        All of the store while it is small; then the first wordings of remarks whose sketches are nearest.
        """
        if self._near is None:
            store = self._store
            if store.all_compared:
                rows = np.arange(store.used)
            elif not self._vectors:
                rows = np.zeros(0, dtype=np.intp)
            else:
                rows = np.unique(np.concatenate([store.sketches.near(v, self._prior) for v in self._vectors]))
            self._near = rows, self.to(rows)
        return self._near

    def any(self) -> bool:
        """Whether there is something to compare on both sides."""
        return bool(self._vectors) and len(self._store) > 0
