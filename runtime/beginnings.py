"""Where consumer groups begin: committed before their first worker starts.

A worker that loses a partition before the group has committed anything for it has no offset to go back to. Faust and
aiokafka then go on where they had read, not where they had finished (``seek_to_committed`` passes over a partition
without an offset), and what was under way is lost. So every group gets the first offset of its partitions.
"""

import time

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from runtime import kafka
from runtime.records import partitions, sound
from runtime.settings import Settings
from runtime.topics import names
from schemas.errors import KafkaUnavailable
from schemas.operations import StageName
from schemas.topics import READS

_TIMEOUT = 15.0
# `annotate` and `dispatch` are one worker.
GROUP_OF: dict[StageName, str] = {"dispatch": "annotate"}
# The group has members: they have offsets, or will have.
_AT_WORK = {
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.FENCED_INSTANCE_ID,
}
_NOT_READY = {
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._NOENT,  # noqa: SLF001 - librdkafka's "no leaders found"
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
}
_READY_SECONDS = 30.0
_PAUSE = 0.2


def commit_beginnings(settings: Settings) -> None:
    """Commits the first offset where a group of the generation has none; what has one is left as it is."""
    by_group: dict[str, list[str]] = {}
    for stage in settings.pipeline.stages:
        group = kafka.group_id(settings, GROUP_OF.get(stage, stage))
        by_group.setdefault(group, []).extend(names(settings, topic) for topic in READS[stage])
    for group, topics in by_group.items():
        client = kafka.looker(settings, group)
        deadline = time.monotonic() + _READY_SECONDS
        try:
            while not _begun(client, topics, group, last=time.monotonic() >= deadline):
                time.sleep(_PAUSE)
        finally:
            client.close()


def _begun(client: Consumer, topics: list[str], group: str, *, last: bool) -> bool:
    """False where the brokers are not ready for topics that were just made, and this is not the ``last`` try."""
    try:
        every = [TopicPartition(topic, p) for topic in topics for p in partitions(client, topic)]
        # What cannot be read now would be set back to the first record.
        without = [at for at in sound(client.committed(every, timeout=_TIMEOUT)) if at.offset < 0]
        first = [
            TopicPartition(at.topic, at.partition, client.get_watermark_offsets(at, timeout=_TIMEOUT)[0])
            for at in without
        ]
        if first:
            sound(client.commit(offsets=first, asynchronous=False))
    except KafkaUnavailable:
        # A broker that is at work answers that it does not know a topic for a moment after it was made.
        if last:
            raise
        return False
    except KafkaException as error:
        code = error.args[0].code()
        if code in _AT_WORK:
            return True
        if last or code not in _NOT_READY:
            raise KafkaUnavailable(f"group {group}: its beginning cannot be committed: {error}") from error
        return False
    return True
