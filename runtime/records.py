"""Reads a topic from its first record to the last that is there now, without a consumer group."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from runtime import kafka
from runtime.patience import NO_LEADER, again_while
from runtime.settings import Settings
from schemas.errors import KafkaUnavailable

_TIMEOUT = 15.0


def records(settings: Settings, topic: str, seen: Callable[[int], None] | None = None) -> Iterable[Any]:
    """Every record of a topic from its first to the last that is there now, partition by partition."""
    client = kafka.consumer(settings, f"{settings.pipeline.prefix}remarkwire-reader", enable_partition_eof=True)
    try:
        ends = {p: offsets(client, topic, p) for p in partitions(client, topic)}
        open_partitions = {p for p, (low, high) in ends.items() if high > low}
        client.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in sorted(open_partitions)])
        count = 0
        while open_partitions:
            message = client.poll(_TIMEOUT)
            if message is None:
                raise KafkaUnavailable(f"{topic}: no answer within {_TIMEOUT:.0f} s")
            error = message.error()
            partition = message.partition() or 0
            if error is not None:
                if error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's name for it
                    raise KafkaUnavailable(f"{topic}: {error.str()}")
                open_partitions.discard(partition)
                continue
            if (message.offset() or 0) >= ends[partition][1] - 1:
                open_partitions.discard(partition)
            if (message.offset() or 0) < ends[partition][1]:
                count += 1
                if seen is not None:
                    seen(count)
                yield message
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
    finally:
        client.close()


@again_while(NO_LEADER, first=0.05)
def offsets(client: Consumer, topic: str, partition: int) -> tuple[int, int]:
    """First and next offset. A partition that was just made may have no leader yet, and brokers say so for a moment."""
    low, high = client.get_watermark_offsets(TopicPartition(topic, partition), timeout=_TIMEOUT)
    return low, high


def partitions(client: Consumer, topic: str) -> list[int]:
    """Partitions of a topic; raises ``KafkaUnavailable`` with advice where it does not exist."""
    found = client.list_topics(topic, timeout=_TIMEOUT).topics[topic]
    if found.error is not None:
        raise KafkaUnavailable(f"topic {topic}: {found.error.str()}; has `remarkwire setup` been run?")
    return sorted(found.partitions)


def sound(answered: list[TopicPartition] | None) -> list[TopicPartition]:
    """What a broker answered for partitions; raises ``KafkaException`` for what it says of one alone, which raises
    nothing by itself: an offset that cannot be read is not one that is missing.
    """
    for at in answered or ():
        if at.error is not None:
            raise KafkaException(at.error)
    return answered or []


def fingerprint(record: Any) -> bytes:
    """The same for a record and its copies alone: of key, value and headers. An id does not do: an archive that is
    imported again with another ``--published`` has the articles and times of its fetches, and is not the same.
    """
    digest = hashlib.blake2b(digest_size=16)
    headers = (part for name, value in kafka.headers(record) for part in (name.encode(errors="replace"), value))
    for part in (record.key(), record.value(), *headers):
        digest.update(b"-" if part is None else b"%d:%b" % (len(part), part))
    return digest.digest()


def exists(settings: Settings, topic: str) -> bool:
    """Whether the broker has the topic."""
    return topic in there(settings)


def there(settings: Settings) -> set[str]:
    """The topics that the broker has."""
    try:
        return set(kafka.admin(settings).list_topics(timeout=_TIMEOUT).topics)
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
