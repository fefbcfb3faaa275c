"""Topics that exist are left as they are, and what cannot be of them is said."""

import datetime
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from ingest import imports
from runtime.settings import KafkaSettings, PipelineSettings, Settings
from runtime.topics import confirmed_by_too_few, create, wanted
from schemas.errors import SettingsError
from schemas.topics import READS, TOPICS


def broker(settings: Settings) -> Any:
    """One that has all topics of these settings."""
    there = {
        topic.topic: SimpleNamespace(partitions=dict.fromkeys(range(topic.num_partitions)))
        for topic in wanted(settings)
    }
    return SimpleNamespace(list_topics=lambda *, timeout: SimpleNamespace(topics=there))


@pytest.mark.parametrize("generation", [1, 2])
def test_another_number_of_partitions_is_refused_with_what_can_be_done(generation: int) -> None:
    """A new generation is no way out: it reads the `articles.raw` that is there."""
    client = broker(Settings(pipeline=PipelineSettings(partitions=4)))
    with pytest.raises(SettingsError, match=r"articles\.raw has 4 partitions.* set it to 4.*prefix") as refused:
        create(client, Settings(pipeline=PipelineSettings(generation=generation, partitions=12)))
    assert "generation" not in str(refused.value)
    assert create(client, Settings(pipeline=PipelineSettings(partitions=4))) == []


def test_brokers_take_times_that_an_import_takes() -> None:
    """By default Kafka 4 refuses a record whose time is more than an hour ahead of its clock."""
    for topic in wanted(Settings()):
        ours = topic.config.get("message.timestamp.type") != "LogAppendTime"
        assert ("message.timestamp.after.max.ms" in topic.config) == ours, topic.topic
        if ours:
            ahead = datetime.timedelta(milliseconds=int(topic.config["message.timestamp.after.max.ms"]))
            assert ahead > imports.MOST_AHEAD


@pytest.mark.parametrize(("brokers", "confirm"), [(1, "1"), (2, "1"), (3, "2"), (5, "4")])
def test_what_is_confirmed_lies_on_all_brokers_of_a_topic_but_one(brokers: int, confirm: str) -> None:
    """Of every topic, the changelogs of Faust's tables and the dead-letter queues among them."""
    made = wanted(Settings(kafka=KafkaSettings(replication_factor=brokers)))
    assert {topic.config["min.insync.replicas"] for topic in made} == {confirm}
    assert len(made) == len(TOPICS) + sum(topic.dlq for topic in TOPICS)


def test_there_is_a_queue_where_a_stage_fills_it() -> None:
    assert {topic.name for topic in TOPICS if topic.dlq} == {topic.name for read in READS.values() for topic in read}


def cluster(replicas: int, confirm: str | None) -> Any:
    """A cluster with two topics of the pipeline, and of none it tells the settings where ``confirm`` is None."""

    def described(resources: list[Any]) -> dict[Any, Future[Any]]:
        out: dict[Any, Future[Any]] = {one: Future() for one in resources}
        for future in out.values():
            if confirm is None:
                future.set_exception(KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)))
            else:
                future.set_result({"min.insync.replicas": SimpleNamespace(value=confirm)})
        return out

    partition = SimpleNamespace(replicas=list(range(replicas)))
    topics = {
        name: SimpleNamespace(partitions={0: partition}) for name in ("articles.raw", "articles.raw.dlq", "other")
    }
    return SimpleNamespace(
        list_topics=lambda *, timeout: SimpleNamespace(topics=topics), describe_configs=described
    )  # fmt: skip


def test_topics_that_are_there_and_are_confirmed_by_one_broker_are_told_with_what_to_do() -> None:
    settings = Settings(kafka=KafkaSettings(replication_factor=3))
    [told] = confirmed_by_too_few(cluster(3, "1"), settings)
    assert "articles.raw, articles.raw.dlq" in told
    assert "min.insync.replicas=2" in told
    assert confirmed_by_too_few(cluster(3, "2"), settings) == []
    [told] = confirmed_by_too_few(cluster(3, None), settings)
    assert "DescribeConfigs" in told


def test_a_topic_that_has_fewer_replicas_than_asked_for_is_told_and_not_to_be_tightened() -> None:
    [told] = confirmed_by_too_few(cluster(1, "1"), Settings(kafka=KafkaSettings(replication_factor=3)))
    assert "kafka-reassign-partitions.sh" in told
    assert "min.insync" not in told


def test_where_there_is_one_broker_nothing_is_asked() -> None:
    assert confirmed_by_too_few(SimpleNamespace(), Settings()) == []  # type: ignore[arg-type]
