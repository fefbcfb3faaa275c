"""The broker and Elasticsearch that restart, are away, refuse, or lose what was there."""

import threading
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition

from deploy.services import ELASTICSEARCH, KAFKA, Services
from runtime import kafka
from runtime.settings import PipelineSettings
from runtime.topics import create, names
from schemas.topics import ANNOTATED, CLEAN, GROUPED, RAW, REPORTS, Topic, dlq_name
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, committed_but_not_durable, dead
from tests.faults.world import World, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]

QUEUES = (RAW, CLEAN, ANNOTATED, REPORTS, GROUPED)
"""Topics with a dead-letter queue: one at least of each stage."""


@pytest.mark.parametrize("how", ["restart", "kill", "away"])
def test_a_broker_that_is_away_is_waited_for(
    how: str, breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """``away``: for two minutes, which is longer than every session."""
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers():
        one.send(made[:30])
        one.until(lambda: one.indexed() > 3, "some are through")
        if how != "restart":
            breakable.kill(KAFKA)
        if how == "away":
            threading.Event().wait(120.0)
        breakable.restart(KAFKA)
        one.send(made[30:])
        one.settle(240)
        one.assert_all_well(undisturbed)


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_elasticsearch_that_is_away_is_waited_for(
    how: str, breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers():
        one.send(made[:30])
        one.until(lambda: one.indexed() > 3, "some are through")
        if how == "kill":
            breakable.kill(ELASTICSEARCH)
            one.send(made[30:50])
            one.until(lambda: "sink waits" in one.log("index"), "the sink waits")
        breakable.restart(ELASTICSEARCH)
        one.send(made[len(one.sent) :])
        one.settle(240)
        one.assert_all_well(undisturbed)


def test_index_is_read_only_for_a_while(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers():
        one.send(made[:30])
        one.until(lambda: one.indexed() > 3, "some are through")
        index = f"{unique}-articles-g1"
        # What Elasticsearch does to an index whose disk is full.
        one.client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": True})
        one.send(made[30:])
        one.until(lambda: "until somebody acts" in one.log("index"), "it is said loudly")
        assert committed_but_not_durable(one.direct, one.client) == []
        one.client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": None})
        one.settle()
        one.assert_all_well(undisturbed)


def test_dead_letter_queue_is_away(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    """What cannot be buried holds the stage, each stage: it ends time and again, or waits and says for what. Nothing is
    committed past it, and all goes on when the queues are back.
    """
    made = inputs(COUNT)
    # ``index`` tries again and again until its watch ends it.
    pipeline = PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=1, data=tmp_path, stuck_seconds=60)
    with world(breakable, unique, tmp_path, pipeline=pipeline) as one:
        admin = kafka.admin(one.direct)
        gone = [dlq_name(names(one.direct, topic)) for topic in QUEUES]
        for future in admin.delete_topics(gone, operation_timeout=20).values():
            future.result(120)
        with one.workers() as supervisor:
            one.send(made[:30])
            one.poison(9, QUEUES)
            one.until(lambda: min(supervisor.ends()[stage] for stage in ("clean", "index")) > 0, "they end", 420)
            for stage, topics in {"annotate": (CLEAN, ANNOTATED), "group": (REPORTS,)}.items():
                for topic in topics:
                    said = f"{dlq_name(names(one.direct, topic))} not found"
                    one.until(lambda: said in one.log(stage), f"{stage}: {said}")  # noqa: B023
            assert one.indexed() < 30
            create(admin, one.direct)
            one.send(made[30:])
            one.settle(400)
            one.assert_all_well(undisturbed)


@pytest.mark.parametrize(
    ("topic", "before", "told"),
    [(RAW, [], "clean"), (CLEAN, ["clean"], "annotate"), (ANNOTATED, ["clean", "annotate"], "index")],
    ids=["clean", "annotate", "index"],
)
def test_input_is_truncated(
    topic: Topic, before: list[str], told: str, breakable: Services, unique: str, tmp_path: Path
) -> None:
    """Retention takes records that nobody has read yet: those are gone, it is said, and the rest goes on."""
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one:
        one.send(made)
        name, cut = names(one.direct, topic), 15
        if before:
            with one.workers(*before):
                one.until(lambda: _end(one, name) > 40, "there are some")
        end = _end(one, name)
        admin = kafka.admin(one.direct)  # kept: an answer to a client that is gone never comes
        (future,) = admin.delete_records([TopicPartition(name, 0, cut)]).values()
        future.result(120)
        with one.workers():
            one.settle()
            one.until(lambda: "records were deleted before they were read" in one.log(told), "it is said", 30)
        assert one.indexed() > 0
        assert not dead(one.direct, topic).places or topic is RAW
        kept = {header_of(record) for record in _records(one, name)}
        found = {hit["_id"] for hit in one.client.search(index=f"{unique}-articles", size=500)["hits"]["hits"]}
        if topic is RAW:
            assert found < kept, "what is short or cannot be read is not indexed"
        else:
            assert len(kept) <= end - cut
            assert kept == found, "all that is left in the topic, and nothing else"
        (line,) = [line for line in one.log(told).splitlines() if "deleted before they were read" in line]
        assert told == "annotate" or f"records={cut}" in line or f'"records": {cut}' in line, line


def _end(one: World, topic: str) -> int:
    looker = kafka.looker(one.direct)
    try:
        return int(looker.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)[1])
    finally:
        looker.close()


def _records(one: World, topic: str) -> list[object]:
    from runtime.records import records

    return list(records(one.direct, topic))


def header_of(record: object) -> str | None:
    from schemas import header

    return header(kafka.headers(record), "ce_subject")  # type: ignore[arg-type]
