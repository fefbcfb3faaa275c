"""The monitor on running services: what is given up and skipped becomes documents, what is behind becomes gauges."""

import datetime
import threading
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from prometheus_client import REGISTRY

from console.commands.setup import prepare
from console.generations.aliases import flip
from console.monitor import run
from deploy.services import Services
from runtime import elastic, kafka
from runtime.health import Health
from runtime.lifecycle import Stop
from runtime.settings import Settings
from runtime.topics import names
from schemas import Outlet, Seq, SkippedArticle
from schemas.dlq import Origin, dlq_headers
from schemas.errors import InvalidMessage
from schemas.message import headers_of
from schemas.topics import CLEAN, SKIPPED, dlq_name
from tests.pipeline import eventually, prepared, put

pytestmark = pytest.mark.integration


def test_what_lies_in_the_topics_is_shown(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path, monitor={"interval_seconds": 1}) as settings:
        send(settings)
        client = elastic.client(settings)
        stop, health = Stop(), Health()
        service = threading.Thread(target=run, args=(settings, stop, health))
        service.start()
        try:

            def found(what: str) -> list[dict[str, Any]]:
                return documents(client, settings, what)

            eventually(lambda: len(found("dead_letter")) == 2 and len(found("skipped")) == 1, "events", tmp_path)
            eventually(lambda: any("added" in one for one in found("records")), "two measurements", tmp_path)
            assert {(one["reason"], one["stage"], one["topic"], one["offset"]) for one in found("dead_letter")} == {
                ("invalid_message", "annotate", names(settings, CLEAN), 0),
                ("invalid_message", "annotate", names(settings, CLEAN), 1),
            }
            [left_out] = found("skipped")
            assert (left_out["reason"], left_out["article_id"], left_out["outlet_id"]) == ("gone", "a", "example.org")
            assert {one["stage"] for one in found("lag")} == {"clean", "annotate", "dispatch", "group", "index"}
            labels = {"stage": "annotate", "topic": names(settings, CLEAN), "generation": "1"}
            assert REGISTRY.get_sample_value("remarkwire_lag_records", labels) == 0
            assert health.waits_for is None
        finally:
            stop.set()
            service.join(30)
            client.close()
        assert not service.is_alive()


def test_after_a_restart_nothing_is_there_twice(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path, monitor={"interval_seconds": 1}) as settings:
        client = elastic.client(settings)

        def dead() -> int:
            return len(documents(client, settings, "dead_letter"))

        for expected in (2, 4):
            send(settings)
            stop = Stop()
            service = threading.Thread(target=run, args=(settings, stop, Health()))
            service.start()
            try:
                eventually(lambda wanted=expected: dead() == wanted, f"{expected} dead letters", tmp_path)  # type: ignore[misc]
            finally:
                stop.set()
                service.join(30)
        client.close()


def test_it_follows_the_live_generation(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path, monitor={"interval_seconds": 1}) as first:
        pipeline = first.pipeline.model_copy(update={"generation": 2})
        second = first.model_copy(update={"pipeline": pipeline})
        prepare(second)
        client = elastic.client(first)
        flip(client, first.pipeline.index_prefix, 1)
        stop = Stop()
        service = threading.Thread(target=run, args=(first, stop, Health()))
        service.start()

        def seen(what: str, number: int) -> int:
            return sum(one["generation"] == number for one in documents(client, first, what))

        try:
            for settings, number in ((first, 1), (second, 2)):
                send(settings)
                flip(client, first.pipeline.index_prefix, number)
                eventually(lambda n=number: seen("dead_letter", n) == 2, f"dead letters of {number}", tmp_path)  # type: ignore[misc]
                eventually(lambda n=number: seen("skipped", n) == 1, f"skipped of {number}", tmp_path)  # type: ignore[misc]
                eventually(lambda n=number: seen("lag", n) > 0, f"lags of {number}", tmp_path)  # type: ignore[misc]
        finally:
            stop.set()
            service.join(30)
            client.close()
        assert not service.is_alive()


def documents(client: Elasticsearch, settings: Settings, what: str) -> list[dict[str, Any]]:
    pattern = f"{settings.pipeline.index_prefix}-pipeline-*"
    # 503: the index is made, and its shard is not there yet.
    patient = client.options(ignore_status=503)
    patient.indices.refresh(index=pattern, ignore_unavailable=True)
    answer = patient.search(index=pattern, size=1000, query={"term": {"what": what}}, ignore_unavailable=True)
    return [hit["_source"] for hit in answer.get("hits", {}).get("hits", [])]


def send(settings: Settings) -> None:
    """Two dead letters of the cleaned articles, one skipped article."""
    producer = kafka.Deliveries(kafka.producer(settings))
    topic = names(settings, CLEAN)
    for offset in range(2):
        origin = Origin(topic, 0, offset, 0)
        headers = dlq_headers(None, InvalidMessage("x"), stage="annotate", origin=origin, attempts=1, version="1")
        producer.send(dlq_name(topic), b"{}", key="a", headers=headers)
    producer.flush()
    moment = datetime.datetime(2026, 6, 3, tzinfo=datetime.UTC)
    message = SkippedArticle(
        article_id="a",
        seq=Seq(1, "a"),
        url="http://example.org/a",
        outlet=Outlet(id="example.org"),
        fetched=moment,
        reason="gone",
    )
    assert headers_of(message, "clean")
    put(settings, SKIPPED, "a", message, "clean")
