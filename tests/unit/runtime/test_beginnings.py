"""First offsets of the groups, against a client that answers as a busy broker does."""

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, TopicPartition

from runtime import beginnings
from runtime.settings import Settings
from schemas.errors import KafkaUnavailable


class _Busy:
    """Does not know a topic until it was asked ``misses`` times."""

    def __init__(self, misses: int) -> None:
        self.misses = misses
        self.committed_at: list[TopicPartition] = []

    def list_topics(self, topic: str, timeout: float) -> Any:
        self.misses -= 1
        error = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART) if self.misses >= 0 else None
        return SimpleNamespace(topics={topic: SimpleNamespace(error=error, partitions={0: None})})

    def committed(self, wanted: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        return wanted

    def get_watermark_offsets(self, at: TopicPartition, timeout: float) -> tuple[int, int]:
        return 7, 9

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> None:
        self.committed_at += offsets

    def close(self) -> None:
        pass


def test_a_topic_that_was_just_made_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _Busy(2)
    monkeypatch.setattr(beginnings.kafka, "looker", lambda *_: client)
    monkeypatch.setattr(beginnings, "_PAUSE", 0.0)
    settings = Settings(pipeline={"stages": ["clean"]})  # type: ignore[arg-type]
    beginnings.commit_beginnings(settings)
    assert [(at.topic, at.offset) for at in client.committed_at] == [("articles.raw", 7)]
    monkeypatch.setattr(beginnings, "_READY_SECONDS", 0.0)
    client.misses = 1_000
    with pytest.raises(KafkaUnavailable, match="setup"):
        beginnings.commit_beginnings(settings)


class _Partial(_Busy):
    """Answers ``fails`` for one partition, in what was committed or in the commit, as often as there are errors."""

    def __init__(self, fails: str, *errors: int) -> None:
        super().__init__(0)
        self._fails, self._errors = fails, list(errors)

    def _answer(self, name: str, wanted: list[TopicPartition]) -> Any:
        if name != self._fails or not self._errors:
            return wanted
        error = KafkaError(self._errors.pop(0))
        return [SimpleNamespace(topic=at.topic, partition=at.partition, offset=-1001, error=error) for at in wanted]

    def committed(self, wanted: list[TopicPartition], timeout: float) -> Any:
        return self._answer("committed", [TopicPartition(at.topic, at.partition, 8) for at in wanted])

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> Any:
        super().commit(offsets, asynchronous)
        return self._answer("commit", offsets)


class _PartialAndNew(_Partial):
    def committed(self, wanted: list[TopicPartition], timeout: float) -> Any:
        return wanted


def test_an_offset_that_cannot_be_read_is_not_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _Partial("committed", KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
    monkeypatch.setattr(beginnings.kafka, "looker", lambda *_: client)
    monkeypatch.setattr(beginnings, "_PAUSE", 0.0)
    beginnings.commit_beginnings(Settings(pipeline={"stages": ["clean"]}))  # type: ignore[arg-type]
    assert client.committed_at == []


def test_a_beginning_that_was_not_taken_is_no_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _PartialAndNew("commit", KafkaError.TOPIC_AUTHORIZATION_FAILED)
    monkeypatch.setattr(beginnings.kafka, "looker", lambda *_: client)
    with pytest.raises(KafkaUnavailable, match="beginning cannot be committed"):
        beginnings.commit_beginnings(Settings(pipeline={"stages": ["clean"]}))  # type: ignore[arg-type]
