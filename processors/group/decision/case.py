"""One report that is decided on, and what is worked out for it once: the similarity of its statements to stored ones,
how rare words and names are about its time.

Holds for one state, which it reads and does not change.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from processors.group.decision.identity import Anew, known_ids, left_to_others
from processors.group.model import Model, Stories
from processors.group.overrides import Overrides
from processors.group.report.facts import Facts, content_words, day_of
from processors.group.report.media import name_key
from processors.group.report.occasions import Features, features_of
from processors.group.report.rarity import Rarity
from processors.group.state import State
from processors.group.vectors.store import Similar
from schemas import Decision


class Case:
    """``before``: the decision on an earlier revision of the report, which speaks for its stories; or, where it is
    decided anew with others (``anew``), the one on it so far, which only gives their ids.
    """

    def __init__(
        self, state: State, overrides: Overrides, facts: Facts, before: Decision | None, anew: Anew | None = None
    ) -> None:
        self.stays = anew is None
        self._anew = anew or Anew()
        self.state, self.overrides, self.facts, self.before = state, overrides, facts, before
        self.minted: set[str] = set()
        """Ids of stories and remarks that were made for it."""

    @property
    def model(self) -> Model:
        return self.state.model

    @property
    def weights(self) -> Stories:
        """Those of stories."""
        return self.model.weights_of(self.facts.report.speaker_id)

    @cached_property
    def rarity(self) -> Rarity:
        return self.state.rarity(self.facts.moment_ms)

    @cached_property
    def similar(self) -> Similar | None:
        return similarities(self.state, self.facts)

    @cached_property
    def stock(self) -> frozenset[str]:
        """Statements in wording of many other days: that another report has them too says nothing of the occasion."""
        return stock_of(self.state, self.facts)

    def alike(self, statement_ids: Sequence[str], least: float) -> list[tuple[str, float]]:
        """Stored statements that are like one of ours at least so much, the likest first."""
        if self.similar is None or not statement_ids:
            return []
        rows, table = self.similar.near()
        ours = [self.similar.statements[s] for s in statement_ids]
        best = table[ours[0]] if len(ours) == 1 else table[ours].max(axis=0)
        there = np.nonzero(best >= least)[0]
        ids = map(self.state.vectors.statement, rows[there].tolist())
        found = sorted(zip((-best[there]).tolist(), ids, strict=True))
        return [(statement_id, -n) for n, statement_id in found]

    def barred(self, story_id: str) -> bool:
        """Whether a person said that this report is not with one of the story's reports."""
        apart = self.overrides.cannot_link(self.facts.report.report_id)
        return bool(apart) and bool(apart & self.state.members.get(story_id, set()))

    @cached_property
    def left_to_others(self) -> set[str]:
        """Ids of stories that this report may not begin one under."""
        return left_to_others(self.state, self.overrides, self.facts, self.before, self._anew)

    def known_ids(self) -> list[str]:
        """Ids that a story which this report begins may have from before, the best first; some may be taken."""
        return known_ids(self.state, self.overrides, self.facts, self.before, self._anew)

    def features(self, statement_ids: Sequence[str], main: bool) -> Features:
        """Features of the part that has these statements; wording that is stock is left out, as it proves nothing."""
        if statement_ids:
            found = features_of(self.facts, statement_ids, main)
            if self.stock.isdisjoint(found.statements):
                return found
            telling = [s for s in found.statements if s not in self.stock]
            return replace(found, words=frozenset(w for s in telling for w in self.facts.words[s]))
        # Nothing of his is quoted: what the whole article names is all there is to find the story by.
        context = self.facts.report.context
        return replace(
            features_of(self.facts, (), main),
            names=frozenset(map(name_key, context.names)),
            numbers=frozenset(context.numbers),
            words=content_words(self.facts.report.title),
        )


def stock_of(state: State, facts: Facts) -> frozenset[str]:
    """Those of a report's statements that are stock on its day; a whole article is no phrase."""
    if state.model.weights_of(facts.report.speaker_id).same is not None:
        return frozenset()
    day, stock = day_of(facts.moment_ms), state.stock
    return frozenset(s.statement_id for s in facts.statements.values() if stock.is_stock(s.text, day))


def similarities(state: State, facts: Facts) -> Similar | None:
    """Centred cosines of a report's statements to those in the state; None where it has none with a vector."""
    if not any(s.vector for s in facts.statements.values()) or not len(state.vectors):
        return None
    return state.vectors.similar(list(facts.statements.values()), facts.report.lang)
