"""What one decision changes, while it is worked out: every change of another report is a new decision on it, with the
number of the decision that brought it about, and in its entry.
"""

from collections.abc import Collection, Iterable

import msgspec

from processors.group.consequences.reasons import made_one
from processors.group.decision.case import Case
from processors.group.decision.decide import one_part_a_story
from processors.group.decision.linking import Linking
from processors.group.overrides import Overrides
from processors.group.state import State, story_ids
from schemas import Decision, Evidence, Part, RemarkUse


class Changes:
    """The changes around one decision. ``changed``: ids of the other reports that have a new decision; ``decided``: of
    those that were decided on; ``stories`` and ``remarks``: what these changes touch; ``told_in``: of each story the
    remarks that were, or are, told in it.
    """

    def __init__(
        self,
        state: State,
        report_id: str,
        overrides: Overrides,
        renewed: Iterable[str] = (),
        subject: str | None = None,
    ) -> None:
        """``report_id``: in whose entry the changes go; ``renewed``: others that were decided anew with it;
        ``subject``: whose coming may move others or divide its story, itself where nothing is said.
        """
        self.subject = subject or report_id
        self.state, self.own, self.overrides = state, report_id, overrides
        self.seq = state.decisions[report_id].decision_seq
        self.stories: set[str] = set()
        self.remarks: set[str] = set()
        self.told_in: dict[str, set[str]] = {}
        self.changed: set[str] = set(renewed) - {report_id}
        self.decided = sorted({report_id, *renewed})
        for decided in self.decided:
            self.touch(state.decisions[decided])

    def touch(self, decision: Decision) -> None:
        """Notes the stories and remarks of a decision, before or after it was changed."""
        self.stories.update(story_ids(decision))
        for part in decision.parts:
            remark_ids = {use.remark_id for use in part.remarks}
            self.remarks |= remark_ids
            if part.story_id is not None:
                self.told_in.setdefault(part.story_id, set()).update(remark_ids)

    def update(self, report_id: str, **fields: object) -> None:
        """Replaces fields of a report's decision; without any it is told once more."""
        known = self.state.decisions[report_id]
        self.state.amend(msgspec.structs.replace(known, decision_seq=self.seq, **fields), self.own)
        if report_id != self.own:
            self.changed.add(report_id)

    def move(self, report_id: str, decision: Decision, source: str | None, target: str) -> None:
        """Puts a report's parts of one story into another, and finds their remarks among those of that story; of a
        report whose main part has no story (``source`` None) that part alone.
        """
        parts = [
            msgspec.structs.replace(part, story_id=target)
            if part.story_id == source and (source is not None or not number)
            else part
            for number, part in enumerate(decision.parts)
        ]
        left = [s for s in dict.fromkeys([*decision.left, source]) if s is not None and s != target]
        self.replace(report_id, one_part_a_story(parts), left, {target})

    def replace(self, report_id: str, parts: list[Part], left: list[str], anew: Collection[str | None]) -> None:
        """Replaces the parts of a report's decision; the remarks of those in stories of ``anew`` are found among those
        of the story.
        """
        state = self.state
        known = state.lift(report_id)
        self.touch(known)
        moved = msgspec.structs.replace(known, decision_seq=self.seq, parts=parts, left=left)
        self.touch(moved)
        linking = Linking(Case(state, self.overrides, state.facts[report_id], None))
        parts = [
            msgspec.structs.replace(part, remarks=linking.remarks_of(part)) if part.story_id in anew else part
            for part in moved.parts
        ]
        state.place(msgspec.structs.replace(moved, parts=parts), self.own)
        if report_id != self.own:
            self.changed.add(report_id)
        self.touch(state.decisions[report_id])

    def merge(self, source: str, target: str, told: Evidence) -> None:
        """Moves all reports of one story into another; ``told``: why the two are one."""
        for report_id in sorted(self.state.members.get(source, ())):
            decision = self.state.decisions[report_id]
            parts = [made_one(p, source, target, told) if p.story_id == source else p for p in decision.parts]
            self.move(report_id, msgspec.structs.replace(decision, parts=parts), source, target)
        self.stories |= {source, target}

    def reword(self, report_id: str, use: RemarkUse, **fields: object) -> None:
        """Replaces one use of a remark in a report's decision."""
        parts = [
            msgspec.structs.replace(
                part, remarks=[msgspec.structs.replace(u, **fields) if u == use else u for u in part.remarks]
            )
            for part in self.state.decisions[report_id].parts
        ]
        self.update(report_id, parts=parts)

    def bound(self, leaving: Collection[str], source: str | None, target: str | None = None) -> bool:
        """Whether a person said that one of these is with a report that stays, or with none of the story they go to."""
        members, overrides = self.state.members, self.overrides
        stay = members[source].difference(leaving) if source is not None else set[str]()
        there = members[target] if target is not None else set[str]()
        return any(overrides.must_link(r) & stay or overrides.cannot_link(r) & there for r in leaving)
