"""Statements in the making, and how overlapping ones are settled."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from processors.annotate.statements.people.person import Person
from processors.annotate.statements.text.quotes import Quote
from schemas import Entity, Span, StatementKind


@dataclass(slots=True)
class Draft:
    """``spoken``: the words stand between the dashes of direct speech. ``likely``: how likely it is that they are the
    speaker's, where no attribution says so.
    """

    start: int
    end: int
    speaker: Person | None
    source: Span | None
    cue: Span | None
    sentence: int
    nested: bool = False
    spoken: bool = False
    likely: float | None = None


_S = TypeVar("_S", Quote, Entity, Draft)


def kind_of(draft: Draft, quotes: list[Quote], starts: list[int]) -> StatementKind:
    near = overlapping(quotes, starts, draft.start, draft.end)
    inside = [q for q in near if q.start >= draft.start and q.end <= draft.end + 1]
    if draft.spoken:
        return "direct"
    if not inside:
        return "direct" if any(q.start <= draft.start and draft.end <= q.end for q in near) else "indirect"
    quoted = sum(q.end - q.start for q in inside)
    return "direct" if quoted >= 0.9 * (draft.end - draft.start) else "mixed"


def overlapping(spans: Sequence[_S], starts: list[int], start: int, end: int) -> list[_S]:
    """Those of sorted, disjoint spans that overlap ``[start, end)``."""
    first = max(0, bisect.bisect_right(starts, start) - 1)
    return [s for s in spans[first : bisect.bisect_left(starts, end)] if s.end > start]


def settle(drafts: Sequence[Draft], text: str) -> tuple[list[Draft], list[Draft]]:
    """Disjoint statements by position, and those that stand within another speaker's words.

    A draft inside another is dropped, unless it is ``nested``; of two that overlap the later one is cut.
    """
    kept: list[Draft] = []
    for draft in sorted((d for d in drafts if not d.nested), key=lambda d: (d.start, -d.end)):
        if kept and draft.end <= kept[-1].end:
            continue
        if kept and draft.start < kept[-1].end:
            draft.start = kept[-1].end
            while draft.start < draft.end and text[draft.start] in " \n,.;:":
                draft.start += 1
        if draft.end - draft.start > 1:
            kept.append(draft)
    same = {(d.start, d.end) for d in kept}
    nested: dict[tuple[int, int], Draft] = {}
    for draft in drafts:
        if draft.nested and (draft.start, draft.end) not in same:
            nested.setdefault((draft.start, draft.end), draft)
    return kept, list(nested.values())
