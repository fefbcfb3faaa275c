"""Which statements of one story are one remark, once more statements are known: clustering by average linkage.

A report's statements are first linked one by one to the remarks that are there (remarks/likeness.py); the first
wordings of a remark decide too much then. So when a report comes, the statements that hang together with its own are
divided anew: again and again the two groups are joined whose statements are alike most on average (UPGMA, Sokal &
Michener 1958), as long as that is enough. Two groups that ever join have a pair that is alike enough, so only what is
connected to the new statements by such pairs needs to be looked at.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from processors.group.decision.confidence import group_confidence, no_surer_than_said, remark_unsure
from processors.group.model import Confidence as Sureness
from processors.group.model import Remarks
from processors.group.remarks import reasons
from processors.group.remarks.likeness import Placed, likeness, shared_rare
from processors.group.report.overlaps import Outlines
from processors.group.report.rarity import Rarity
from processors.group.state import MEMBER_ROLES, State
from processors.group.vectors.priors import Floats
from schemas import Decision, Evidence, Part, RemarkUse

# Of a larger story, or of more statements that hang together, the remarks stay as they were linked.
_MOST = 128
_MOST_CONNECTED = 64
_FINE = 1 << 20

Numbers = npt.NDArray[np.int64]
Strength = Callable[[int, int], int]
"""How much two of the statements are alike, in 2**-20."""


@dataclass(frozen=True, slots=True)
class Move:
    """That a statement is wording of another remark now, and why; ``confidence`` None: as sure as it was."""

    remark_id: str
    why: Evidence
    confidence: float | None = None


def realigned(state: State, story_id: str, fresh: Collection[str], rarity: Rarity) -> dict[str, Move]:
    """The new remark of each statement that has another one now; ``fresh``: ids of statements that came or moved.

    A group keeps the remark that most of its statements have, of equals that of the earliest; each remark goes to one
    group, the earlier group choosing first. A group that is left without gets a new one, by its first statement.
    """
    gathering = state.gathered.get(story_id)
    if gathering is None:
        return {}
    if sum(map(len, gathering.remarks.values())) > _MOST:
        return {}
    wordings = gathering.wordings()
    placed = [one for one in wordings if state.vectors.row(one.use.statement_id) is not None]
    ids = [one.use.statement_id for one in placed]
    seeds = [i for i, statement_id in enumerate(ids) if statement_id in fresh]
    if not seeds:
        return {}
    cosines = state.vectors.propositions_in_context(state.vectors.rows(ids), [_beside(one, state) for one in placed])
    links = _Links(placed, cosines, rarity, state.model.remarks)
    least = links.least
    found: dict[str, Move] = {}
    seen: set[int] = set()
    for seed in seeds:
        if seed in seen:
            continue
        connected = links.connected(seed)
        seen.update(connected)
        if 1 < len(connected) <= _MOST_CONNECTED and not links.one_remark(connected):
            groups = cluster(connected, links.strength, least)
            named = _named([[placed[i] for i in group] for group in groups], state)
            for group in groups:
                for i in group:
                    if named[ids[i]] != placed[i].use.remark_id:
                        found[ids[i]] = links.move(i, group, named[ids[i]], state.model.confidence)
    return found


def _beside(one: Placed, state: State) -> list[tuple[int, int]]:
    """The rows of what stands beside a statement in its report, and their shares."""
    near = one.facts.beside[one.use.statement_id]
    return [(row, share) for s, share in near if (row := state.vectors.row(s)) is not None]


class _Links:
    """The strengths between the statements of one story."""

    def __init__(self, placed: Sequence[Placed], cosines: Floats, rarity: Rarity, model: Remarks) -> None:
        self._placed, self._rarity, self._model = placed, rarity, model
        self._marks = [one.marks for one in placed]
        self._known: dict[tuple[int, int], int] = {}
        self.least = round(model.cluster * _FINE)
        """As strong as this a pair is connected."""
        reports = _numbered([id(one.facts) for one in placed])
        langs = _numbered([one.facts.report.lang for one in placed])
        # A report seldom says one thing twice, though a lead often tells what the body quotes.
        self._apart = np.where(reports[:, np.newaxis] == reports, model.cluster_apart, 0.0)
        self._cosines = cosines
        self._plain = np.rint(_FINE * (cosines - self._apart)).astype(np.int64)
        """The strengths as they are where no words, numbers or names are shared, which only add to them."""
        self._sure = self._plain >= self.least
        """Pairs that are connected, whatever they share."""
        most = round(_FINE * model.shared_most) + 2
        near = self._plain >= self.least - most
        once = all(
            len(m) == len(p.statement.numbers) + len(p.statement.names)
            for m, p in zip(self._marks, placed, strict=True)
        )
        self._marked = round(_FINE * model.shared) + 2 if once else most
        """One number or name that is shared adds no more than this."""
        words = langs[:, np.newaxis] == langs
        words &= self._plain >= self.least - most - round(_FINE * model.cluster_words)
        words &= Outlines([one.outline for one in placed], [one.words for one in placed]).near_each_other()
        self._words = words & ~self._sure
        """Others that may be, by the words that they share."""
        self._others = near & ~words & ~self._sure
        """Others that may be, if they share numbers or names."""

    def connected(self, seed: int) -> list[int]:
        """All that a chain of pairs which are alike enough leads to, in order; itself included."""
        found, at = {seed}, [seed]
        while at and len(found) <= _MOST_CONNECTED:
            one = at.pop()
            marks = self._marks[one]
            maybe = [
                i
                for i in self._others[one].nonzero()[0].tolist()
                if (shared := len(marks & self._marks[i])) and self._plain[one, i] >= self.least - self._marked * shared
            ]
            maybe += self._words[one].nonzero()[0].tolist()
            near = [i for i in self._sure[one].nonzero()[0].tolist() if i not in found]
            near += [i for i in maybe if i not in found and self.strength(one, i) >= self.least]
            found.update(near)
            at += near
        return sorted(found)

    def one_remark(self, connected: Sequence[int]) -> bool:
        """Whether these are one remark already, and all of them so much alike that they stay one."""
        if len({self._placed[i].use.remark_id for i in connected}) > 1:
            return False
        doubtful = np.tril(~self._sure[np.ix_(connected, connected)], -1)
        return all(self.strength(connected[a], connected[b]) >= self.least for a, b in np.argwhere(doubtful).tolist())

    def move(self, one: int, group: Sequence[int], remark_id: str, weights: Sureness) -> Move:
        """That a statement goes with the others of its group; how much they are alike is known from dividing them."""
        others = [i for i in group if i != one]
        if not others:
            return Move(remark_id, reasons.APART, self._confidence(one, None, weights))
        nearest = max(others, key=lambda other: (self.strength(one, other), -other))
        mean = sum(self.strength(one, other) for other in others) / len(others)
        why = reasons.alike("together", self._placed[one], self._placed[nearest], mean / _FINE, self._rarity)
        return Move(remark_id, why, self._confidence(one, mean / self.least, weights))

    def _confidence(self, one: int, strength: float | None, weights: Sureness) -> float | None:
        return no_surer_than_said(group_confidence(strength, weights), self._placed[one].statement)

    def strength(self, one: int, other: int) -> int:
        key = (one, other) if one < other else (other, one)
        value = self._known.get(key)
        if value is None:
            value = self._known[key] = self._strength(*key)
        return value

    def _strength(self, one: int, other: int) -> int:
        ours, theirs = self._placed[one], self._placed[other]
        extra = words = 0.0
        if not self._marks[one].isdisjoint(self._marks[other]):
            extra = shared_rare(ours.statement, theirs.statement, self._rarity, self._model)
        if ours.facts.report.lang == theirs.facts.report.lang and not ours.words.isdisjoint(theirs.words):
            words = self._model.cluster_words * likeness(ours.words, theirs.words, self._rarity)
        if not extra and not words:
            return int(self._plain[one, other])
        total = float(self._cosines[one, other]) + extra + words
        return round(_FINE * (total - float(self._apart[one, other])))


def _numbered(values: Sequence[object]) -> Numbers:
    """Equal numbers for equal values."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values])


