"""A person's constraints on decisions: as given, and as they stand in the log of reports."""

from typing import ClassVar, Literal

from schemas.decision import Role, Source
from schemas.message import Message, Moment, epoch_ms

OverrideKind = Literal["must_link", "cannot_link", "role"]


class Override(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A person's constraint on decisions. Topic ``overrides``, key: override_id; a tombstone takes it back.

    ``must_link`` names reports whose main parts are of one story; ``cannot_link`` a report, and then those that it
    shares no story with; ``role`` reports and the role that they have. All are of one speaker.
    ``by``: who made it, as the person said; empty where nobody is named.
    """

    TYPE: ClassVar[str] = "override"

    override_id: str
    kind: OverrideKind
    report_ids: list[str]
    made: Moment
    role: Role | None = None
    note: str = ""
    by: str = ""

    @property
    def message_id(self) -> str:
        return self.override_id

    @property
    def subject(self) -> str:
        return self.override_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.made)


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
