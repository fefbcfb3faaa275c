"""Which passages brought a report to its story or its original: pairs of statements, the few that say most.

Told for a person to look at. What decides are the likenesses of all statements (stories/score.py) and the wording of
the whole text (copies/).
"""

from typing import NamedTuple

import numpy as np

from processors.annotate.features import shingles_of
from processors.group.copies.verbatim import Match, common
from processors.group.decision.case import Case
from processors.group.remarks.reasons import passage
from processors.group.report.facts import Facts, words_of
from processors.group.vectors.priors import Floats
from processors.group.vectors.propositions import on_the_scale_of_plain
from processors.group.vectors.store import Rows
from schemas import Evidence

_MOST_TOLD = 2
# Of a copy's statements so many, the longest, are looked for in the original.
_MOST_SOUGHT = 4
# A statement stands in the original where so much of its wording does.
_STANDS = 0.75
# Products of equal vectors may differ by so much.
_ROUNDING = 1e-9


class Compared(NamedTuple):
    """How alike our ``telling`` statements are to others, which stand in ``rows`` of the vectors."""

    telling: list[str]
    rows: Rows
    cosines: Floats


def most_alike(case: Case, compared: Compared, *, least: float, projected: bool = True) -> list[Evidence]:
    """The statement most like each of ours, for those that are more alike than ``least``, the likest first;
    ``projected``: the cosines are of projected vectors.
    """
    state, best = case.state, compared.cosines.max(axis=1)
    plain = on_the_scale_of_plain(best) if projected else best
    found = []
    for number in np.argsort(-plain, kind="stable")[:_MOST_TOLD].tolist():
        if plain[number] <= least:
            break
        # Of equals the one whose id comes first: rows depend on what came and went before.
        equals = np.nonzero(compared.cosines[number] >= best[number] - _ROUNDING)[0]
        their_id = min(state.vectors.statement(row) for row in compared.rows[equals].tolist())
        theirs = state.facts[state.said_in[their_id]]
        ours = case.facts, compared.telling[number]
        found.append(passage(ours, (theirs, their_id), float(plain[number]), case.rarity))
    return found


def copied(case: Case, original: Match) -> list[Evidence]:
    """The longest statements that stand in the original; of a translation those most alike."""
    if original.translated:
        return _translated(case, original.other)
    ours, theirs, found = case.facts, original.other, list[Evidence]()
    telling = [s for s in ours.statements.values() if s.statement_id not in case.stock]
    for statement in sorted(telling, key=lambda s: (-len(s.text), s.start))[:_MOST_SOUGHT]:
        wording = shingles_of(words_of(statement.text))
        share = common(wording, theirs.shingles) / len(wording) if len(wording) else 0.0
        their_id = _likest(ours.words[statement.statement_id], theirs)
        if share >= _STANDS and their_id is not None:
            found.append(passage((ours, statement.statement_id), (theirs, their_id), share, case.rarity))
    return found[:_MOST_TOLD]


def _likest(words: frozenset[str], theirs: Facts) -> str | None:
    """Their statement that has most of these words, and of such the shortest; None where none has any."""
    shared = {s: len(words & having) for s, having in theirs.words.items()}
    best = min(shared, key=lambda s: (-shared[s], len(theirs.words[s]), s), default=None)
    return best if best is not None and shared[best] else None


def _translated(case: Case, theirs: Facts) -> list[Evidence]:
    similar, vectors = case.similar, case.state.vectors
    rows = vectors.rows(list(theirs.statements))
    if similar is None or not len(rows):
        return []
    telling = [s for s in case.facts.statements if s in similar.statements and case.facts.statements[s].vector]
    cosines = similar.to(rows)[[similar.statements[s] for s in telling]]
    return most_alike(case, Compared(telling, rows, cosines), least=0.0, projected=False) if telling else []
