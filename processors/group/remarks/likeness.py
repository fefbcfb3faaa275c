"""Which statements of a story express one proposition, and which repeat a remark of an earlier story.

A proposition is recognised by its sentence vector where there is one, and by its words within a language; either is
enough. Two statements of one report are two remarks unless they are nearly the same.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from processors.group.model import Remarks
from processors.group.report.facts import Facts, marks_of
from processors.group.report.overlaps import FEWEST, LENGTHS, Outlines
from processors.group.report.rarity import Rarity
from processors.group.vectors.priors import Floats
from schemas import Part, RemarkUse, Statement

# So many wordings of a remark are compared with a new statement, the earliest.
COMPARED = 6


@dataclass(slots=True)
class Placed:
    """A statement that is wording of a remark, and the part of its report that it stands in."""

    facts: Facts
    part: Part
    use: RemarkUse
    statement: Statement = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.statement = self.facts.statements[self.use.statement_id]

    @property
    def outline(self) -> bytes:
        return self.facts.outlines[self.use.statement_id]

    @property
    def words(self) -> frozenset[str]:
        return self.facts.words[self.use.statement_id]

    @property
    def marks(self) -> frozenset[str]:
        return self.facts.marks[self.use.statement_id]


def likeness(ours: frozenset[str], theirs: frozenset[str], rarity: Rarity) -> float:
    """Share of the rarer words that two statements have in common, between 0 and 1 (weighted Dice coefficient); 0 where
    it could not reach a quarter.
    """
    # Few pairs pass this, and counting is cheap.
    shared = ours & theirs
    common = len(shared)
    if common < FEWEST or LENGTHS * common < len(ours) + len(theirs):
        return 0.0
    total = rarity.total(ours) + rarity.total(theirs)
    return 2 * rarity.total(shared) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """What a statement was found to be a wording of. ``wordings``: those by which the remark is known; ``other``: of
    these, or of those compared, the one most like it; ``likeness``: how much; ``strength``: in units of what is enough;
    ``by_words``: by its words rather than its vector.
    """

    wordings: list[Placed]
    other: Placed
    likeness: float
    strength: float
    by_words: bool = False


Compared = tuple[frozenset[str], frozenset[str], str, str, bytes, Placed]
"""A wording that statements are compared with: its words and marks, ids of remark and statement, the bits of its words.
"""


class Chief:
    """The wordings of one remark by which it is known, and those of them that statements are compared with."""

    def __init__(self, wordings: list[Placed]) -> None:
        """``wordings``: one or more, in order."""
        self.remark_id = wordings[0].use.remark_id
        self.wordings = wordings
        self.compared: list[Compared] = []
        for number, wording in enumerate(wordings):
            # The first few wordings stand for all; a copy brings none of its own.
            if not number or (number < COMPARED and wording.part.copy_of is None):
                statement_id = wording.use.statement_id
                facts = wording.facts
                words, marks, bits = facts.words[statement_id], facts.marks[statement_id], facts.outlines[statement_id]
                self.compared.append((words, marks, self.remark_id, statement_id, bits, wording))


def shared_rare(ours: Statement, theirs: Statement, rarity: Rarity, model: Remarks) -> float:
    """What numbers and names that few stories have add to the similarity of two statements that share them."""
    shared = [f"#{n}" for n in ours.numbers if n in theirs.numbers]
    shared += [f"@{n}" for n in ours.names if n in theirs.names]
    if not shared:
        return 0.0
    rare = math.fsum(rarity.of(key) for key in shared) * rarity.certainty
    return min(model.shared_most, model.shared * rare)


class Linker:
    """Finds the remark of each statement of one report among the wordings of one story."""

    def __init__(self, chiefs: Iterable[Chief], rarity: Rarity, model: Remarks) -> None:
        self._rarity, self._model = rarity, model
        self._chiefs = {chief.remark_id: chief for chief in chiefs}
        self._compared = [one for chief in self._chiefs.values() for one in chief.compared]
        self._outlines = Outlines([one[4] for one in self._compared], [one[0] for one in self._compared])

    @property
    def compared(self) -> list[str]:
        """The statements that are compared with one of ours."""
        return [one[3] for one in self._compared]

    def link(self, statement: Statement, words: frozenset[str], bits: bytes, similar: Floats) -> Link | None:
        """The remark that a statement with these words, whose outline is ``bits``, expresses; None when it is none of
        these.

        ``similar``: its centred cosine to each of ``compared``; 0 where one has no vector.
        """
        best: tuple[tuple[float, str], Placed, float, float] | None = None
        link, link_words, rarity = self._model.link, self._model.link_words, self._rarity
        marks = marks_of(statement)
        # Below this what is shared of numbers and names is not enough.
        near = similar >= (link - self._model.shared_most - 1e-9 if marks else link)
        near |= self._outlines.near(bits, words)
        there = np.nonzero(near)[0]
        for at, cosine in zip(there.tolist(), similar[there].tolist(), strict=True):
            their_words, their_marks, remark_id, _, _, theirs = self._compared[at]
            alike = not marks.isdisjoint(their_marks)
            extra = shared_rare(statement, theirs.statement, rarity, self._model) if alike else 0.0
            strength = (cosine + extra) / link
            overlap = 0.0
            if strength < 1.0:
                overlap = likeness(words, their_words, rarity)
                strength = max(strength, overlap / link_words)
            rank = (-strength, remark_id)
            if strength >= 1.0 and (best is None or rank < best[0]):
                best = rank, theirs, cosine + extra, overlap
        if best is None:
            return None
        (below, remark_id), other, meaning, overlap = best
        by_words = meaning / link < -below
        return Link(
            self._chiefs[remark_id].wordings, other, overlap if by_words else meaning, -below, by_words=by_words
        )