def cluster(items: Sequence[int], strength: Strength, least: int) -> list[list[int]]:
    """Groups of the items by average linkage, each in order, the group of the first item first.

    Sums of whole numbers are compared, so that the order of adding does not matter; of equal pairs of groups the first.
    """
    groups = [[item] for item in items]
    sums = np.zeros((len(items), len(items)), dtype=np.int64)
    for a in range(len(items)):
        for b in range(a):
            sums[a, b] = sums[b, a] = strength(items[a], items[b])
    sizes = np.ones(len(items), dtype=np.int64)
    barred = np.tri(len(items), dtype=bool)
    while True:
        means = np.where(barred, -np.inf, sums / np.outer(sizes, sizes))
        a, b = divmod(int(means.argmax()), len(items))
        if not means[a, b] >= least:
            return [sorted(group) for group in groups if group]
        groups[a] += groups[b]
        groups[b] = []
        sums[a] += sums[b]
        sums[:, a] = sums[a]
        sizes[a] += sizes[b]
        barred[b] = barred[:, b] = True


def _named(groups: Sequence[Sequence[Placed]], state: State) -> dict[str, str]:
    """A remark for each statement of each group, which are in order of their first statements."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    # Whoever had most of a remark's statements keeps it, before smaller groups are asked.
    claims = sorted(
        (-count, number, remark)
        for number, group in enumerate(groups)
        for remark, count in Counter(one.use.remark_id for one in group).items()
    )
    chosen: dict[int, str] = {}
    for _, number, remark in claims:
        if number not in chosen and remark not in taken:
            chosen[number] = remark
            taken.add(remark)
    for number, group in enumerate(groups):
        remark = chosen.get(number) or state.remarks.new_id(group[0].use.statement_id, taken)
        taken.add(remark)
        found.update(dict.fromkeys((one.use.statement_id for one in group), remark))
    return found


def followers(state: State, moved: Mapping[str, Move]) -> dict[str, Move]:
    """Where the statements of others that quote a remark go when nothing of his is left of it: with most of it."""
    went: dict[str, Counter[str]] = {}
    for statement_id, move in moved.items():
        went.setdefault(state.remarks.placed[statement_id].use.remark_id, Counter())[move.remark_id] += 1
    found = {}
    for remark_id, targets in went.items():
        left = [use for use in state.remarks.uses(remark_id) if use.use.statement_id not in moved]
        if not any(one.part.role in MEMBER_ROLES for one in left):
            target = min(targets, key=lambda target: (-targets[target], target))
            found.update(dict.fromkeys((one.use.statement_id for one in left), Move(target, reasons.FOLLOWED)))
    return found


def reassigned(decision: Decision, moved: Mapping[str, Move], weights: Sureness) -> list[Part]:
    """The parts of a decision with other remarks for some of its statements."""
    return [
        replace(
            part,
            remarks=[
                _moved(use, moved[use.statement_id], weights) if use.statement_id in moved else use
                for use in part.remarks
            ],
        )
        for part in decision.parts
    ]


def _moved(use: RemarkUse, move: Move, weights: Sureness) -> RemarkUse:
    sure = use.confidence if move.confidence is None else move.confidence
    evidence = [move.why, *reasons.of_repetition(use)]
    return replace(
        use, remark_id=move.remark_id, evidence=evidence, confidence=sure, review=remark_unsure(sure, weights)
    )
