"""Of which earlier report one is a copy, and which others may be copies of it: by wording, else by translation."""

from collections.abc import Iterable

from processors.group.copies.translations import comparable, promising, translated, translation_candidates
from processors.group.copies.verbatim import Match, compare, credits_it, names_it, precedes
from processors.group.decision.case import Case, stock_of
from processors.group.report.facts import DAY_MS, Facts
from schemas import Evidence


def copy_candidates(case: Case) -> tuple[list[Match], frozenset[str]]:
    """Possible originals of a report, and those that it may be the original of."""
    facts, model = case.facts, case.model.copies
    others = _candidates(case)
    originals: list[Match] = []
    later: set[str] = set()
    for other in others:
        if precedes(other, facts):
            match = compare(facts, other, model, case.stock)
            originals += [match] if match is not None else []
        elif compare(other, facts, model, stock_of(case.state, other)) is not None:
            later.add(other.report.report_id)
    barred = {match.other.report.report_id for match in originals} | later
    for match in _translations(case, [other for other in _alike(case) if other.report.report_id not in barred]):
        if precedes(match.other, facts):
            originals.append(match)
        else:
            later.add(match.other.report.report_id)
    return originals, frozenset(later)


def originals_again(case: Case) -> list[Match]:
    """Possible originals of a report that is in the state: the first of ``copy_candidates``, for less work where all
    of a long chain of copies are asked.
    """
    facts, copies = case.facts, case.state.copies
    originals = [match for other in _candidates(case) if (match := copies.original(facts, other, case.stock))]
    barred = {match.other.report.report_id for match in originals}
    others = [o for o in _alike(case) if o.report.report_id not in barred and precedes(o, facts)]
    return originals + _translations(case, others)


def _candidates(case: Case) -> list[Facts]:
    """Reports whose wording may be alike, the likeliest first."""
    return _usable(case, case.state.copies.candidates(case.facts))


def _usable(case: Case, report_ids: Iterable[str]) -> list[Facts]:
    """Those that a person did not part from the report, that were decided, and that are near it in time."""
    facts, decisions = case.state.facts, case.state.decisions
    # What is brought from an archive is in the state with today's reports, and is of another occasion.
    reach, moment = round(case.model.window_days * DAY_MS), case.facts.moment_ms
    barred = case.overrides.cannot_link(case.facts.report.report_id)
    return [
        facts[r]
        for r in report_ids
        if r not in barred
        and (decision := decisions.get(r)) is not None
        and decision.parts
        and abs(facts[r].moment_ms - moment) <= reach
    ]


def _alike(case: Case) -> list[Facts]:
    """Reports that may tell the same in another language."""
    if case.similar is None:
        return []
    state, model = case.state, case.model.copies
    return _usable(case, translation_candidates(case.facts, case.similar, state.vectors, state.remarks.tellers, model))


def _translations(case: Case, others: list[Facts]) -> list[Match]:
    """Those of which one could be a translation of the other."""
    similar, vectors, model = case.similar, case.state.vectors, case.model.copies
    chosen = [other for other in others if comparable(case.facts, other, model)]
    if similar is None or not chosen:
        return []
    having = ((other, [s for s in other.statements if vectors.row(s) is not None]) for other in chosen)
    said = [(other, statement_ids) for other, statement_ids in having if statement_ids]
    if not said:
        return []
    lengths = [len(statement_ids) for _, statement_ids in said]
    whole = similar.to(vectors.rows([s for _, statement_ids in said for s in statement_ids]))
    found, last = [], 0
    for (other, statement_ids), likely in zip(said, promising(whole, lengths, model), strict=True):
        first, last = last, last + len(statement_ids)
        if likely:
            found.append(translated(case.facts, other, similar, statement_ids, whole[:, first:last], model))
    return [match for match in found if match is not None]


def copy_evidence(original: Match) -> Evidence:
    other, share = original.other.report, f"{original.overlap:.0%}"
    if original.sentences:
        value = f"told there sentence by sentence, alike by {share}"
    elif original.translated:
        value = f"{share} of its statements stand there"
    elif original.said is None:
        value = f"{share} of its wording stands there; none of his words were found in it"
    else:
        value = f"{share} of its wording and {original.said:.0%} of his words in it stand there"
    return Evidence(
        feature="translation" if original.translated else "wording",
        value=value,
        other=other.outlet.id,
        against=other.report_id,
        score=original.overlap,
    )


def credit_evidence(ours: Facts, original: Match) -> list[Evidence]:
    """That a copy names its original as its source, and whether that alone makes it the copy of the two."""
    theirs = original.other.report
    if not credits_it(ours, original.other):
        return []
    named = ours.report.credited if names_it(ours, original.other) else None
    value = f"names {named} as its source" if named else "gives its address as its own"
    if ours.order < original.other.order:
        value += "; so it is the copy, though the earlier one"
    return [Evidence(feature="credit", value=value, other=theirs.outlet.id, against=theirs.report_id)]
