"""Who cannot reach Kafka is told what to look at, whichever command it is."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from runtime import kafka, records
from runtime.settings import KafkaSettings, Settings
from schemas.errors import KafkaUnavailable

NOBODY = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"))


def test_a_topic_of_a_broker_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_TIMEOUT", 0.1)
    with pytest.raises(KafkaUnavailable, match=r"127\.0\.0\.1:1 does not answer: .*bootstrap_servers.*services env"):
        list(records.records(NOBODY, "overrides"))


def test_other_errors_are_told_as_they_are() -> None:
    said = str(kafka.unavailable(NOBODY, KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))))
    assert "TOPIC_AUTHORIZATION_FAILED" in said
    assert "bootstrap_servers" not in said
