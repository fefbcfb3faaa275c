"""Which remark each statement of a part expresses: one of its story, one that is quoted, a new one; what it repeats."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from processors.group.decision.case import Case
from processors.group.decision.confidence import no_surer_than_said, remark_confidence, remark_unsure
from processors.group.remarks import reasons
from processors.group.remarks.likeness import COMPARED, Link, Linker, Placed, likeness
from processors.group.remarks.wordings import canonical, compared, quotations
from processors.group.report.facts import Order
from processors.group.stories.gathering import MEMBER_ROLES
from processors.group.vectors.priors import Floats
from processors.group.vectors.propositions import on_the_scale_of_plain
from schemas import ANY, Evidence, Part, RemarkUse, Statement

# So many statements of a part are compared with its story. The longest interviews have a few hundred; two texts of 1 MB
# that are lists of his remarks have thousands each, and all pairs of them held up the speaker's partition for minutes.
MOST_LINKED = 1000
# So many remarks with most words in common are compared when it is asked which of them is repeated.
_MOST_REPEATED = 16


class Repetition(NamedTuple):
    """A remark that is repeated, and why it is thought so."""

    remark_id: str
    evidence: Evidence


class Linking:
    """Finds the remarks of one report."""

    def __init__(self, case: Case) -> None:
        self._case, self._state, self._model = case, case.state, case.model.remarks

    def remarks_of(self, part: Part) -> list[RemarkUse]:
        """The remarks of a part of an earlier decision, found anew."""
        return self.remarks([use.statement_id for use in part.remarks], part)

    def remarks(self, statement_ids: Sequence[str], part: Part) -> list[RemarkUse]:
        """The remarks of the statements, as a part of that story and role; the first ``MOST_LINKED`` are compared."""
        facts, story_id = self._case.facts, part.story_id
        linker = Linker(self._state.chiefs(story_id) if story_id is not None else (), self._case.rarity, self._model)
        similar = self._similar(statement_ids[:MOST_LINKED], linker.compared)
        uses = []
        for statement_id in statement_ids[:MOST_LINKED]:
            statement, words = facts.statements[statement_id], facts.words[statement_id]
            link = linker.link(statement, words, facts.outlines[statement_id], similar[statement_id])
            if link is None and part.role not in MEMBER_ROLES:
                link = self._quoted(statement)
            linked = link.wordings if link is not None else []
            remark_id = linked[0].use.remark_id if linked else self._new_remark(statement_id)
            sure = no_surer_than_said(self._sure(link), statement)
            use = RemarkUse(
                statement_id=statement_id,
                remark_id=remark_id,
                start=statement.start,
                end=statement.end,
                confidence=sure,
                review=remark_unsure(sure, self._case.model.confidence),
            )
            own = Placed(facts, part, use)
            use = msgspec.structs.replace(use, **self._why(own, link))
            chosen, quote = canonical([*linked, own]), compared(own, quotations(linked))
            if chosen is not None and chosen.use.statement_id != statement_id:
                use = msgspec.structs.replace(use, canonical=chosen.use.statement_id)
            if quote is not None:
                use = msgspec.structs.replace(use, compared=quote.use.statement_id)
            uses.append(use)
        return uses + [self._unasked(statement_id) for statement_id in statement_ids[MOST_LINKED:]]

    def _unasked(self, statement_id: str) -> RemarkUse:
        """A statement behind those that are compared: a remark of its own, which says that it was not."""
        statement = self._case.facts.statements[statement_id]
        return RemarkUse(
            statement_id=statement_id,
            remark_id=self._new_remark(statement_id),
            start=statement.start,
            end=statement.end,
            evidence=[reasons.UNASKED],
        )

    def _sure(self, link: Link | None) -> float | None:
        """None of a whole article, which is no remark."""
        if self._case.facts.report.speaker_id == ANY:
            return None
        return remark_confidence(link.strength if link is not None else None, self._case.model.confidence)

    def _why(self, own: Placed, link: Link | None) -> dict[str, object]:
        """What it repeats and the evidence, as fields of a use; where it is linked it repeats what the others do."""
        if link is None:
            found = self.repeats(own)
            if found is None:
                return {"evidence": [reasons.FIRST]}
            return {"evidence": [reasons.FIRST, found.evidence], "repeats_of": found.remark_id}
        feature: reasons.Feature = "words" if link.by_words else "meaning"
        why = reasons.alike(feature, own, link.other, link.likeness, self._case.rarity)
        first = link.wordings[0].use
        return {"evidence": [why, *reasons.of_repetition(first)], "repeats_of": first.repeats_of}

    def _quoted(self, statement: Statement) -> Link | None:
        """The remark of whatever story that somebody else quotes; None where none is like it."""
        for other, cosine in self._case.alike([statement.statement_id], self._model.quoted):
            placed = self._state.remarks.placed.get(other)
            if placed is not None and placed.part.role in MEMBER_ROLES:
                uses = self._state.remarks.uses(placed.use.remark_id)[:COMPARED]
                return Link(uses, placed, cosine, cosine / self._model.quoted)
        return None

    def _similar(self, ours: Sequence[str], others: Sequence[str]) -> Mapping[str, Floats]:
        """For each of our statements its centred cosine to each of some stored ones; 0 where one has no vector."""
        similar = self._case.similar
        if similar is None or not others:
            return dict.fromkeys(ours, np.zeros(len(others)))
        rows, there = self._state.vectors.find(others)
        table = np.zeros((len(ours), len(others)))
        table[:, there] = on_the_scale_of_plain(similar.told(rows)[[similar.statements[one] for one in ours]])
        return dict(zip(ours, table, strict=True))

    def _new_remark(self, statement_id: str) -> str:
        remark_id = self._state.remarks.new_id(statement_id, self._case.minted)
        self._case.minted.add(remark_id)
        return remark_id

    def repeats(self, own: Placed) -> Repetition | None:
        """The remark of another, earlier story that a wording repeats; the first of a chain of repetitions. Never its
        own, which background that is told elsewhere may quote.
        """
        case, model, order = self._case, self._model, self._case.facts.order
        statement, words, story_id, remark_id = own.statement, own.words, own.part.story_id, own.use.remark_id
        if len(words) > model.repeat_length:  # a whole text is no remark
            return None
        best: tuple[tuple[float, Order, str], reasons.Feature, Placed, float] | None = None
        similar = dict(case.alike([statement.statement_id], model.repeat)) if statement.vector else {}
        for statement_id in (*self._repeatable(words), *similar):
            placed = self._state.remarks.placed.get(statement_id)
            if placed is None or placed.facts.order >= order or placed.part.story_id == story_id:
                continue
            if remark_id in (placed.use.remark_id, placed.use.repeats_of):
                continue
            cosine, overlap = similar.get(statement_id, 0.0), 0.0
            strength = cosine / model.repeat
            by_words = strength < 1
            if by_words:
                overlap = likeness(words, placed.words, case.rarity)
                strength = overlap / model.repeat_words
            if strength < 1:
                continue
            key = (-strength, placed.facts.order, placed.use.repeats_of or placed.use.remark_id)
            if best is None or key < best[0]:
                best = (key, "repeats_words", placed, overlap) if by_words else (key, "repeats_meaning", placed, cosine)
        if best is None:
            return None
        (_, _, repeated), feature, other, alike = best
        return Repetition(repeated, reasons.alike(feature, own, other, alike, case.rarity))

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
