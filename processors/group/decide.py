"""The place of one report: its original, its role, its story for each occasion, its remarks.

Reads the state, changes nothing in it.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import islice

import msgspec
import numpy as np

from processors.group.agreement import agreement, members_compared
from processors.group.confidence import copy_confidence, story_confidence, unsure
from processors.group.copies import Match, best_original, compare, precedes
from processors.group.facts import ANY, DAY_MS, Facts, Order, content_words, day_of, digest
from processors.group.media import name_key
from processors.group.occasions import Features, features_of, kinds_agree, kinds_mixed, segments
from processors.group.overrides import Overrides
from processors.group.remarks import COMPARED, Linker, Placed, likeness
from processors.group.roles import Verdict, role_of
from processors.group.state import MEMBER_ROLES, State
from processors.group.stories import Likeness, Profile, Score, Scorer, similarity_most, terms_of, top
from processors.group.translations import translated, translation_candidates
from processors.group.vectors import Similar
from processors.group.wordings import canonical, compared
from schemas import Confidence, Decision, Evidence, Part, RemarkUse, Role, Statement

# So many remarks with most words in common are compared when it is asked which of them is repeated.
_MOST_REPEATED = 16
# Of the statements most like ours so many name reports that might move here, and so many of those are asked.
_MOST_NEAR = 24
_MOST_ASKED = 8
# Only a story of so few reports is still finding itself.
_YOUNG = 8


class Placer:
    """Decides on one report. ``before``: the decision on an earlier revision of it."""

    def __init__(self, state: State, overrides: Overrides, facts: Facts, before: Decision | None) -> None:
        self._state, self._overrides, self._before = state, overrides, before
        self._model = state.model
        self._weights = state.model.whole if facts.report.speaker_id == ANY else state.model.stories
        self.facts = facts
        self._rarity = state.rarity(facts.moment_ms)
        self._similar: Similar | None = None
        self._minted: set[str] = set()
        self.later: frozenset[str] = frozenset()
        """Reports that may be copies of this one, because it precedes them."""
        self.merges: list[tuple[str, str]] = []
        """Stories that turned out to be one: from, into."""
        self.near: list[str] = []
        """Reports in other stories that might go with this one, now that it is there."""

    def decide(self, decision: Decision) -> Decision:
        """Fills in the parts of a decision."""
        facts = self.facts
        self._similar = similarities(self._state, facts)
        originals, self.later = copy_candidates(self._state, self._overrides, facts, self._similar)
        original = best_original(originals, self._model.copies)
        role, why, sure = self._role(original)
        copied = copy_confidence(original, self._model.confidence) if original is not None else None
        if role is None:
            return decision
        found = [[s.statement_id for s in segment.statements] for segment in segments(facts)] or [[]]
        parts: list[Part] = []
        for number, statement_ids in enumerate(found):
            main = number == 0
            features = self._features(statement_ids, main)
            forced = self._forced(original) if main else None
            used = {part.story_id for part in parts}
            story_id, evidence, told = self._story(features, role, forced, used)
            part_evidence = [why, *evidence, *self._kept_from()] if main else evidence
            confidence = Confidence(story=told, copy=copied, role=sure) if main else Confidence(story=told)
            part = Part(
                story_id=story_id,
                role=role,
                copy_of=original.other.report.report_id if main and original else None,
                translated=bool(main and original and original.translated),
                evidence=part_evidence,
                confidence=confidence,
                review=unsure(confidence, self._model.confidence),
            )
            parts.append(msgspec.structs.replace(part, remarks=self._remarks(statement_ids, part)))
        return msgspec.structs.replace(decision, parts=joined(parts), overlap=original.overlap if original else None)

    def _role(self, original: Match | None) -> Verdict:
        report = self.facts.report
        forced = self._overrides.role(report.report_id)
        if forced is not None:
            return Verdict(forced, Evidence(feature="override", value=forced), 1.0)
        if original is not None:
            main = self._state.decisions[original.other.report.report_id].parts[0]
            role: Role = "copy" if main.role in MEMBER_ROLES else main.role
            return Verdict(role, copy_evidence(original), copy_confidence(original, self._model.confidence))
        return role_of(self.facts, self._model.roles)

    def _features(self, statement_ids: Sequence[str], main: bool) -> Features:
        if statement_ids:
            return features_of(self.facts, statement_ids, main)
        # Nothing of his is quoted: what the whole article names is all there is to find the story by.
        context = self.facts.report.context
        return dataclasses.replace(
            features_of(self.facts, (), main),
            names=frozenset(map(name_key, context.names)),
            numbers=frozenset(context.numbers),
            words=content_words(self.facts.report.title),
        )

    def _forced(self, original: Match | None) -> tuple[str, Evidence] | None:
        """The story that a person, the original or the copies say is that of the main part."""
        must = self._overrides.must_link(self.facts.report.report_id)
        linked = self._main_stories(must)
        if linked:
            self.merges += [(other, linked[0]) for other in linked[1:]]
            return linked[0], Evidence(feature="override", value="must_link", against=linked[0])
        if self._weights.same is not None and (original is None or original.overlap < self._weights.forced):
            return None  # of whole articles a part that was copied does not say that they tell the same
        near = [original.other.report.report_id] if original else sorted(self.later)
        stories = [s for s in self._main_stories(near) if not self._barred(s)]
        if stories:
            return stories[0], Evidence(feature="wording", value="same wording", against=stories[0])
        return None

    def _main_stories(self, report_ids: Iterable[str]) -> list[str]:
        """Main stories of reports, that of the earliest report first, each once."""
        known = sorted((self._state.facts[r] for r in report_ids if r in self._state.decisions), key=lambda f: f.order)
        found = [part.story_id for f in known for part in self._state.decisions[f.report.report_id].parts[:1]]
        return list(dict.fromkeys(story_id for story_id in found if story_id is not None))

    def _story(
        self, features: Features, role: Role, forced: tuple[str, Evidence] | None, used: set[str | None]
    ) -> tuple[str | None, list[Evidence], float | None]:
        """The story, why, and how sure it is; without a number where a person or a copy decides."""
        if forced is not None:
            return forced[0], [forced[1]], None
        scored = self._scored(features, used)
        good = [(story_id, s) for story_id, s in scored if s.total >= self._weights.join]
        if role in MEMBER_ROLES and not used and (not good or len(self._state.members[good[0][0]]) <= _YOUNG):
            self.near = self._near(features, scored)
        if good:
            story_id, best = good[0]
            if role in MEMBER_ROLES and not used:
                self._merge(story_id, good[1:])
            mixed = kinds_mixed(features.kinds | self._state.stories[story_id].kinds.keys())
            return story_id, best.evidence, self._sure(scored, 0, mixed)
        if role not in MEMBER_ROLES:
            return None, [], None
        return self._new_story(), [], self._sure(scored, None, mixed=False)

    def _sure(self, scored: list[tuple[str, Score]], chosen: int | None, mixed: bool) -> float:
        totals = [one.total for _, one in scored]
        return story_confidence(totals, self._weights.join, chosen, self._model.confidence, mixed=mixed)

    def _scored(self, features: Features, used: set[str | None]) -> list[tuple[str, Score]]:
        """The stories that may be of the occasion with what speaks for each, the best first; those whose statements
        are not even looked at, because all else speaks against them too much, are left out.
        """
        state, model = self._state, self._weights
        old = {part.story_id for part in self._before.parts} if self._before else set()
        scorer, most = Scorer(features, self._rarity, model), similarity_most(model)
        found = []
        for story_id in self._candidates(features):
            profile = state.stories[story_id]
            if story_id in used or self._barred(story_id):
                continue
            stay = model.stay if story_id in old else 0.0
            base = scorer.without_similarity(profile, story_id)
            if base.total + most + stay < model.join:
                continue  # however alike the statements are
            one = scorer.with_similarity(base, self._likeness(features, story_id))
            total = one.total + stay
            found.append((story_id, dataclasses.replace(one, total=total)))
        return sorted(found, key=lambda item: (-item[1].total, item[0]))

    def _near(self, features: Features, scored: list[tuple[str, Score]]) -> list[str]:
        """Reports of stories that this one might be of, if they are alone there or say something like it."""
        near = {story_id for story_id, one in scored if one.total >= self._weights.near}
        alike = self._alike(features.statements, self._weights.near_alike)[:_MOST_NEAR]
        found = dict.fromkeys(self._state.said_in[statement_id] for statement_id, _ in alike)
        for story_id in sorted(near):
            if len(self._state.members[story_id]) == 1:
                found.update(dict.fromkeys(self._state.members[story_id]))
        mains = ((r, self._state.decisions[r].parts) for r in found if r in self._state.decisions)
        return [r for r, parts in mains if parts and parts[0].story_id in near][:_MOST_ASKED]

    def rescored(self, story_ids: Sequence[str]) -> dict[str, Score]:
        """The main part of the report against these stories."""
        if self._similar is None:
            self._similar = similarities(self._state, self.facts)
        found = segments(self.facts)
        features = self._features([s.statement_id for s in found[0].statements] if found else [], True)
        scorer = Scorer(features, self._rarity, self._weights)
        return {
            story_id: scorer.score(self._state.stories[story_id], self._likeness(features, story_id), story_id)
            for story_id in story_ids
            if story_id in self._state.stories and not self._barred(story_id)
        }

    def _candidates(self, features: Features) -> list[str]:
        """Stories that share something, weighted by how rare it is, and those with similar statements."""
        state, model = self._state, self._weights
        within = self._within(features.moment_ms)
        # The newest stories come last and are mostly near: no need to look at thousands.
        few = list(islice(filter(within, reversed(state.stories)), model.candidates + 1))
        if len(few) <= model.candidates:
            return sorted(few)
        votes: Counter[str] = Counter()
        for term in terms_of(features):
            having = state.terms.get(term, {})
            if len(having) <= model.common:
                weight = round(1000 * self._rarity.of(term) ** 2)
                for story_id in having:
                    votes[story_id] += weight
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        near = (story_id for story_id, _ in ranked if within(story_id))
        chosen = dict.fromkeys(islice(near, model.candidates))
        for statement_id, _ in self._alike(features.statements, model.best_alike)[: model.candidates]:
            placed = state.placed.get(statement_id)
            if placed is not None and placed.part.story_id is not None and within(placed.part.story_id):
                chosen.setdefault(placed.part.story_id)
        return sorted(chosen)

    def _within(self, moment_ms: int) -> Callable[[str], bool]:
        """Whether a story is near enough in time."""
        reach = round(self._weights.reach_days * DAY_MS)
        earliest, latest = moment_ms - reach, moment_ms + reach
        stories = self._state.stories

        def within(story_id: str) -> bool:
            profile = stories.get(story_id)
            return profile is not None and profile.moments[0] >= earliest and profile.moments[-1] <= latest

        return within

    def _alike(self, statement_ids: Sequence[str], least: float) -> list[tuple[str, float]]:
        """Stored statements that are like one of ours at least so much, the likest first."""
        if self._similar is None or not statement_ids:
            return []
        rows, table = self._similar.near()
        best = table[[self._similar.statements[s] for s in statement_ids]].max(axis=0)
        statement = self._state.vectors.statement
        found = [(statement(int(rows[i])), float(best[i])) for i in np.nonzero(best >= least)[0]]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _likeness(self, features: Features, story_id: str) -> Likeness:
        if self._similar is None or not features.statements:
            return Likeness()
        if self._weights.same is not None:
            return self._agreement(features, story_id)
        rows = self._state.said_rows(story_id)
        telling = [s for s in features.statements if self.facts.statements[s].vector and s not in self._stock]
        ours = [self._similar.statements[s] for s in telling]
        if not len(rows) or not ours:
            return Likeness()
        table = self._similar.to(rows)[ours]
        # Exact sums: the order of the members must not show in the last digit.
        means = [math.fsum(row) / len(row) for row in table.tolist()] if self._weights.mean else [0.0] * len(ours)
        best = table.max(axis=1).tolist()
        share = self._weights.mean
        return Likeness(tuple((1 - share) * b + share * m for b, m in zip(best, means, strict=True)))

    @cached_property
    def _stock(self) -> frozenset[str]:
        """Statements in wording of many other days: that another report has them too says nothing of the occasion."""
        day, stock = day_of(self.facts.moment_ms), self._state.stock
        return frozenset(s.statement_id for s in self.facts.statements.values() if stock.is_stock(s.text, day))

    def _agreement(self, features: Features, story_id: str) -> Likeness:
        """Of a whole article."""
        state, ours = self._state, self._similar
        members = state.stories[story_id].members
        chosen = [r for r in members_compared(members) if state.vectors.row(members[r].statements[0]) is not None]
        if ours is None or not chosen:
            return Likeness()
        table = ours.to(state.vectors.rows([members[r].statements[0] for r in chosen])).tolist()
        cosines = dict(zip(chosen, table[0], strict=True))
        return Likeness(agreement=agreement(features, members, cosines, self._rarity, self._weights))

    def _kept_from(self) -> list[Evidence]:
        """That a person said with which reports this one shares no story."""
        apart = self._overrides.cannot_link(self.facts.report.report_id) & self._state.facts.keys()
        return [Evidence(feature="override", value="cannot_link", other=", ".join(sorted(apart)[:5]))] if apart else []

    def _barred(self, story_id: str) -> bool:
        """Whether a person said that this report is not with one of the story's reports."""
        return bool(self._overrides.cannot_link(self.facts.report.report_id) & self._state.members.get(story_id, set()))

    def _merge(self, into: str, others: list[tuple[str, Score]]) -> None:
        """Stories that the report joins nearly as well, and that do not speak against each other, are one."""
        ours = self._state.stories[into]
        for story_id, one in others:
            if one.total < self._weights.merge or one.conflict:
                continue
            theirs = self._state.stories[story_id]
            if _compatible(ours, theirs) and not self._kept_apart(into, story_id):
                older, newer = sorted((into, story_id), key=lambda s: (self._state.stories[s].span_ms, s))
                self.merges.append((newer, older))
                return

    def _kept_apart(self, one: str, other: str) -> bool:
        members = self._state.members
        return any(self._overrides.cannot_link(r) & members[other] for r in members[one])

    def _new_story(self) -> str:
        """An id that follows from the report; its old one where no one else is in that story."""
        old = [part.story_id for part in self._before.parts if part.story_id] if self._before else []
        for story_id in old:
            if story_id not in self._state.members and story_id not in self._minted:
                self._minted.add(story_id)
                return story_id
        number = 0
        while True:
            story_id = f"s-{digest(self.facts.report.report_id, str(number))}"
            if not self._state.knows_story(story_id) and story_id not in self._minted:
                self._minted.add(story_id)
                return story_id
            number += 1

    def remarks_of(self, part: Part) -> list[RemarkUse]:
        """The remarks of a part of an earlier decision, found anew."""
        self._similar = self._similar or similarities(self._state, self.facts)
        return self._remarks([use.statement_id for use in part.remarks], part)

    def _remarks(self, statement_ids: Sequence[str], part: Part) -> list[RemarkUse]:
        story_id = part.story_id
        wordings = self._state.wordings(story_id) if story_id is not None else ()
        linker = Linker(wordings, self._rarity, self._model.remarks)
        similar_to = self._similar_to([placed.use.statement_id for placed in wordings])
        uses = []
        for statement_id in statement_ids:
            statement, words = self.facts.statements[statement_id], self.facts.words[statement_id]
            linked = linker.link(statement, words, similar_to(statement_id))
            if not linked and part.role not in MEMBER_ROLES:
                linked = self._quoted(statement)
            use = RemarkUse(
                statement_id=statement_id,
                remark_id=linked[0].use.remark_id if linked else self._new_remark(statement_id),
                start=statement.start,
                end=statement.end,
                repeats_of=linked[0].use.repeats_of if linked else self._repeats(statement, words, story_id),
            )
            own = Placed(self.facts, part, use)
            chosen, quote = canonical([*linked, own]), compared(own, linked)
            if chosen is not None and chosen.use.statement_id != statement_id:
                use = msgspec.structs.replace(use, canonical=chosen.use.statement_id)
            if quote is not None:
                use = msgspec.structs.replace(use, compared=quote.use.statement_id)
            uses.append(use)
        return uses

    def _quoted(self, statement: Statement) -> list[Placed]:
        """The remark of whatever story that somebody else quotes; empty where none is like it."""
        for other, _ in self._alike([statement.statement_id], self._model.remarks.quoted):
            placed = self._state.placed.get(other)
            if placed is not None and placed.part.role in MEMBER_ROLES:
                return self._state.uses(placed.use.remark_id)[:COMPARED]
        return []

    def _similar_to(self, others: Sequence[str]) -> Callable[[str], Callable[[str], float]]:
        """For each of our statements its centred cosine to each of some stored ones; 0 where one has no vector."""
        ours = self._similar
        if ours is None:
            return lambda _: lambda _: 0.0
        there = [other for other in others if self._state.vectors.row(other) is not None]
        table = ours.to(self._state.vectors.rows(there)).tolist()

        def similar_to(statement_id: str) -> Callable[[str], float]:
            similar = dict(zip(there, table[ours.statements[statement_id]], strict=True))
            return lambda other: similar.get(other, 0.0)

        return similar_to

    def _new_remark(self, statement_id: str) -> str:
        remark_id = self._state.new_remark(statement_id, self._minted)
        self._minted.add(remark_id)
        return remark_id

    def _repeats(self, statement: Statement, words: frozenset[str], story_id: str | None) -> str | None:
        """The remark of another, earlier story that a statement repeats; the first of a chain of repetitions."""
        state, model = self._state, self._model.remarks
        if len(words) > model.repeat_length:  # a whole text is no remark
            return None
        best: tuple[float, Order, str] | None = None
        similar = dict(self._alike([statement.statement_id], model.repeat)) if statement.vector else {}
        for statement_id in (*self._repeatable(words), *similar):
            placed = state.placed.get(statement_id)
            if placed is None or placed.facts.order >= self.facts.order or placed.part.story_id == story_id:
                continue
            strength = similar.get(statement_id, 0.0) / model.repeat
            if strength < 1:
                strength = likeness(words, placed.words, self._rarity) / model.repeat_words
            key = (-strength, placed.facts.order, placed.use.repeats_of or placed.use.remark_id)
            if strength >= 1 and (best is None or key < best):
                best = key
        return best[2] if best is not None else None

    def _repeatable(self, words: frozenset[str]) -> list[str]:
        """First wordings of remarks that share most of the rarer words."""
        votes: Counter[str] = Counter()
        for word in words:
            having = self._state.firsts.get(word, ())
            if len(having) <= self._model.remarks.common:
                votes.update(having)
        ranked = sorted((-n, statement_id) for statement_id, n in votes.items() if n > 1)
        return [statement_id for _, statement_id in ranked[:_MOST_REPEATED]]


