"""Who cannot reach Kafka or Elasticsearch is told what to look at, whichever command it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException

from runtime import elastic, kafka, records
from runtime.settings import ElasticsearchSettings, KafkaSettings, Settings
from schemas.errors import KafkaUnavailable, SettingsError

NOBODY = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"))


def test_a_topic_of_a_broker_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_TIMEOUT", 0.1)
    with pytest.raises(KafkaUnavailable, match=r"127\.0\.0\.1:1 does not answer: .*bootstrap_servers.*services env"):
        list(records.records(NOBODY, "overrides"))


def test_other_errors_are_told_as_they_are() -> None:
    said = str(kafka.unavailable(NOBODY, KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))))
    assert "TOPIC_AUTHORIZATION_FAILED" in said
    assert "bootstrap_servers" not in said


@pytest.mark.parametrize("url", ["localhost:9200", "ftp://search:9200", "", "http://search:99999", "https://"])
def test_an_address_of_elasticsearch_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match=r"elasticsearch\.url"):
        elastic.client(Settings(elasticsearch=ElasticsearchSettings(url=url)))


@pytest.mark.parametrize("name", ["ssl_ca", "ssl_certificate"])
@pytest.mark.parametrize(
    "make", [kafka.producer, kafka.looker, kafka.admin, lambda settings: kafka.consumer(settings, "group")]
)
def test_a_certificate_that_is_none_is_named_by_every_client(
    make: Callable[[Settings], object], name: str, tmp_path: Path
) -> None:
    """Commands that do not ask the brokers first make one at once."""
    file = tmp_path / "notpem"
    file.write_text("no certificate")
    files = {"ssl_certificate": file, "ssl_key": file} if name == "ssl_certificate" else {"ssl_ca": file}
    settings = Settings(kafka=KafkaSettings(security_protocol="SSL", **files))
    with pytest.raises(SettingsError, match=rf"^kafka: .*{name.replace('_ca', '_ca.location').replace('_', '.')}"):
        make(settings)
