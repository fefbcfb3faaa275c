"""Which pages report a watched speaker, so that they are looked at again: read from the topic ``reports``.

The stages behind us have found that out with all they know of names, languages and inflection; a search for aliases in
the body would know it worse, and a second time. A report comes seconds to minutes after the page, the first visit is
due an hour after. No group: each fetcher reads all partitions from where its own state says, and takes what is its own.
"""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

import msgspec
from confluent_kafka import KafkaError, KafkaException, Message, TopicPartition

from runtime import kafka
from runtime.logging import logger
from runtime.records import sound
from runtime.settings import Settings
from runtime.topics import names
from schemas.topics import REPORTS

Offsets = list[tuple[str, int, int]]

_TIMEOUT = 10.0
_MOST = 2000
_AGAIN_SECONDS = 30.0
# Of so many vain tries, one after the other, the last is a warning: a topic that is about to be made is there sooner.
_TRIES = 10


@dataclass(frozen=True)
class Found:
    """Articles that report a watched speaker, and how far the topic is read: (topic, partition, next offset)."""

    article_ids: list[str] = field(default_factory=list)
    offsets: Offsets = field(default_factory=list)


Known = Mapping[tuple[str, int], int]
"""How far (topic, partition) was read in an earlier life."""


class Reports(Protocol):
    """Where the fetcher learns which pages report a watched speaker."""

    def take(self, known: Known, now: float, *, since: float, to_end: bool) -> Found:
        """What came since the last call. What is not ``known`` is read from ``since`` on; both times in seconds since
        1970. ``to_end``: all that is there now; else it does not wait. Called from any thread, one call at a time.
        """


class NoReports:
    """For a fetcher that nobody tells anything."""

    def take(self, known: Known, now: float, *, since: float, to_end: bool) -> Found:  # noqa: ARG002
        return Found()


class KafkaReports:
    """The topic of this generation. A context manager. While the topic is not there, nothing is known."""

    def __init__(self, settings: Settings) -> None:
        self._topic = names(settings, REPORTS)
        self._consumer = kafka.looker(settings)
        self._assigned: list[TopicPartition] = []
        self._next_try = 0.0
        self._vain = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def take(self, known: Known, now: float, *, since: float, to_end: bool) -> Found:
        """As ``Reports``. Raises ``KafkaUnavailable`` where the client cannot go on."""
        if not self._assigned:
            if now < self._next_try:
                return Found()
            self._next_try = now + _AGAIN_SECONDS
            self._assigned = self._assign(known, since)
        missing = self._missing() if to_end and self._assigned else set()
        articles: dict[str, None] = {}
        ends: dict[int, int] = {}
        deadline = time.monotonic() + _TIMEOUT
        # Without waiting for a full batch, yet long enough that the client can hand over what it has.
        while (batch := self._consumer.consume(_MOST, timeout=0.05)) or (missing and time.monotonic() < deadline):
            for message in batch:
                if (error := message.error()) is not None:
                    self._check(error)
                    continue
                ends[message.partition() or 0] = (message.offset() or 0) + 1
                if (article_id := reported(message)) is not None:
                    articles[article_id] = None
            missing = {(number, end) for number, end in missing if ends.get(number, 0) < end}
            if len(articles) >= _MOST and not to_end:
                break
        return Found([*articles], [(self._topic, partition, end) for partition, end in ends.items()])

    def _missing(self) -> set[tuple[int, int]]:
        """Partitions of which something is unread, with their ends."""
        try:
            ends = {
                at.partition: self._consumer.get_watermark_offsets(at, timeout=_TIMEOUT)[1] for at in self._assigned
            }
            positions = sound(self._consumer.position(self._assigned))
        except KafkaException:
            return set()
        starts = {at.partition: at.offset for at in self._assigned}
        read = {at.partition: at.offset if at.offset >= 0 else starts[at.partition] for at in positions}
        return {(number, end) for number, end in ends.items() if 0 <= read[number] < end}

    def _assign(self, known: Known, since: float) -> list[TopicPartition]:
        try:
            found = self._consumer.list_topics(self._topic, timeout=_TIMEOUT).topics.get(self._topic)
            if found is None or found.error is not None or not found.partitions:
                self._say_missing()
                return []
            self._vain = 0
            wanted = [TopicPartition(self._topic, number, int(since * 1000)) for number in found.partitions]
            # Where one partition cannot say, all are asked again later: read from its end, what it has would be missed.
            starts = sound(self._consumer.offsets_for_times(wanted, timeout=_TIMEOUT))
            for start in starts:
                start.offset = known.get((self._topic, start.partition), start.offset)
            self._consumer.assign(starts)
        except KafkaException as error:
            logger(__name__).warning("reports cannot be read for now", topic=self._topic, error=str(error))
            return []
        return starts

    def _say_missing(self) -> None:
        self._vain += 1
        if self._vain % _TRIES:
            logger(__name__).info("topic is not there yet; no page is visited again for now", topic=self._topic)
        else:
            logger(__name__).warning(
                "topic is still not there, so no page is visited again: was its generation pruned? Give the fetcher "
                "pipeline.generation and .inputs of one that is there (`remarkwire generations`)",
                topic=self._topic,
            )

    def _check(self, error: KafkaError) -> None:
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's name
            return
        kafka.check(error)
        if error.code() in {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC}:  # noqa: SLF001
            # The generation was pruned under us, or made anew: it is looked for again.
            with contextlib.suppress(KafkaException):
                self._consumer.unassign()
            self._assigned = []
        elif not error.retriable():
            logger(__name__).warning("reports", topic=self._topic, error=error.str())


class _Context(msgspec.Struct):
    mentions: int = 0


class _Seen(msgspec.Struct):
    """As much of a report as matters here; the rest is not decoded."""

    article_id: str
    statements: list[msgspec.Raw] = []
    context: _Context = msgspec.field(default_factory=_Context)


def reported(message: Message) -> str | None:
    """The article of a report; None for an empty report, a mark between reports, and what cannot be read."""
    try:
        seen = msgspec.json.decode(message.value() or b"", type=_Seen)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return seen.article_id if seen.statements or seen.context.mentions else None
