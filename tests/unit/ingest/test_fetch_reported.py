"""What a broker answers for one partition of the reports alone."""

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, TopicPartition

from ingest.fetch import reported
from ingest.fetch.reported import KafkaReports
from runtime.settings import Settings


class Client:
    """Two partitions; the second is said to have ``error`` in the answer to ``asked``."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self.error: KafkaError | None = KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION)
        self.assigned: list[int] = []
        self.there = True

    def _answer(self, asked: str, wanted: list[TopicPartition]) -> list[SimpleNamespace]:
        bad = asked == self.asked and self.error
        return [
            SimpleNamespace(
                topic=at.topic, partition=at.partition, offset=-1001 if bad and at.partition else 5,
                error=self.error if bad and at.partition else None,
            )
            for at in wanted
        ]  # fmt: skip

    def list_topics(self, topic: str, timeout: float) -> Any:
        if not self.there:
            return SimpleNamespace(topics={})
        return SimpleNamespace(topics={topic: SimpleNamespace(error=None, partitions=dict.fromkeys(range(2)))})

    def offsets_for_times(self, wanted: list[TopicPartition], timeout: float) -> list[SimpleNamespace]:
        return self._answer("offsets_for_times", wanted)

    def position(self, wanted: list[TopicPartition]) -> list[SimpleNamespace]:
        return self._answer("position", wanted)

    def get_watermark_offsets(self, _: object, timeout: float) -> tuple[int, int]:
        return 0, 9

    def assign(self, starts: list[TopicPartition]) -> None:
        self.assigned = [at.offset for at in starts]

    def consume(self, _most: int, timeout: float) -> list[object]:
        return []


def reports(monkeypatch: pytest.MonkeyPatch, client: Client) -> KafkaReports:
    monkeypatch.setattr(reported.kafka, "looker", lambda _: client)
    return KafkaReports(Settings())


def test_no_partition_is_read_from_where_it_cannot_say(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client("offsets_for_times")
    made = reports(monkeypatch, client)
    assert made.take({}, 1.0, since=0.0, to_end=False).offsets == []
    assert client.assigned == [], "from its end what it has would be missed"
    client.error = None
    made.take({}, 1000.0, since=0.0, to_end=False)
    assert client.assigned == [5, 5]


def test_a_position_that_cannot_be_told_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client("position")
    made = reports(monkeypatch, client)
    made.take({}, 1.0, since=0.0, to_end=False)
    assert made._missing() == set()
    client.error = None
    assert made._missing() == {(0, 9), (1, 9)}


def test_a_topic_that_stays_away_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    log = SimpleNamespace(
        info=lambda *_, **__: said.append("info"), warning=lambda text, **_: said.append(f"warning: {text}")
    )
    monkeypatch.setattr(reported, "logger", lambda _: log)
    client = Client("")
    client.there = False
    made = reports(monkeypatch, client)
    for second in range(0, 291, 10):
        made.take({}, 1.0 + second, since=0.0, to_end=False)
    assert set(said[:-1]) == {"info"}
    assert said[-1].startswith("warning: topic is still not there")
    assert "pipeline.generation" in said[-1]
    client.there = True
    made.take({}, 400.0, since=0.0, to_end=False)
    assert client.assigned == [5, 5]
