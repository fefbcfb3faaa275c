"""The sink killed twenty times: documents and versions end as if nothing had happened."""

import contextlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from elasticsearch import Elasticsearch

from console.commands.run import command
from console.supervisor import wait_until
from deploy.services import Kind, Services
from runtime import elastic, kafka
from runtime.settings import IndexSettings, as_environment
from runtime.topics import names
from schemas import headers_of
from schemas.index import IndexName
from schemas.topics import STORIES
from tests.integration.test_index_sink import story
from tests.pipeline import prepared

pytestmark = [pytest.mark.integration, pytest.mark.faults]

KILLS = 20
IDS, VERSIONS = 300, 8


def versions(client: Elasticsearch, index: str) -> dict[str, tuple[int, str]]:
    """Version and title of each document."""
    client.indices.refresh(index=index)
    answer = client.search(index=index, size=IDS + 10, version=True, query={"match_all": {}})
    return {hit["_id"]: (hit["_version"], hit["_source"]["title"]) for hit in answer["hits"]["hits"]}


def done(looker: Consumer, asked: list[TopicPartition]) -> int:
    """How many records the sink has committed. The consumer is kept: the sink does a hundred records in the time that
    a new one needs to find the group, and would be through before the last kills.
    """
    return sum(max(at.offset, 0) for at in looker.committed(asked, timeout=10))


@contextlib.contextmanager
def sink(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The sink as a process of its own, gone at the end of the block."""
    with log.open("ab") as out:
        process = subprocess.Popen([*command(), "index"], env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


# On one kind of services only: it takes long, and it is ours that is killed, not theirs.
@pytest.mark.parametrize("services", [Kind.LOCAL], ids=str, indirect=True)
def test_twenty_kills_change_nothing(services: Services, unique: str, tmp_path: Path) -> None:
    chosen = random.Random(11)
    made = [(f"s{number}", version) for version in range(1, VERSIONS + 1) for number in range(IDS)]
    # Two in ten out of order, as repeated and late records are.
    for place in chosen.sample(range(len(made)), len(made) // 5):
        other = chosen.randrange(len(made))
        made[place], made[other] = made[other], made[place]
    expected = {f"s{number}": (VERSIONS, f"Synthetic story {VERSIONS}") for number in range(IDS)}
    sections = {"index": IndexSettings(batch_documents=10, batch_seconds=0.1)}
    with prepared(services, unique, tmp_path, **sections) as settings:
        client = elastic.client(settings)
        producer = kafka.Deliveries(kafka.producer(settings))
        for story_id, version in made:
            message = story(story_id, version)
            producer.send(names(settings, STORIES), message.encode(), key=story_id, headers=headers_of(message, "test"))
        producer.flush()
        environment, log = {**os.environ, **as_environment(settings)}, tmp_path / "index.log"
        looker = kafka.looker(settings, kafka.group_id(settings, "index"))
        asked = [TopicPartition(names(settings, STORIES), p) for p in range(settings.pipeline.partitions)]
        for kill in range(KILLS):
            aim = min(done(looker, asked) + chosen.randint(1, len(made) // KILLS), len(made))
            with sink(environment, log):
                assert wait_until(lambda: done(looker, asked) >= aim, 60, poll=0.01), f"kill {kill}: {log.read_text()}"  # noqa: B023
        with sink(environment, log) as process:
            assert wait_until(lambda: done(looker, asked) == len(made), 60), log.read_text()
            process.terminate()
            assert process.wait(60) == 0, log.read_text()
        looker.close()
        assert versions(client, IndexName("stories", 1, settings.pipeline.index_prefix).index) == expected
        client.close()
