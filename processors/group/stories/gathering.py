"""One story as its documents and its remarks need it, kept up to date report by report.

All that a decision asks of a story is answered without going through its members: a story may have thousands. What is
kept follows from the members alone, not from the order in which they came.
"""

import datetime
from bisect import bisect_left, insort
from collections import Counter

from processors.group.remarks.likeness import COMPARED, Chief, Placed
from processors.group.remarks.wordings import canonical
from processors.group.report.facts import Facts, Order
from processors.group.vectors.store import Rows
from schemas import Decision, Part, Role

MEMBER_ROLES = frozenset({"report", "copy"})

Place = tuple[Order, int, int]
"""Where a wording stands in a story: its report, the number of the part, the number of the use."""


def copied_role(role: Role) -> Role:
    """The role of what copies a text that has this role."""
    return "copy" if role in MEMBER_ROLES else role


class Wordings:
    """The wordings of one remark in one story, the earliest first."""

    def __init__(self) -> None:
        self._placed: list[tuple[Place, Placed]] = []
        self._canonical: Placed | None = None
        self._chief: Chief | None = None
        """Kept until a wording comes or goes that it is made of."""
        self.outlets: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()
        self.unsure = 0
        """How many of them are marked for review."""

    def __len__(self) -> int:
        return len(self._placed)

    @property
    def placed(self) -> list[tuple[Place, Placed]]:
        return self._placed

    @property
    def first(self) -> Place:
        return self._placed[0][0]

    @property
    def earliest(self) -> Placed:
        return self._placed[0][1]

    def add(self, place: Place, placed: Placed) -> bool:
        """Whether the first or the canonical wording may be another now."""
        at, before = bisect_left(self._placed, place, key=_place), self._canonical
        self._placed.insert(at, (place, placed))
        self.outlets[placed.facts.report.outlet.id] += 1
        self.texts[placed.statement.text] += 1
        self.unsure += placed.use.review
        if len(self._placed) == 1:
            self._canonical = placed
        elif self._canonical is not None:
            self._canonical = canonical((self._canonical, placed))
        return self._changed(at, before is None or self._canonical is not before)

    def remove(self, place: Place) -> bool:
        """Whether the first or the canonical wording may be another now."""
        at = bisect_left(self._placed, place, key=_place)
        placed = self._placed[at][1]
        chosen = self._canonical is None or placed is self._canonical
        if chosen:
            self._canonical = None
        _less(self.outlets, placed.facts.report.outlet.id)
        _less(self.texts, placed.statement.text)
        self.unsure -= placed.use.review
        del self._placed[at]
        return self._changed(at, chosen)

    def _changed(self, at: int, chosen: bool) -> bool:
        """A wording came or went at this place among all; ``chosen``: the canonical one may be another."""
        if at < COMPARED or chosen:
            self._chief = None
        return at == 0 or chosen

    @property
    def canonical(self) -> Placed | None:
        if self._canonical is None:
            self._canonical = canonical(placed for _, placed in self._placed)
        return self._canonical

    @property
    def chief(self) -> Chief:
        """The few by which a statement is compared with the remark, and the canonical one if it is not among them."""
        if self._chief is None:
            self._chief = Chief(self._few())
        return self._chief

    def _few(self) -> list[Placed]:
        few = [placed for _, placed in self._placed[:COMPARED]]
        chosen = self.canonical
        if chosen is not None and all(chosen is not placed for placed in few):
            few.append(chosen)
        return few


def _place(pair: tuple[Place, Placed]) -> Place:
    return pair[0]


class Gathering:
    """A story: counts over its members, and its remarks."""

    def __init__(self) -> None:
        self.roles: Counter[str] = Counter()
        self.outlets: Counter[str] = Counter()
        self.countries: Counter[str] = Counter()
        self.langs: Counter[str] = Counter()
        self.unsure = 0
        """How many of its parts are marked for review."""
        self.told: list[Order] = []
        """Those that tell the remarks themselves (reports and copies), the earliest first."""
        self.stamps: list[tuple[int, datetime.datetime, str]] = []
        """Number of the current decision and time of fetching of all that are, or were, in it."""
        self.arrivals: list[tuple[int, str]] = []
        """Its members, whatever their role, by time of fetching."""
        self.remarks: dict[str, Wordings] = {}
        self.key_rows: Rows | None = None
        """Rows of ``key_statements``, kept until one of these comes or goes."""

    @property
    def newest(self) -> tuple[int, datetime.datetime]:
        """The highest number of a decision, and of those the latest time of fetching."""
        seq, fetched, _ = self.stamps[-1]
        return seq, fetched

    def stamp(self, facts: Facts, decision: Decision) -> None:
        insort(self.stamps, _stamp(facts, decision))

    def unstamp(self, facts: Facts, decision: Decision) -> None:
        _take(self.stamps, _stamp(facts, decision))

    def add(self, facts: Facts, number: int, part: Part) -> None:
        """Takes in one part of a report; ``number``: its place among the parts."""
        self.roles[part.role] += 1
        self.unsure += part.review
        insort(self.arrivals, facts.arrival)
        if part.role not in MEMBER_ROLES:
            return
        insort(self.told, facts.order)
        for counter, value in self._counted(facts):
            counter[value] += 1
        for n, use in enumerate(part.remarks):
            wordings = self.remarks.setdefault(use.remark_id, Wordings())
            if wordings.add((facts.order, number, n), Placed(facts, part, use)):
                self.key_rows = None

    def remove(self, facts: Facts, number: int, part: Part) -> None:
        """Takes out what ``add`` took in."""
        _less(self.roles, part.role)
        self.unsure -= part.review
        _take(self.arrivals, facts.arrival)
        if part.role not in MEMBER_ROLES:
            return
        _take(self.told, facts.order)
        for counter, value in self._counted(facts):
            _less(counter, value)
        for n, use in enumerate(part.remarks):
            wordings = self.remarks[use.remark_id]
            if wordings.remove((facts.order, number, n)):
                self.key_rows = None
            if not len(wordings):
                del self.remarks[use.remark_id]

    def remark_ids(self) -> list[str]:
        """In the order of their first appearance."""
        return sorted(self.remarks, key=lambda remark_id: self.remarks[remark_id].first)

    def key_statements(self) -> list[str]:
        """The first and the canonical wording of each remark."""
        found: dict[str, None] = {}
        for wordings in self.remarks.values():
            found[wordings.earliest.use.statement_id] = None
            if wordings.canonical is not None:
                found[wordings.canonical.use.statement_id] = None
        return list(found)

    def chiefs(self) -> list[Chief]:
        """Each remark by its wordings that statements are compared with."""
        return [wordings.chief for wordings in self.remarks.values()]

    def wordings(self) -> list[Placed]:
        """All of them, in order of their reports and of the text."""
        found = [pair for wordings in self.remarks.values() for pair in wordings.placed]
        return [placed for _, placed in sorted(found, key=_place)]

    def _counted(self, facts: Facts) -> list[tuple[Counter[str], str]]:
        report = facts.report
        found = [(self.outlets, report.outlet.id)]
        if report.outlet.country:
            found.append((self.countries, report.outlet.country))
        if report.lang:
            found.append((self.langs, report.lang))
        return found


def _stamp(facts: Facts, decision: Decision) -> tuple[int, datetime.datetime, str]:
    return decision.decision_seq, facts.report.fetched, decision.report_id


def _less(counter: Counter[str], value: str) -> None:
    counter[value] -= 1
    if not counter[value]:
        del counter[value]


def _take(ordered: list, value: object) -> None:  # type: ignore[type-arg]
    del ordered[bisect_left(ordered, value)]
