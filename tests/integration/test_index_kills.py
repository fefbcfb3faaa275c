"""The sink killed twenty times: documents and versions end as if nothing had happened."""

import os
import random
import subprocess
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from console.accounting import lags
from console.commands.run import command
from console.supervisor import wait_until
from deploy.services import Kind, Services
from runtime import elastic, kafka
from runtime.settings import IndexSettings, Settings, as_environment
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


def done(settings: Settings) -> int:
    return sum(lag.committed for lag in lags(settings) if lag.topic == names(settings, STORIES))


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
        environment = {**os.environ, **as_environment(settings)}
        with (tmp_path / "index.log").open("ab") as log:
            for kill in range(KILLS):
                process = subprocess.Popen([*command(), "index"], env=environment, stdout=log, stderr=log)
                before, least = done(settings), chosen.randint(1, len(made) // KILLS)
                moved = wait_until(lambda: done(settings) >= before + least, 60, poll=0.01)  # noqa: B023
                process.kill()
                process.wait()
                assert moved or before + least > len(made), f"kill {kill}: {(tmp_path / 'index.log').read_text()}"
            process = subprocess.Popen([*command(), "index"], env=environment, stdout=log, stderr=log)
            try:
                assert wait_until(lambda: done(settings) == len(made), 60), (tmp_path / "index.log").read_text()
            finally:
                process.terminate()
                process.wait()
        assert versions(client, IndexName("stories", 1, settings.pipeline.index_prefix).index) == expected
        client.close()
