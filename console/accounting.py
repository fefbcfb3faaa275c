"""The sum that must be whole: articles in raw = indexed + skipped + dead-lettered + in flight.

It is computed from what lies in the topics and indices, never from counters of processes: those forget.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin import OffsetSpec as _OffsetSpec  # type: ignore[attr-defined]
from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import scan

from runtime import kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import SkippedArticle, header
from schemas.errors import KafkaUnavailable, MessageError
from schemas.topics import ANNOTATED, CLEAN, INDEXED, RAW, REPORTS, SKIPPED, Topic, dlq_name

_TIMEOUT = 15.0


@dataclass(frozen=True)
class Account:
    """The sum over distinct article ids. ``unreadable``: records of raw that name no article, and how many of those
    lie in the dead-letter queue.
    """

    raw: int
    indexed: int
    skipped: int
    dead: int
    in_flight: int
    unreadable: int = 0
    unreadable_dead: int = 0
    skip_reasons: dict[str, int] = field(default_factory=dict)
    dead_reasons: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing is under way and nothing is lost."""
        return self.in_flight == 0 and self.raw == self.indexed + self.skipped + self.dead


def account(settings: Settings, client: Elasticsearch, alias: str) -> Account:
    """Reads the headers of raw, skipped and dead-letter topics and the ids of the ``articles`` alias."""
    raw: set[str] = set()
    unreadable: set[tuple[int, int]] = set()
    for message in records(settings, names(settings, RAW)):
        subject = header(kafka.headers(message), "ce_subject")
        if subject:
            raw.add(subject)
        else:
            unreadable.add((message.partition() or 0, message.offset() or 0))
    skipped: dict[str, str] = {}
    for message in records(settings, names(settings, SKIPPED)):
        subject = header(kafka.headers(message), "ce_subject")
        if subject:
            skipped[subject] = _skip_reason(message.value())
    dead: dict[str, str] = {}
    dead_reasons: Counter[str] = Counter()
    unreadable_dead = set()
    for topic in (RAW, CLEAN, ANNOTATED):
        name = names(settings, topic)
        for message in records(settings, dlq_name(name)):
            found = kafka.headers(message)
            reason = header(found, "dlq_reason") or "unknown"
            dead_reasons[reason] += 1
            subject = header(found, "ce_subject")
            if subject:
                dead[subject] = reason
            elif topic is RAW:
                unreadable_dead.add((int(header(found, "dlq_partition") or -1), int(header(found, "dlq_offset") or -1)))
    indexed = set(_ids(client, alias))
    are_indexed = raw & indexed
    are_skipped = (raw & skipped.keys()) - are_indexed
    are_dead = (raw & dead.keys()) - are_indexed - are_skipped
    rest = raw - are_indexed - are_skipped - are_dead
    return Account(
        raw=len(raw),
        indexed=len(are_indexed),
        skipped=len(are_skipped),
        dead=len(are_dead),
        in_flight=len(rest),
        unreadable=len(unreadable),
        unreadable_dead=len(unreadable & unreadable_dead),
        skip_reasons=dict(Counter(skipped[i] for i in sorted(are_skipped))),
        dead_reasons=dict(dead_reasons),
        missing=tuple(sorted(rest)[:20]),
    )


@dataclass(frozen=True)
class Lag:
    """How far a stage is behind on its topic: ``end`` offsets minus ``committed`` ones, summed over partitions."""

    stage: str
    topic: str
    committed: int
    end: int

    @property
    def behind(self) -> int:
        return self.end - self.committed


# Which stage reads which topic, in the order of the data's way; ``index`` reads four.
READERS: tuple[tuple[str, Topic], ...] = (
    ("clean", RAW),
    ("annotate", CLEAN),
    ("annotate", ANNOTATED),
    ("group", REPORTS),
    *(("index", topic) for topic in INDEXED),
)


def lags(settings: Settings, client: AdminClient | None = None) -> list[Lag]:
    """Lag of every stage. A partition that a group never committed counts from its first record."""
    client = client or kafka.admin(settings)
    try:
        spread = _partitions(client, {names(settings, topic) for _, topic in READERS})
        every = [TopicPartition(name, p) for name, count in spread.items() for p in range(count)]
        first = client.list_offsets(_at(every, _OffsetSpec.earliest), request_timeout=_TIMEOUT)
        last = client.list_offsets(_at(every, _OffsetSpec.latest), request_timeout=_TIMEOUT)
        committed: dict[tuple[str, str, int], int] = {}
        for stage in dict.fromkeys(stage for stage, _ in READERS):
            group = kafka.group_id(settings, stage)
            asked = client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=_TIMEOUT)
            for at in asked[group].result().topic_partitions or []:
                committed[stage, at.topic, at.partition] = at.offset
        out = []
        for stage, topic in READERS:
            name = names(settings, topic)
            done = end = 0
            for at in (one for one in every if one.topic == name):
                low, high = first[at].result().offset, last[at].result().offset
                done += max(committed.get((stage, name, at.partition), low), low)
                end += high
            out.append(Lag(stage, name, done, end))
    except KafkaException as error:
        raise KafkaUnavailable(f"Kafka at {settings.kafka.bootstrap_servers}: {error}") from error
    return out


def _at(every: list[TopicPartition], spec: Callable[[], Any]) -> dict[TopicPartition, Any]:
    return {partition: spec() for partition in every}


def _partitions(client: AdminClient, wanted: set[str]) -> dict[str, int]:
    found = client.list_topics(timeout=_TIMEOUT).topics
    missing = sorted(wanted - found.keys())
    if missing:
        raise KafkaUnavailable(f"topic {missing[0]} does not exist; has `remarkwire setup` been run?")
    return {name: len(found[name].partitions) for name in sorted(wanted)}


def _skip_reason(value: bytes | None) -> str:
    try:
        return SkippedArticle.decode(value).reason
    except MessageError:
        return "unknown"


def _ids(client: Elasticsearch, alias: str) -> Iterable[str]:
    client.indices.refresh(index=alias)
    try:
        for hit in scan(client, index=alias, query={"query": {"match_all": {}}}, _source=False, size=5000):
            yield hit["_id"]
    except NotFoundError:
        return
