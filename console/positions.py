"""How far each stage is: what its consumer group has committed, against what its topics hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin import OffsetSpec as _OffsetSpec  # type: ignore[attr-defined]

from runtime import kafka
from runtime.beginnings import GROUP_OF
from runtime.patience import NO_COORDINATOR, NO_LEADER, again_while
from runtime.records import sound
from runtime.settings import Settings
from runtime.topics import names
from schemas.errors import KafkaUnavailable
from schemas.operations import StageName
from schemas.topics import FILLS, READS, STAGES, Topic

_TIMEOUT = 15.0


@dataclass(frozen=True)
class Position:
    """A stage on one partition: ``committed`` is the next offset that it owes, ``low`` and ``high`` are the broker's.

    A partition that a group never committed counts from its first record.
    """

    stage: StageName
    topic: str
    partition: int
    committed: int
    low: int
    high: int


@dataclass(frozen=True)
class Lag:
    """How far a stage is behind on its topic: ``end`` offsets minus ``committed`` ones, summed over partitions.
    ``generation`` is the one that runs it.
    """

    stage: str
    topic: str
    committed: int
    end: int
    generation: int = 1

    @property
    def behind(self) -> int:
        return self.end - self.committed


def group_of(stage: StageName) -> str:
    """The stage whose name the consumer group has: ``annotate`` and ``dispatch`` are one worker."""
    return GROUP_OF.get(stage, stage)


def readers(settings: Settings) -> list[tuple[StageName, Topic]]:
    """Which stages of the generation read which topics, in the order of the data's way; ``index`` reads four."""
    return [(stage, topic) for stage in STAGES if stage in settings.pipeline.stages for topic in READS[stage]]


def feeders(settings: Settings) -> list[Settings]:
    """The settings of those stages that other generations run for this one, in the order of the data's way.

    None of a trial: it reads a copy, to which nothing is added.
    """
    pipeline = settings.pipeline
    if pipeline.generation in pipeline.inputs.values():
        return []
    found: dict[int, list[StageName]] = {}
    for stage in STAGES:
        filled_by = {pipeline.inputs[topic.name] for topic in FILLS[stage] if topic.name in pipeline.inputs}
        for number in sorted(filled_by) if stage not in pipeline.stages else ():
            found.setdefault(number, []).append(stage)
    # Its own inputs name whatever these stages read, too.
    return [
        settings.model_copy(update={"pipeline": pipeline.model_copy(update={"generation": number, "stages": stages})})
        for number, stages in found.items()
    ]


def positions(settings: Settings, client: AdminClient | None = None) -> list[Position]:
    """Every stage of the generation on every partition that it reads."""
    client = client or kafka.admin(settings)
    reading = readers(settings)
    try:
        spread = _partitions(client, {names(settings, topic) for _, topic in reading})
        every = [TopicPartition(name, p) for name, count in spread.items() for p in range(count)]
        first = _offsets(client, every, _OffsetSpec.earliest)
        # What the groups have committed is asked before the ends, or a stage could seem to be ahead of its topic.
        committed: dict[tuple[str, str, int], int] = {}
        asked: dict[str, list[TopicPartition]] = {}
        for name in dict.fromkeys(group_of(stage) for stage, _ in reading):
            topics = {names(settings, topic) for stage, topic in reading if group_of(stage) == name}
            asked[name] = [at for at in every if at.topic in topics]
        # At once: each waits until it has found its group's coordinator.
        with ThreadPoolExecutor(max(len(asked), 1)) as pool:
            groups = [kafka.group_id(settings, name) for name in asked]
            for name, found in zip(asked, pool.map(partial(_committed, settings), groups, asked.values()), strict=True):
                for at in found:
                    committed[name, at.topic, at.partition] = at.offset
        last = _offsets(client, every, _OffsetSpec.latest)
        out = []
        for stage, topic in reading:
            name = names(settings, topic)
            for at in (one for one in every if one.topic == name):
                low, high = first[at], last[at]
                done = max(committed.get((group_of(stage), name, at.partition), low), low)
                out.append(Position(stage, name, at.partition, done, low, high))
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
    return out


def lags(settings: Settings, client: AdminClient | None = None) -> list[Lag]:
    """Lag of every stage on every topic that it reads. ``dispatch`` has its own, though it is one worker with
    ``annotate``: alerts compare it with when that stage committed last.
    """
    found: dict[tuple[str, str], Lag] = {}
    for at in positions(settings, client):
        before = found.get((at.stage, at.topic), Lag(at.stage, at.topic, 0, 0))
        committed, end = before.committed + at.committed, before.end + at.high
        found[at.stage, at.topic] = Lag(at.stage, at.topic, committed, end, settings.pipeline.generation)
    return list(found.values())


@again_while(NO_COORDINATOR)
def _committed(settings: Settings, group: str, every: list[TopicPartition]) -> list[TopicPartition]:
    """What a group has committed; a negative offset where it has nothing.

    Asked by a consumer of that group which never joins it. librdkafka's admin client ends the process with a
    segmentation fault when the broker answers that the group's coordinator is elsewhere or still loading: it then looks
    for the coordinator of its own group, and an admin client has none.
    """
    client = kafka.looker(settings, group)
    try:
        return sound(client.committed([TopicPartition(at.topic, at.partition) for at in every], timeout=_TIMEOUT))
    finally:
        client.close()


@again_while(NO_LEADER)
def _offsets(client: AdminClient, every: list[TopicPartition], spec: Callable[[], Any]) -> dict[TopicPartition, int]:
    """The offset that ``spec`` means of each partition, again while one that was just made has no leader yet."""
    found = client.list_offsets({partition: spec() for partition in every}, request_timeout=_TIMEOUT)
    return {at: future.result().offset for at, future in found.items()}


def _partitions(client: AdminClient, wanted: set[str]) -> dict[str, int]:
    found = client.list_topics(timeout=_TIMEOUT).topics
    missing = sorted(wanted - found.keys())
    if missing:
        raise KafkaUnavailable(f"topic {missing[0]} does not exist; has `remarkwire setup` been run?")
    return {name: len(found[name].partitions) for name in sorted(wanted)}
