"""Copies in another language: sentence for sentence the same, in the same order.

An independent report of the same occasion shares some remarks; a translation shares nearly all of them, in the order
of the original, names the same people and places, and is about as long.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from processors.group.copies import Match
from processors.group.facts import Facts
from processors.group.model import Copies
from processors.group.priors import Floats
from processors.group.vectors import Similar, Vectors


def translation_candidates(
    facts: Facts, similar: Similar, vectors: Vectors, tellers: Callable[[str], Iterable[str]], model: Copies
) -> list[str]:
    """Reports with most statements like ours; ``similar``: our statements; ``tellers``: who has a stored statement."""
    if len(facts.statements) < model.translated_statements:
        return []
    rows, table = similar.near()
    votes: Counter[str] = Counter()
    for row in rows[(table >= model.translated_similarity).any(axis=0)].tolist():
        votes.update(tellers(vectors.statement(row)))
    votes.pop(facts.report.report_id, None)
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    return [report_id for report_id, _ in ranked[: model.translated_candidates]]


def translated(ours: Facts, theirs: Facts, similar: Similar, vectors: Vectors, model: Copies) -> Match | None:
    """Whether one could be a translation of the other; None where it could not."""
    if ours.report.lang == theirs.report.lang or not ours.report.lang or not theirs.report.lang:
        return None
    a, b = ours.report.context, theirs.report.context
    rows = vectors.rows(list(theirs.statements))
    if min(len(ours.statements), len(rows)) < model.translated_statements:
        return None
    if _ratio(a.length, b.length) < model.translated_length or _ratio(len(ours.statements), len(rows)) < 0.5:
        return None
    if _jaccard(set(a.names), set(b.names)) < model.translated_names:
        return None
    table = similar.to(rows)
    our_best, their_best = table.max(axis=1), table.max(axis=0)
    covered = min(_covered(our_best, model), _covered(their_best, model))
    order = np.diff(table.argmax(axis=1))
    mean = (float(np.mean(our_best)) + float(np.mean(their_best))) / 2
    if covered < model.translated_covered or mean < model.translated_mean:
        return None
    if len(order) and float(np.mean(order >= 0)) < model.translated_order:
        return None
    return Match(other=theirs, overlap=round(covered, 4), said=round(mean, 4), translated=True)


def _covered(best: Floats, model: Copies) -> float:
    return float(np.mean(best >= model.translated_similarity))


def _ratio(one: int, other: int) -> float:
    return min(one, other) / max(1, one, other)


def _jaccard(one: set[str], other: set[str]) -> float:
    # Only identified names are the same in two languages.
    one, other = ({name for name in names if name[:1] == "Q" and name[1:].isdigit()} for names in (one, other))
    return len(one & other) / len(one | other) if one or other else 0.0
