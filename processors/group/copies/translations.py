"""Copies in another language: sentence for sentence the same, in the same order.

An independent report of the same occasion shares some remarks; a translation shares nearly all sentences, in the order
of the original. Two texts are aligned as in Gale & Church (1993), sentence by sentence, with three kinds of evidence
where there is one of two: the lengths, the names and numbers, and the vectors of the speaker's statements.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from processors.group.copies.postings import ranked
from processors.group.copies.verbatim import Match, precedes
from processors.group.model import Copies
from processors.group.report.facts import HOUR_MS, Facts
from processors.group.report.media import is_id, name_key
from processors.group.vectors.priors import Floats
from processors.group.vectors.store import Similar, Vectors

# Weights of the evidence in the cost of a pair of sentences; a statement's vector says most.
_LENGTH, _MARKS, _VECTOR = 1.0, 1.0, 2.0
# A sentence without a counterpart costs this.
_GAP = 0.55
_FEW_STATEMENTS = 0.3
# Fewer sentences tell nothing, and a text with many more than the other is no translation of it, unless it was cut.
_SENTENCES, _SENTENCES_RATIO = 3, 0.6
# So many sentences tell by themselves, however the statements were found in each language.
_MANY = 5
# Statements told in half as many sentences, or twice as many, are no translation sentence by sentence, unless they are
# this much alike.
_UNEVEN_MEAN = 0.6

Pairs = dict[tuple[str, str], float]
"""Cosines of our statements to theirs, by ids."""


@dataclass(frozen=True)
class Sentence:
    """Its length in characters, names and numbers in one spelling, and the statements in it."""

    length: int
    marks: frozenset[str]
    statements: tuple[str, ...]


def translation_candidates(
    facts: Facts, similar: Similar, vectors: Vectors, tellers: Callable[[Iterable[str]], Counter[str]], model: Copies
) -> list[str]:
    """Reports with statements like ours; ``similar``: our statements; ``tellers``: who has stored statements."""
    if not facts.statements:
        return []
    rows, table = similar.near()
    alike = rows[table.max(axis=0) >= model.translated_similarity].tolist()
    votes = tellers(map(vectors.statement, alike))
    votes.pop(facts.report.report_id, None)
    return list(islice(ranked(votes, model.translated_candidates), model.translated_candidates))


def comparable(ours: Facts, theirs: Facts, model: Copies) -> bool:
    """Whether they are in two languages, and about as long; one that was cut may be shorter, not longer."""
    if ours.report.lang == theirs.report.lang or not ours.report.lang or not theirs.report.lang:
        return False
    return _ratio(ours.report.context.length, theirs.report.context.length) >= model.translated_cut


def promising(table: Floats, lengths: Sequence[int], model: Copies) -> list[bool]:
    """Which texts may be alike enough on average for ``translated``; they stand side by side in a table of cosines,
    ``lengths`` columns each, none of them 0.
    """
    starts = np.cumsum([0, *lengths[:-1]])
    ours = np.maximum.reduceat(table, starts, axis=1).mean(axis=0)
    theirs = np.add.reduceat(table.max(axis=0), starts) / np.array(lengths)
    # Sums in another order differ in the last digits.
    likely: list[bool] = ((ours + theirs) / 2 >= model.aligned_mean - 1e-9).tolist()
    return likely


def translated(
    ours: Facts, theirs: Facts, similar: Similar, said: Sequence[str], table: Floats, model: Copies
) -> Match | None:
    """Whether one could be a translation of the other, if they are ``comparable``; None where it could not.

    ``said``: ids of those of their statements that have a vector, ``table``: cosines of ours (rows) to these.
    """
    if not table.size:
        return None
    mean = (float(table.max(axis=1).mean()) + float(table.max(axis=0).mean())) / 2
    if mean < model.aligned_mean:
        return None
    rows = table.tolist()
    pairs = {(s, t): rows[i][j] for s, i in similar.statements.items() for j, t in enumerate(said)}
    if _ratio(ours.report.context.length, theirs.report.context.length) < model.translated_length:
        return _cut(ours, theirs, pairs, model)
    if mean < model.translated_mean:
        return _by_sentences(ours, theirs, pairs, model, alike=False)
    return _by_statements(ours, theirs, table, pairs, model) or _by_sentences(ours, theirs, pairs, model, alike=True)


def _by_statements(ours: Facts, theirs: Facts, table: Floats, pairs: Pairs, model: Copies) -> Match | None:
    """Nearly all statements of both, in one order; the rest of the article may have been cut."""
    a, b = ours.report.context, theirs.report.context
    if min(table.shape) < model.translated_statements:
        return None
    if _ratio(*table.shape) < 0.5 or _jaccard(set(a.names), set(b.names)) < model.translated_names:
        return None
    our_best, their_best = table.max(axis=1), table.max(axis=0)
    covered = min(_covered(our_best, model), _covered(their_best, model))
    order = np.diff(table.argmax(axis=1))
    mean = (float(np.mean(our_best)) + float(np.mean(their_best))) / 2
    # Of few statements more must be there: three of five may be what everybody reported.
    needed = model.translated_covered + _FEW_STATEMENTS / min(table.shape)
    if covered < needed or mean < model.translated_mean:
        return None
    if len(order) and float(np.mean(order >= 0)) < model.translated_order:
        return None
    ours_told, theirs_told = _sentences(ours), _sentences(theirs)
    few, even = min(len(ours_told), len(theirs_told)), _ratio(len(ours_told), len(theirs_told)) >= _SENTENCES_RATIO
    if few and not even and mean < _UNEVEN_MEAN:
        return None
    if few >= _SENTENCES and even and aligned(ours_told, theirs_told, pairs) > model.aligned_most:
        return None
    return Match(other=theirs, overlap=round(covered, 4), said=round(mean, 4), translated=True)


def _by_sentences(ours: Facts, theirs: Facts, pairs: Pairs, model: Copies, *, alike: bool) -> Match | None:
    """Nearly all sentences, with few statements of his among them; published within two days. ``alike``: what was found
    of his words is; else there must be many sentences.
    """
    if not _soon(ours, theirs, model):
        return None
    a, b = _sentences(ours), _sentences(theirs)
    few = min(len(a), len(b))
    if few < (_SENTENCES if alike else _MANY) or _ratio(len(a), len(b)) < _SENTENCES_RATIO:
        return None
    return _match(theirs, aligned(a, b, pairs), model.aligned_many if few >= _MANY else model.aligned_cost)


def _cut(ours: Facts, theirs: Facts, pairs: Pairs, model: Copies) -> Match | None:
    """Nearly all sentences of the shorter one, in order, where the longer one came first."""
    if not _soon(ours, theirs, model):
        return None
    longer = theirs.report.context.length > ours.report.context.length
    if not (precedes(theirs, ours) if longer else precedes(ours, theirs)):
        return None
    a, b = _sentences(ours), _sentences(theirs)
    if min(len(a), len(b)) < _MANY:
        return None
    cost = aligned_cut(a, b, pairs) if longer else aligned_cut(b, a, {(t, s): n for (s, t), n in pairs.items()})
    return _match(theirs, cost, model.aligned_cut)


def _match(theirs: Facts, cost: float, most: float) -> Match | None:
    if cost > most:
        return None
    return Match(other=theirs, overlap=round(1 - cost, 4), said=round(1 - cost, 4), translated=True, sentences=True)


def _soon(ours: Facts, theirs: Facts, model: Copies) -> bool:
    if not ours.report.published or not theirs.report.published:
        return False
    return abs(ours.moment_ms - theirs.moment_ms) <= model.translated_hours * HOUR_MS


def aligned(a: list[Sentence], b: list[Sentence], similar: Pairs) -> float:
    """The least cost of aligning two texts in order, per sentence of the longer one, between 0 (all agree) and 1."""
    shift = math.log(sum(s.length for s in b) / sum(s.length for s in a))
    return _least(a, b, similar, shift, _GAP) / max(len(a), len(b))


def aligned_cut(short: list[Sentence], long: list[Sentence], similar: Pairs) -> float:
    """The least cost of finding the sentences of a text in a longer one, in order, per sentence of the shorter: what is
    left out of the longer costs nothing.
    """
    return _least(short, long, similar, 0.0, 0.0) / len(short)


def _least(a: list[Sentence], b: list[Sentence], similar: Pairs, shift: float, left_out: float) -> float:
    """``shift``: logarithm of how much longer theirs are; ``left_out``: the cost of a sentence of theirs alone."""
    before = [left_out * j for j in range(len(b) + 1)]
    for i, ours in enumerate(a, 1):
        row = [_GAP * i]
        for j, theirs in enumerate(b, 1):
            gap = min(before[j] + _GAP, row[j - 1] + left_out)
            pair = before[j - 1]
            row.append(gap if pair >= gap else min(gap, pair + _cost(ours, theirs, shift, similar)))
        before = row
    return before[-1]


def _cost(ours: Sentence, theirs: Sentence, shift: float, similar: Pairs) -> float:
    total, weight = _LENGTH * min(1.0, abs(math.log(theirs.length / ours.length) - shift)), _LENGTH
    named = ours.marks | theirs.marks
    if named:
        total += _MARKS * (1 - len(ours.marks & theirs.marks) / len(named))
        weight += _MARKS
    known = [similar[pair] for s in ours.statements for t in theirs.statements if (pair := (s, t)) in similar]
    if known:
        total += _VECTOR * (1 - min(1.0, max(0.0, max(known) / 0.6)))
        weight += _VECTOR
    return total / weight


def _sentences(facts: Facts) -> list[Sentence]:
    """The sentences of the text, each with the statements of which most lies in it, or that fill most of it."""
    found = []
    for line in facts.report.context.lines.splitlines():
        first, last, *marks = line.split("\t")
        start, end = int(first), int(last)
        inside = tuple(
            s.statement_id
            for s in facts.statements.values()
            if 2 * (min(end, s.end) - max(start, s.start)) > min(end - start, s.end - s.start)
        )
        found.append(Sentence(max(1, end - start), frozenset(map(name_key, marks)), inside))
    return found


def _covered(best: Floats, model: Copies) -> float:
    return float(np.mean(best >= model.translated_similarity))


def _ratio(one: int, other: int) -> float:
    return min(one, other) / max(1, one, other)


def _jaccard(one: set[str], other: set[str]) -> float:
    # Only identified names are the same in two languages.
    one, other = (set(filter(is_id, names)) for names in (one, other))
    return len(one & other) / len(one | other) if one or other else 0.0
