"""The place of one report: its original, its role, its story for each occasion, its remarks.

Reads the state, changes nothing in it.
"""

from collections.abc import Iterable

import msgspec

from processors.group.copies.verbatim import Match, best_original
from processors.group.decision.case import Case
from processors.group.decision.confidence import copy_confidence, unsure
from processors.group.decision.identity import Anew
from processors.group.decision.joining import Joined, Joining, Merge
from processors.group.decision.linking import Linking
from processors.group.decision.originals import copy_candidates, copy_evidence, credit_evidence
from processors.group.decision.passages import copied
from processors.group.decision.roles import Verdict, role_of
from processors.group.overrides import Overrides
from processors.group.report.facts import Facts
from processors.group.report.occasions import segments
from processors.group.state import State
from processors.group.stories.gathering import copied_role
from schemas import Confidence, Decision, Evidence, Part


class Placer:
    """Decides on one report. ``before``: the decision on an earlier revision of it, or on it before it is decided anew
    with others (``anew``).
    """

    def __init__(
        self, state: State, overrides: Overrides, facts: Facts, before: Decision | None, anew: Anew | None = None
    ) -> None:
        self._state, self._overrides, self._model = state, overrides, state.model
        self.facts = facts
        self._case = case = Case(state, overrides, facts, before, anew)
        self._joining, self._linking = Joining(case), Linking(case)
        self.later: frozenset[str] = frozenset()
        """Reports that may be copies of this one, because it precedes them."""
        self._linked: list[Merge] = []

    @property
    def merges(self) -> list[Merge]:
        """Stories that turned out to be one."""
        return self._linked + self._joining.merges

    @property
    def near(self) -> list[str]:
        """Reports in other stories that might go with this one, now that it is there."""
        return self._joining.near

    def decide(self, decision: Decision) -> Decision:
        """Fills in the parts of a decision."""
        facts = self.facts
        originals, self.later = copy_candidates(self._case)
        original = best_original(facts, originals, self._model.copies)
        role, why, role_sure = self._role(original)
        copy_sure = copy_confidence(original, self._model.confidence) if original is not None else None
        if role is None:
            return decision
        credit = [*credit_evidence(facts, original), *copied(self._case, original)] if original is not None else []
        found = [[s.statement_id for s in segment.statements] for segment in segments(facts)] or [[]]
        parts: list[Part] = []
        for number, statement_ids in enumerate(found):
            main = number == 0
            forced = self._forced(original) if main else None
            used = {part.story_id for part in parts}
            story_id, evidence, story_sure = forced or self._joining.story(
                self._case.features(statement_ids, main), role, used
            )
            part_evidence = [why, *credit, *evidence, *self._kept_from()] if main else evidence
            confidence = (
                Confidence(story=story_sure, copy=copy_sure, role=role_sure) if main else Confidence(story=story_sure)
            )
            part = Part(
                story_id=story_id,
                role=role,
                copy_of=original.other.report.report_id if main and original else None,
                translated=bool(main and original and original.translated),
                evidence=part_evidence,
                confidence=confidence,
                review=unsure(confidence, self._model.confidence),
            )
            parts.append(msgspec.structs.replace(part, remarks=self._linking.remarks(statement_ids, part)))
        return msgspec.structs.replace(
            decision, parts=one_part_a_story(parts), overlap=original.overlap if original else None
        )

    def _role(self, original: Match | None) -> Verdict:
        report = self.facts.report
        forced = self._overrides.role(report.report_id)
        if forced is not None:
            return Verdict(forced, self._overrides.evidence("role", report.report_id), 1.0)
        if original is not None:
            main = self._state.decisions[original.other.report.report_id].parts[0]
            role = copied_role(main.role)
            return Verdict(role, copy_evidence(original), copy_confidence(original, self._model.confidence))
        return role_of(self.facts, self._model.roles)

    def _forced(self, original: Match | None) -> Joined | None:
        """The story that a person, the original or the copies say is that of the main part; how sure is not told."""
        must = self._overrides.must_link(self.facts.report.report_id)
        linked = self._main_stories(must)
        if linked:
            told = self._overrides.evidence("must_link", self.facts.report.report_id, against=linked[0])
            self._linked += [Merge(other, linked[0], told) for other in linked[1:]]
            return linked[0], [told], None
        if self._case.weights.same is not None and (original is None or original.overlap < self._case.weights.forced):
            return None  # of whole articles a part that was copied does not say that they tell the same
        near = [original.other.report.report_id] if original else sorted(self.later)
        stories = [s for s in self._main_stories(near) if not self._case.barred(s)]
        if stories:
            foreign = original.translated if original else self._only_foreign(near, stories[0])
            feature = "translation" if foreign else "wording"
            value = "in the story of its original" if original else "in the story of its copies"
            return stories[0], [Evidence(feature=feature, value=value, against=stories[0])], None
        return None

    def _only_foreign(self, report_ids: Iterable[str], story_id: str) -> bool:
        """Whether those of these reports that are in a story are all in other languages than ours."""
        facts, lang = self._state.facts, self.facts.report.lang
        return all(facts[r].report.lang != lang for r in report_ids if story_id in self._main_stories([r]))

    def _main_stories(self, report_ids: Iterable[str]) -> list[str]:
        """Main stories of reports, that of the earliest report first, each once."""
        known = sorted((self._state.facts[r] for r in report_ids if r in self._state.decisions), key=lambda f: f.order)
        found = [part.story_id for f in known for part in self._state.decisions[f.report.report_id].parts[:1]]
        return list(dict.fromkeys(story_id for story_id in found if story_id is not None))

    def _kept_from(self) -> list[Evidence]:
        """That a person said with which reports this one shares no story."""
        report_id = self.facts.report.report_id
        apart = self._overrides.cannot_link(report_id) & self._state.facts.keys()
        return [self._overrides.evidence("cannot_link", report_id, apart=apart)] if apart else []

    def story_of(self, part: Part, used: set[str | None], *, main: bool) -> Joined:
        """The story of a part of an earlier decision, as of the role that it has now; ``used``: those of all parts."""
        features = self._case.features([use.statement_id for use in part.remarks], main)
        return (self._forced(None) if main else None) or self._joining.story(features, part.role, used)


def one_part_a_story(parts: list[Part]) -> list[Part]:
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
