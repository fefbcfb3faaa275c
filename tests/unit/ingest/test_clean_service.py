"""The end of the cleaner where Kafka does not confirm what was sent."""

import threading
from collections import deque
from typing import Any

import pytest

from ingest.clean import service
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.settings import Settings
from runtime.unread import Unread
from schemas.errors import KafkaUnavailable

GRACE_SECONDS = 30.0
"""What `remarkwire run` grants between SIGTERM and SIGKILL."""


class Producer:
    """A fake of confluent-kafka's, with a message that nobody confirms."""

    def __init__(self) -> None:
        self.waited = 0.0

    def flush(self, seconds: float) -> int:
        self.waited += seconds
        return 1


def test_it_ends_before_it_would_be_killed_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producer: Any = Producer()

    class Cleaner(service._Cleaner):
        def __init__(self, *_: object) -> None:
            self._waiting = deque()
            self._deliveries = kafka.Deliveries(producer)
            self.partitions = kafka.Assigned()
            self.unread = Unread()

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(service, "_Cleaner", Cleaner)
    stop = Stop()
    stop.set()
    assert service.run(Settings(), stop) == 1
    assert 0 < producer.waited < GRACE_SECONDS
    said = capsys.readouterr()
    assert "1 message not confirmed" in said.out + said.err


def test_no_thread_is_left_where_kafka_does_not_answer_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread of the pool that waits for pages would keep the process from its end, and from being started again."""

    def none(_: Settings) -> None:
        raise KafkaUnavailable("nobody answers")

    monkeypatch.setattr(service, "ForgottenIds", none)
    assert service.run(Settings(), Stop()) == 1
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("page-worker")] == []
