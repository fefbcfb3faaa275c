"""What ``group`` keeps: the values of its tables."""

from typing import ClassVar

from schemas.decision import Decision, Source
from schemas.grouped import Remark
from schemas.message import Message
from schemas.report import Report


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
    gone: list[Remark] = []
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
