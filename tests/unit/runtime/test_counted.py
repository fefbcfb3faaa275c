"""What services count, from what they did: a metric that stands still is no alert and no panel."""

from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from prometheus_client import REGISTRY

from ingest.clean import service as clean
from ingest.clean.pool import PagePool
from ingest.fetch.totals import FetchTotals
from ingest.fetch.web.polite import PoliteClient
from processors.index import service as index
from runtime.settings import Settings
from runtime.topics import names
from schemas.errors import FetchFailed, InputError
from schemas.topics import RAW
from tests.builders import raw_article
from tests.unit.index.test_index_retry import BUSY, OK, TOPIC, Scene
from tests.unit.ingest.test_fetch_network import closed
from tests.unit.ingest.test_fetch_publish import BESIDE, publisher

REBALANCING = KafkaException(KafkaError(KafkaError.REBALANCE_IN_PROGRESS))


class Growth:
    """How much samples grew since this was made."""

    def __init__(self) -> None:
        self._before = self._now()

    @staticmethod
    def _now() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        return {
            (one.name, frozenset(one.labels.items())): one.value
            for family in REGISTRY.collect()
            for one in family.samples
        }

    def of(self, name: str, **labels: str) -> float:
        return self.at(name, **labels) - self._before.get(_key(name, labels), 0.0)

    def at(self, name: str, **labels: str) -> float:
        """What a gauge shows; another test may have left it anywhere."""
        return self._now().get(_key(name, labels), 0.0)


def _key(name: str, labels: dict[str, str]) -> tuple[str, frozenset[tuple[str, str]]]:
    return f"remarkwire_{name}", frozenset(labels.items())


def page(task: str) -> str:
    """In a worker process; imported there by name."""
    if task == "bad":
        raise InputError("not for us")
    return task


def test_the_cleaner_times_each_page_those_that_fail_too() -> None:
    grown = Growth()
    with PagePool(page, workers=1, seconds=30) as pool:
        assert pool.submit("good").result() == "good"
        with pytest.raises(InputError):
            pool.submit("bad").result()
    assert grown.of("stage_seconds_count", stage="clean") == 2
    assert grown.of("stage_seconds_sum", stage="clean") > 0


def test_the_sink_counts_what_it_takes_writes_refuses_and_how_old_it_is() -> None:
    grown, scene = Growth(), Scene()
    answers = iter([BUSY])
    scene.elastic.answer = lambda name: next(answers, OK) if name == "b" else OK
    scene.arrives("a", "b")
    scene.sink.flush()
    assert grown.at("blocked", stage="index") == 1
    scene.clock.now += 60
    scene.sink.flush()
    assert grown.of("records_total", stage="index", topic=TOPIC) == 2
    assert grown.of("stage_seconds_count", stage="index") == 2
    assert grown.of("outputs_total", stage="index", topic="stories") == 2
    assert grown.of("retries_total", stage="index", reason="429") == 1
    assert grown.of("latency_seconds_count", index="stories") == 2
    assert grown.of("latency_seconds_sum", index="stories") > 0
    assert grown.at("blocked", stage="index") == 0


def test_a_commit_that_is_tried_again_is_counted() -> None:
    def refused(**_: object) -> None:
        raise REBALANCING

    grown = Growth()
    consumer: Any = SimpleNamespace(commit=refused)
    cleaner: Any = clean._Cleaner.__new__(clean._Cleaner)
    cleaner._outlets, cleaner._raw, cleaner._committable, cleaner._consumer = None, "articles.raw", {0: 1}, consumer
    cleaner._commit()
    assert cleaner._committable, "it is made up for by the next"
    sink: Any = SimpleNamespace(committable={("stories", 0): 1})
    index.Loop(consumer, sink, SimpleNamespace())._commit()  # type: ignore[arg-type]
    for stage in ("clean", "index"):
        assert grown.of("retries_total", stage=stage, reason="commit") == 1, stage


async def test_the_fetcher_counts_what_it_sends_and_what_it_sends_again(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = Growth()
    made, _ = publisher(monkeypatch, BESIDE, BESIDE, None)
    await made.publish(raw_article("<p>One</p>", "a"))
    assert grown.of("outputs_total", stage="fetch", topic=names(Settings(), RAW)) == 1
    assert grown.of("retries_total", stage="fetch", reason="batch") == 2


def test_what_the_fetcher_does_not_take_is_counted() -> None:
    grown, totals = Growth(), FetchTotals()
    totals.drop("too_old", 3)
    assert grown.of("fetch_drops_total", reason="too_old") == 3 == totals.drops["too_old"]


async def test_the_fetcher_times_each_request_those_that_fail_too() -> None:
    grown = Growth()
    async with PoliteClient(closed(("a.example",)).model_copy(update={"attempts": 1})) as client:
        with pytest.raises(FetchFailed):
            await client.get("http://a.example/", limit=1000)
    assert grown.of("stage_seconds_count", stage="fetch") == 1
