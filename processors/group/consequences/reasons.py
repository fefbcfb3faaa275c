"""Why a report is in another story now, and how sure that is: the reasons for the story that it left hold no longer."""

import msgspec

from processors.group.consequences.revise import aside
from processors.group.decision.case import Case
from processors.group.decision.confidence import unsure
from processors.group.decision.joining import Joining
from processors.group.model import Confidence as Weights
from processors.group.overrides import Overrides
from processors.group.state import State
from schemas import Confidence, Evidence, Part

# What binds a report to others, whichever story they are in.
_BONDS = frozenset({"wording", "translation", "override"})
# And what a copy has in common with its original.
_BONDS_OF_COPY = _BONDS | {"credit", "passage"}


def gone_to(part: Part, source: str | None, target: str, told: Evidence, weights: Weights) -> Part:
    """A part that goes to another story: what spoke for the old one is told no more, what binds it to reports that go
    with it is. How sure its place is is not known before it is ``weighed``.
    """
    bonds = _BONDS if part.copy_of is None else _BONDS_OF_COPY
    kept = [e for e in part.evidence if e.feature == "role" or e.feature in bonds]
    return _with(part, [*(_against(e, source, target) for e in kept), told], None, weights)


def made_one(part: Part, source: str, target: str, told: Evidence) -> Part:
    """A part of a story that became one with another: why it was in the first one stays told, and names it."""
    kept = [_against(e, source, target) if e.feature in _BONDS else e for e in part.evidence if e.feature != "revised"]
    return msgspec.structs.replace(part, evidence=[*kept, told])


def weighed(state: State, overrides: Overrides, report_id: str, other: str) -> Part:
    """The main part of a report that went to its story from an ``other`` one, with what speaks for it there and how
    sure that is, as if it were decided now.
    """
    main = state.decisions[report_id].parts[0]
    if main.story_id is None:
        return main
    with aside(state, overrides, state.chain(report_id)):
        there, sure = Joining(Case(state, overrides, state.facts[report_id], None)).weighed(main.story_id, other)
    return _with(main, [*main.evidence, *there], sure, state.model.confidence)


def _against(evidence: Evidence, source: str | None, target: str) -> Evidence:
    """The same, of the new story where it was of the old one."""
    of_source = source and evidence.against == source
    return msgspec.structs.replace(evidence, against=target) if of_source else evidence


def _with(part: Part, evidence: list[Evidence], sure: float | None, weights: Weights) -> Part:
    confidence = msgspec.structs.replace(part.confidence or Confidence(), story=sure)
    return msgspec.structs.replace(part, evidence=evidence, confidence=confidence, review=unsure(confidence, weights))
