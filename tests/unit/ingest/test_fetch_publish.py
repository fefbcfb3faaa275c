"""What becomes of an article that the broker refuses, and of those that went with it in one batch."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError

from ingest.fetch import publish
from ingest.fetch.publish import KafkaPublisher
from runtime.settings import Settings
from schemas.errors import KafkaUnavailable, TimeRefused
from tests.builders import raw_article

BESIDE = KafkaError._INVALID_DIFFERENT_RECORD


def publisher(monkeypatch: pytest.MonkeyPatch, *answers: int | None) -> tuple[KafkaPublisher, list[dict[str, Any]]]:
    """On a producer that answers with these codes, one after the other; and what it is given."""
    sent: list[dict[str, Any]] = []
    left = list(answers)

    def produce(
        _topic: str, _value: bytes, *, on_delivery: Callable[[KafkaError | None, None], None], **told: Any
    ) -> None:
        sent.append(told)
        code = left.pop(0)
        on_delivery(None if code is None else KafkaError(code), None)

    class Nobody(set[str]):
        def refresh(self) -> None:
            pass

    monkeypatch.setattr(publish.kafka, "producer", lambda *_, **__: SimpleNamespace(produce=produce))
    monkeypatch.setattr(publish, "ForgottenIds", lambda _: Nobody())
    return KafkaPublisher(Settings()), sent


async def test_a_time_that_the_broker_refuses_is_that_articles_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = publisher(monkeypatch, KafkaError.INVALID_TIMESTAMP, None)
    with pytest.raises(TimeRefused, match="ahead of the broker's clock"):
        await made.publish(raw_article("<p>One</p>", "a"))
    assert await made.publish(raw_article("<p>Two</p>", "b"))


async def test_what_was_in_one_batch_with_it_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, sent = publisher(monkeypatch, BESIDE, BESIDE, None)
    assert await made.publish(raw_article("<p>One</p>", "a"))
    assert sent[0] == sent[1] == sent[2]


async def test_any_other_failure_is_kafkas(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = publisher(monkeypatch, KafkaError.NOT_ENOUGH_REPLICAS)
    with pytest.raises(KafkaUnavailable):
        await made.publish(raw_article("<p>One</p>", "a"))
