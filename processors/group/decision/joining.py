"""Which story a part of a report joins: candidates, their scores, and what else its coming shows of stories near it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from processors.group.copies.postings import ranked
from processors.group.decision.case import Case
from processors.group.decision.confidence import story_confidence
from processors.group.decision.passages import Compared, most_alike
from processors.group.report.facts import DAY_MS
from processors.group.report.occasions import Features, kinds_agree, kinds_mixed, segments
from processors.group.stories.agreement import agreement, members_compared
from processors.group.stories.gathering import MEMBER_ROLES
from processors.group.stories.profile import Profile
from processors.group.stories.score import Likeness, Score, Scorer, similarity_most, terms_of
from processors.group.vectors.propositions import on_the_scale_of_plain
from schemas import Evidence, Role

# Of the statements most like ours so many name reports that might move here, and so many of those are asked.
_MOST_NEAR = 24
_MOST_ASKED = 8
# Only a story of so few reports is still finding itself.
_YOUNG = 8
# So many times the candidates are ranked before it is asked which of them are near in time.
_RANKED = 4

Joined = tuple[str | None, list[Evidence], float | None]
"""The story of a part, why, and how sure it is."""


class Merge(NamedTuple):
    """Two stories that turned out to be one, and why."""

    source: str
    target: str
    told: Evidence


class Joining:
    """Finds the story of each part of one report."""

    def __init__(self, case: Case) -> None:
        self._case, self._state, self._weights = case, case.state, case.weights
        self.merges: list[Merge] = []
        self.near: list[str] = []
        """Reports in other stories that might go with this one, now that it is there."""
        self._compared: dict[str, Compared] = {}

    def story(self, features: Features, role: Role, used: set[str | None]) -> Joined:
        """The story of a part; a new one where none is good enough, but no story for a reaction or background.

        ``used``: stories of the report's parts before this. The first part of a report or copy also fills in ``merges``
        and ``near``.
        """
        scored = self._scored(features, used)
        good = [(story_id, s) for story_id, s in scored if s.total >= self._weights.join]
        if role in MEMBER_ROLES and not used and (not good or len(self._state.members[good[0][0]]) <= _YOUNG):
            self.near = self._near(features, scored)
        if good:
            story_id, best = good[0]
            if role in MEMBER_ROLES and not used:
                self._merge(story_id, good[1:])
            told = [*best.evidence, *self._passages(story_id)]
            return story_id, told, self._sure(features, scored, 0)
        if role not in MEMBER_ROLES:
            return None, [], None
        return self._new_story(), [], self._sure(features, scored, None)

    def rescored(self, story_id: str, least: float = -math.inf) -> Score | None:
        """The main part of the report against a story; None where that is gone, or barred to it, or where the score
        is less than ``least`` however alike the statements are.
        """
        if story_id not in self._state.stories or self._case.barred(story_id):
            return None
        features = self._main()
        scorer, story = self._scorer(features), self._state.stories[story_id]
        base = scorer.without_similarity(story, story_id, least - similarity_most(self._weights))
        if base is None:
            return None
        return scorer.with_similarity(base, self._likenesses(features, [story_id])[story_id])

    def weighed(self, story_id: str, other: str) -> tuple[list[Evidence], float]:
        """What speaks for the main part being of a story, nothing where nobody else is in it, and how sure it is where
        it may be of the other one as well.
        """
        scored = [(s, one) for s in (story_id, other) if (one := self.rescored(s)) is not None]
        there = next((one for s, one in scored if s == story_id), None)
        sure = self._sure(self._main(), scored, None if there is None else 0)
        return ([*there.evidence, *self._passages(story_id)] if there is not None else []), sure

    def _main(self) -> Features:
        """Of the main part."""
        found = segments(self._case.facts)
        return self._case.features([s.statement_id for s in found[0].statements] if found else [], True)

    def _sure(self, features: Features, scored: list[tuple[str, Score]], chosen: int | None) -> float:
        totals = [one.total for _, one in scored]
        kinds = self._state.stories[scored[chosen][0]].kinds if chosen is not None else None
        mixed = kinds is not None and kinds_mixed(features.kinds | kinds.keys())
        return story_confidence(totals, self._weights.join, chosen, self._case.model.confidence, mixed=mixed)

    def _scorer(self, features: Features) -> Scorer:
        return Scorer(features, self._case.rarity, self._weights, self._state.profiles.namesakes.of(features.media))

    def _scored(self, features: Features, used: set[str | None]) -> list[tuple[str, Score]]:
        """The stories that may be of the occasion with what speaks for each, the best first; those whose statements
        are not even looked at, because all else speaks against them too much, are left out.
        """
        model, before = self._weights, self._case.before
        old = {part.story_id for part in before.parts} if before and self._case.stays else set()
        scorer, most = self._scorer(features), similarity_most(model)
        bases: dict[str, tuple[Score, float]] = {}
        for story_id in self._candidates(features):
            if story_id in used or self._case.barred(story_id):
                continue
            stay = model.stay if story_id in old else 0.0
            # Below this it cannot be, however alike the statements are.
            base = scorer.without_similarity(self._state.stories[story_id], story_id, model.join - most - stay)
            if base is not None:
                bases[story_id] = base, stay
        likenesses = self._likenesses(features, list(bases))
        found = []
        for story_id, (base, stay) in bases.items():
            one = scorer.with_similarity(base, likenesses[story_id])
            found.append((story_id, replace(one, total=one.total + stay) if stay else one))
        return sorted(found, key=lambda item: (-item[1].total, item[0]))

    def _near(self, features: Features, scored: list[tuple[str, Score]]) -> list[str]:
        """Reports of stories that this one might be of, if they are alone there or say something like it."""
        near = {story_id for story_id, one in scored if one.total >= self._weights.near}
        alike = self._case.alike(features.statements, self._weights.near_alike)[:_MOST_NEAR]
        found = dict.fromkeys(self._state.said_in[statement_id] for statement_id, _ in alike)
        for story_id in sorted(near):
            if len(self._state.members[story_id]) == 1:
                found.update(dict.fromkeys(self._state.members[story_id]))
        mains = ((r, self._state.decisions[r].parts) for r in found if r in self._state.decisions)
        return [r for r, parts in mains if parts and parts[0].story_id in near][:_MOST_ASKED]

    def _candidates(self, features: Features) -> list[str]:
        """Stories that share something, weighted by how rare it is, and those with similar statements."""
        state, model = self._state, self._weights
        within = self._within(features)
        # The newest stories come last and are mostly near: no need to look at thousands.
        few = list(islice(filter(within, reversed(state.stories)), model.candidates + 1))
        if len(few) <= model.candidates:
            return sorted(few)
        near = filter(within, self._voted(features))
        chosen = dict.fromkeys(islice(near, model.candidates))
        for statement_id, _ in self._case.alike(features.statements, model.best_alike)[: model.candidates]:
            placed = state.remarks.placed.get(statement_id)
            if placed is not None and placed.part.story_id is not None and within(placed.part.story_id):
                chosen.setdefault(placed.part.story_id)
        return sorted(chosen)

    def _voted(self, features: Features) -> Iterator[str]:
        """Stories that share terms that few have, by how rare these are, most first."""
        profiles, rarity, common = self._state.profiles, self._case.rarity, self._weights.common
        terms, numbered = profiles.terms, profiles.numbered
        having: list[int] = []
        weights, sizes = [], []
        for term in terms_of(features):
            stories = terms.get(term)
            if stories is not None and len(stories) <= common:
                having += stories
                weights.append(round(1000 * rarity.of(term) ** 2))
                sizes.append(len(stories))
        numbers = np.array(having, dtype=np.intp)
        there = np.nonzero(np.bincount(numbers))[0]
        votes = np.bincount(numbers, weights=np.repeat(weights, sizes))[there]  # whole numbers, exact as floats
        found = zip(map(numbered.__getitem__, there.tolist()), votes.tolist(), strict=True)
        return ranked(dict(found), _RANKED * self._weights.candidates)

    def _within(self, features: Features) -> Callable[[str], bool]:
        """Whether a story is near enough in time; farther off, in the window, where both tell the same day."""
        reach, far = (round(days * DAY_MS) for days in (self._weights.reach_days, self._case.model.window_days))
        moment_ms, dates, stories = features.moment_ms, features.dates, self._state.stories

        def within(story_id: str) -> bool:
            profile = stories.get(story_id)
            if profile is None:
                return False
            apart = max(moment_ms - profile.moments[0], profile.moments[-1] - moment_ms)
            return apart <= reach or (bool(dates) and apart <= far and profile.top("dates") in dates)

        return within

    def _likenesses(self, features: Features, story_ids: Sequence[str]) -> dict[str, Likeness]:
        """How alike the statements are to those of each story, worked out together."""
        case, similar = self._case, self._case.similar
        found = dict.fromkeys(story_ids, Likeness())
        if similar is None or not features.statements:
            return found
        if self._weights.same is not None:
            return {story_id: self._agreement(features, story_id) for story_id in story_ids}
        telling = [s for s in features.statements if case.facts.statements[s].vector and s not in case.stock]
        ours = [similar.statements[s] for s in telling]
        rows = {story_id: said for story_id in story_ids if len(said := self._state.said_rows(story_id))}
        if not rows or not ours:
            return found
        whole = similar.told(np.concatenate(list(rows.values())))[ours]
        starts = np.cumsum([0, *map(len, rows.values())])
        best = on_the_scale_of_plain(np.maximum.reduceat(whole, starts[:-1], axis=1)).T.tolist()
        for number, (story_id, said) in enumerate(rows.items()):
            self._compared[story_id] = Compared(telling, said, whole[:, starts[number] : starts[number + 1]])
        share = self._weights.mean
        for number, story_id in enumerate(rows):
            values = best[number]
            if share:
                # Exact sums: the order of the members must not show in the last digit.
                table = on_the_scale_of_plain(whole[:, starts[number] : starts[number + 1]]).tolist()
                means = [math.fsum(row) / len(row) for row in table]
                values = [(1 - share) * b + share * m for b, m in zip(values, means, strict=True)]
            found[story_id] = Likeness(tuple(values))
        return found

    def _passages(self, story_id: str) -> list[Evidence]:
        """Which of our statements are most like which of the story, as they were last compared."""
        compared = self._compared.get(story_id)
        return most_alike(self._case, compared, least=self._weights.covered_from) if compared else []

    def _agreement(self, features: Features, story_id: str) -> Likeness:
        """Of a whole article."""
        state, ours = self._state, self._case.similar
        members = state.stories[story_id].members
        chosen = [r for r in members_compared(members) if state.vectors.row(members[r].statements[0]) is not None]
        if ours is None or not chosen:
            return Likeness()
        table = ours.to(state.vectors.rows([members[r].statements[0] for r in chosen])).tolist()
        cosines = dict(zip(chosen, table[0], strict=True))
        return Likeness(agreement=agreement(features, members, cosines, self._case.rarity, self._weights))

    def _merge(self, into: str, others: list[tuple[str, Score]]) -> None:
        """Stories that the report joins nearly as well, and that do not speak against each other, are one."""
        ours = self._state.stories[into]
        for story_id, one in others:
            if one.total < self._weights.merge or one.conflict:
                continue
            theirs = self._state.stories[story_id]
            if _compatible(ours, theirs) and not self._kept_apart(into, story_id):
                older, newer = sorted((into, story_id), key=lambda s: (self._state.stories[s].span_ms, s))
                why = "a report that may be of both came"
                told = Evidence(
                    feature="revised", value=why, against=self._case.facts.report.report_id, score=round(one.total, 3)
                )
                self.merges.append(Merge(newer, older, told))
                return

    def _kept_apart(self, one: str, other: str) -> bool:
        members = self._state.members
        return any(self._case.overrides.cannot_link(r) & members[other] for r in members[one])

    def _new_story(self) -> str:
        """An id that follows from the report; one from before where no one else is in that story."""
        case = self._case
        taken = case.minted | case.left_to_others
        for story_id in case.known_ids():
            if story_id not in self._state.members and story_id not in taken:
                case.minted.add(story_id)
                return story_id
        story_id = self._state.new_story(case.facts.report.report_id, taken)
        case.minted.add(story_id)
        return story_id


def _compatible(one: Profile, other: Profile) -> bool:
    """Whether two stories may be of one occasion: nothing that both say differs."""
    if one.dates and other.dates and one.top("dates") != other.top("dates"):
        return False
    for ours, theirs in ((one.counterparts, other.counterparts), (one.media, other.media)):
        if ours and theirs and not set(ours) & set(theirs):
            return False
    if one.kinds and other.kinds:
        return any(kinds_agree(a, b) for a in one.kinds for b in other.kinds)
    return True
