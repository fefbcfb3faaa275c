"""librdkafka's own lines: of a service's clients, not of those that a command makes while it asks."""

import socket

import pytest
from confluent_kafka import KafkaException

from runtime import kafka
from runtime.settings import KafkaSettings, Settings


@pytest.mark.parametrize("kind", ["admin", "looker", "producer", "consumer", "service"])
def test_only_services_tell_what_happens_to_their_connections(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    settings = Settings(kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}"))
    client = {
        "admin": lambda: kafka.admin(settings),
        "looker": lambda: kafka.looker(settings),
        "producer": lambda: kafka.producer(settings),
        "consumer": lambda: kafka.consumer(settings, "a-group"),
        "service": lambda: kafka.producer(settings, service=True),
    }[kind]()
    with pytest.raises(KafkaException):
        client.list_topics(timeout=1)
    del client
    assert ("rdkafka" in capfd.readouterr().err) == (kind == "service")