def similarities(state: State, facts: Facts) -> Similar | None:
    """Centred cosines of a report's statements to those in the state; None where it has none with a vector."""
    if not any(s.vector for s in facts.statements.values()) or not len(state.vectors):
        return None
    return state.vectors.similar(list(facts.statements.values()), facts.report.lang)


def copy_candidates(
    state: State, overrides: Overrides, facts: Facts, similar: Similar | None
) -> tuple[list[Match], frozenset[str]]:
    """Possible originals of a report, and those that it may be the original of; by wording, else by translation."""
    originals: list[Match] = []
    later: set[str] = set()
    seen: set[str] = set()
    model = state.model.copies
    barred = overrides.cannot_link(facts.report.report_id)
    # What is brought from an archive is in the state with today's reports, and is of another occasion.
    reach = round(state.model.window_days * DAY_MS)

    def usable(report_id: str) -> bool:
        decision = state.decisions.get(report_id)
        if report_id in barred or report_id in seen or decision is None or not decision.parts:
            return False
        return abs(state.facts[report_id].moment_ms - facts.moment_ms) <= reach

    for report_id in filter(usable, state.copies.candidates(facts)):
        other = state.facts[report_id]
        if precedes(other, facts):
            match = compare(facts, other, model)
            originals += [match] if match is not None else []
        elif compare(other, facts, model) is not None:
            later.add(report_id)
    seen |= {match.other.report.report_id for match in originals} | later
    if similar is not None:
        found = translation_candidates(facts, similar, state.vectors, state.tellers, model)
        for report_id in filter(usable, found):
            match = translated(facts, state.facts[report_id], similar, state.vectors, model)
            if match is not None and precedes(match.other, facts):
                originals.append(match)
            elif match is not None:
                later.add(report_id)
    return originals, frozenset(later)


