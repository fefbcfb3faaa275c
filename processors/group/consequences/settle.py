"""What a decision changes in others: who copied whom, who was first, whose remark is new, stories that are one.

Works on the state after the report was placed. What is changed is gathered in ``Changes``; here is the order in which
it is asked what there is to change.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import msgspec

from processors.group.consequences.changes import Changes
from processors.group.consequences.descent import originals_anew
from processors.group.consequences.documents import lag
from processors.group.consequences.reasons import gone_to, weighed
from processors.group.consequences.remarks_anew import (
    align,
    mark_first,
    missing_anew,
    repeats_anew,
    tell_missing,
    wordings_anew,
)
from processors.group.consequences.revise import moves
from processors.group.consequences.side_parts import bring_along
from processors.group.consequences.splits import split
from processors.group.decision.joining import Merge
from processors.group.state import MEMBER_ROLES
from schemas import Decision, Evidence, Part


def settle(
    changes: Changes,
    before: Collection[Decision],
    recheck: Iterable[str],
    merges: Iterable[Merge],
    near: Iterable[str] = (),
) -> None:
    """``before``: decisions that no longer hold; ``recheck``: reports whose original may be another now;
    ``merges``: stories that are one; ``near``: reports of other stories that may go with this one.
    """
    for decision in before:
        changes.touch(decision)
    for source, target, why in merges:
        changes.merge(source, target, why)
    _revise(changes, near)
    _split(changes)
    originals_anew(changes, recheck, before)
    for report_id in sorted({*changes.changed, *changes.decided}):
        _together(changes, report_id)
    bring_along(changes)
    for story_id in sorted(changes.stories):
        align(changes, story_id)
    repeats_anew(changes)
    for remark_id in sorted(changes.remarks):
        wordings_anew(changes, remark_id)
    mark_first(changes)
    for story_id in sorted(changes.stories):
        _lags(changes, story_id)
        missing_anew(changes, story_id)
    for report_id in changes.decided:
        tell_missing(changes, report_id)


def tell_anew(changes: Changes, reworded: Collection[str], copies: Iterable[str]) -> None:
    """Documents that have something of the report in them, though their decisions stay as they are: the texts of
    ``reworded`` statements, whose ids are the same; its outlet, in those of its ``copies``.
    """
    state = changes.state
    remarks = {state.remarks.placed[s].use.remark_id for s in reworded if s in state.remarks.placed}
    naming = {
        placed.facts.report.report_id
        for remark_id in remarks
        if not state.remarks.named.get(remark_id, Counter()).keys().isdisjoint(reworded)
        for placed in state.remarks.uses(remark_id)
        if placed.use.canonical in reworded or placed.use.compared in reworded
    }
    for report_id in sorted({*naming, *copies} - {changes.own}):
        changes.update(report_id)


def _revise(changes: Changes, near: Iterable[str]) -> None:
    """Reports that go better with the story of the one that has just come move there, with their copies."""
    state = changes.state
    own = state.decisions[changes.subject]
    target = own.parts[0].story_id if own.parts and own.parts[0].role in MEMBER_ROLES else None
    if target is None:
        return
    for report_id in near:
        decision = state.decisions.get(report_id)
        main = decision.parts[0] if decision is not None and decision.parts else None
        if decision is None or main is None or main.story_id is None or main.role != "report":
            continue
        chain = state.chain(report_id)
        if any(part.story_id == target for part in decision.parts) or changes.subject in chain:
            continue
        if changes.bound(chain, main.story_id, target):
            continue
        if moves(state, changes.overrides, chain, main.story_id, target):
            goers = [r for r in chain if (p := state.decisions[r].parts) and p[0].story_id == main.story_id]
            _go(changes, goers, main.story_id, target, "moved when another report came")


def _split(changes: Changes) -> None:
    """Where the report shows that its story is of two occasions, one of them goes to a story of its own."""
    state = changes.state
    main = state.decisions[changes.subject].parts[:1]
    story_id = main[0].story_id if main else None
    if story_id is None or main[0].role != "report":
        return
    leaving = list(dict.fromkeys(one for r in split(state, changes.subject) for one in state.chain(r)))
    if not leaving or changes.bound(leaving, story_id):
        return
    goers = [r for r in leaving if any(part.story_id == story_id for part in state.decisions[r].parts)]
    _go(changes, goers, story_id, state.new_story(leaving[0]), "its story was of two occasions")


def _go(changes: Changes, goers: Sequence[str], source: str, target: str, why: str) -> None:
    """Reports go from one story to another, and tell why: those in words of their own by what speaks for them there."""
    state, told = changes.state, Evidence(feature="revised", value=why, against=changes.subject)
    own: list[str] = []
    for report_id in goers:
        decision = state.decisions[report_id]
        main = decision.parts[0]
        if main.story_id == source and main.copy_of is None:
            own.append(report_id)
        parts = [
            gone_to(part, source, target, told, state.model.confidence) if part.story_id == source else part
            for part in decision.parts
        ]
        changes.move(report_id, msgspec.structs.replace(decision, parts=parts), source, target)
    for report_id in own:
        main = weighed(state, changes.overrides, report_id, source)
        changes.update(report_id, parts=[main, *state.decisions[report_id].parts[1:]])
    changes.stories |= {source, target}


def _together(changes: Changes, report_id: str) -> None:
    """Reports that a person said are with one that has a story now, and that had none to be in, join it."""
    state = changes.state
    target = next((part.story_id for part in state.decisions[report_id].parts), None)
    if target is None or not changes.overrides.must_link(report_id):
        return
    for other in sorted(changes.overrides.must_link(report_id) & state.decisions.keys()):
        told = changes.overrides.evidence("must_link", other, against=target)
        for one in state.chain(other):
            decision = state.decisions[one]
            if decision.parts and decision.parts[0].story_id is None and not changes.bound([one], None, target):
                parts = [_told(decision.parts[0], told), *decision.parts[1:]] if one == other else decision.parts
                changes.move(one, msgspec.structs.replace(decision, parts=parts), None, target)


def _lags(changes: Changes, story_id: str) -> None:
    """Lags of a story's reports: of all where another is the first now, else of those that changed."""
    state = changes.state
    members = state.members.get(story_id)
    if not members:
        return
    profile = state.stories.get(story_id)
    first = profile.span_ms[0] if profile is not None else None
    known = story_id in state.lagged and state.lagged[story_id] == first
    for report_id in sorted(members & {*changes.changed, changes.own} if known else members):
        _lag(changes, report_id, story_id)
    state.lagged[story_id] = first


def _lag(changes: Changes, report_id: str, story_id: str) -> None:
    """The lag of a report whose main story this is. Of no other: whether all of a story are asked depends on what
    is remembered, and the lag of another story may be behind where reports left the window.
    """
    decision = changes.state.decisions[report_id]
    if decision.parts[0].story_id != story_id:
        return
    minutes = lag(changes.state.facts[report_id], changes.state, story_id)
    if minutes != decision.lag_minutes:
        changes.update(report_id, lag_minutes=minutes)


def _told(part: Part, evidence: Evidence) -> Part:
    return msgspec.structs.replace(part, evidence=[*part.evidence, evidence])
