"""What a group has committed, asked while its coordinator moves."""

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from console import positions
from runtime import kafka
from runtime.settings import Settings


class _Looker:
    """Answers with the errors in turn, then with an offset."""

    def __init__(self, errors: list[int]) -> None:
        self.errors, self.closed = errors, 0

    def committed(self, asked: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        if self.errors:
            raise KafkaException(KafkaError(self.errors.pop(0)))
        return [TopicPartition(at.topic, at.partition, 7) for at in asked]

    def close(self) -> None:
        self.closed += 1


def _asked(monkeypatch: pytest.MonkeyPatch, looker: _Looker) -> list[int]:
    monkeypatch.setattr(kafka, "looker", lambda settings, group: looker)
    return [at.offset for at in positions._committed(Settings(), "g", [TopicPartition("t", 0)])]


def test_a_coordinator_that_moves_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looker = _Looker([KafkaError.NOT_COORDINATOR, KafkaError.COORDINATOR_LOAD_IN_PROGRESS])
    assert _asked(monkeypatch, looker) == [7]
    assert looker.closed == 3


def test_whoever_may_not_ask_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looker = _Looker([KafkaError.GROUP_AUTHORIZATION_FAILED])
    with pytest.raises(KafkaException):
        _asked(monkeypatch, looker)
    assert looker.closed == 1


def test_dispatch_is_behind_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its commits are counted under that name: under that of its worker no alert would see it stand still."""
    found = [positions.Position(stage, topic.name, 0, 3, 0, 10) for stage, topic in positions.readers(Settings())]
    monkeypatch.setattr(positions, "positions", lambda settings, client: found)
    by_stage = {lag.stage: lag for lag in positions.lags(Settings())}
    assert by_stage.keys() == {"clean", "annotate", "dispatch", "group", "index"}
    assert (by_stage["dispatch"].topic, by_stage["dispatch"].behind) == ("articles.annotated", 7)
