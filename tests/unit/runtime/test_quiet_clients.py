"""What librdkafka tells beside records: in the log of a service, not of what a command makes while it asks."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import structlog.testing
from confluent_kafka import KafkaError, KafkaException

from runtime import kafka
from runtime.settings import KafkaSettings, Settings


@pytest.fixture
def nobody() -> Settings:
    """Kafka at a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return Settings(kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}"))


@pytest.mark.parametrize("kind", ["admin", "looker", "producer", "consumer", "service"])
def test_librdkafka_writes_nothing_itself(kind: str, nobody: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "admin": lambda: kafka.admin(nobody),
        "looker": lambda: kafka.looker(nobody),
        "producer": lambda: kafka.producer(nobody),
        "consumer": lambda: kafka.consumer(nobody, "a-group"),
        "service": lambda: kafka.producer(nobody, service=True),
    }
    client = makers[kind]()
    with pytest.raises(KafkaException):
        client.list_topics(timeout=1)
    del client
    assert "rdkafka" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["producer", "consumer"])
def test_a_service_logs_that_nobody_answers(kind: str, nobody: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    client = kafka.producer(nobody, service=True) if kind == "producer" else kafka.consumer(nobody, "g", service=True)
    told = ""
    for _ in range(100):
        client.poll(0.1)
        told += "".join(capfd.readouterr())
        if "_ALL_BROKERS_DOWN" in told:
            break
    assert "Kafka reports" in told
    assert "Connection refused" in told
    assert "%3|" not in told


def test_a_kind_of_error_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    log = structlog.testing.CapturingLogger()
    monkeypatch.setattr(kafka, "_log", log)
    now = 0.0
    tell = kafka.Telling(lambda: now)
    for seconds in (0.0, 1.0, 59.0, 60.0, 61.0):
        now = seconds
        tell(KafkaError(KafkaError._TRANSPORT))
        tell(KafkaError(KafkaError._ALL_BROKERS_DOWN))
    assert [call.kwargs["name"] for call in log.calls] == ["_TRANSPORT", "_ALL_BROKERS_DOWN"] * 2
