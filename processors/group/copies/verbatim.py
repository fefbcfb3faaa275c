"""Who copied whom: candidates by MinHash bands and rare shingles, verified exactly.

A report is a copy of an earlier one when half of the shingles of the shorter text stand in the other (containment
after Broder 1997), and half of what it has of the speaker stands there too: the same site furniture or the same
paragraph of background under different remarks is no copy. A quarter of the shingles is enough where most of his words
stand there and words that are not his own do as well: who adds background of their own to a cut agency text has copied,
who quotes the same sentences in an account of their own has not.

Where nothing of the speaker was found in the later text, the beginning of what the earlier one has of him must stand
in it beside half of the shingles, or nearly all of the shorter text is shared. Half of the shingles alone may be
background that two reports of two things have from one archive. Nor is a quarter of them enough with a phrase of his
that he repeats on many days: it stands in reports of any occasion.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from processors.annotate.features import band_keys
from processors.annotate.features.signature import Hashes
from processors.group.copies.postings import Postings
from processors.group.model import Copies
from processors.group.report.facts import Facts, Order
from runtime.agencies import means

# Of the shingles, one in four is posted: enough to find every pair with half of them in common.
_POSTED = 4


@dataclass(frozen=True)
class Match:
    """A verified pair. ``overlap``: share of our shingles that stand in theirs; ``said``: the same of his words, None
    where none were found in ours. Of a translation, how much of his statements stands there, or with ``sentences`` how
    much alike they are sentence by sentence.
    """

    other: Facts
    overlap: float
    said: float | None
    translated: bool = False
    sentences: bool = False


class CopyIndex:
    """The wording of all reports in the state. What it answers depends on what is in it, not on the order of adding."""

    def __init__(self, model: Copies) -> None:
        self._model = model
        # Reports by number, so that a posting is small; numbers of reports that are gone are given again.
        self._numbers: dict[str, int] = {}
        self._orders: list[Order] = []
        self._lengths: list[int] = []
        self._free: list[int] = []
        self._bands = Postings(self._orders.__getitem__)
        self._posted = Postings()
        self._last: tuple[Facts, list[int], list[int]] | None = None
        # By our id and theirs what ``original`` said for which stock, and by their id who asked for it.
        self._said: dict[str, dict[str, tuple[frozenset[str], Match | None]]] = {}
        self._asked: dict[str, set[str]] = {}

    def add(self, facts: Facts) -> None:
        if self._free:
            number = self._free.pop()
            self._orders[number], self._lengths[number] = facts.order, len(facts.shingles)
        else:
            number = len(self._orders)
            self._orders.append(facts.order)
            self._lengths.append(len(facts.shingles))
        self._numbers[facts.report.report_id] = number
        bands, posted = self._keys(facts)
        self._bands.add(bands, number)
        self._posted.add(posted, number)

    def remove(self, facts: Facts) -> None:
        number = self._numbers.pop(facts.report.report_id)
        bands, posted = self._keys(facts)
        self._bands.remove(bands, number)
        self._posted.remove(posted, number)
        self._free.append(number)
        self._last = None
        gone = facts.report.report_id
        for theirs in self._said.pop(gone, ()):
            self._asked[theirs].discard(gone)
        for ours in self._asked.pop(gone, ()):
            del self._said[ours][gone]

    def candidates(self, facts: Facts) -> list[str]:
        """Report ids that may share half of the wording, the likeliest first, at most as many as the model says.

        Shingles that more reports have than ``common`` are passed over: reports that share only such are found by
        their bands. Of a band that more reports have the earliest are taken: one of them is the original.
        """
        model, lengths = self._model, self._lengths
        bands, posted = self._keys(facts)
        votes = self._bands.count(bands, model.common)
        # Too few posted shingles in common for half of the shorter text, and no band: cannot be a copy.
        least = model.candidate_share / _POSTED
        enough = least * len(facts.shingles)
        for number, shared in self._posted.count(posted, model.common).items():
            if shared >= enough or shared >= least * lengths[number]:
                votes[number] += shared
        votes.pop(self._numbers.get(facts.report.report_id, -1), None)
        orders = self._orders
        ranked = sorted((-n, orders[number][2]) for number, n in votes.items())
        return [report_id for _, report_id in ranked[: model.candidates]]

    def original(self, ours: Facts, theirs: Facts, stock: frozenset[str] = frozenset()) -> Match | None:
        """Whether theirs can be the original of ours, both of them here: they precede, and ``compare`` says so.

        Remembered until one of them goes, or other statements of ours are stock. Reports are asked for again only in
        chains of copies, so only of these something is remembered, and most of it is asked for again with every copy
        that comes late.
        """
        our_id, their_id = ours.report.report_id, theirs.report.report_id
        said = self._said.setdefault(our_id, {})
        known = said.get(their_id)
        if known is None or known[0] != stock:
            match = compare(ours, theirs, self._model, stock) if precedes(theirs, ours) else None
            known = said[their_id] = stock, match
            self._asked.setdefault(their_id, set()).add(our_id)
        return known[1]

    def _keys(self, facts: Facts) -> tuple[list[int], list[int]]:
        """Keys of bands and posted shingles; the last are kept, as a report is mostly looked up and then added."""
        if self._last is None or self._last[0] is not facts:
            shingles = facts.shingles
            posted: list[int] = shingles[shingles % _POSTED == 0].tolist()
            self._last = facts, band_keys(facts.report.signature), posted
        return self._last[1], self._last[2]


def compare(ours: Facts, theirs: Facts, model: Copies, stock: frozenset[str] = frozenset()) -> Match | None:
    """Whether ours could be a copy of theirs, by wording alone; None where it could not. ``stock``: those of our
    statements that say nothing of the occasion.
    """
    a, b = ours.shingles, theirs.shingles
    if min(len(a), len(b)) < model.min_shingles:
        return None
    shared, least = common(a, b), min(len(a), len(b))
    if shared < model.part_containment * least:
        return None
    said = _share(ours.said, b)
    led = _share(theirs.lead, a) >= model.statements
    if not len(ours.said):
        if shared < model.unquoted * least and not (led and shared >= model.containment * least):
            return None
    elif shared < model.containment * least:
        if said < model.part_statements or not _retold(ours, b, model, stock):
            return None
    elif said < model.statements > _share(ours.lead, b) and not led:
        return None
    return Match(other=theirs, overlap=round(shared / len(a), 4), said=round(said, 4) if len(ours.said) else None)


def _retold(ours: Facts, theirs: Hashes, model: Copies, stock: frozenset[str]) -> bool:
    """Whether a reporter's words stand there: indirect speech, or what is around the statements. That stock stands
    there says nothing; that it does not has spoken against it.
    """
    telling = ours.without(stock)
    if stock and _share(telling.said, theirs) < model.part_statements:
        return False
    told = telling.told
    if len(told) >= model.part_shingles and _share(told, theirs) >= model.part_told:
        return True
    rest = np.setdiff1d(ours.shingles, ours.said, assume_unique=True)
    return len(rest) >= model.part_shingles and _share(rest, theirs) >= model.part_rest


def common(a: Hashes, b: Hashes) -> int:
    """How many hashes two sorted sets have in common."""
    few, many = (a, b) if len(a) < len(b) else (b, a)
    if not len(few):
        return 0
    places = many.searchsorted(few)
    # What is larger than all stands behind the last one, and is not it.
    return int(np.count_nonzero(many.take(places, mode="clip") == few))


def _share(part: Hashes, whole: Hashes) -> float:
    return common(part, whole) / len(part) if len(part) else 0.0


def precedes(theirs: Facts, ours: Facts) -> bool:
    """Whether they can be the original of ours: by the credit that one gives the other, else by time."""
    we_credit, they_credit = credits_it(ours, theirs), credits_it(theirs, ours)
    return we_credit if we_credit != they_credit else theirs.order < ours.order


def credits_it(ours: Facts, theirs: Facts) -> bool:
    """Whether ours names their outlet as its source (or their page as canonical)."""
    canonical = ours.report.canonical_url
    if canonical and canonical == theirs.report.url and canonical != ours.report.url:
        return True
    return names_it(ours, theirs)


def names_it(ours: Facts, theirs: Facts) -> bool:
    """Whether ours says in words that it has its text from their outlet, which is another than its own."""
    named = ours.report.credited
    return bool(named) and means(named, theirs.report.outlet) and not means(named, ours.report.outlet)


def best_original(ours: Facts, matches: Iterable[Match], model: Copies) -> Match | None:
    """The original among several whose overlap is near the best: the one that ours credits, else the earliest.

    Shares of wording and of translated sentences are no one scale: with half of its wording from a text of its own
    language, an article is no translation, however much of it stands in another language, too.
    """
    found = list(matches)
    found = [m for m in found if not m.translated and m.overlap >= model.containment] or found
    if not found:
        return None
    best = max(match.overlap for match in found)
    near = [match for match in found if match.overlap >= best - model.near_best]
    # Other papers had it from the agency before us: we have it from there, too, if we say so.
    return min(near, key=lambda match: (not credits_it(ours, match.other), match.other.order))
