"""The state of one speaker, derived from his entries: reports with their current decisions, and what is searched.

A report's current decision is the one with the highest ``decision_seq`` among that of its own entry and those that
other entries carry in ``changes``; so the state is a function of the set of entries, in whatever order they come.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

import msgspec

from processors.group.copies import CopyIndex
from processors.group.facts import DAY_MS, Facts, Order
from processors.group.model import Model
from processors.group.occasions import features_of
from processors.group.remarks import Placed
from processors.group.stories import Profile, Rarity, terms_of
from processors.group.vectors import Vectors
from schemas import Decision, Entry, Part

MEMBER_ROLES = frozenset({"report", "copy"})
Use = tuple[str, str]
"""A statement as wording of a remark: report id, statement id."""


class State:
    """Everything about one speaker. Reports are ``placed`` with a decision and ``lifted`` again when it changes."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.entries: dict[str, Entry] = {}
        self.facts: dict[str, Facts] = {}
        self.decisions: dict[str, Decision] = {}
        self.holders: dict[str, str] = {}
        self.held: dict[str, set[str]] = {}
        self.stories: dict[str, Profile] = {}
        self.members: dict[str, set[str]] = {}
        self.ordered: dict[str, list[Order]] = {}
        self.left: dict[str, set[str]] = {}
        self.remarks: dict[str, set[Use]] = {}
        self.copied: dict[str, set[str]] = {}
        self.copies = CopyIndex(model.copies)
        self.vectors = Vectors(model.vectors.prior)
        self.terms: dict[str, dict[str, int]] = {}
        self.timeline: list[tuple[int, str]] = []
        self.said_in: dict[str, str] = {}
        self.placed: dict[str, Placed] = {}
        self.firsts: dict[str, set[str]] = {}
        self.last_seq = 0
        self._wordings: dict[str, list[Placed]] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry], model: Model) -> "State":
        """The fold of the entries."""
        state = cls(model)
        ordered = sorted(entries, key=lambda e: (e.decision.decision_seq, e.report.report_id))
        current: dict[str, tuple[Decision, str]] = {}
        for entry in ordered:
            for decision in (entry.decision, *entry.changes):
                known = current.get(decision.report_id)
                if known is None or decision.decision_seq > known[0].decision_seq:
                    current[decision.report_id] = (decision, entry.report.report_id)
        for entry in ordered:
            report_id = entry.report.report_id
            decision, holder = current[report_id]
            state.put(entry)
            state.place(decision, holder)
        return state

    def put(self, entry: Entry, facts: Facts | None = None) -> None:
        """Makes a report known; ``place`` must follow. ``facts``: of its report, where they are there already."""
        report_id = entry.report.report_id
        self.entries[report_id] = entry
        self.facts[report_id] = facts = facts or Facts(entry.report)
        insort(self.timeline, facts.arrival)
        self.copies.add(facts)
        for statement in facts.statements.values():
            self.vectors.add(statement, entry.report.lang)
            self.said_in[statement.statement_id] = report_id
        self.last_seq = max(self.last_seq, entry.decision.decision_seq)

    def place(self, decision: Decision, holder: str) -> None:
        """Takes a decision as the current one of a known report; ``holder``: the report whose entry has it."""
        report_id = decision.report_id
        self.decisions[report_id] = decision
        self.holders[report_id] = holder
        self.held.setdefault(holder, set()).add(report_id)
        self.last_seq = max(self.last_seq, decision.decision_seq)
        facts = self.facts[report_id]
        for number, part in enumerate(decision.parts):
            if part.story_id is not None:
                self._wordings.pop(part.story_id, None)
                self.members.setdefault(part.story_id, set()).add(report_id)
                insort(self.ordered.setdefault(part.story_id, []), facts.order)
                if part.role in MEMBER_ROLES:
                    self._join(part.story_id, facts, part, main=number == 0)
            if number == 0 and part.copy_of is not None:
                self.copied.setdefault(part.copy_of, set()).add(report_id)
            for use in part.remarks:
                self.remarks.setdefault(use.remark_id, set()).add((report_id, use.statement_id))
                self.placed[use.statement_id] = Placed(facts, part, use)
                if use.new:
                    for word in facts.words[use.statement_id]:
                        self.firsts.setdefault(word, set()).add(use.statement_id)
        for story_id in decision.left:
            self.left.setdefault(story_id, set()).add(report_id)

    def lift(self, report_id: str) -> Decision:
        """Takes the current decision of a report out of everything that is derived from it; returns it."""
        decision = self.decisions.pop(report_id)
        facts = self.facts[report_id]
        _drop(self.held, self.holders.pop(report_id), report_id)
        for number, part in enumerate(decision.parts):
            if part.story_id is not None:
                self._wordings.pop(part.story_id, None)
                _drop(self.members, part.story_id, report_id)
                in_order = self.ordered[part.story_id]
                del in_order[bisect_left(in_order, facts.order)]
                if not in_order:
                    del self.ordered[part.story_id]
                if part.role in MEMBER_ROLES:
                    self._leave(part.story_id, report_id)
            if number == 0 and part.copy_of is not None:
                _drop(self.copied, part.copy_of, report_id)
            for use in part.remarks:
                _drop(self.remarks, use.remark_id, (report_id, use.statement_id))
                self.placed.pop(use.statement_id, None)
                if use.new:
                    for word in facts.words[use.statement_id]:
                        _drop(self.firsts, word, use.statement_id)
        for story_id in decision.left:
            _drop(self.left, story_id, report_id)
        return decision

    def forget(self, report_id: str) -> None:
        """Removes a report altogether."""
        if report_id in self.decisions:
            self.lift(report_id)
        facts = self.facts.pop(report_id)
        del self.timeline[bisect_left(self.timeline, facts.arrival)]
        self.copies.remove(facts)
        for statement_id in facts.statements:
            self.vectors.remove(statement_id)
            self.said_in.pop(statement_id, None)
        del self.entries[report_id]

    def rarity(self) -> Rarity:
        return Rarity(len(self.stories), self.terms)

    def knows_story(self, story_id: str) -> bool:
        """Whether there is, or was, a story of that id."""
        return story_id in self.members or story_id in self.left

    def uses(self, remark_id: str) -> list[Placed]:
        """All wordings of a remark, the earliest first."""
        found = [self.placed[statement_id] for _, statement_id in self.remarks.get(remark_id, ())]
        return sorted(found, key=lambda p: (p.facts.order, p.use.start, p.use.statement_id))

    def in_order(self, story_id: str) -> list[Facts]:
        """The reports of a story, whatever their role, the earliest first."""
        return [self.facts[report_id] for _, _, report_id in self.ordered.get(story_id, ())]

    def wordings(self, story_id: str) -> list[Placed]:
        """All statements of a story that are wording of its remarks, those of the earliest report first."""
        known = self._wordings.get(story_id)
        if known is None:
            known = self._wordings[story_id] = [
                self.placed[use.statement_id]
                for facts in self.in_order(story_id)
                for part in self.decisions[facts.report.report_id].parts
                if part.story_id == story_id and part.role in MEMBER_ROLES
                for use in part.remarks
            ]
        return known

    def expirable(self, now_ms: int, keep: str) -> list[str]:
        """Reports that are older than the window together with all that they share a story with; a bounded number,
        the oldest first; never ``keep``.
        """
        limit = now_ms - round(self.model.window_days * DAY_MS)
        found: list[str] = []
        for arrived_ms, report_id in self.timeline:
            if arrived_ms >= limit or len(found) == self.model.expire_at_most:
                break
            if report_id != keep and all(self._ended(s, limit) for s in story_ids(self.decisions[report_id])):
                found.append(report_id)
        return found

    def _ended(self, story_id: str, limit: int) -> bool:
        return all(self.facts[report_id].arrival[0] < limit for report_id in self.members.get(story_id, ()))

    def _join(self, story_id: str, facts: Facts, part: Part, main: bool) -> None:
        features = features_of(facts, [use.statement_id for use in part.remarks], main)
        self.stories.setdefault(story_id, Profile()).add(facts.report.report_id, features)
        for term in terms_of(features):
            having = self.terms.setdefault(term, {})
            having[story_id] = having.get(story_id, 0) + 1

    def _leave(self, story_id: str, report_id: str) -> None:
        profile = self.stories[story_id]
        features = profile.members[report_id]
        profile.remove(report_id)
        for term in terms_of(features):
            having = self.terms[term]
            having[story_id] -= 1
            if not having[story_id]:
                del having[story_id]
                if not having:
                    del self.terms[term]
        if not profile.members:
            del self.stories[story_id]


def _drop(store: dict, key: object, value: object) -> None:  # type: ignore[type-arg]
    found = store[key]
    found.discard(value)
    if not found:
        del store[key]


def resequenced(decision: Decision, seq: int) -> Decision:
    """The decision as one made at ``seq``."""
    return msgspec.structs.replace(decision, decision_seq=seq)


def story_ids(decision: Decision) -> Iterator[str]:
    """The stories of a decision, those that were left included, each once, in order."""
    seen = dict.fromkeys([part.story_id for part in decision.parts if part.story_id] + decision.left)
    yield from seen
