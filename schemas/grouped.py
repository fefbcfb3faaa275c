"""What ``group`` tells its readers: reports with the decisions on them, remarks, stories."""

from typing import ClassVar

from schemas.article import Outlet
from schemas.decision import Decision, Evidence, Role
from schemas.message import Message, Model, Moment, epoch_ms


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
    canonical one of its language, ``[-left out-]`` and ``{+put in+}``. ``lag_minutes``: of its report, where the
    statement is of the main story. ``retracted``: a later revision of the
    article no longer has the statement. ``entity_ids``: Wikidata ids of what the statement names. ``evidence``,
    ``confidence``, ``review``: see ``RemarkUse``.
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
    evidence: list[Evidence] = []
    confidence: float | None = None
    review: bool = False

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
    ``evidence``: by what the first wording repeats the earlier remark; ``unsure``: how many statements of the remark
    are marked for review.
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
    evidence: list[Evidence] = []
    unsure: int = 0


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
