"""Remarks anew: which statements are one, what they repeat, which wording stands for them, whose is first."""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

import msgspec

from processors.group.consequences.alignment import followers, realigned, reassigned
from processors.group.consequences.changes import Changes
from processors.group.decision.case import Case
from processors.group.decision.linking import Linking
from processors.group.remarks import reasons
from processors.group.remarks.likeness import Placed
from processors.group.remarks.wordings import canonical, compared, quotations
from processors.group.state import MEMBER_ROLES
from schemas import ANY, Decision, Part


class _Wordings(NamedTuple):
    """The wordings that show a remark: the first that stayed with it, the canonical one, the longest quotations."""

    stayed: Placed | None
    canonical: Placed | None
    longest: Mapping[str | None, Placed]

    @classmethod
    def of(cls, uses: Sequence[Placed], moved: Container[str]) -> "_Wordings":
        stayed = next((u for u in uses if u.use.statement_id not in moved), None)
        return cls(stayed, canonical(uses), quotations(uses))


def align(changes: Changes, story_id: str) -> None:
    """Divides the statements of a story anew that hang together with those of reports that came or changed."""
    state = changes.state
    if state.facts[changes.own].report.speaker_id == ANY:
        return  # a whole article is no remark
    reports = state.members.get(story_id, set()) & {*changes.changed, *changes.decided}
    fresh = {
        use.statement_id
        for report_id in reports
        for part in state.decisions[report_id].parts
        if part.story_id == story_id
        for use in part.remarks
    }
    if not fresh:
        return
    moved = realigned(state, story_id, fresh, state.rarity(state.facts[changes.own].moment_ms))
    if not moved:
        return
    before = {state.remarks.placed[s].use.remark_id for s in moved}
    changes.remarks |= {*(one.remark_id for one in moved.values()), *before}
    changes.told_in.setdefault(story_id, set()).update(before)
    moved.update(followers(state, moved))
    for report_id in sorted({state.said_in[s] for s in moved}):
        changes.update(report_id, parts=reassigned(state.decisions[report_id], moved, state.model.confidence))
    # What is asked of all wordings of a remark is none of what changes here.
    known = {
        r: _Wordings.of(state.remarks.uses(r), moved) for r in {state.remarks.placed[s].use.remark_id for s in moved}
    }
    for statement_id in sorted(moved):
        placed = state.remarks.placed[statement_id]
        wordings = known[placed.use.remark_id]
        settled = wordings.stayed.use if wordings.stayed is not None else placed.use
        chosen, quote = wordings.canonical, compared(placed, wordings.longest)
        named = None if chosen is None or chosen.use.statement_id == statement_id else chosen.use.statement_id
        changes.reword(
            placed.facts.report.report_id, placed.use, repeats_of=settled.repeats_of, canonical=named,
            compared=quote.use.statement_id if quote is not None else None,
            evidence=[*reasons.of_remark(placed.use), *reasons.of_repetition(settled)],
        )  # fmt: skip


def repeats_anew(changes: Changes) -> None:
    """Where a remark is gone, what repeated it repeats the one that its wording is of now, or nothing.

    Of all gone remarks at once and in the order of the reports: a repetition takes over what an earlier one of
    the same wording repeats, so that one has to be settled first.
    """
    state = changes.state
    gone = [remark_id for remark_id in changes.remarks if remark_id not in state.remarks]
    left = [state.remarks.placed[s] for remark_id in gone for s in state.remarks.repeating.get(remark_id, ())]
    for placed in sorted(left, key=lambda p: (p.facts.order, p.use.statement_id)):
        linking = Linking(Case(state, changes.overrides, placed.facts, None))
        found = linking.repeats(placed)
        why = reasons.of_remark(placed.use)
        changes.reword(
            placed.facts.report.report_id, placed.use, repeats_of=found.remark_id if found else None,
            evidence=[*why, found.evidence] if found else why,
        )  # fmt: skip


def wordings_anew(changes: Changes, remark_id: str) -> None:
    """Where the canonical wording is gone, the reports that name it get another."""
    named = changes.state.remarks.named.get(remark_id, ())
    if all(_has(changes, remark_id, statement_id) for statement_id in named):
        return
    uses = changes.state.remarks.uses(remark_id)
    there = {placed.use.statement_id for placed in uses}
    chosen, longest = canonical(uses), quotations(uses)
    for placed in uses:
        use = placed.use
        fields: dict[str, object] = {}
        if use.canonical is not None and use.canonical not in there and chosen is not None:
            fields["canonical"] = None if chosen.use.statement_id == use.statement_id else chosen.use.statement_id
        if use.compared is not None and use.compared not in there:
            quote = compared(placed, longest)
            fields["compared"] = quote.use.statement_id if quote is not None else None
        if fields:
            changes.reword(placed.facts.report.report_id, use, **fields)


def _has(changes: Changes, remark_id: str, statement_id: str) -> bool:
    placed = changes.state.remarks.placed.get(statement_id)
    return placed is not None and placed.use.remark_id == remark_id


def mark_first(changes: Changes) -> None:
    """The first that has a remark is marked as such, no other; all marks of a report change at once."""
    state, marked = changes.state, dict[str, dict[str, bool]]()
    for remark_id in changes.remarks:
        first = state.remarks.first_told(remark_id, MEMBER_ROLES)
        if state.remarks.flagged.get(remark_id, set()) == ({first} if first is not None else set()):
            continue
        for placed in state.remarks.uses(remark_id):
            new = placed.use.statement_id == first
            if placed.use.new != new:
                marked.setdefault(placed.facts.report.report_id, {})[placed.use.statement_id] = new
    for report_id in sorted(marked):
        changes.update(report_id, parts=_marked(state.decisions[report_id], marked[report_id]))


def tell_missing(changes: Changes, report_id: str) -> None:
    """Remarks of its main story that a report leaves out, as known now."""
    decision = changes.state.decisions[report_id]
    story_id = decision.parts[0].story_id if decision.parts else None
    if story_id is None or decision.parts[0].role not in MEMBER_ROLES:
        return
    own = {use.remark_id for part in decision.parts for use in part.remarks}
    missing = sorted(changes.state.gathered[story_id].remarks.keys() - own)
    if missing != decision.missing:
        changes.update(report_id, missing=missing)


def missing_anew(changes: Changes, story_id: str) -> None:
    """What a story does not tell any more, taken back or one with another remark, none of its reports leaves out."""
    state = changes.state
    gathering = state.gathered.get(story_id)
    there = gathering.remarks.keys() if gathering is not None else set[str]()
    gone = changes.told_in.get(story_id, set()) - there
    if not gone:
        return
    for report_id in sorted(state.members.get(story_id, ())):
        decision = state.decisions[report_id]
        if decision.parts[0].story_id == story_id and not gone.isdisjoint(decision.missing):
            changes.update(report_id, missing=[r for r in decision.missing if r not in gone])


def _marked(decision: Decision, new: Mapping[str, bool]) -> list[Part]:
    """The parts of a decision with other marks for some of its statements."""
    return [
        msgspec.structs.replace(
            part,
            remarks=[
                msgspec.structs.replace(use, new=new[use.statement_id]) if use.statement_id in new else use
                for use in part.remarks
            ],
        )
        for part in decision.parts
    ]
