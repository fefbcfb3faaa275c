"""What ``group`` decides on one report: its place, the remarks in it, its role, and why."""

from typing import Literal

from schemas.message import Model

Role = Literal["report", "copy", "reaction", "background"]


class Evidence(Model, frozen=True, kw_only=True, omit_defaults=True):
    """One reason for a decision, readable by a person.

    ``feature``: what was compared (date, place, counterpart, medium, occasion, numbers, names, similarity, wording,
    credit, override …); ``value`` ours, ``other`` theirs; ``against``: the report, story or remark compared with;
    ``score``: what it added to the sum of the decision (log-odds), or the measured overlap for wording. ``passage``:
    one statement of ours that is like the statement ``against``, of the outlet ``other``: what both have, how alike.
    """

    feature: str
    value: str = ""
    other: str = ""
    against: str | None = None
    score: float | None = None


class RemarkUse(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A statement of the report as wording of a remark. ``new``: this report is the first that has the remark.

    ``canonical``: the statement with the remark's canonical wording when this was decided, None when it is this one.
    ``compared``: the statement with the longest quotation in the report's language at that time, None when it is this
    one or either is no quotation.

    ``evidence``: by what the statement was taken for a wording of this remark (``against``: the other statement,
    ``score``: how much alike, ``value``: the rarest numbers, names and words that both have), or that it was like none
    before; and by what the remark repeats another. ``confidence``: that the remark is the right one, as ``Confidence``
    has it; ``review``: that is unsure enough for a person to look at it.
    """

    statement_id: str
    remark_id: str
    start: int
    end: int
    repeats_of: str | None = None
    new: bool = False
    canonical: str | None = None
    compared: str | None = None
    evidence: list[Evidence] = []
    confidence: float | None = None
    review: bool = False


class Confidence(Model, frozen=True, kw_only=True, omit_defaults=True):
    """How sure a part's decisions are: the share of decisions with such evidence that were right on labelled sets
    (docs/quality.md), between 0 and 1; None where there was nothing to decide. ``story``: that it is in this story, or
    opens one of its own; ``copy``: that it is a copy, of this chain of copies; ``role``: that this is its role.
    """

    story: float | None = None
    copy: float | None = None
    role: float | None = None


class Part(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What a report says about one occasion; the main part comes first. ``review``: one of its decisions is unsure
    enough that a person should look at it.
    """

    story_id: str | None
    role: Role
    remarks: list[RemarkUse] = []
    copy_of: str | None = None
    translated: bool = False
    evidence: list[Evidence] = []
    confidence: Confidence | None = None
    review: bool = False


class Decision(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The decision on one report. ``copy_of`` in parts is a report_id. ``parts`` is empty when it is retracted or
    has nothing of the speaker. ``overlap``: share of its shingles that stand in the original (copies only).

    ``lag_minutes`` and ``missing``: see ``GroupedReport``. ``left``: stories that it was in before, so that their
    documents are still told apart from those that never lost a member.
    """

    report_id: str
    decision_seq: int
    parts: list[Part] = []
    overlap: float | None = None
    late: bool = False
    retracted: bool = False
    lag_minutes: int | None = None
    missing: list[str] = []
    left: list[str] = []


class Source(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The record that a decision was made on."""

    topic: str
    partition: int
    offset: int
