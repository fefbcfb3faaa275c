"""What a decision changes in others: who copied whom, who was first, whose remark is new, stories that are one.

Works on the state after the report was placed. Every change is a new decision on the other report, with the number
of the decision that brought it about.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from processors.group.consequences.alignment import followers, realigned, reassigned
from processors.group.consequences.documents import lag
from processors.group.consequences.revise import moves
from processors.group.consequences.splits import split
from processors.group.copies.verbatim import best_original
from processors.group.decision.case import Case
from processors.group.decision.confidence import copy_confidence, unsure
from processors.group.decision.decide import Placer, one_part_a_story
from processors.group.decision.linking import Linking
from processors.group.decision.originals import copy_evidence, originals_again
from processors.group.decision.roles import role_of
from processors.group.overrides import Overrides
from processors.group.remarks.likeness import Placed
from processors.group.remarks.wordings import canonical, compared, quotations
from processors.group.state import MEMBER_ROLES, State, story_ids
from processors.group.stories.gathering import copied_role
from processors.group.stories.score import Score
from schemas import ANY, Confidence, Decision, Evidence, Part, RemarkUse, Role


class _Wordings(NamedTuple):
    """Of all wordings of a remark the first that stayed with it, the canonical one, the longest quotations."""

    stayed: Placed | None
    canonical: Placed | None
    longest: Mapping[str | None, Placed]

    @classmethod
    def of(cls, uses: Sequence[Placed], moved: Container[str]) -> "_Wordings":
        stayed = next((u for u in uses if u.use.statement_id not in moved), None)
        return cls(stayed, canonical(uses), quotations(uses))


class Settlement:
    """The changes around one decision. ``changed``: ids of the other reports that have a new decision."""

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
        self._subject = subject or report_id
        self._state, self._own, self._overrides = state, report_id, overrides
        self._seq = state.decisions[report_id].decision_seq
        self._stories: set[str] = set()
        self._remarks: set[str] = set()
        self.changed: set[str] = set(renewed) - {report_id}
        self._decided = sorted({report_id, *renewed})
        for decided in self._decided:
            self._touch(state.decisions[decided])

    def settle(
        self,
        before: Iterable[Decision],
        recheck: Iterable[str],
        merges: Iterable[tuple[str, str]],
        near: Iterable[str] = (),
    ) -> None:
        """``before``: decisions that no longer hold; ``recheck``: reports whose original may be another now;
        ``merges``: stories that are one (from, into); ``near``: reports of other stories that may go with this one.
        """
        for decision in before:
            self._touch(decision)
        for source, target in merges:
            self._merge(source, target)
        self._revise(near)
        self._split()
        self._originals(recheck)
        for report_id in sorted({*self.changed, *self._decided}):
            self._together(report_id)
        for story_id in sorted(self._stories):
            self._align(story_id)
        self._repeated()
        for remark_id in sorted(self._remarks):
            self._canonical(remark_id)
        self._new()
        for story_id in sorted(self._stories):
            self._lags(story_id)
        for report_id in self._decided:
            self._missing(report_id)

    def tell_anew(self, reworded: Collection[str], copies: Iterable[str]) -> None:
        """Documents that have something of the report in them, though their decisions stay as they are: the texts of
        ``reworded`` statements, whose ids are the same; its outlet, in those of its ``copies``.
        """
        state = self._state
        remarks = {state.placed[s].use.remark_id for s in reworded if s in state.placed}
        naming = {
            placed.facts.report.report_id
            for remark_id in remarks
            if not state.named.get(remark_id, Counter()).keys().isdisjoint(reworded)
            for placed in state.uses(remark_id)
            if placed.use.canonical in reworded or placed.use.compared in reworded
        }
        for report_id in sorted({*naming, *copies} - {self._own}):
            self._update(report_id)

    def _revise(self, near: Iterable[str]) -> None:
        """Reports that go better with the story of the one that has just come move there, with their copies."""
        state = self._state
        own = state.decisions[self._subject]
        target = own.parts[0].story_id if own.parts and own.parts[0].role in MEMBER_ROLES else None
        if target is None:
            return
        for report_id in near:
            decision = state.decisions.get(report_id)
            main = decision.parts[0] if decision is not None and decision.parts else None
            if decision is None or main is None or main.story_id is None or main.role != "report":
                continue
            chain = state.chain(report_id)
            if any(part.story_id == target for part in decision.parts) or self._subject in chain:
                continue
            if self._bound(chain, main.story_id, target):
                continue
            better = moves(state, self._overrides, chain, main.story_id, target)
            if better is not None:
                self._go(chain, main.story_id, target, better)

    def _split(self) -> None:
        """Where the report shows that its story is of two occasions, one of them goes to a story of its own."""
        state = self._state
        main = state.decisions[self._subject].parts[:1]
        story_id = main[0].story_id if main else None
        if story_id is None or main[0].role != "report":
            return
        leaving = list(dict.fromkeys(one for r in split(state, self._subject) for one in state.chain(r)))
        if not leaving or self._bound(leaving, story_id):
            return
        target = state.new_story(leaving[0])
        told = Evidence(feature="revised", value="its story was of two occasions", against=self._subject)
        for report_id in leaving:
            decision = state.decisions[report_id]
            if any(part.story_id == story_id for part in decision.parts):
                parts = [_told(part, told) if part.story_id == story_id else part for part in decision.parts]
                self._move(report_id, msgspec.structs.replace(decision, parts=parts), story_id, target)
        self._stories |= {story_id, target}

    def _go(self, chain: list[str], source: str, target: str, why: Score) -> None:
        told = Evidence(feature="revised", value="moved when another report came", against=self._subject)
        for report_id in chain:
            decision = self._state.decisions[report_id]
            if not decision.parts or decision.parts[0].story_id != source:
                continue
            main = decision.parts[0]
            if report_id == chain[0]:
                kept = [e for e in main.evidence if e.feature == "role"]
                main = msgspec.structs.replace(main, evidence=[*kept, told, *why.evidence])
            moved = msgspec.structs.replace(decision, parts=[main, *decision.parts[1:]])
            self._move(report_id, moved, source, target)
        self._stories |= {source, target}

    def _bound(self, leaving: Collection[str], source: str | None, target: str | None = None) -> bool:
        """Whether a person said that one of these is with a report that stays, or with none of the story they go to."""
        members, overrides = self._state.members, self._overrides
        stay = members[source].difference(leaving) if source is not None else set[str]()
        there = members[target] if target is not None else set[str]()
        return any(overrides.must_link(r) & stay or overrides.cannot_link(r) & there for r in leaving)

    def _touch(self, decision: Decision) -> None:
        self._stories.update(story_ids(decision))
        self._remarks.update(use.remark_id for part in decision.parts for use in part.remarks)

    def _update(self, report_id: str, **fields: object) -> None:
        known = self._state.decisions[report_id]
        self._state.amend(msgspec.structs.replace(known, decision_seq=self._seq, **fields), self._own)
        if report_id != self._own:
            self.changed.add(report_id)

    def _merge(self, source: str, target: str) -> None:
        for report_id in sorted(self._state.members.get(source, ())):
            decision = self._state.decisions[report_id]
            self._move(report_id, decision, source, target)
        self._stories |= {source, target}

    def _move(self, report_id: str, decision: Decision, source: str | None, target: str) -> None:
        """Puts a report's parts of one story into another, and finds their remarks among those of that story; of a
        report whose main part has no story (``source`` None) that part alone.
        """
        state = self._state
        parts = [
            msgspec.structs.replace(part, story_id=target)
            if part.story_id == source and (source is not None or not number)
            else part
            for number, part in enumerate(decision.parts)
        ]
        left = [s for s in dict.fromkeys([*decision.left, source]) if s is not None and s != target]
        known = state.lift(report_id)
        moved = msgspec.structs.replace(known, decision_seq=self._seq, parts=one_part_a_story(parts), left=left)
        self._touch(moved)
        placer = Placer(state, self._overrides, state.facts[report_id], None)
        parts = [
            msgspec.structs.replace(part, remarks=placer.remarks_of(part)) if part.story_id == target else part
            for part in moved.parts
        ]
        state.place(msgspec.structs.replace(moved, parts=parts), self._own)
        if report_id != self._own:
            self.changed.add(report_id)
        self._touch(state.decisions[report_id])

    def _originals(self, report_ids: Iterable[str]) -> None:
        """Finds the originals of these reports and of all their copies again, the earliest first."""
        state = self._state
        known = dict.fromkeys(one for r in report_ids if r in state.facts for one in state.chain(r))
        asked: Iterable[str] = known
        for _ in range(len(known)):
            for report_id in sorted(asked, key=lambda r: state.facts[r].order):
                self._original(report_id)
            asked = {one for r in known if self._outrun(r) for one in state.chain(r)}
            if not asked:
                break

    def _outrun(self, report_id: str) -> bool:
        """Whether a report was asked before its original, later but credited, had the role or the story it has now."""
        decisions, facts = self._state.decisions, self._state.facts
        main = decisions[report_id].parts[:1]
        name = main[0].copy_of if main else None
        if name is None or facts[name].order < facts[report_id].order:
            return False
        theirs = decisions[name].parts[0]
        return not self._follows(report_id, theirs.role, self._home(theirs, decisions[report_id].overlap))

    def _home(self, theirs: Part | None, overlap: float | None) -> str | None:
        """The story that a copy goes to; of whole articles a part that was copied does not say that they tell the
        same.
        """
        weights = self._state.model.weights_of(self._state.facts[self._own].report.speaker_id)
        whole = weights.same is None or (overlap is not None and overlap >= weights.forced)
        return theirs.story_id if theirs is not None and whole else None

    def _original(self, report_id: str) -> None:
        """Finds the original of a report again; its main part has the original's role, and goes to its story."""
        state = self._state
        decision = state.decisions[report_id]
        if not decision.parts:
            return
        facts, main = state.facts[report_id], decision.parts[0]
        case = Case(state, self._overrides, facts, None)
        free = [m for m in originals_again(case) if not self._descends(m.other.report.report_id, report_id)]
        original = best_original(free, state.model.copies)
        name = original.other.report.report_id if original else None
        theirs = state.decisions[name].parts[0] if name is not None else None
        home = self._home(theirs, original.overlap if original else None)
        same = original is None or original.overlap == decision.overlap
        if name == main.copy_of and same and (theirs is None or self._follows(report_id, theirs.role, home)):
            return
        role, why, sure = role_of(facts, state.model.roles)
        role, copied = role or main.role, None
        if original is not None and theirs is not None:
            role, why = copied_role(theirs.role), copy_evidence(original)
            sure = copied = copy_confidence(original, state.model.confidence)
        role = self._overrides.role(report_id) or role
        evidence = [why, *(e for e in main.evidence if e.feature not in {"role", "wording", "translation"})]
        confidence = Confidence(
            story=main.confidence.story if main.confidence else None,
            copy=copied,
            role=1.0 if self._overrides.role(report_id) else sure,
        )
        main = msgspec.structs.replace(
            main, role=role, copy_of=name, translated=bool(original and original.translated), evidence=evidence,
            confidence=confidence, review=unsure(confidence, state.model.confidence),
        )  # fmt: skip
        self._touch(decision)
        self._update(report_id, parts=[main, *decision.parts[1:]], overlap=original.overlap if original else None)
        if home is not None and not self._stays(report_id, home):
            self._move(report_id, state.decisions[report_id], main.story_id, home)
        elif role in MEMBER_ROLES and decision.parts[0].role not in MEMBER_ROLES:
            self._becomes_member(report_id)
        self._touch(state.decisions[report_id])

    def _becomes_member(self, report_id: str) -> None:
        """What was background is of an occasion now: its main part needs a story, and remarks of that story."""
        state = self._state
        decision = state.decisions[report_id]
        main, story_id = decision.parts[0], decision.parts[0].story_id
        if story_id is None:
            placer = Placer(state, self._overrides, state.facts[report_id], None)
            used = {part.story_id for part in decision.parts}
            story_id, evidence, sure = placer.story_of(main, main.role, used)
            confidence = msgspec.structs.replace(main.confidence or Confidence(), story=sure)
            main = msgspec.structs.replace(
                main, evidence=[*main.evidence, *evidence], confidence=confidence,
                review=unsure(confidence, state.model.confidence),
            )  # fmt: skip
            decision = msgspec.structs.replace(decision, parts=[main, *decision.parts[1:]])
        if story_id is not None:
            self._move(report_id, decision, main.story_id, story_id)

    def _together(self, report_id: str) -> None:
        """Reports that a person said are with one that has a story now, and that had none to be in, join it."""
        state = self._state
        target = next((part.story_id for part in state.decisions[report_id].parts), None)
        if target is None or not self._overrides.must_link(report_id):
            return
        told = Evidence(feature="override", value="must_link", against=target)
        for other in sorted(self._overrides.must_link(report_id) & state.decisions.keys()):
            for one in state.chain(other):
                decision = state.decisions[one]
                if decision.parts and decision.parts[0].story_id is None and not self._bound([one], None, target):
                    parts = [_told(decision.parts[0], told), *decision.parts[1:]] if one == other else decision.parts
                    self._move(one, msgspec.structs.replace(decision, parts=parts), None, target)

    def _follows(self, report_id: str, role: Role, home: str | None) -> bool:
        """Whether a copy has the role and the story that the role and the story of its original give it."""
        main = self._state.decisions[report_id].parts[0]
        role = self._overrides.role(report_id) or copied_role(role)
        return main.role == role and (home is None or self._stays(report_id, home))

    def _stays(self, report_id: str, story_id: str) -> bool:
        """Whether the main part of a report does not go to a story: it is there, or a person said that it does not."""
        source = self._state.decisions[report_id].parts[0].story_id
        return source == story_id or self._bound([report_id], source, story_id)

    def _descends(self, report_id: str, ancestor: str) -> bool:
        """Whether a chain of copies leads from the one to the other."""
        seen: set[str] = set()
        at: str | None = report_id
        while at is not None and at not in seen:
            if at == ancestor:
                return True
            seen.add(at)
            decision = self._state.decisions.get(at)
            at = decision.parts[0].copy_of if decision is not None and decision.parts else None
        return False

    def _align(self, story_id: str) -> None:
        """Divides the statements of a story anew that hang together with those of reports that came or changed."""
        state = self._state
        if state.facts[self._own].report.speaker_id == ANY:
            return  # a whole article is no remark
        reports = state.members.get(story_id, set()) & {*self.changed, *self._decided}
        fresh = {
            use.statement_id
            for report_id in reports
            for part in state.decisions[report_id].parts
            if part.story_id == story_id
            for use in part.remarks
        }
        if not fresh:
            return
        moved = realigned(state, story_id, fresh, state.rarity(state.facts[self._own].moment_ms))
        if not moved:
            return
        self._remarks |= {*moved.values(), *(state.placed[s].use.remark_id for s in moved)}
        moved.update(followers(state, moved))
        repeats = {s: state.placed[s].use.repeats_of for s in moved}
        for report_id in sorted({state.said_in[s] for s in moved}):
            self._update(report_id, parts=reassigned(state.decisions[report_id], moved))
        # What is asked of all wordings of a remark is none of what changes here.
        known = {r: _Wordings.of(state.uses(r), moved) for r in {state.placed[s].use.remark_id for s in moved}}
        for statement_id in sorted(moved):
            placed = state.placed[statement_id]
            wordings = known[placed.use.remark_id]
            settled = wordings.stayed.use.repeats_of if wordings.stayed is not None else repeats[statement_id]
            chosen, quote = wordings.canonical, compared(placed, wordings.longest)
            named = None if chosen is None or chosen.use.statement_id == statement_id else chosen.use.statement_id
            self._reword(
                placed.facts.report.report_id, placed.use, repeats_of=settled, canonical=named,
                compared=quote.use.statement_id if quote is not None else None,
            )  # fmt: skip

    def _repeated(self) -> None:
        """Where a remark is gone, what repeated it repeats the one that its wording is of now, or nothing.

        Of all gone remarks at once and in the order of the reports: a repetition takes over what an earlier one of
        the same wording repeats, so that one has to be settled first.
        """
        state = self._state
        gone = [remark_id for remark_id in self._remarks if remark_id not in state.remarks]
        left = [state.placed[s] for remark_id in gone for s in state.repeating.get(remark_id, ())]
        for placed in sorted(left, key=lambda p: (p.facts.order, p.use.statement_id)):
            linking = Linking(Case(state, self._overrides, placed.facts, None))
            found = linking.repeats(placed.statement, placed.words, placed.part.story_id, placed.use.remark_id)
            self._reword(placed.facts.report.report_id, placed.use, repeats_of=found)

    def _canonical(self, remark_id: str) -> None:
        """Where the canonical wording is gone, the reports that name it get another."""
        named = self._state.named.get(remark_id, ())
        if all(self._has(remark_id, statement_id) for statement_id in named):
            return
        uses = self._state.uses(remark_id)
        there = {placed.use.statement_id for placed in uses}
        chosen, longest = canonical(uses), quotations(uses)
        for placed in uses:
            use = placed.use
            fields: dict[str, object] = {}
            if use.canonical is not None and use.canonical not in there and chosen is not None:
                fields["canonical"] = None if chosen.use.statement_id == use.statement_id else chosen.use.statement_id
            if use.compared is not None and use.compared not in there:
                quote = compared(placed, longest)
                fields["compared"] = quote.use.statement_id if quote is not None else None
            if fields:
                self._reword(placed.facts.report.report_id, use, **fields)

    def _has(self, remark_id: str, statement_id: str) -> bool:
        placed = self._state.placed.get(statement_id)
        return placed is not None and placed.use.remark_id == remark_id

    def _reword(self, report_id: str, use: RemarkUse, **fields: object) -> None:
        """Replaces one use of a remark in a report's decision."""
        parts = [
            msgspec.structs.replace(
                part, remarks=[msgspec.structs.replace(u, **fields) if u == use else u for u in part.remarks]
            )
            for part in self._state.decisions[report_id].parts
        ]
        self._update(report_id, parts=parts)

    def _new(self) -> None:
        """The first that has a remark is marked as such, no other; all marks of a report change at once."""
        state, marked = self._state, dict[str, dict[str, bool]]()
        for remark_id in self._remarks:
            first = state.first_told(remark_id)
            if state.flagged.get(remark_id, set()) == ({first} if first is not None else set()):
                continue
            for placed in state.uses(remark_id):
                new = placed.use.statement_id == first
                if placed.use.new != new:
                    marked.setdefault(placed.facts.report.report_id, {})[placed.use.statement_id] = new
        for report_id in sorted(marked):
            self._update(report_id, parts=_marked(state.decisions[report_id], marked[report_id]))

    def _lags(self, story_id: str) -> None:
        """Lags of a story's reports: of all where another is the first now, else of those that changed."""
        state = self._state
        members = state.members.get(story_id)
        if not members:
            return
        profile = state.stories.get(story_id)
        first = profile.span_ms[0] if profile is not None else None
        known = story_id in state.lagged and state.lagged[story_id] == first
        for report_id in sorted(members & {*self.changed, self._own} if known else members):
            self._lag(report_id, story_id)
        state.lagged[story_id] = first

    def _lag(self, report_id: str, story_id: str) -> None:
        """The lag of a report whose main story this is. Of no other: whether all of a story are asked depends on what
        is remembered, and the lag of another story may be behind where reports left the window.
        """
        decision = self._state.decisions[report_id]
        if decision.parts[0].story_id != story_id:
            return
        minutes = lag(self._state.facts[report_id], self._state, story_id)
        if minutes != decision.lag_minutes:
            self._update(report_id, lag_minutes=minutes)

    def _missing(self, report_id: str) -> None:
        """Remarks of its main story that a report leaves out, as known now."""
        decision = self._state.decisions[report_id]
        story_id = decision.parts[0].story_id if decision.parts else None
        if story_id is None or decision.parts[0].role not in MEMBER_ROLES:
            return
        own = {use.remark_id for part in decision.parts for use in part.remarks}
        missing = sorted(self._state.gathered[story_id].remarks.keys() - own)
        if missing != decision.missing:
            self._update(report_id, missing=missing)


def _marked(decision: Decision, new: Mapping[str, bool]) -> list[Part]:
    """The parts of a decision with other marks for some of its statements."""
    return [
        msgspec.structs.replace(
            part,
            remarks=[
                msgspec.structs.replace(use, new=new[use.statement_id]) if use.statement_id in new else use
                for use in part.remarks
            ],
        )
        for part in decision.parts
    ]


def _told(part: Part, evidence: Evidence) -> Part:
    return msgspec.structs.replace(part, evidence=[*part.evidence, evidence])