def copy_evidence(original: Match) -> Evidence:
    other = original.other.report
    return Evidence(
        feature="translation" if original.translated else "wording",
        value=f"{original.overlap:.0%} of its {'statements' if original.translated else 'wording'} stand there",
        other=other.outlet.id,
        against=other.report_id,
        score=original.overlap,
    )


def _compatible(one: Profile, other: Profile) -> bool:
    """Whether two stories may be of one occasion: nothing that both say differs."""
    if one.dates and other.dates and top(one.dates) != top(other.dates):
        return False
    for ours, theirs in ((one.counterparts, other.counterparts), (one.media, other.media)):
        if ours and theirs and not set(ours) & set(theirs):
            return False
    if one.kinds and other.kinds:
        return any(kinds_agree(a, b) for a in one.kinds for b in other.kinds)
    return True


def joined(parts: list[Part]) -> list[Part]:
    """Parts of one story as one part; those without a story stay as they are."""
    found: list[Part] = []
    at: dict[str, int] = {}
    for part in parts:
        if part.story_id in at:
            first = found[at[part.story_id]]
            found[at[part.story_id]] = msgspec.structs.replace(first, remarks=[*first.remarks, *part.remarks])
        else:
            if part.story_id is not None:
                at[part.story_id] = len(found)
            found.append(part)
    return found
