"""The state of one speaker, derived from his entries: reports with their current decisions, and what is searched.

A report's current decision is the one with the highest ``decision_seq`` among that of its own entry and those that
other entries carry in ``changes``; so the state is a function of the set of entries, in whatever order they come.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

import msgspec

from processors.group.copies import CopyIndex
from processors.group.facts import DAY_MS, Facts
from processors.group.model import Model
from processors.group.occasions import features_of
from processors.group.remarks import Wording
from processors.group.stories import Profile, Rarity, terms_of
from processors.group.vectors import Vectors
from schemas import Decision, Entry, Part, RemarkUse

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
        self.left: dict[str, set[str]] = {}
        self.remarks: dict[str, set[Use]] = {}
        self.copied: dict[str, set[str]] = {}
        self.copies = CopyIndex(model.copies)
        self.vectors = Vectors(model.vectors.prior)
        self.terms: dict[str, dict[str, int]] = {}
        self.timeline: list[tuple[int, str]] = []
        self.said_in: dict[str, str] = {}
        self.last_seq = 0

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
                self.members.setdefault(part.story_id, set()).add(report_id)
                if part.role in MEMBER_ROLES:
                    self._join(part.story_id, facts, part, main=number == 0)
            if number == 0 and part.copy_of is not None:
                self.copied.setdefault(part.copy_of, set()).add(report_id)
            for use in part.remarks:
                self.remarks.setdefault(use.remark_id, set()).add((report_id, use.statement_id))
        for story_id in decision.left:
            self.left.setdefault(story_id, set()).add(report_id)

    def lift(self, report_id: str) -> Decision:
        """Takes the current decision of a report out of everything that is derived from it; returns it."""
        decision = self.decisions.pop(report_id)
        _drop(self.held, self.holders.pop(report_id), report_id)
        for number, part in enumerate(decision.parts):
            if part.story_id is not None:
                _drop(self.members, part.story_id, report_id)
                if part.role in MEMBER_ROLES:
                    self._leave(part.story_id, report_id)
            if number == 0 and part.copy_of is not None:
                _drop(self.copied, part.copy_of, report_id)
            for use in part.remarks:
                _drop(self.remarks, use.remark_id, (report_id, use.statement_id))
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

    def uses(self, remark_id: str) -> list[tuple[Facts, RemarkUse, Part]]:
        """All wordings of a remark, the earliest first."""
        found = [
            (self.facts[report_id], use, part)
            for report_id, statement_id in self.remarks.get(remark_id, ())
            for part in self.decisions[report_id].parts
            for use in part.remarks
            if use.statement_id == statement_id and use.remark_id == remark_id
        ]
        return sorted(found, key=lambda item: (item[0].order, item[1].start, item[1].statement_id))

    def wordings(self, story_id: str) -> Iterator[Wording]:
        """All statements of a story that are wording of its remarks, those of the earliest report first."""
        members = sorted((self.facts[r] for r in self.members.get(story_id, ())), key=lambda f: f.order)
        for facts in members:
            for part in self.decisions[facts.report.report_id].parts:
                if part.story_id == story_id and part.role in MEMBER_ROLES:
                    for use in part.remarks:
                        yield Wording(use.remark_id, facts, use)

    def wording(self, statement_id: str) -> Wording | None:
        """A statement as wording of its remark."""
        report_id = self.said_in.get(statement_id)
        if report_id is None:
            return None
        for part in self.decisions[report_id].parts:
            for use in part.remarks:
                if use.statement_id == statement_id:
                    return Wording(use.remark_id, self.facts[report_id], use)
        return None

    def story_of(self, statement_id: str) -> str | None:
        """The story of the part that has the statement."""
        report_id = self.said_in.get(statement_id)
        parts = self.decisions[report_id].parts if report_id is not None else []
        return next((p.story_id for p in parts if any(u.statement_id == statement_id for u in p.remarks)), None)

    def stories_of(self, statement_id: str) -> list[str]:
        """The story of a statement that counts for its profile, as a list of none or one."""
        story_id = self.story_of(statement_id)
        return [story_id] if story_id is not None and story_id in self.stories else []

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
