"""Whether a story is of two occasions: how well each two of its reports go together, and where it would part.

A cut in two is judged by what lies between the parts, weighed by their sizes, as in spectral clustering (normalized
cuts, Shi & Malik 2000); there are so few reports that all cuts are looked at. Whole numbers only, so that the order of
the reports does not show in the last digit.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from processors.group.model import Together
from processors.group.report.media import same_medium
from processors.group.report.occasions import LOOSE, Features, kinds_agree
from processors.group.vectors.priors import Floats

Table = npt.NDArray[np.int64]
_THOUSAND = 1000
# Log-odds of pairs above which they go no better together.
_CLOSE = 3
READINGS = ("best", "covered", "kind", "kind_other", "place", "counterpart", "medium", "date_other")
"""What is read from two reports, by the names of the weights."""


def together(reports: Sequence[Features], sizes: Sequence[int], cosines: Floats, weights: Together) -> Table:
    """Log-odds of each two reports being of one occasion, in thousandths; 0 on the diagonal. Shape: (reports, reports).

    ``cosines`` and ``sizes`` as in ``readings``.
    """
    found = np.full((len(reports), len(reports)), _THOUSAND * weights.bias)
    for name, values in zip(READINGS, readings(reports, sizes, cosines, weights.covered_from), strict=True):
        found += getattr(weights, name) * values
    whole: Table = np.rint(found).astype(np.int64)
    np.fill_diagonal(whole, 0)
    return whole


def readings(reports: Sequence[Features], sizes: Sequence[int], cosines: Floats, covered_from: float) -> Table:
    """What is read from each two reports, in thousandths. Shape: (``READINGS``, reports, reports).

    ``cosines``: of their statements to each other, those of the first report first, as ``Vectors.propositions`` has
    them; ``sizes``: how many each report has, at least one.
    """
    starts = np.cumsum([0, *sizes[:-1]])
    nearest = np.maximum.reduceat(cosines, starts, axis=1)  # of each statement to each report
    beyond = np.rint(_THOUSAND * np.maximum(nearest - covered_from, 0)).astype(np.int64)
    covered = np.add.reduceat(beyond, starts, axis=0)
    found = np.zeros((len(READINGS), len(reports), len(reports)), dtype=np.int64)
    found[0] = np.rint(_THOUSAND * np.maximum.reduceat(nearest, starts, axis=0))
    found[1] = np.minimum(covered, covered.T)
    for i, one in enumerate(reports):
        for j in range(i):
            found[2:, i, j] = found[2:, j, i] = _told(one, reports[j])
    return found


def _told(one: Features, other: Features) -> list[int]:
    """What two reports tell of their occasions, without what was said there: the other readings."""
    ours, theirs = one.kinds or one.scene_kinds, other.kinds or other.scene_kinds
    told = (
        not (ours & theirs) <= LOOSE,
        bool(ours and theirs) and not any(kinds_agree(a, b) for a in ours for b in theirs),
        bool(one.places & other.places),
        bool(one.counterparts & other.counterparts),
        any(same_medium(a, b) for a in one.media for b in other.media),
        bool(one.dates and other.dates) and not one.dates & other.dates,
    )
    return [_THOUSAND * value for value in told]


def best_cut(log_odds: Table, weights: Together) -> tuple[list[int], float]:
    """The one of two parts that has not the first report, and what speaks for the cut, in log-odds; of equal cuts any,
    but always the same.

    That is what lies between the parts, for each pair less than ``within`` of what the pairs of the looser part have on
    average (at most ``_CLOSE``): who goes well together sets off who goes less well. ``alone`` speaks against a part of
    one report: it may say what no other says.
    """
    count = len(log_odds)
    if count < 2:
        return [], 0.0
    there = _cuts(count)
    sizes = there.sum(axis=1)
    rest = count - sizes
    # Whole numbers are exact as floats, whose products are many times faster.
    each = there @ log_odds.astype(np.float64)
    between, inside = (each * (1 - there)).sum(axis=1), (each * there).sum(axis=1)
    outside = log_odds.sum() - 2 * between - inside
    looser = np.minimum(_mean(inside, sizes), _mean(outside, rest)).clip(0, _CLOSE * _THOUSAND)
    strength = (weights.within * sizes * rest * looser - between) / np.sqrt(sizes * rest) / _THOUSAND
    strength[(sizes == 1) | (rest == 1)] -= weights.alone
    chosen = int(strength.argmax())
    return np.flatnonzero(there[chosen]).tolist(), float(strength[chosen])


def _mean(sums: Floats, sizes: Floats) -> Floats:
    """Of the pairs within parts, each counted twice in the sums; one report has no pair, and is as close as can be."""
    pairs = sizes * (sizes - 1)
    return np.where(pairs > 0, sums / np.maximum(pairs, 1), np.inf)


@cache
def _cuts(count: int) -> Floats:
    """All cuts of so many in two, a row each: 1 for those of the part that has not the first."""
    numbers = np.arange(1, 1 << (count - 1))
    return np.asarray((numbers[:, None] << 1 >> np.arange(count)) & 1, dtype=np.float64)
