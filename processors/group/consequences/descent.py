"""Who copied whom, asked again: a report that comes may be the original of others, and one that goes may have been.

A copy has the role of its original, and goes to its story.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from processors.group.consequences.changes import Changes
from processors.group.copies.verbatim import best_original, precedes
from processors.group.decision.case import Case
from processors.group.decision.confidence import copy_confidence, unsure
from processors.group.decision.decide import Placer, one_part_a_story
from processors.group.decision.originals import copy_evidence, credit_evidence, originals_again
from processors.group.decision.roles import role_of
from processors.group.state import MEMBER_ROLES
from processors.group.stories.gathering import copied_role
from schemas import Confidence, Decision, Evidence, Part, Role

_WAS_COPY = "was a copy of a report of this story"


def originals_anew(changes: Changes, report_ids: Iterable[str], before: Iterable[Decision]) -> None:
    """Finds the originals of these reports and of all their copies again, the earliest first.

    ``before``: decisions that no longer hold. Whom a report descended from, and does not any more, is asked as well:
    nobody is a copy of what descends from it, so it could be none of that report.
    """
    state = changes.state
    known = {one for r in report_ids if r in state.facts for one in state.chain(r)}
    barred = _barred(changes, known, {decision.report_id: decision for decision in before})
    asked, rounds = known, 0
    while asked and rounds < len(known):
        rounds += 1
        barred |= _barred(changes, asked)
        for report_id in sorted(asked, key=lambda r: state.facts[r].order):
            _original(changes, report_id)
        freed = {(one, above) for one, above in barred if above not in _line(changes, one)}
        barred -= freed
        again = {r for r in known if _outrun(changes, r)} | {above for _, above in freed}
        asked = {one for r in again for one in state.chain(r)}
        known |= asked


def _original(changes: Changes, report_id: str) -> None:
    """Finds the original of a report again; its main part has the original's role, and goes to its story."""
    state = changes.state
    decision = state.decisions[report_id]
    if not decision.parts:
        return
    facts, main = state.facts[report_id], decision.parts[0]
    case = Case(state, changes.overrides, facts, None)
    free = [m for m in originals_again(case) if report_id not in _line(changes, m.other.report.report_id)]
    original = best_original(facts, free, state.model.copies)
    name = original.other.report.report_id if original else None
    theirs = state.decisions[name].parts[0] if name is not None else None
    home = _home(changes, theirs, original.overlap if original else None)
    credit = credit_evidence(facts, original) if original is not None else []
    same = original is None or original.overlap == decision.overlap
    same = same and credit == [e for e in main.evidence if e.feature == "credit"]
    if name == main.copy_of and same and (theirs is None or _follows(changes, report_id, theirs.role, home)):
        return
    role, why, sure = role_of(facts, state.model.roles)
    role, copied = role or main.role, None
    if original is not None and theirs is not None:
        role, why = copied_role(theirs.role), copy_evidence(original)
        sure = copied = copy_confidence(original, state.model.confidence)
    forced = changes.overrides.role(report_id)
    role = forced or role
    evidence = [e for e in main.evidence if e.feature not in {"role", "wording", "translation", "credit"}]
    if original is not None or forced is None:
        evidence = [why, *credit, *evidence]
    in_story = main.confidence.story if main.confidence else None
    told = main.story_id is None or in_story is not None or any(e.against == main.story_id for e in evidence)
    if original is None and not told:
        evidence.append(Evidence(feature="wording", value=_WAS_COPY, against=main.story_id))
    confidence = Confidence(story=in_story, copy=copied, role=1.0 if forced else sure)
    main = msgspec.structs.replace(
        main, role=role, copy_of=name, translated=bool(original and original.translated), evidence=evidence,
        confidence=confidence, review=unsure(confidence, state.model.confidence),
    )  # fmt: skip
    changes.touch(decision)
    # All parts of a report have its role.
    parts = [main, *(msgspec.structs.replace(part, role=role) for part in decision.parts[1:])]
    changes.update(report_id, parts=parts, overlap=original.overlap if original else None)
    if home is not None and not _stays(changes, report_id, home):
        changes.move(report_id, state.decisions[report_id], main.story_id, home)
    if role in MEMBER_ROLES and decision.parts[0].role not in MEMBER_ROLES:
        _becomes_member(changes, report_id)
    changes.touch(state.decisions[report_id])


