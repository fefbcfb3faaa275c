"""Whether two whole articles tell the same: how much of each stands in the other, not how many words of a topic meet.

For articles of any news there is no occasion to go by. What two have in common is measured as a share of both (weighted
Dice coefficients of words, names and numbers, cosine of their beginnings, ratio of lengths), so that evidence must be
spread over the articles: a phrase or a paragraph of background in common is a small share of either. The weights are
those of a logistic regression on pairs (docs/quality-log.md), one for two articles of one language, one across
languages.
"""

import math
from collections.abc import Mapping

from processors.group.model import Agreement, Stories
from processors.group.report.occasions import Features
from processors.group.report.rarity import Rarity

# With so many members of a story, the earliest, an article is compared.
_COMPARED = 12


def members_compared(members: Mapping[str, Features]) -> list[str]:
    """Ids of those by which a story is known, the earliest published first."""
    return sorted(members, key=lambda report_id: (members[report_id].moment_ms, report_id))[:_COMPARED]


def agreement(
    ours: Features, members: Mapping[str, Features], cosines: Mapping[str, float], rarity: Rarity, model: Stories
) -> float:
    """Mean over the members compared of the log-odds that ours tells the same. ``cosines``: by member."""
    if model.same is None or model.cross is None or not cosines:
        return 0.0
    points = [
        _pair(
            ours,
            members[report_id],
            cosine,
            rarity,
            model.same if members[report_id].lang == ours.lang else model.cross,
        )
        for report_id, cosine in cosines.items()
    ]
    return math.fsum(points) / len(points)


def _pair(ours: Features, theirs: Features, cosine: float, rarity: Rarity, weights: Agreement) -> float:
    names = _dice(ours.names, theirs.names, "@", rarity)
    numbers = _dice(ours.numbers, theirs.numbers, "#", rarity)
    words = _dice(ours.words, theirs.words, "", rarity) if weights.words else 0.0
    return math.fsum(
        (
            weights.bias,
            weights.no_names if names is None else weights.names * names,
            weights.no_numbers if numbers is None else weights.numbers * numbers,
            weights.words * (words or 0.0),
            weights.cosine * cosine,
            weights.length * abs(math.log(max(1, ours.length) / max(1, theirs.length))),
        )
    )


def _dice(ours: frozenset[str], theirs: frozenset[str], prefix: str, rarity: Rarity) -> float | None:
    """Twice what both have, by how rare it is, in what each has; None where neither has anything."""
    if not prefix:
        total = rarity.squares(ours) + rarity.squares(theirs)
        return 2 * math.fsum(map(rarity.squared, ours & theirs)) / total if total else None
    total = math.fsum(rarity.of(prefix + v) for v in ours) + math.fsum(rarity.of(prefix + v) for v in theirs)
    return 2 * math.fsum(rarity.of(prefix + v) for v in ours & theirs) / total if total else None
