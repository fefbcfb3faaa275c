"""Topics, messages and waiting for tests: each call returns when the thing is done, or fails at a deadline."""

import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from deploy.services import Services

MEGABYTE = 1024 * 1024
DEADLINE = 60.0


def create(admin: AdminClient, name: str, partitions: int = 1, **config: str) -> None:
    settings = {key.replace("_", "."): value for key, value in config.items()}
    (created,) = admin.create_topics([NewTopic(name, partitions, 1, config=settings)]).values()
    created.result()
    # The controller has it before the broker that answers knows of it.
    until(lambda: _led(admin, name) == partitions)


def _led(admin: AdminClient, name: str) -> int:
    found = admin.list_topics(timeout=10).topics.get(name)
    return sum(one.leader >= 0 for one in found.partitions.values()) if found is not None else 0


def produce(services: Services, topic: str, messages: Iterable[dict[str, Any]], **config: Any) -> list[Message]:
    """Send, and return the delivery reports in the order in which they came."""
    producer = Producer(
        {"bootstrap.servers": services.bootstrap_servers, "partitioner": "murmur2_random", "linger.ms": 5, **config}
    )
    delivered: list[Message] = []
    errors: list[KafkaError] = []

    def report(error: KafkaError | None, message: Message) -> None:
        if error is not None:
            errors.append(error)
        else:
            delivered.append(message)

    for message in messages:
        producer.produce(topic, on_delivery=report, **message)
    assert producer.flush(DEADLINE) == 0
    if errors:
        raise KafkaException(errors[0])
    return delivered


def consumer(services: Services, group: str, **config: Any) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": services.bootstrap_servers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "fetch.message.max.bytes": 16 * MEGABYTE,
            **config,
        }
    )


def receive(reader: Consumer, number: int) -> list[Message]:
    """Poll until so many messages are there."""
    received: list[Message] = []
    deadline = time.monotonic() + DEADLINE
    while len(received) < number:
        assert time.monotonic() < deadline, f"{len(received)} of {number} messages within {DEADLINE} s"
        message = reader.poll(0.1)
        if message is not None:
            assert message.error() is None, message.error()
            received.append(message)
    return received


def read(services: Services, topic: str, number: int, **config: Any) -> list[Message]:
    with closing(consumer(services, f"read-{uuid.uuid4().hex}", **config)) as reader:
        reader.subscribe([topic])
        return receive(reader, number)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < deadline, f"not within {DEADLINE} s"
        time.sleep(0.02)
