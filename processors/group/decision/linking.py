"""Which remark each statement of a part expresses: one of its story, one that is quoted, a new one; what it repeats."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from processors.group.decision.case import Case
from processors.group.remarks.likeness import COMPARED, Linker, Placed, likeness
from processors.group.remarks.wordings import canonical, compared, quotations
from processors.group.report.facts import Order
from processors.group.stories.gathering import MEMBER_ROLES
from processors.group.vectors.priors import Floats
from processors.group.vectors.propositions import on_the_scale_of_plain
from schemas import Part, RemarkUse, Statement

# So many remarks with most words in common are compared when it is asked which of them is repeated.
_MOST_REPEATED = 16


class Linking:
    """Finds the remarks of one report."""

    def __init__(self, case: Case) -> None:
        self._case, self._state, self._model = case, case.state, case.model.remarks

    def remarks_of(self, part: Part) -> list[RemarkUse]:
        """The remarks of a part of an earlier decision, found anew."""
        return self.remarks([use.statement_id for use in part.remarks], part)

    def remarks(self, statement_ids: Sequence[str], part: Part) -> list[RemarkUse]:
        """The remarks of the statements, as a part of that story and role."""
        facts, story_id = self._case.facts, part.story_id
        linker = Linker(self._state.chiefs(story_id) if story_id is not None else (), self._case.rarity, self._model)
        similar = self._similar(statement_ids, linker.compared)
        uses = []
        for statement_id in statement_ids:
            statement, words = facts.statements[statement_id], facts.words[statement_id]
            linked = linker.link(statement, words, facts.outlines[statement_id], similar[statement_id])
            if not linked and part.role not in MEMBER_ROLES:
                linked = self._quoted(statement)
            remark_id = linked[0].use.remark_id if linked else self._new_remark(statement_id)
            use = RemarkUse(
                statement_id=statement_id,
                remark_id=remark_id,
                start=statement.start,
                end=statement.end,
                repeats_of=linked[0].use.repeats_of if linked else self.repeats(statement, words, story_id, remark_id),
            )
            own = Placed(facts, part, use)
            chosen, quote = canonical([*linked, own]), compared(own, quotations(linked))
            if chosen is not None and chosen.use.statement_id != statement_id:
                use = msgspec.structs.replace(use, canonical=chosen.use.statement_id)
            if quote is not None:
                use = msgspec.structs.replace(use, compared=quote.use.statement_id)
            uses.append(use)
        return uses

    def _quoted(self, statement: Statement) -> list[Placed]:
        """The remark of whatever story that somebody else quotes; empty where none is like it."""
        for other, _ in self._case.alike([statement.statement_id], self._model.quoted):
            placed = self._state.remarks.placed.get(other)
            if placed is not None and placed.part.role in MEMBER_ROLES:
                return self._state.remarks.uses(placed.use.remark_id)[:COMPARED]
        return []

    def _similar(self, ours: Sequence[str], others: Sequence[str]) -> Mapping[str, Floats]:
        """For each of our statements its centred cosine to each of some stored ones; 0 where one has no vector."""
        similar = self._case.similar
        if similar is None or not others:
            return dict.fromkeys(ours, np.zeros(len(others)))
        rows, there = self._state.vectors.find(others)
        table = np.zeros((len(similar.statements), len(others)))
        table[:, there] = on_the_scale_of_plain(similar.told(rows))
        return dict(zip(similar.statements, table, strict=True))

    def _new_remark(self, statement_id: str) -> str:
        remark_id = self._state.remarks.new_id(statement_id, self._case.minted)
        self._case.minted.add(remark_id)
        return remark_id

    def repeats(self, statement: Statement, words: frozenset[str], story_id: str | None, remark_id: str) -> str | None:
        """The remark of another, earlier story that a statement repeats; the first of a chain of repetitions. Never
        its own, ``remark_id``, which background that is told elsewhere may quote.
        """
        case, model, order = self._case, self._model, self._case.facts.order
        if len(words) > model.repeat_length:  # a whole text is no remark
            return None
        best: tuple[float, Order, str] | None = None
        similar = dict(case.alike([statement.statement_id], model.repeat)) if statement.vector else {}
        for statement_id in (*self._repeatable(words), *similar):
            placed = self._state.remarks.placed.get(statement_id)
            if placed is None or placed.facts.order >= order or placed.part.story_id == story_id:
                continue
            if remark_id in (placed.use.remark_id, placed.use.repeats_of):
                continue
            strength = similar.get(statement_id, 0.0) / model.repeat
            if strength < 1:
                strength = likeness(words, placed.words, case.rarity) / model.repeat_words
            if strength < 1:
                continue
            key = (-strength, placed.facts.order, placed.use.repeats_of or placed.use.remark_id)
            if best is None or key < best:
                best = key
        return best[2] if best is not None else None

    def _repeatable(self, words: frozenset[str]) -> list[str]:
        """First wordings of remarks that share most of the rarer words."""
        votes: dict[str, int] = {}
        for word in words:
            having = self._state.remarks.firsts.get(word, ())
            if len(having) <= self._model.common:
                for statement_id in having:
                    votes[statement_id] = votes.get(statement_id, 0) + 1
        found = sorted((-n, statement_id) for statement_id, n in votes.items() if n > 1)
        return [statement_id for _, statement_id in found[:_MOST_REPEATED]]
