"""What stands beside a statement in its article says what it is about, too.

A quote often makes no sense alone ("Nobody writes us such letters") and follows, or is followed by, the sentence that
it bears out. So where the statements of a story are divided into remarks, each brings a share of its neighbours'
vectors, the less the farther away these stand. That puts quotes and the plain sentences of other outlets together.
"""

import math
from collections.abc import Sequence

from schemas import Statement

OWN = 128
"""What a statement's own vector weighs; shares of neighbours are given in the same unit."""

# Shares of the neighbour before and of the one after where they touch, and the characters by which they fall to 1/e.
_BEFORE, _AFTER, _REACH = 0.20, 0.13, 50.0
# So many on each side at most: in a text of many nested quotes a statement must not drown in others.
_MOST = 2
_FARTHEST = 200


def _by_gap(share: float) -> list[int]:
    return [round(OWN * share * math.exp(-gap / _REACH)) for gap in range(_FARTHEST)]


_SHARES_BEFORE, _SHARES_AFTER = _by_gap(_BEFORE), _by_gap(_AFTER)


def neighbours(statements: Sequence[Statement]) -> dict[str, list[tuple[str, int]]]:
    """For each statement of one report, by id, the ids of those beside it and what they weigh; together less than
    ``OWN``.
    """
    order = sorted(statements, key=lambda s: (s.start, s.end, s.statement_id))
    found: dict[str, list[tuple[str, int]]] = {s.statement_id: [] for s in order}
    for at, first in enumerate(order):
        for second in order[at + 1 : at + 1 + _MOST]:
            gap = max(0, second.start - first.end)
            if gap >= _FARTHEST:
                break
            if share := _SHARES_BEFORE[gap]:
                found[second.statement_id].append((first.statement_id, share))
            if share := _SHARES_AFTER[gap]:
                found[first.statement_id].append((second.statement_id, share))
    return found
