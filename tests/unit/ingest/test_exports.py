"""Where an export begins in each partition, and in which order it writes, against a client that answers as a broker
does.
"""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, TopicPartition

from ingest import exports
from runtime.settings import Settings
from schemas import RawArticle, Seq
from schemas.errors import InputError, KafkaUnavailable
from tests.builders import raw_article

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


def test_nothing_takes_the_place_of_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports.kafka, "looker", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(exports, "ForgottenIds", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(exports, "articles", lambda *_: iter(()))
    path = tmp_path / "a.warc"
    path.write_bytes(b"an archive")
    with pytest.raises(InputError, match="left as it was"):
        exports.export(Settings(), path, since=SINCE, until=SINCE)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.warc", b"an archive")]


def raw(article: str, minute: int, seq: int | None = None, visit: int = 1) -> RawArticle:
    fetched = SINCE + datetime.timedelta(minutes=minute)
    place = Seq(minute if seq is None else seq, article)
    return raw_article("<p>Synthetic</p>", article, fetched=fetched, seq=place, visit=visit)


class Log:
    """A topic whose partitions are read in batches of at most ``batch`` records, of the one that is assigned."""

    def __init__(self, *partitions: list[RawArticle]) -> None:
        self.partitions = partitions
        self.at = TopicPartition("", 0, 0)
        self.batches: list[int] = []

    def list_topics(self, topic: str, timeout: float) -> Any:
        known = SimpleNamespace(error=None, partitions=dict.fromkeys(range(len(self.partitions))))
        return SimpleNamespace(topics={topic: known})

    def offsets_for_times(self, wanted: list[TopicPartition], timeout: float) -> Any:
        ends = [len(one) for one in self.partitions]
        return [
            SimpleNamespace(partition=at.partition, offset=0 if end else -1, error=None)
            for at, end in zip(wanted, ends, strict=True)
        ]

    def get_watermark_offsets(self, at: TopicPartition, timeout: float) -> tuple[int, int]:
        return 0, len(self.partitions[at.partition])

    def assign(self, parts: list[TopicPartition]) -> None:
        [self.at] = parts

    def consume(self, most: int, timeout: float) -> list[Any]:
        first = self.at.offset
        found = self.partitions[self.at.partition][first : first + most]
        self.at = TopicPartition("", self.at.partition, first + len(found))
        self.batches.append(len(found))
        return [
            SimpleNamespace(error=lambda: None, offset=lambda n=first + n: n, value=one.encode)
            for n, one in enumerate(found)
        ]


def exported(log: Log) -> list[str]:
    client: Any = log
    until = SINCE + datetime.timedelta(days=1)
    return [one.article_id for one in exports.articles(client, "articles.raw", SINCE, until)]


def test_partitions_are_merged_in_the_order_in_which_their_articles_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import of the archive decides in its order; partition by partition, most would come late."""
    monkeypatch.setattr(exports, "_HELD", 6)
    first, second = ([raw(f"{name}{m:02}", m) for m in range(start, 40, 2)] for name, start in (("a", 0), ("b", 1)))
    log = Log(first, [], second)
    assert exported(log) == sorted((one.article_id for one in first + second), key=lambda name: name[1:])
    assert max(log.batches) <= 3


def test_a_later_visit_comes_when_it_came_though_it_has_the_place_of_the_first() -> None:
    visits = [raw("a", 1), raw("b", 8), raw("a", 9, seq=1, visit=2), raw("c", 10)]
    assert exported(Log(visits, [raw("x", 5), raw("y", 9), raw("z", 11)])) == ["a", "x", "b", "a", "y", "c", "z"]
