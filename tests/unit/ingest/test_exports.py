"""Where an export begins in each partition, against a client that answers as a broker does."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, TopicPartition

from ingest import exports
from schemas.errors import KafkaUnavailable

SINCE = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)


class Broker:
    """Three partitions: the first has records of the range, the second none, the third is said to have ``error``."""

    def __init__(self, error: KafkaError | None) -> None:
        self.error = error

    def list_topics(self, topic: str, timeout: float) -> Any:
        return SimpleNamespace(topics={topic: SimpleNamespace(error=None, partitions=dict.fromkeys(range(3)))})

    def offsets_for_times(self, wanted: list[TopicPartition], timeout: float) -> Any:
        found = [(4, None), (-1, None), (-1001 if self.error else 6, self.error)]
        return [
            SimpleNamespace(partition=at.partition, offset=offset, error=error)
            for at, (offset, error) in zip(wanted, found, strict=True)
        ]

    def get_watermark_offsets(self, at: TopicPartition, timeout: float) -> tuple[int, int]:
        return 5, 9


def test_no_partition_is_left_out_unseen() -> None:
    whole: Any = Broker(None)
    ranges = exports._ranges(whole, "articles.raw", SINCE)
    assert [(start.partition, start.offset, end) for start, end in ranges] == [(0, 5, 9), (2, 6, 9)]
    broken: Any = Broker(KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION))
    with pytest.raises(KafkaUnavailable, match=r"articles\.raw"):
        exports._ranges(broken, "articles.raw", SINCE)
