"""Similarity of statements: cosine of their sentence vectors after the mean of the language is taken off.

Raw cosines hardly tell two remarks of one domain apart, and hardly two languages at all; what a language's vectors
have in common must go first. The mean of a language is that of the statements in the window, with a shipped prior.

Exactness: vectors are small integers (|v| ≤ 130; ≤ 159 with 4,096 dimensions, ``space.MOST_DIMENSIONS``), so are the
means scaled by 64, and no sum of products of a vector less its mean with another (at most 64 · 318 · 159) reaches
2**24; so every product below is exact in float32, in whatever order the library adds, and a rebuilt state gives the
same bits, whichever columns are asked for.

Which model's vectors they are, and so what is taken off and how cosines are read, a ``Space`` says.

Up to ``_ALL_COMPARED`` vectors a report is compared with all; beyond, sketches choose which (sketches.py).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from processors.group.report.beside import OWN
from processors.group.vectors.priors import FINE, Floats
from processors.group.vectors.sketches import MOST_BITS, Sketches, bits_apart, cosine_apart
from processors.group.vectors.space import Space, shipped_space
from schemas import Statement

Rows = npt.NDArray[np.intp]

# Comparing with so many takes two milliseconds.
_ALL_COMPARED = 8192
# So many rows are multiplied at a time: they stay in the processor's cache while they are made floats.
_BLOCK = 128
# Projected vectors are rounded to multiples of this.
_COARSE = 1024


class Vectors:
    """The vectors of all statements in the state, and the means of their languages."""

    def __init__(self, prior: float, all_compared: int = _ALL_COMPARED, space: Space | None = None) -> None:
        """``prior``: how many statements the prior mean of a language counts for; ``space``: the shipped one unless
        another is given.
        """
        self.space = space or shipped_space()
        self._dimensions, self._projection = self.space.dimensions, self.space.projection
        self._weight = prior
        self._all_compared = all_compared
        self.matrix = np.zeros((64, self._dimensions), dtype=np.int8)
        kept = 0 if self._projection is None else self._projection.shape[1]
        self._projected = np.zeros((64, kept), dtype=np.int32)
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
        self._gram: tuple[Floats, Floats] | None = None
        self._means_projected: Floats | None = None
        scale = self.space.scale
        like = MOST_BITS if scale is None else bits_apart(scale.from_plain(cosine_apart(MOST_BITS)))
        self.sketches = Sketches(like)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def all_compared(self) -> bool:
        """Whether ``Similar.near`` looks at every vector, not only at chosen first wordings."""
        return len(self._rows) <= self._all_compared

    def row(self, statement_id: str) -> int | None:
        """The row of a statement, by which ``Similar.to`` is asked; None without a vector."""
        return self._rows.get(statement_id)

    def rows(self, statement_ids: Sequence[str]) -> Rows:
        """The rows of those that have a vector, in the order given."""
        found = [row for s in statement_ids if (row := self._rows.get(s)) is not None]
        return np.array(found, dtype=np.intp)

    def find(self, statement_ids: Sequence[str]) -> tuple[Rows, Rows]:
        """The rows of those that have a vector, and at which places these stand."""
        rows = [self._rows.get(s, -1) for s in statement_ids]
        found = np.array(rows, dtype=np.intp)
        there = np.nonzero(found >= 0)[0]
        return found[there], there

    def statement(self, row: int) -> str:
        """The statement of a row."""
        return self._ids[row]

    def add(self, statement: Statement, lang: str | None) -> None:
        vector = self.space.unpack(statement.vector)
        if vector is None or statement.statement_id in self._rows:
            return
        at = self._free.pop() if self._free else self._grow()
        number = self.number_of(lang or "")
        self.matrix[at] = vector
        if self._projection is not None:
            self._projected[at] = vector @ self._projection
        wide = vector.astype(np.int64)
        self.square[at] = int(wide @ wide)
        self.lang[at] = number
        self._rows[statement.statement_id] = at
        self._ids[at] = statement.statement_id
        self._sums[number] += wide
        self._counts[number] += 1
        self._means.pop(number, None)
        self._gram = self._means_projected = None

    def remove(self, statement_id: str) -> None:
        at = self._rows.pop(statement_id, None)
        if at is None:
            return
        number = int(self.lang[at])
        self._sums[number] -= self.matrix[at].astype(np.int64)
        self._counts[number] -= 1
        self._means.pop(number, None)
        self._gram = self._means_projected = None
        self.sketches.remove(at)
        self.matrix[at] = 0
        self.square[at] = 0
        self._free.append(at)

    def represent(self, statement_id: str) -> None:
        """A statement is the first wording of a remark: by it the remark is found when not all are compared."""
        at = self._rows.get(statement_id)
        if at is not None:
            lang = list(self.langs)[int(self.lang[at])]
            self.sketches.add(at, self.matrix[at], self.space.mean(lang))

    def represent_no_more(self, statement_id: str) -> None:
        at = self._rows.get(statement_id)
        if at is not None:
            self.sketches.remove(at)

    def similar(self, statements: Sequence[Statement], lang: str | None) -> "Similar":
        """Given statements as they are to be compared with stored ones."""
        return Similar(self, statements, lang)

    def among(self, rows: Rows) -> Floats:
        """Centred cosines of stored statements to each other, on the scale of the shipped model's. Shape: (number of
        rows, number of rows).
        """
        return self.space.as_plain(_to_each_other(self.centred(rows)))

    def propositions(self, rows: Rows) -> Floats:
        """The same by what tells propositions apart (propositions.py); higher for one proposition in two languages,
        lower for two of one topic. Where no projection is known it is the centred cosine, put on the same scale.
        """
        return self.propositions_in_context(rows, ())

    def propositions_in_context(self, rows: Rows, beside: Sequence[Sequence[tuple[int, int]]]) -> Floats:
        """The same, each with a share of others; ``beside``: for each of ``rows``, or none, these others' rows, and
        what they weigh beside its ``OWN``, together no more than that (report/beside.py).
        """
        own = self.projected(rows)
        at = np.array([place for place, others in enumerate(beside) for _ in others], dtype=np.intp)
        if len(at):
            others = self.projected(np.array([row for some in beside for row, _ in some], dtype=np.intp))
            weights = np.array([weight for some in beside for _, weight in some], dtype=np.float64)
            own = OWN * own
            np.add.at(own, at, weights[:, np.newaxis] * others)
            # Whole numbers again, below 2**21, so that their products stay exact.
            own = np.rint(own / OWN)
        return self.space.as_projected(_to_each_other(own))

    def projected(self, rows: Rows) -> Floats:
        """Centred vectors of stored statements, projected if that is known; whole numbers. Shape: (number of rows,
        columns of the projection, else dimensions).
        """
        if self._projection is None:
            return self.centred(rows)
        return _coarse(self._projected.take(rows, axis=0), self._projected_means().take(self.lang.take(rows), axis=0))

    def _projected_means(self) -> Floats:
        """The means of all languages by their numbers, projected if that is known."""
        if self._means_projected is None:
            means = self.means()[0]
            self._means_projected = means if self._projection is None else means @ self._projection
        return self._means_projected

    def project(self, vectors: Sequence[npt.NDArray[np.int8]], lang: str | None) -> Floats:
        """The same of vectors that are not stored."""
        mean = self._projected_means()[self.number_of(lang or "")]
        if self._projection is None:
            return np.asarray(FINE * np.stack(vectors).astype(np.float64) - mean)
        return _coarse(np.stack(vectors) @ self._projection, mean)

    def centred(self, rows: Rows) -> Floats:
        """Vectors less the mean of their language, whole numbers, scaled by ``FINE``. Shape: (rows, dimensions)."""
        return FINE * self.matrix[rows].astype(np.float64) - self.means()[0][self.lang[rows]]

    def mean(self, lang: str) -> Floats:
        """Mean vector of a language, integers, scaled by ``FINE``."""
        number = self.langs[lang]
        known = self._means.get(number)
        if known is None:
            prior = self.space.mean(lang)
            mean = (self._weight * prior + self._sums[number]) / (self._weight + self._counts[number])
            known = self._means[number] = np.asarray(np.rint(mean * FINE), dtype=np.float64)
        return known

    def means(self) -> tuple[Floats, Floats]:
        """The means of all languages by their numbers, and their products in units of the vectors."""
        if self._gram is None:
            means = np.stack([self.mean(name) for name in self.langs])
            self._gram = means, (means @ means.T) / (FINE * FINE)
        return self._gram

    def number_of(self, lang: str) -> int:
        """The number of a language, by which ``lang`` names it."""
        if lang not in self.langs:
            self.langs[lang] = len(self.langs)
            self._sums.append(np.zeros(self._dimensions, dtype=np.int64))
            self._counts.append(0)
            self._gram = self._means_projected = None
        return self.langs[lang]

    def _grow(self) -> int:
        if self.used == len(self.matrix):
            self.matrix = np.concatenate([self.matrix, np.zeros_like(self.matrix)])
            self._projected = np.concatenate([self._projected, np.zeros_like(self._projected)])
            self.square = np.concatenate([self.square, np.zeros_like(self.square)])
            self.lang = np.concatenate([self.lang, np.zeros_like(self.lang)])
        self.used += 1
        self._ids.append("")
        return self.used - 1


def _coarse(projected: npt.NDArray[Any], means: Floats) -> Floats:
    """Less the means. Sums of 384 products of 64 · 260 and 127 stay below 2**30; coarser, their squares are exact."""
    found: Floats = projected.astype(np.float64)
    found *= FINE
    found -= means
    found *= 1 / _COARSE  # a power of two
    return np.rint(found, out=found)


def _to_each_other(vectors: Floats) -> Floats:
    """Cosines of rows of whole numbers; their products below 2**53, so exact whatever the order of adding."""
    lengths = _lengths(vectors)
    return np.asarray(vectors @ vectors.T / np.outer(lengths, lengths))


def _lengths(vectors: Floats) -> Floats:
    """Lengths of rows of whole numbers; 1 for a row of zeros."""
    return np.asarray(np.sqrt(np.maximum(1.0, np.einsum("ij,ij->i", vectors, vectors))))


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
        found = [(i, v) for i, s in enumerate(statements) if (v := store.space.unpack(s.vector)) is not None]
        self._given = np.array([i for i, _ in found], dtype=np.intp)
        self._vectors = [v for _, v in found]
        self._near: tuple[Rows, Floats] | None = None
        self._lang = lang
        self._projected: Floats | None = None
        mine = store.number_of(lang or "")
        if not found:
            return
        means, gram = store.means()  # integers, scaled by FINE
        ours = np.stack(self._vectors).astype(np.float64)
        # Ours less the mean of our language, and the mean of each language: all that is to be multiplied with theirs.
        centred = FINE * ours - means[mine]
        self._columns = np.ascontiguousarray(np.concatenate([centred, means]).T, dtype=np.float32)
        our_means = (ours @ means.T) / FINE
        self._offsets = our_means - gram[mine]
        self._diagonal = gram.diagonal()
        squares = (ours * ours).sum(axis=1)
        norms = np.sqrt(np.maximum(1e-9, squares - 2 * our_means[:, mine] + gram[mine, mine]))
        self._norms = norms[:, np.newaxis]
        self._prior = store.space.mean(lang or "")

    def to(self, rows: Rows) -> Floats:
        """Centred cosine of each given statement (rows) to the stored ones of ``rows`` (columns), on the scale of the
        shipped model's; zero where one has no vector. Shape: (number of statements, number of rows).
        """
        if not self._vectors or not len(rows):
            return np.zeros((len(self.statements), len(rows)))
        return self._cosines(rows)

    def _cosines(self, rows: Rows) -> Floats:
        """The same where both have something to compare."""
        store, count = self._store, len(self._vectors)
        theirs, squares = store.lang.take(rows), store.square.take(rows)
        # (a − μ)(b − ν) = (a − μ)b − aν + μν, every term an exact integer times a power of two.
        products = np.empty((len(rows), self._columns.shape[1]), dtype=np.float32)
        for first in range(0, len(rows), _BLOCK):
            some = slice(first, first + _BLOCK)
            np.matmul(store.matrix.take(rows[some], axis=0).astype(np.float32), self._columns, out=products[some])
        width = products.shape[1]
        own = products.take(np.arange(count, count + width * len(rows), width) + theirs).astype(np.float64)
        own *= 2 / FINE
        norms = np.sqrt(np.maximum(1e-9, squares - own + self._diagonal.take(theirs)))
        cosines: Floats = np.array(products[:, :count].T, dtype=np.float64, order="C")
        cosines *= 1 / FINE  # a power of two
        cosines -= self._offsets.take(theirs, axis=1)
        cosines /= norms * self._norms
        cosines = store.space.as_plain(cosines)
        nothing = squares == 0
        if nothing.any():
            cosines[:, nothing] = 0.0
        if count == len(self.statements):
            return cosines
        result = np.zeros((len(self.statements), len(theirs)))
        result[self._given] = cosines
        return result

    def told(self, rows: Rows) -> Floats:
        """The same by what tells propositions apart; ``on_the_scale_of_plain`` makes it comparable to ``to``."""
        if not self._vectors or not len(rows):
            return np.zeros((len(self.statements), len(rows)))
        if self._projected is None:
            self._projected = self._store.project(self._vectors, self._lang)
        ours, theirs = self._projected, self._store.projected(rows)
        result = np.zeros((len(self.statements), len(rows)))
        told = ours @ theirs.T / np.outer(_lengths(ours), _lengths(theirs))
        result[self._given] = self._store.space.as_projected(told)
        return result

    def near(self) -> tuple[Rows, Floats]:
        """Columns among which are those that are like ours, and the cosines to them, as ``to`` gives them.

        All of the store while it is small; then the first wordings of remarks whose sketches are nearest.
        """
        if self._near is None:
            store = self._store
            rows = np.arange(store.used) if store.all_compared else store.sketches.near(self._vectors, self._prior)
            self._near = rows, self.to(rows)
        return self._near

    def any(self) -> bool:
        """Whether there is something to compare on both sides."""
        return bool(self._vectors) and len(self._store) > 0
