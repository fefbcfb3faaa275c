"""Which statements of a story express one proposition, and which repeat a remark of an earlier story.

A proposition is recognised by its sentence vector where there is one, and by its words within a language; either is
enough. Two statements of one report are two remarks unless they are nearly the same.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from processors.group.facts import Facts
from processors.group.model import Remarks
from processors.group.rarity import Rarity
from schemas import Part, RemarkUse, Statement

# So many wordings of a remark are compared with a new statement, the earliest.
COMPARED = 6


@dataclass(frozen=True)
class Placed:
    """A statement that is wording of a remark, and the part of its report that it stands in."""

    facts: Facts
    part: Part
    use: RemarkUse

    @property
    def statement(self) -> Statement:
        return self.facts.statements[self.use.statement_id]

    @property
    def words(self) -> frozenset[str]:
        return self.facts.words[self.use.statement_id]


def likeness(ours: frozenset[str], theirs: frozenset[str], rarity: Rarity) -> float:
    """Share of the rarer words that two statements have in common, between 0 and 1 (weighted Dice coefficient); 0 where
    it could not reach a quarter.
    """
    # Few pairs pass this, and counting is cheap.
    shared = ours & theirs
    common = len(shared)
    if common < 2 or 8 * common < len(ours) + len(theirs):
        return 0.0
    total = rarity.total(ours) + rarity.total(theirs)
    return 2 * rarity.total(shared) / total if total else 0.0


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

    def __init__(self, wordings: Iterable[Placed], rarity: Rarity, model: Remarks) -> None:
        self._rarity, self._model = rarity, model
        self._remarks: dict[str, list[Placed]] = {}
        self._compared: list[tuple[str, Placed]] = []
        for wording in wordings:
            remark_id = wording.use.remark_id
            known = self._remarks.setdefault(remark_id, [])
            # The first few wordings stand for all; a copy brings none of its own.
            if not known or (len(known) < COMPARED and wording.part.copy_of is None):
                self._compared.append((remark_id, wording))
            known.append(wording)
        self._taken: set[str] = set()
        self._again = model.same_report / model.link

    def link(self, statement: Statement, words: frozenset[str], similar: Callable[[str], float]) -> list[Placed]:
        """All wordings of the remark that a statement with these words expresses; empty when it is none of these.

        ``similar``: its centred cosine to the statement of an id. A remark that this report has already is joined only
        by a near repetition.
        """
        best: tuple[float, str] | None = None
        for remark_id, theirs in self._compared:
            needed = self._again if remark_id in self._taken else 1.0
            alike = similar(theirs.use.statement_id)
            strength = (alike + shared_rare(statement, theirs.statement, self._rarity, self._model)) / self._model.link
            if strength < needed:
                strength = max(strength, likeness(words, theirs.words, self._rarity) / self._model.link_words)
            if strength >= needed and (best is None or (-strength, remark_id) < (-best[0], best[1])):
                best = (strength, remark_id)
        if best is None:
            return []
        self._taken.add(best[1])
        return self._remarks[best[1]]
