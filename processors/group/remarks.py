"""Which statements of a story express one proposition, and which repeat a remark of an earlier story.

A proposition is recognised by its sentence vector where there is one, and by its words within a language; either is
enough. Two statements of one report are two remarks unless they are nearly the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from processors.group.facts import Facts
from processors.group.model import Remarks
from processors.group.stories import Rarity
from schemas import RemarkUse, Statement


@dataclass(frozen=True)
class Wording:
    """A statement that is already wording of a remark."""

    remark_id: str
    facts: Facts
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
    shared = ours & theirs
    if len(shared) < 2 or 8 * len(shared) < len(ours) + len(theirs):
        return 0.0
    total = rarity.total(ours) + rarity.total(theirs)
    return 2 * rarity.total(shared) / total if total else 0.0


def link(
    words: frozenset[str],
    wordings: Iterable[Wording],
    similar: Mapping[str, float],
    taken: Mapping[str, Sequence[str]],
    rarity: Rarity,
    model: Remarks,
) -> str | None:
    """The remark that a statement with these words is wording of; None when it is none of these.

    ``similar``: centred cosine by statement id; ``taken``: remarks that this report has already, which only a near
    repetition joins.
    """
    best: tuple[float, str] | None = None
    for wording in wordings:
        cosine = similar.get(wording.use.statement_id, 0.0)
        strength = max(
            cosine / model.link,
            likeness(words, wording.words, rarity) / model.link_words,
        )
        needed = model.same_report / model.link if wording.remark_id in taken else 1.0
        if strength >= needed and (best is None or (-strength, wording.remark_id) < (-best[0], best[1])):
            best = (strength, wording.remark_id)
    return best[1] if best is not None else None


def canonical(wordings: Iterable[Wording]) -> Wording | None:
    """The longest direct quotation, else the longest wording; of equals the earliest."""
    return min(
        wordings,
        key=lambda w: (w.statement.kind != "direct", -len(w.statement.text), w.facts.order, w.use.start),
        default=None,
    )
