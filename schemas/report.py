"""What is grouped: one article's statements by one watched speaker, and the marks that pace the grouping."""

from typing import ClassVar, Literal

from schemas.annotated import Setting, Signature, Statement
from schemas.article import Outlet, Seq
from schemas.message import Message, Model, Moment, epoch_ms

ANY = "any"
"""Instead of a speaker's id: everybody who says something; with whole articles, a speaker without a name."""


def report_id(article_id: str, speaker_id: str) -> str:
    return f"{article_id}-{speaker_id}"


class Context(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What the rest of the article says about the place of the speaker in it; roles are decided by this.

    ``mentions``: how often he is mentioned; ``in_title``; ``first_mention``: character offset, None when never;
    ``length``: characters of title and text; ``other_statements``: statements of other speakers, ``other_in_lead``:
    those among the first three; ``leader``: who has the first statement (Wikidata id or name); ``dates``: distinct
    dates that the text names; ``names`` and ``numbers``: normalised, of the whole article, sorted. ``remarks_named``:
    how often a word for somebody's remarks ("statement", "слова") stands beside a mention of him. ``answers`` and
    ``habits``: sentences with a mention of him that speak of answering him, or of what he does again and again;
    ``earlier``: statements of his that are told as said before ("had argued", "the day before"); ``lead_answers``: the
    title or the first sentence speaks of answering; ``explains``: the title announces an explanation, a timeline, an
    analysis; ``other_in_title``: somebody else speaks there; ``days``: the days that the text names, as ``M-D``,
    sorted; ``scene``: what the title, the first sentence and those that name him tell of the
    occasion, whether or not they report words of his; ``lines``: the first sentences of the text, by which a
    translation is known: a line for each with the offsets of its first character and the one after its last, and the
    names and numbers in it, separated by tabs.
    """

    mentions: int = 0
    in_title: bool = False
    first_mention: int | None = None
    length: int = 0
    other_statements: int = 0
    other_in_lead: int = 0
    leader: str | None = None
    dates: int = 0
    names: list[str] = []
    numbers: list[str] = []
    setting: Setting | None = None
    remarks_named: int = 0
    answers: int = 0
    lead_answers: bool = False
    habits: int = 0
    earlier: int = 0
    explains: bool = False
    other_in_title: bool = False
    days: list[str] = []
    scene: Setting | None = None
    lines: str = ""


class Report(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Topic ``reports``, key: speaker_id. Empty (``statements == []`` and ``context.mentions == 0``) when a later
    revision no longer has the speaker; ``group`` then retracts what it had. ``forgotten``: the article was taken out
    (``remarkwire forget``), so nothing that it said may stay in the state either.
    """

    TYPE: ClassVar[str] = "report"

    report_id: str
    article_id: str
    speaker_id: str
    seq: Seq
    revision: str
    fetched: Moment
    url: str
    outlet: Outlet
    title: str
    lang: str | None = None
    published: Moment | None = None
    canonical_url: str | None = None
    credited: str | None = None
    statements: list[Statement] = []
    context: Context = Context()
    signature: Signature = Signature()
    visit: int = 1
    forgotten: bool = False

    @property
    def message_id(self) -> str:
        return f"{self.report_id}@{self.time_ms}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)

    @property
    def is_empty(self) -> bool:
        return not self.statements and not self.context.mentions


MarkKind = Literal["tick", "hold", "release"]


class Mark(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A mark between the reports of one partition, so that their order is decided by the log alone, not by a clock.

    ``tick``: time has passed without a report, what is due may be decided. ``hold`` … ``release``: everything between
    them is decided in order of ``seq`` at the release (a replay fills the topic between the two).
    Topic ``reports``, sent to a partition, without a key.
    """

    TYPE: ClassVar[str] = "mark"

    kind: MarkKind
    sent_ms: int

    @property
    def message_id(self) -> str:
        return f"{self.kind}@{self.sent_ms}"

    @property
    def subject(self) -> str:
        return self.kind

    @property
    def time_ms(self) -> int:
        return self.sent_ms
