"""Who copied whom: candidates by MinHash bands and rare shingles, verified exactly.

A report is a copy of an earlier one when half of the shingles of the shorter text stand in the other (containment
after Broder 1997), and half of what it has of the speaker stands there too: the same site furniture or the same
paragraph of background under different remarks is no copy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from processors.annotate.features.signature import Hashes
from processors.group.facts import Facts
from processors.group.model import Copies

# Of the shingles, one in four is posted: enough to find every pair with half of them in common.
_POSTED = 4


@dataclass(frozen=True)
class Match:
    """A verified pair. ``overlap``: share of our shingles that stand in theirs; ``said``: the same of his words."""

    other: Facts
    overlap: float
    said: float
    translated: bool = False


class CopyIndex:
    """The wording of all reports in the state. What it answers depends on what is in it, not on the order of adding."""

    def __init__(self, model: Copies) -> None:
        self._model = model
        self._bands: dict[bytes, set[str]] = {}
        self._posted: dict[int, set[str]] = {}
        self._lengths: dict[str, int] = {}

    def add(self, facts: Facts) -> None:
        self._lengths[facts.report.report_id] = len(facts.shingles)
        for store, key in self._keys(facts):
            store.setdefault(key, set()).add(facts.report.report_id)

    def remove(self, facts: Facts) -> None:
        del self._lengths[facts.report.report_id]
        for store, key in self._keys(facts):
            found = store.get(key)
            if found is not None:
                found.discard(facts.report.report_id)
                if not found:
                    del store[key]

    def candidates(self, facts: Facts) -> list[str]:
        """Report ids that may share half of the wording, the likeliest first, at most as many as the model says.

        Shingles that more reports have than ``common`` are passed over: reports that share only such are found by
        their bands.
        """
        same_band: Counter[str] = Counter()
        shared: Counter[str] = Counter()
        for band in facts.bands:
            same_band.update(self._bands.get(band, ()))
        for shingle in self._to_post(facts):
            having = self._posted.get(shingle, ())
            if len(having) <= self._model.common:
                shared.update(having)
        # Too few posted shingles in common for half of the shorter text, and no band: cannot be a copy.
        votes = same_band + Counter({r: n for r, n in shared.items() if n >= self._least(facts, r)})
        del votes[facts.report.report_id]
        ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        return [report_id for report_id, _ in ranked[: self._model.candidates]]

    def _least(self, facts: Facts, report_id: str) -> float:
        shorter = min(len(facts.shingles), self._lengths[report_id])
        return self._model.candidate_share * shorter / _POSTED

    def _to_post(self, facts: Facts) -> list[int]:
        posted: list[int] = facts.shingles[facts.shingles % _POSTED == 0].tolist()
        return posted

    def _keys(self, facts: Facts) -> Iterator[tuple[dict, object]]:  # type: ignore[type-arg]
        for band in facts.bands:
            yield self._bands, band
        for shingle in self._to_post(facts):
            yield self._posted, shingle


def compare(ours: Facts, theirs: Facts, model: Copies) -> Match | None:
    """Whether ours could be a copy of theirs, by wording alone; None where it could not."""
    a, b = ours.shingles, theirs.shingles
    if min(len(a), len(b)) < model.min_shingles:
        return None
    shared = len(np.intersect1d(a, b, assume_unique=True))
    if shared < model.containment * min(len(a), len(b)):
        return None
    said = max(_share(ours.said, b), 0.0 if len(ours.said) else 1.0)
    lead = max(_share(ours.lead, b), _share(theirs.lead, a))
    if said < model.statements and lead < model.statements:
        return None
    return Match(other=theirs, overlap=round(shared / len(a), 4), said=round(said, 4))


def _share(part: Hashes, whole: Hashes) -> float:
    return float(np.isin(part, whole, assume_unique=True).sum()) / len(part) if len(part) else 0.0


def precedes(theirs: Facts, ours: Facts) -> bool:
    """Whether they can be the original of ours: by the credit that one gives the other, else by time."""
    we_credit, they_credit = _credits(ours, theirs), _credits(theirs, ours)
    return we_credit if we_credit != they_credit else theirs.order < ours.order


def _credits(ours: Facts, theirs: Facts) -> bool:
    """Whether ours names their outlet as its source (or their page as canonical)."""
    canonical = ours.report.canonical_url
    if canonical and canonical == theirs.report.url and canonical != ours.report.url:
        return True
    credited = (ours.report.credited or "").casefold()
    outlet = theirs.report.outlet
    return bool(credited) and outlet.id != ours.report.outlet.id and credited in {
        outlet.id.casefold(),
        outlet.name.casefold(),
    }  # fmt: skip


def best_original(matches: Iterable[Match], model: Copies) -> Match | None:
    """Of the possible originals the earliest of those whose overlap is near the best."""
    found = list(matches)
    if not found:
        return None
    best = max(match.overlap for match in found)
    near = [match for match in found if match.overlap >= best - model.near_best]
    return min(near, key=lambda match: match.other.order)
