"""Of which earlier report one is a copy, and which others may be copies of it: by wording, else by translation."""

from processors.group.copies.translations import comparable, promising, translated, translation_candidates
from processors.group.copies.verbatim import Match, compare, precedes
from processors.group.decision.case import Case
from processors.group.report.facts import DAY_MS, Facts
from schemas import Evidence


def copy_candidates(case: Case) -> tuple[list[Match], frozenset[str]]:
    """Possible originals of a report, and those that it may be the original of."""
    state, facts = case.state, case.facts
    originals: list[Match] = []
    later: set[str] = set()
    model = case.model.copies
    # What is brought from an archive is in the state with today's reports, and is of another occasion.
    reach = round(case.model.window_days * DAY_MS)
    barred = set(case.overrides.cannot_link(facts.report.report_id))

    def usable(report_id: str) -> bool:
        decision = state.decisions.get(report_id)
        if report_id in barred or decision is None or not decision.parts:
            return False
        return abs(state.facts[report_id].moment_ms - facts.moment_ms) <= reach

    for report_id in filter(usable, state.copies.candidates(facts)):
        other = state.facts[report_id]
        if precedes(other, facts):
            match = compare(facts, other, model)
            originals += [match] if match is not None else []
        elif compare(other, facts, model) is not None:
            later.add(report_id)
    barred |= {match.other.report.report_id for match in originals} | later
    for match in _translations(case, [state.facts[r] for r in _alike(case) if usable(r)]):
        if precedes(match.other, facts):
            originals.append(match)
        else:
            later.add(match.other.report.report_id)
    return originals, frozenset(later)


def _alike(case: Case) -> list[str]:
    """Reports that may tell the same in another language."""
    if case.similar is None:
        return []
    state = case.state
    return translation_candidates(case.facts, case.similar, state.vectors, state.tellers, case.model.copies)


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
    other = original.other.report
    return Evidence(
        feature="translation" if original.translated else "wording",
        value=f"{original.overlap:.0%} of its statements stand there"
        if original.translated
        else f"{original.overlap:.0%} of its wording and {original.said:.0%} of his words in it stand there",
        other=other.outlet.id,
        against=other.report_id,
        score=original.overlap,
    )
