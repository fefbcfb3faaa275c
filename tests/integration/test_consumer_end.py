"""A consumer that subscribed is dropped at its end: whatever its group is doing, nothing waits. Synthetic."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from deploy.services import Services
from runtime import kafka
from runtime.settings import Settings
from runtime.topics import names
from schemas.topics import RAW
from tests.pipeline import eventually, prepared

pytestmark = pytest.mark.integration

BOTH = 2


def member(settings: Settings, instance: str, topic: str, assigned: list[int]) -> Consumer:
    """A member of one group; ``assigned`` gets the number of partitions of each assignment."""

    def note(_consumer: Consumer, partitions: list[TopicPartition]) -> None:
        assigned.append(len(partitions))

    of_its_own = settings.pipeline.model_copy(update={"instance": instance})
    own = settings.model_copy(update={"pipeline": of_its_own})
    consumer = kafka.consumer(own, kafka.group_id(settings, "end"))
    consumer.subscribe([topic], on_assign=note)
    return consumer


def test_a_consumer_ends_though_an_assignment_waits_to_be_taken(
    services: Services, unique: str, tmp_path: Path
) -> None:
    """Closing it instead can stand still for ever, with the GIL held (seen on the embedded Kafka)."""
    with prepared(services, unique, tmp_path) as settings:
        topic = names(settings, RAW)
        first_has, second_has = list[int](), list[int]()
        first = member(settings, "1", topic, first_has)
        eventually(partial(polled, first, first_has, lambda has: has == [BOTH]), "the first has all", tmp_path)
        second = member(settings, "2", topic, second_has)
        eventually(partial(polled, first, first_has, lambda has: has == [BOTH, 1]), "they are shared", tmp_path)
        # The second hears of its share as the first did, but takes nothing.
        first.poll(1.0)
        del second
        assert second_has == []
        del first


def polled(consumer: Consumer, has: list[int], enough: Callable[[list[int]], bool]) -> bool:
    """A step of a member that works; whether it ``has`` what it waits for."""
    consumer.poll(0.1)
    return enough(has)
