"""What ``group`` decides: the place of each report, the remarks, the stories; and the state that it keeps."""

from typing import ClassVar, Literal

from schemas.article import Outlet
from schemas.message import Message, Model, Moment, epoch_ms
from schemas.report import Report

Role = Literal["report", "copy", "reaction", "background"]


class Evidence(Model, frozen=True, kw_only=True, omit_defaults=True):
    """One reason for a decision, readable by a person.

    ``feature``: what was compared (date, place, counterpart, medium, occasion, numbers, names, similarity, wording,
    credit, override …); ``value`` ours, ``other`` theirs; ``against``: the report, story or remark compared with;
    ``score``: what it added to the sum of the decision (log-odds), or the measured overlap for wording.
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
    """

    statement_id: str
    remark_id: str
    start: int
    end: int
    repeats_of: str | None = None
    new: bool = False
    canonical: str | None = None
    compared: str | None = None


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


class Entry(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A value of ``group``'s one table; key: report_id. One put per report.

    ``decision`` is the one on this report; ``changes`` are the new decisions on other reports that it brought about
    (an earlier arrival turns the direction of copying, a retraction makes another report the first). The state of a
    speaker is the fold of all his entries in order of ``decision_seq``. ``gone``: documents of statements that an
    earlier revision had and this one has not, so that a record that comes twice takes them back twice. ``said_on``:
    the day of speaking (ISO) under which the wording is kept in the history of stock phrases; see ``Said``.
    """

    TYPE: ClassVar[str] = "group.entry"

    report: Report
    source: Source
    decision: Decision
    changes: list[Decision] = []
    gone: list["Remark"] = []
    said_on: str | None = None

    @property
    def message_id(self) -> str:
        return f"{self.report.report_id}#{self.decision.decision_seq}"

    @property
    def subject(self) -> str:
        return self.report.article_id

    @property
    def time_ms(self) -> int:
        return self.report.time_ms


class GroupedReport(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The decision on a report with what a reader needs beside it. Topic ``reports.grouped``, key: report_id.

    ``lag_minutes``: behind the first reporter of its main story (publication, else fetching). ``new_remarks``: how
    many remarks it was the first to have, ``brings`` their wordings. ``missing``: remark ids of its main story, as
    known when this was decided, that it leaves out. ``changed``: its quotations that differ from the canonical wording
    of the remark, as ``Remark.diff`` has them. ``review``: one of its parts is unsure (``Part.review``).
    ``entity_ids``: Wikidata ids of what the article names, the speaker left out. ``original``: the outlet that the
    main part was copied from (copies only).
    """

    TYPE: ClassVar[str] = "report.grouped"

    decision: Decision
    article_id: str
    speaker_id: str
    revision: str
    fetched: Moment
    url: str
    outlet: Outlet
    title: str
    lang: str | None = None
    published: Moment | None = None
    credited: str | None = None
    lag_minutes: int | None = None
    new_remarks: int = 0
    missing: list[str] = []
    brings: list[str] = []
    changed: list[str] = []
    review: bool = False
    entity_ids: list[str] = []
    original: Outlet | None = None

    @property
    def message_id(self) -> str:
        return f"{self.decision.report_id}#{self.decision.decision_seq}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)


class Remark(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One statement as wording of a remark: one flat document. Topic ``remarks``, key: statement_id.

    ``canonical``: the remark's canonical wording (the longest direct quote, in the speaker's language where it is
    there). ``first``: this statement is the first that has the remark. ``diff``: how a quotation differs from the
    canonical one of its language, ``[-left out-]`` and ``{+put in+}``. ``retracted``: the article no longer has the
    statement, or is gone. ``entity_ids``: Wikidata ids of what the statement names.
    """

    TYPE: ClassVar[str] = "remark"

    statement_id: str
    remark_id: str
    story_id: str | None
    report_id: str
    article_id: str
    speaker_id: str
    decision_seq: int
    role: Role
    url: str
    outlet: Outlet
    fetched: Moment
    text: str
    canonical: str
    kind: str
    start: int
    end: int
    lang: str | None = None
    published: Moment | None = None
    repeats_of: str | None = None
    first: bool = False
    lag_minutes: int | None = None
    retracted: bool = False
    diff: str = ""
    entity_ids: list[str] = []

    @property
    def message_id(self) -> str:
        return f"{self.statement_id}#{self.decision_seq}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)


class Occasion(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What the members of a story agree on: see ``schemas.Setting`` for the fields."""

    date: str | None = None
    place: str | None = None
    counterparts: list[str] = []
    medium: str | None = None
    kind: str | None = None


class StoryRemark(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A remark of a story: its canonical wording and language, the report that had it first (with its outlet and time
    of publication), the earlier remark that it repeats, the outlets that have it, and those that tell of the occasion
    and leave it out (at most 24 names each). ``having``: how many outlets have it; ``variants``: how many wordings.
    """

    remark_id: str
    canonical: str
    lang: str | None = None
    first_report: str | None = None
    first_outlet: str | None = None
    first_published: Moment | None = None
    repeats_of: str | None = None
    outlets: list[str] = []
    left_out: list[str] = []
    having: int = 0
    variants: int = 1


class Story(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Topic ``stories``, key: story_id. ``updated`` is the time of fetching of the report that changed it last.

    ``first_*``: the earliest publication among reports and copies. ``reports`` counts own wordings, ``copies`` copies.
    ``remarks`` are the canonical wordings, in order of first appearance, ``details`` what is known of the first 48.
    ``unsure`` counts parts that are marked for review. ``merged_into``: read that story instead; a story without
    members stays as a document with counts of zero.
    """

    TYPE: ClassVar[str] = "story"

    story_id: str
    speaker_id: str
    decision_seq: int
    updated: Moment
    title: str
    occasion: Occasion = Occasion()
    first_report: str | None = None
    first_outlet: str | None = None
    first_url: str | None = None
    first_published: Moment | None = None
    last_published: Moment | None = None
    reports: int = 0
    copies: int = 0
    reactions: int = 0
    backgrounds: int = 0
    outlets: list[str] = []
    countries: list[str] = []
    langs: list[str] = []
    remark_ids: list[str] = []
    remarks: list[str] = []
    merged_into: str | None = None
    details: list[StoryRemark] = []
    unsure: int = 0

    @property
    def message_id(self) -> str:
        return f"{self.story_id}#{self.decision_seq}"

    @property
    def subject(self) -> str:
        return self.story_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.updated)


OverrideKind = Literal["must_link", "cannot_link", "role"]


class Override(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A person's constraint on decisions. Topic ``overrides``, key: override_id; a tombstone takes it back.

    ``must_link`` names reports whose main parts are of one story; ``cannot_link`` a report, and then those that it
    shares no story with; ``role`` reports and the role that they have. All are of one speaker.
    """

    TYPE: ClassVar[str] = "override"

    override_id: str
    kind: OverrideKind
    report_ids: list[str]
    made: Moment
    role: Role | None = None
    note: str = ""

    @property
    def message_id(self) -> str:
        return self.override_id

    @property
    def subject(self) -> str:
        return self.override_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.made)


class Said(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a report tells of the speaker's wording on one day: a value of ``group``'s second table, key: report_id.

    ``day`` is the day of speaking (ISO); a year after it the entry expires. ``grams``: 32-bit hashes of four words in a
    row, sorted, packed little-endian; those that another report has for that day already are left out.
    """

    TYPE: ClassVar[str] = "group.said"

    report_id: str
    speaker_id: str
    day: str
    source: Source
    grams: bytes = b""

    @property
    def message_id(self) -> str:
        return f"{self.report_id}#{self.day}"

    @property
    def subject(self) -> str:
        return self.report_id

    @property
    def time_ms(self) -> int:
        return 0


class Ruling(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An override where it stands in the log of ``reports``: there it acts, on what was decided before it too.

    Topic ``reports``, sent to the partition of the speaker, without a key; and a value of ``group``'s table, with the
    record that it was read from (``source``) and the number of the last decision before it (``decided``).
    ``override`` is None when it is taken back; ``report_ids`` are those that it names, or named.
    """

    TYPE: ClassVar[str] = "ruling"

    override_id: str
    speaker_id: str
    report_ids: list[str]
    override: Override | None = None
    source: Source | None = None
    decided: int = 0

    @property
    def message_id(self) -> str:
        return f"{self.override_id}{'-' if self.override is None else '+'}"

    @property
    def subject(self) -> str:
        return self.override_id

    @property
    def time_ms(self) -> int:
        return 0 if self.override is None else self.override.time_ms


class OutletProfile(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The furniture of an outlet's pages: hashes of lines that recur. Topic ``outlets.profile``, key: outlet id.

    ``lines`` maps a line's 64-bit hash (hex) to the number of distinct articles it was seen in; ``pages`` is how many
    articles were looked at; ``version`` grows by one with each new set of ``lines``. What the next version is made of
    is kept beside it: ``learned`` counts all articles, ``waiting`` the lines of the last ``waiting_pages`` of them,
    ``recent`` are marks of the last articles, so that none counts twice.
    """

    TYPE: ClassVar[str] = "outlet.profile"

    outlet: str
    version: int
    pages: int
    made: Moment
    lines: dict[str, int] = {}
    learned: int = 0
    waiting: dict[str, int] = {}
    waiting_pages: int = 0
    recent: list[str] = []

    @property
    def message_id(self) -> str:
        return f"{self.outlet}#{self.version}"

    @property
    def subject(self) -> str:
        return self.outlet

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.made)
