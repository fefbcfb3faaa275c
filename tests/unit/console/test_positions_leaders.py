"""How far stages are is asked again while a partition that was just made has no leader."""

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from console import positions
from runtime.settings import PipelineSettings, Settings
from runtime.topics import names
from schemas.errors import KafkaUnavailable
from schemas.topics import READS, STAGES


class Broker:
    """Knows all topics, each of one partition with ten records; says ``failures`` times that there is no leader."""

    def __init__(self, settings: Settings, code: int, failures: int) -> None:
        topics = {names(settings, topic) for stage in STAGES for topic in READS[stage]}
        self._topics = {name: SimpleNamespace(partitions={0: None}) for name in topics}
        self._code, self._failures, self.asked = code, failures, 0

    def list_topics(self, timeout: float) -> Any:
        return SimpleNamespace(topics=self._topics)

    def list_offsets(self, wanted: dict[Any, Any], request_timeout: float) -> dict[Any, Future[Any]]:
        self.asked += 1
        found: dict[Any, Future[Any]] = {at: Future() for at in wanted}
        for future in found.values():
            if self.asked <= self._failures:
                future.set_exception(KafkaException(KafkaError(self._code)))
            else:
                future.set_result(SimpleNamespace(offset=10))
        return found


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(positions, "_committed", lambda _settings, _group, every: every)
    return Settings(pipeline=PipelineSettings(prefix="x."))


def test_it_is_asked_again_while_there_is_no_leader(settings: Settings) -> None:
    broker = Broker(settings, KafkaError._NOENT, 2)
    found = positions.positions(settings, broker)  # type: ignore[arg-type]
    assert broker.asked == 4
    assert {at.high for at in found} == {10}


def test_what_is_no_matter_of_moments_is_told(settings: Settings) -> None:
    broker = Broker(settings, KafkaError.TOPIC_AUTHORIZATION_FAILED, 9)
    with pytest.raises(KafkaUnavailable):
        positions.positions(settings, broker)  # type: ignore[arg-type]
    assert broker.asked == 1
