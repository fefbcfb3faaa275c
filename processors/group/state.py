"""The state of one speaker, derived from his entries: reports with their current decisions, and what is searched.

A report's current decision is the one with the highest ``decision_seq`` among that of its own entry and those that
other entries carry in ``changes``; so the state is a function of the set of entries, in whatever order they come.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator

from processors.group.copies.verbatim import CopyIndex
from processors.group.model import Model
from processors.group.remarks.catalogue import RemarkIndex, drop
from processors.group.remarks.likeness import Chief
from processors.group.remarks.stock import Stock
from processors.group.report.facts import DAY_MS, Facts, Order, digest
from processors.group.report.rarity import Rarity
from processors.group.stories.catalogue import Profiles
from processors.group.stories.gathering import MEMBER_ROLES, Gathering
from processors.group.vectors.space import Space
from processors.group.vectors.store import Rows, Vectors
from schemas import Decision, Entry, Said

__all__ = ["MEMBER_ROLES", "State", "story_ids"]

# A story with more statements than this is compared by the first and the canonical wording of each remark.
_ALL_SAID = 256


class State:
    """Everything about one speaker. Reports are ``placed`` with a decision and ``lifted`` again when it changes."""

    def __init__(self, model: Model, speaker_id: str = "", space: Space | None = None) -> None:
        self.model = model
        self.spoken = model.spoken.get(speaker_id, frozenset())
        """Languages that the speaker speaks, as far as known."""
        self.stock = Stock(speaker_id)
        self.entries: dict[str, Entry] = {}
        self.facts: dict[str, Facts] = {}
        self.decisions: dict[str, Decision] = {}
        self.holders: dict[str, str] = {}
        self.held: dict[str, set[str]] = {}
        self.members: dict[str, set[str]] = {}
        self.ordered: dict[str, list[Order]] = {}
        self.left: dict[str, set[str]] = {}
        self.gathered: dict[str, Gathering] = {}
        self.lagged: dict[str, int | None] = {}
        """The moment of the first reporter that the lags of all members of a story were worked out against."""
        self.copied: dict[str, set[str]] = {}
        self.copies = CopyIndex(model.copies)
        self.vectors = Vectors(model.vectors.prior, space=space)
        self.profiles = Profiles(self.vectors, model.window_days)
        self.stories = self.profiles.stories
        self.timeline: list[tuple[int, str]] = []
        self.ends: list[tuple[int, str]] = []
        """Stories by the arrival of the last of their members."""
        self.alone: list[tuple[int, str]] = []
        """Reports that are in no story, by arrival."""
        self.said_in: dict[str, str] = {}
        self.remarks = RemarkIndex(self.vectors, self.said_in)
        self.last_seq = 0

    @classmethod
    def of(
        cls,
        entries: Iterable[Entry],
        model: Model,
        speaker_id: str = "",
        said: Iterable[Said] = (),
        progress: Callable[[], None] = lambda: None,
        space: Space | None = None,
    ) -> "State":
        """The fold of the entries; ``said``: the history of the speaker's wording; ``progress`` is called for each."""
        state = cls(model, speaker_id, space)
        for one in said:
            state.stock.put(one)
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
            progress()
        return state

    def put(self, entry: Entry, facts: Facts | None = None) -> None:
        """Makes a report known; ``place`` must follow. ``facts``: of its report, where they are there already."""
        report_id = entry.report.report_id
        self.entries[report_id] = entry
        self.facts[report_id] = facts = facts or Facts(entry.report, self.spoken)
        insort(self.timeline, facts.arrival)
        self.copies.add(facts)
        for statement in facts.statements.values():
            self.vectors.add(statement, entry.report.lang)
            self.said_in[statement.statement_id] = report_id
        self.last_seq = max(self.last_seq, entry.decision.decision_seq)

    def place(self, decision: Decision, holder: str, *, profiled: bool = True) -> None:
        """Takes a decision as the current one of a known report; ``holder``: the report whose entry has it.

        ``profiled``: the profiles of its stories change too; see ``amend``.
        """
        report_id = decision.report_id
        self.decisions[report_id] = decision
        self.holders[report_id] = holder
        self.held.setdefault(holder, set()).add(report_id)
        self.last_seq = max(self.last_seq, decision.decision_seq)
        facts = self.facts[report_id]
        if profiled:
            self.profiles.add(facts, enumerate(decision.parts))
        for number, part in enumerate(decision.parts):
            if part.story_id is not None:
                self.members.setdefault(part.story_id, set()).add(report_id)
                insort(self.ordered.setdefault(part.story_id, []), facts.order)
                gathering = self.gathered.setdefault(part.story_id, Gathering())
                before = gathering.arrivals[-1] if gathering.arrivals else None
                gathering.add(facts, number, part)
                self._ends_at(part.story_id, before, gathering.arrivals[-1])
            if number == 0 and part.copy_of is not None:
                self.copied.setdefault(part.copy_of, set()).add(report_id)
            for use in part.remarks:
                self.remarks.add(facts, part, use)
        if not any(part.story_id is not None for part in decision.parts):
            insort(self.alone, facts.arrival)
        for story_id in decision.left:
            self.left.setdefault(story_id, set()).add(report_id)
        for story_id in story_ids(decision):
            self.gathered.setdefault(story_id, Gathering()).stamp(facts, decision)

    def lift(self, report_id: str, *, profiled: bool = True) -> Decision:
        """Takes the current decision of a report out of everything that is derived from it; returns it."""
        decision = self.decisions.pop(report_id)
        facts = self.facts[report_id]
        drop(self.held, self.holders.pop(report_id), report_id)
        if profiled:
            self.profiles.remove(report_id, decision.parts)
        for number, part in enumerate(decision.parts):
            if part.story_id is not None:
                drop(self.members, part.story_id, report_id)
                in_order = self.ordered[part.story_id]
                del in_order[bisect_left(in_order, facts.order)]
                if not in_order:
                    del self.ordered[part.story_id]
                    self.lagged.pop(part.story_id, None)
                gathering = self.gathered[part.story_id]
                before = gathering.arrivals[-1]
                gathering.remove(facts, number, part)
                self._ends_at(part.story_id, before, gathering.arrivals[-1] if gathering.arrivals else None)
            if number == 0 and part.copy_of is not None:
                drop(self.copied, part.copy_of, report_id)
            for use in part.remarks:
                self.remarks.remove(facts, use)
        if not any(part.story_id is not None for part in decision.parts):
            del self.alone[bisect_left(self.alone, facts.arrival)]
        for story_id in decision.left:
            drop(self.left, story_id, report_id)
        for story_id in story_ids(decision):
            gathering = self.gathered[story_id]
            gathering.unstamp(facts, decision)
            if not gathering.stamps:
                del self.gathered[story_id]
        return decision

    def amend(self, decision: Decision, holder: str) -> None:
        """Replaces the current decision of a report. The profiles of its stories are left alone where it does not
        change what they are made of.
        """
        known = self.decisions[decision.report_id]
        if known.parts == decision.parts and known.left == decision.left:
            self._restamp(known, decision, holder)
            return
        profiled = _outline(known) != _outline(decision)
        self.lift(decision.report_id, profiled=profiled)
        self.place(decision, holder, profiled=profiled)

    def _restamp(self, known: Decision, decision: Decision, holder: str) -> None:
        """Notes a decision that leaves all parts as they are: only its number and its holder are new."""
        report_id = decision.report_id
        facts = self.facts[report_id]
        self.decisions[report_id] = decision
        if self.holders[report_id] != holder:
            drop(self.held, self.holders[report_id], report_id)
            self.holders[report_id] = holder
            self.held.setdefault(holder, set()).add(report_id)
        self.last_seq = max(self.last_seq, decision.decision_seq)
        if known.decision_seq != decision.decision_seq:
            for story_id in story_ids(decision):
                self.gathered[story_id].unstamp(facts, known)
                self.gathered[story_id].stamp(facts, decision)

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

    def rarity(self, moment_ms: int) -> Rarity:
        """Among the stories about that time."""
        return self.profiles.rarity(moment_ms)

    def knows_story(self, story_id: str) -> bool:
        """Whether there is, or was, a story of that id."""
        return story_id in self.members or story_id in self.left

    def new_story(self, report_id: str, taken: Collection[str] = ()) -> str:
        """An id that follows from the report, and that no story has or had, nor one of ``taken``."""
        number = 0
        while self.knows_story(story_id := natural_story(report_id, number)) or story_id in taken:
            number += 1
        return story_id

    def chain(self, report_id: str) -> list[str]:
        """A report and all that were copied from it, directly or not."""
        found, seen = [report_id], {report_id}
        for one in found:
            fresh = sorted(r for r in self.copied.get(one, ()) if r not in seen)
            found += fresh
            seen.update(fresh)
        return found

    def in_order(self, story_id: str) -> list[Facts]:
        """The reports of a story, whatever their role, the earliest first."""
        return [self.facts[report_id] for _, _, report_id in self.ordered.get(story_id, ())]

    def chiefs(self, story_id: str) -> list[Chief]:
        """The remarks of a story by their wordings that statements are compared with."""
        gathering = self.gathered.get(story_id)
        return gathering.chiefs() if gathering is not None else []

    def said_rows(self, story_id: str) -> Rows:
        """Where what is said in a story stands among the vectors; of a large one the first and the canonical wording
        of each remark.
        """
        rows = self.profiles.said[story_id].rows
        if len(rows) <= _ALL_SAID:
            return rows
        gathering = self.gathered[story_id]
        if gathering.key_rows is None:
            gathering.key_rows = self.vectors.rows(gathering.key_statements())
        return gathering.key_rows

    def expirable(self, now_ms: int, keep: str) -> list[str]:
        """Reports that are older than the window together with all that they share a story with; a bounded number,
        those of the stories that ended first; never ``keep``.
        """
        limit = now_ms - round(self.model.window_days * DAY_MS)
        found: dict[str, None] = {}
        for report_id in self._aged(limit):
            if report_id != keep and all(self._ended(s, limit) for s in story_ids(self.decisions[report_id])):
                found[report_id] = None
                if len(found) == self.model.expire_at_most:
                    break
        return list(found)

    def _aged(self, limit: int) -> Iterator[str]:
        """Reports of stories that have ended before the limit, and reports without a story from before it."""
        for last_ms, story_id in self.ends:
            if last_ms >= limit:
                break
            for _, report_id in self.gathered[story_id].arrivals:
                yield report_id
        for arrived_ms, report_id in self.alone:
            if arrived_ms >= limit:
                break
            yield report_id

    def _ends_at(self, story_id: str, before: tuple[int, str] | None, now: tuple[int, str] | None) -> None:
        if before == now:
            return
        if before is not None:
            del self.ends[bisect_left(self.ends, (before[0], story_id))]
        if now is not None:
            insort(self.ends, (now[0], story_id))

    def _ended(self, story_id: str, limit: int) -> bool:
        gathering = self.gathered[story_id]
        return not gathering.arrivals or gathering.arrivals[-1][0] < limit

    def any_large(self, report_ids: Iterable[str]) -> bool:
        """Whether one of their stories is so large that it is compared by its remarks."""
        return any(self.profiles.any_large(self.decisions[report_id].parts, _ALL_SAID) for report_id in report_ids)


def _outline(decision: Decision) -> list[tuple[str | None, bool, list[str]]]:
    """What the profiles of stories are made of."""
    return [(p.story_id, p.role in MEMBER_ROLES, [use.statement_id for use in p.remarks]) for p in decision.parts]


def natural_story(report_id: str, number: int = 0) -> str:
    """The id of the story that a report begins, where it is free; ``number``: of the one after so many."""
    return f"s-{digest(report_id, str(number))}"


def story_ids(decision: Decision) -> Iterator[str]:
    """The stories of a decision, those that were left included, each once, in order."""
    seen = dict.fromkeys([part.story_id for part in decision.parts if part.story_id] + decision.left)
    yield from seen
