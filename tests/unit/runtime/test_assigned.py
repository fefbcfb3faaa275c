"""Which partitions a worker has, as its consumer's callbacks tell."""

from confluent_kafka import TopicPartition

from runtime.kafka import Assigned


def at(*numbers: int) -> list[TopicPartition]:
    return [TopicPartition("t", number, 7) for number in numbers]


def test_partitions_come_and_go() -> None:
    assigned = Assigned()
    assert assigned() == []
    assigned.come(at(2, 0))
    assigned.come(at(1))
    assert assigned() == [("t", 0), ("t", 1), ("t", 2)]
    assigned.gone(at(0, 2))
    assert assigned() == [("t", 1)]


def test_what_goes_twice_or_never_came_is_nothing() -> None:
    assigned = Assigned()
    assigned.come(at(0))
    assigned.come(at(0))
    assigned.gone(at(0, 5))
    assigned.gone(at(0))
    assert assigned() == []
