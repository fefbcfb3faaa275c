"""The place of one report: its original, its role, its story for each occasion, its remarks.

Reads the state, changes nothing in it.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np

from processors.group.copies import Match, best_original, compare, precedes
from processors.group.facts import ANY, DAY_MS, Facts, Order, content_words, digest
from processors.group.occasions import Features, features_of, kinds_agree, segments
from processors.group.overrides import Overrides
from processors.group.priors import Floats
from processors.group.remarks import Linker, Placed, canonical, likeness
from processors.group.roles import role_of
from processors.group.state import MEMBER_ROLES, State
from processors.group.stories import Likeness, Profile, Score, Scorer, terms_of, top
from processors.group.translations import translated, translation_candidates
from schemas import Decision, Evidence, Part, RemarkUse, Report, Role, Statement

# So many remarks with most words in common are compared when it is asked which of them is repeated.
_MOST_REPEATED = 16


class Placer:
    """Decides on one report. ``before``: the decision on an earlier revision of it."""

    def __init__(self, state: State, overrides: Overrides, report: Report, before: Decision | None) -> None:
        self._state, self._overrides, self._before = state, overrides, before
        self._model = state.model
        self._weights = state.model.whole if report.speaker_id == ANY else state.model.stories
        self.facts = Facts(report)
        self._rarity = state.rarity()
        self._similar: Floats | None = None
        self._rows: dict[str, int] = {}
        self._minted: set[str] = set()
        self.later: frozenset[str] = frozenset()
        """Reports that may be copies of this one, because it precedes them."""
        self.merges: list[tuple[str, str]] = []
        """Stories that turned out to be one: from, into."""

    def decide(self, decision: Decision) -> Decision:
        """Fills in the parts of a decision."""
        facts = self.facts
        self._similar = similarities(self._state, facts)
        self._rows = {s: i for i, s in enumerate(facts.statements)}
        originals, self.later = copy_candidates(self._state, self._overrides, facts, self._similar)
        original = best_original(originals, self._model.copies)
        role, why = self._role(original)
        if role is None:
            return decision
        found = [[s.statement_id for s in segment.statements] for segment in segments(facts)] or [[]]
        parts: list[Part] = []
        for number, statement_ids in enumerate(found):
            main = number == 0
            features = self._features(statement_ids, main)
            forced = self._forced(original) if main else None
            used = {part.story_id for part in parts}
            story_id, evidence = self._story(features, role, forced, used)
            part_evidence = [why, *evidence] if main else evidence
            part = Part(
                story_id=story_id,
                role=role,
                copy_of=original.other.report.report_id if main and original else None,
                translated=bool(main and original and original.translated),
                evidence=part_evidence,
            )
            parts.append(msgspec.structs.replace(part, remarks=self._remarks(statement_ids, part)))
        return msgspec.structs.replace(decision, parts=joined(parts), overlap=original.overlap if original else None)

    def _role(self, original: Match | None) -> tuple[Role | None, Evidence]:
        report = self.facts.report
        forced = self._overrides.role(report.report_id)
        if forced is not None:
            return forced, Evidence(feature="override", value=forced)
        if original is not None:
            main = self._state.decisions[original.other.report.report_id].parts[0]
            role: Role = "copy" if main.role in MEMBER_ROLES else main.role
            return role, copy_evidence(original)
        return role_of(self.facts, self._model.roles)

    def _features(self, statement_ids: Sequence[str], main: bool) -> Features:
        if statement_ids:
            return features_of(self.facts, statement_ids, main)
        # Nothing of his is quoted: what the whole article names is all there is to find the story by.
        context = self.facts.report.context
        return dataclasses.replace(
            features_of(self.facts, (), main),
            names=frozenset(context.names),
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
        near = [original.other.report.report_id] if original else sorted(self.later)
        stories = [s for s in self._main_stories(near) if not self._barred(s)]
        if stories:
            return stories[0], Evidence(feature="wording", value="same wording", against=stories[0])
        return None

    def _main_stories(self, report_ids: Iterable[str]) -> list[str]:
        """Main stories of reports, that of the earliest report first, each once."""
        known = sorted((self._state.facts[r] for r in report_ids if r in self._state.facts), key=lambda f: f.order)
        found = [part.story_id for f in known for part in self._state.decisions[f.report.report_id].parts[:1]]
        return list(dict.fromkeys(story_id for story_id in found if story_id is not None))

    def _story(
        self, features: Features, role: Role, forced: tuple[str, Evidence] | None, used: set[str | None]
    ) -> tuple[str | None, list[Evidence]]:
        if forced is not None:
            return forced[0], [forced[1]]
        scored = self._scored(features, used)
        good = [(story_id, s) for story_id, s in scored if s.total >= self._weights.join]
        if good:
            story_id, best = good[0]
            if role in MEMBER_ROLES and not used:
                self._merge(story_id, good[1:])
            return story_id, best.evidence
        if role not in MEMBER_ROLES:
            return None, []
        return self._new_story(), []

    def _scored(self, features: Features, used: set[str | None]) -> list[tuple[str, Score]]:
        """The stories that may be of the occasion with what speaks for each, the best first."""
        state, model = self._state, self._weights
        old = {part.story_id for part in self._before.parts} if self._before else set()
        scorer = Scorer(features, self._rarity, model)
        found = []
        for story_id in self._candidates(features):
            profile = state.stories[story_id]
            if story_id in used or self._barred(story_id):
                continue
            one = scorer.score(profile, self._likeness(features, profile), story_id)
            total = one.total + (model.stay if story_id in old else 0.0)
            found.append((story_id, dataclasses.replace(one, total=total)))
        return sorted(found, key=lambda item: (-item[1].total, item[0]))

    def _candidates(self, features: Features) -> list[str]:
        """Stories that share something, weighted by how rare it is, and those with similar statements."""
        state, model = self._state, self._weights
        within = self._within(features.moment_ms)
        if len(within) <= model.candidates:
            return sorted(within)
        votes: Counter[str] = Counter()
        for term in terms_of(features):
            having = state.terms.get(term, {})
            if len(having) <= model.common:
                weight = round(1000 * self._rarity.of(term) ** 2)
                for story_id in having:
                    votes[story_id] += weight
        ranked = sorted(((s, n) for s, n in votes.items() if s in within), key=lambda item: (-item[1], item[0]))
        chosen = dict.fromkeys(story_id for story_id, _ in ranked[: model.candidates])
        for statement_id, _ in self._alike(features.statements, model.best_alike)[: model.candidates]:
            placed = state.placed.get(statement_id)
            if placed is not None and placed.part.story_id in within:
                chosen.setdefault(placed.part.story_id)
        return sorted(chosen)

    def _within(self, moment_ms: int) -> set[str]:
        """Stories near enough in time."""
        reach = round(self._weights.reach_days * DAY_MS)
        earliest, latest = moment_ms - reach, moment_ms + reach
        return {
            story_id
            for story_id, profile in self._state.stories.items()
            if profile.moments[0] >= earliest and profile.moments[-1] <= latest
        }

    def _alike(self, statement_ids: Sequence[str], least: float) -> list[tuple[str, float]]:
        """Stored statements that are like one of ours at least so much, the likest first."""
        if self._similar is None or not statement_ids:
            return []
        best = self._similar[[self._rows[s] for s in statement_ids]].max(axis=0)
        found = [(self._state.vectors.statement(int(i)), float(best[i])) for i in np.nonzero(best >= least)[0]]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _likeness(self, features: Features, profile: Profile) -> Likeness:
        if self._similar is None or not features.statements:
            return Likeness()
        rows = [
            row
            for member in profile.members.values()
            for statement_id in member.statements
            if (row := self._state.vectors.row(statement_id)) is not None
        ]
        ours = [self._rows[s] for s in features.statements if self.facts.statements[s].vector]
        if not rows or not ours:
            return Likeness()
        table = self._similar[np.ix_(ours, rows)]
        # Exact sums: the order of the members must not show in the last digit.
        means = [math.fsum(row) / len(row) for row in table.tolist()] if self._weights.mean else [0.0] * len(ours)
        best = table.max(axis=1).tolist()
        share = self._weights.mean
        return Likeness(tuple((1 - share) * b + share * m for b, m in zip(best, means, strict=True)))

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

    def _remarks(self, statement_ids: Sequence[str], part: Part) -> list[RemarkUse]:
        story_id = part.story_id
        wordings = self._state.wordings(story_id) if story_id is not None else ()
        linker = Linker(wordings, self._rarity, self._model.remarks)
        uses = []
        for statement_id in statement_ids:
            statement, words = self.facts.statements[statement_id], self.facts.words[statement_id]
            linked = linker.link(words, self._similar_to(statement_id))
            use = RemarkUse(
                statement_id=statement_id,
                remark_id=linked[0].use.remark_id if linked else self._new_remark(statement_id),
                start=statement.start,
                end=statement.end,
                repeats_of=linked[0].use.repeats_of if linked else self._repeats(statement, words, story_id),
            )
            chosen = canonical([*linked, Placed(self.facts, part, use)])
            if chosen is not None and chosen.use.statement_id != statement_id:
                use = msgspec.structs.replace(use, canonical=chosen.use.statement_id)
            uses.append(use)
        return uses

    def _similar_to(self, statement_id: str) -> Callable[[str], float]:
        """Centred cosine of one of our statements to a stored one; 0 where one has no vector."""
        if self._similar is None:
            return lambda _: 0.0
        mine, row_of = self._similar[self._rows[statement_id]], self._state.vectors.row

        def similar(other: str) -> float:
            row = row_of(other)
            return 0.0 if row is None else float(mine[row])

        return similar

    def _new_remark(self, statement_id: str) -> str:
        number = 0
        while True:
            remark_id = f"r-{digest(statement_id, str(number))}"
            if remark_id not in self._state.remarks and remark_id not in self._minted:
                self._minted.add(remark_id)
                return remark_id
            number += 1

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


def similarities(state: State, facts: Facts) -> Floats | None:
    """Centred cosines of a report's statements to all in the state; None where it has none with a vector."""
    if not any(s.vector for s in facts.statements.values()) or not len(state.vectors):
        return None
    return state.vectors.similarities(list(facts.statements.values()), facts.report.lang)


def copy_candidates(
    state: State, overrides: Overrides, facts: Facts, similar: Floats | None
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
        found = translation_candidates(facts, similar, state.vectors, state.said_in, model)
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