def _becomes_member(changes: Changes, report_id: str) -> None:
    """What was background is of an occasion now: its parts need stories, and remarks of those stories."""
    state = changes.state
    decision = state.decisions[report_id]
    parts: list[Part] = []
    placer = Placer(state, changes.overrides, state.facts[report_id], None)
    for number, part in enumerate(decision.parts):
        if part.story_id is not None:
            parts.append(part)
            continue
        used = {one.story_id for one in (*parts, *decision.parts[number:])}
        story_id, evidence, sure = placer.story_of(part, used, main=not number)
        confidence = msgspec.structs.replace(part.confidence or Confidence(), story=sure)
        joined = msgspec.structs.replace(
            part, story_id=story_id, evidence=[*part.evidence, *evidence], confidence=confidence,
            review=unsure(confidence, state.model.confidence),
        )  # fmt: skip
        parts.append(joined)
    anew = {part.story_id for part in parts}
    left = [story_id for story_id in decision.left if story_id not in anew]
    changes.replace(report_id, one_part_a_story(parts), left, anew)


def _outrun(changes: Changes, report_id: str) -> bool:
    """Whether a report was asked before its original, later but credited, had the role or the story it has now."""
    decisions, facts = changes.state.decisions, changes.state.facts
    main = decisions[report_id].parts[:1]
    name = main[0].copy_of if main else None
    if name is None or facts[name].order < facts[report_id].order:
        return False
    theirs = decisions[name].parts[0]
    return not _follows(changes, report_id, theirs.role, _home(changes, theirs, decisions[report_id].overlap))


def _home(changes: Changes, theirs: Part | None, overlap: float | None) -> str | None:
    """The story that a copy goes to; of whole articles a part that was copied does not say that they tell the
    same.
    """
    weights = changes.state.model.weights_of(changes.state.facts[changes.own].report.speaker_id)
    whole = weights.same is None or (overlap is not None and overlap >= weights.forced)
    return theirs.story_id if theirs is not None and whole else None


def _follows(changes: Changes, report_id: str, role: Role, home: str | None) -> bool:
    """Whether a copy has the role and the story that the role and the story of its original give it."""
    main = changes.state.decisions[report_id].parts[0]
    role = changes.overrides.role(report_id) or copied_role(role)
    return main.role == role and (home is None or _stays(changes, report_id, home))


def _stays(changes: Changes, report_id: str, story_id: str) -> bool:
    """Whether the main part of a report does not go to a story: it is there, or a person said that it does not."""
    source = changes.state.decisions[report_id].parts[0].story_id
    return source == story_id or changes.bound([report_id], source, story_id)


def _barred(
    changes: Changes, report_ids: Iterable[str], were: Mapping[str, Decision] = MappingProxyType({})
) -> set[tuple[str, str]]:
    """These reports, each with those that it descends from and that could be copies of it if it did not: where one
    credits the other, an original may be the later of the two. ``were``: see ``_line``.
    """
    facts = changes.state.facts
    return {
        (report_id, above)
        for report_id in report_ids
        for above in _line(changes, report_id, were)
        if above in facts and precedes(facts[report_id], facts[above])
    }


def _line(changes: Changes, report_id: str, were: Mapping[str, Decision] = MappingProxyType({})) -> list[str]:
    """A report, whom it copied, whom that one copied, and so on. ``were``: decisions to go by that hold no longer."""
    found: dict[str, None] = {}
    at: str | None = report_id
    while at is not None and at not in found:
        found[at] = None
        decision = were.get(at) or changes.state.decisions.get(at)
        at = decision.parts[0].copy_of if decision is not None and decision.parts else None
    return list(found)
