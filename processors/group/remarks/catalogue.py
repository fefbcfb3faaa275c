"""The remarks of a speaker by their wordings, and what refers to them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping

from processors.group.remarks.likeness import Placed
from processors.group.report.facts import Facts, Order, digest
from processors.group.vectors.store import Vectors
from schemas import Part, RemarkUse

Use = tuple[Order, int, str]
"""A statement as wording of a remark: order of its report, where it starts, its id."""

# So many reports of a remark are asked whether a new one translates them.
_TELLERS = 8


class RemarkIndex:
    """``vectors``: those of all statements; ``said_in``: the report of each statement."""

    def __init__(self, vectors: Vectors, said_in: Mapping[str, str]) -> None:
        self._vectors, self._said_in = vectors, said_in
        self._ordered: dict[str, list[Use]] = {}
        self._telling: dict[str, list[str]] = {}
        """For the first wording of a remark the reports that ``tellers`` names, kept until one comes or goes."""
        self.placed: dict[str, Placed] = {}
        self.flagged: dict[str, set[str]] = {}
        """For each remark the statements that are marked as its first wording."""
        self.firsts: dict[str, set[str]] = {}
        """For each word the statements with it that are marked so."""
        self.repeating: dict[str, set[str]] = {}
        """For each remark the statements that repeat it in other stories."""
        self.named: dict[str, Counter[str]] = {}
        """For each remark the statements that its uses name as canonical, or as what they are compared with."""

    def __contains__(self, remark_id: str) -> bool:
        return remark_id in self._ordered

    def add(self, facts: Facts, part: Part, use: RemarkUse) -> None:
        uses, own = self._ordered.setdefault(use.remark_id, []), (facts.order, use.start, use.statement_id)
        at = bisect_left(uses, own)
        uses.insert(at, own)
        self._forget_tellers(use, at)
        self.placed[use.statement_id] = Placed(facts, part, use)
        if use.repeats_of is not None:
            self.repeating.setdefault(use.repeats_of, set()).add(use.statement_id)
        for name in filter(None, (use.canonical, use.compared)):
            self.named.setdefault(use.remark_id, Counter())[name] += 1
        if use.new:
            self.flagged.setdefault(use.remark_id, set()).add(use.statement_id)
            self._vectors.represent(use.statement_id)
            for word in facts.words[use.statement_id]:
                _put(self.firsts, word, use.statement_id)

    def remove(self, facts: Facts, use: RemarkUse) -> None:
        uses = self._ordered[use.remark_id]
        at = bisect_left(uses, (facts.order, use.start, use.statement_id))
        del uses[at]
        self._forget_tellers(use, at)
        if not uses:
            del self._ordered[use.remark_id]
        self.placed.pop(use.statement_id, None)
        if use.repeats_of is not None:
            drop(self.repeating, use.repeats_of, use.statement_id)
        for name in filter(None, (use.canonical, use.compared)):
            named = self.named[use.remark_id]
            named[name] -= 1
            if not named[name]:
                del named[name]
                if not named:
                    del self.named[use.remark_id]
        if use.new:
            drop(self.flagged, use.remark_id, use.statement_id)
            self._vectors.represent_no_more(use.statement_id)
            for word in facts.words[use.statement_id]:
                drop(self.firsts, word, use.statement_id)

    def _forget_tellers(self, use: RemarkUse, at: int) -> None:
        """A wording comes or goes at this place among all of its remark."""
        self._telling.pop(use.statement_id, None)
        if at < _TELLERS:
            for statement_id in self.flagged.get(use.remark_id, ()):
                self._telling.pop(statement_id, None)

    def uses(self, remark_id: str) -> list[Placed]:
        """All wordings of a remark, the earliest first."""
        return [self.placed[statement_id] for *_, statement_id in self._ordered.get(remark_id, ())]

    def new_id(self, statement_id: str, taken: Collection[str] = ()) -> str:
        """An id that follows from the statement, and that neither a remark nor one of ``taken`` has."""
        number = 0
        while (remark_id := f"r-{digest(statement_id, str(number))}") in self._ordered or remark_id in taken:
            number += 1
        return remark_id

    def first_told(self, remark_id: str, roles: Container[str]) -> str | None:
        """The earliest statement with a remark that stands in a part of one of these ``roles``."""
        for *_, statement_id in self._ordered.get(remark_id, ()):
            if self.placed[statement_id].part.role in roles:
                return statement_id
        return None

    def tellers(self, statement_ids: Iterable[str]) -> Counter[str]:
        """Reports that have one of these statements, with the number of them; where not all are compared, the earliest
        that have its remark.
        """
        if self._vectors.all_compared:
            return Counter(map(self._said_in.__getitem__, statement_ids))
        telling, found = self._telling, list[str]()
        for statement_id in statement_ids:
            known = telling.get(statement_id)
            if known is None:
                uses = self._ordered[self.placed[statement_id].use.remark_id]
                known = telling[statement_id] = [order[2] for order, _, _ in uses[:_TELLERS]]
            found += known
        return Counter(found)


def _put(store: dict[str, set[str]], key: str, value: str) -> None:
    found = store.get(key)
    if found is None:
        store[key] = {value}
    else:
        found.add(value)


def drop(store: dict[str, set[str]], key: str, value: str) -> None:
    """Takes a value from the set of a key, and an empty set away."""
    found = store[key]
    found.discard(value)
    if not found:
        del store[key]
