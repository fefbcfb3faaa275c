"""What operators do, as messages: dead letters that were handled, generations, articles that were taken out."""

from typing import ClassVar, Literal

from schemas.message import Message, Moment, epoch_ms

StageName = Literal["clean", "annotate", "dispatch", "group", "index"]
StartName = Literal["raw", "clean", "annotated", "reports"]
GenerationState = Literal["filling", "ready", "pruned"]


class Handled(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A dead letter that needs no attention any more. Topic ``dlq.handled``, key: ``letter``.

    ``letter`` is where it lies (``topic/partition/offset`` in the dead-letter queue); ``topic``, ``partition`` and
    ``offset`` are those of the record that died; ``article_id`` is what it was about, where its headers say so.
    """

    TYPE: ClassVar[str] = "dlq.handled"

    letter: str
    how: Literal["requeued", "dropped"]
    at: Moment
    reason: str
    stage: str
    topic: str
    partition: int
    offset: int
    article_id: str | None = None
    note: str = ""

    @property
    def message_id(self) -> str:
        return f"{self.letter}@{self.how}"

    @property
    def subject(self) -> str:
        return self.article_id or self.letter

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.at)


class Generation(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A generation that exists. Topic ``generations``, key: its number. Which one is live, the read aliases say.

    ``start``: the topic that its first stage reads; ``stages``: those that run for it; ``inputs``: the generation of
    each topic that another one fills (or, of a trial, of the copy that it reads). ``trial``: a part only, chosen by
    ``since``, ``until`` (time of fetching) and ``speakers``; it is never promoted. ``before``: the generation that was
    live before this one was promoted. ``pruned``: nothing of it is left but stages that feed others.
    """

    TYPE: ClassVar[str] = "generation"

    generation: int
    made: Moment
    state: GenerationState
    start: StartName
    stages: list[StageName]
    inputs: dict[str, int] = {}
    trial: bool = False
    since: Moment | None = None
    until: Moment | None = None
    speakers: list[str] = []
    filled: Moment | None = None
    promoted: Moment | None = None
    before: int | None = None

    @property
    def message_id(self) -> str:
        return f"{self.generation}@{self.state}"

    @property
    def subject(self) -> str:
        return str(self.generation)

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.made)


class Forgotten(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An article that was taken out, without anything that it said. Topic ``forgotten``, key: article_id.

    ``clean`` passes over every record of it, whenever it comes. ``removed`` counts what was removed, by kind;
    ``purged``: since when its records are gone from ``articles.raw``.
    """

    TYPE: ClassVar[str] = "forgotten"

    article_id: str
    at: Moment
    note: str = ""
    removed: dict[str, int] = {}
    purged: Moment | None = None

    @property
    def message_id(self) -> str:
        return f"{self.article_id}@{self.time_ms}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.at)
