"""Five thousand generated articles through `remarkwire run`: the sum is whole, and nothing is committed before it is
durable."""

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from console.accounting import account, lags
from console.supervisor import wait_until
from deploy.services import Kind, start
from runtime import elastic, kafka
from runtime.records import records
from runtime.settings import Settings, as_environment
from runtime.topics import names
from schemas.index import IndexRole, alias_of
from schemas.topics import ANNOTATED, GROUPED, REMARKS, STORIES, Topic
from tests.e2e.test_run import ends_of_logs, running
from tests.pipeline import settings_for
from tests.services_fixture import require

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

COUNT = 5000
INDEX_OF: dict[Topic, IndexRole] = {ANNOTATED: "articles", GROUPED: "reports", REMARKS: "remarks", STORIES: "stories"}


def generated(path: Path, count: int = COUNT) -> None:
    """Synthetic articles: one in ten reports invented remarks, the others are other invented news."""
    chosen = random.Random(5)
    topics = ("harbour works", "a grain corridor", "rail freight", "visa rules", "gas transit", "a fishing treaty")
    places = ("Ankara", "Astana", "Baku", "Belgrade", "Minsk", "Riyadh")
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for number in range(count):
            topic, place, day = chosen.choice(topics), chosen.choice(places), number * 12 // count + 1
            figures = chosen.sample(range(11, 999), 3)
            if number % 10 == 0:
                text = (
                    f"Foreign Minister Sergei Lavrov said in {place} on 2026-05-{day:02} that {topic} would need "
                    f"{figures[0]} more steps. “We counted {figures[1]} of them,” Lavrov told reporters. "
                    f"This synthetic article was generated for a test; nobody said any of it."
                )
            else:
                text = (
                    f"The council of {place} spoke about {topic} for {figures[0]} minutes and put off its decision "
                    f"until {figures[1]} residents have been heard. The bill comes to {figures[2]} thousand. "
                    f"This synthetic article was generated for a test; nothing of it happened."
                )
            out.write(
                json.dumps(
                    {
                        "id": f"load-{number}",
                        "outlet": f"outlet-{number % 37}.example",
                        "url": f"https://outlet-{number % 37}.example/{number}",
                        "published": f"2026-05-{day:02}T{number % 24:02}:00:00+00:00",
                        "title": f"{topic.capitalize()} in {place}, {number}",
                        "text": text,
                    }
                )
                + "\n"
            )


def committed_is_durable(settings: Settings, client: Elasticsearch) -> None:
    """Every record below the committed offsets of ``index`` is in Elasticsearch, whatever was not refreshed yet."""
    reader = kafka.consumer(settings, kafka.group_id(settings, "index"))
    try:
        for topic, role in INDEX_OF.items():
            name = names(settings, topic)
            from confluent_kafka import TopicPartition

            partitions = [TopicPartition(name, p) for p in range(settings.pipeline.partitions)]
            committed = {at.partition: at.offset for at in reader.committed(partitions, timeout=15)}
            keys = sorted(
                {
                    record.key().decode()
                    for record in records(settings, name)
                    if record.offset() < committed[record.partition()]
                }
            )
            alias = alias_of(role, settings.pipeline.index_prefix)
            for at in range(0, len(keys), 1000):
                answer = client.mget(index=alias, ids=keys[at : at + 1000], source=False)
                assert [doc["_id"] for doc in answer["docs"] if not doc["found"]] == []
    finally:
        reader.close()


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("kind", [Kind.LOCAL], ids=str)
def test_five_thousand_articles(kind: Kind, tmp_path: Path) -> None:
    require(kind)
    with start(kind, data=tmp_path / "services") as services:
        settings = settings_for(services, "load", tmp_path)
        environment = {**os.environ, **as_environment(settings)}
        source = tmp_path / "articles.jsonl.gz"
        generated(source)
        client = elastic.client(settings)
        alias = alias_of("articles", settings.pipeline.index_prefix)
        with running(settings, tmp_path, "--no-fetch") as run:
            assert wait_until(lambda: client.indices.exists_alias(name=alias).body, 60), ends_of_logs(tmp_path)
            command = [sys.executable, "-P", "-m", "console.main", "import", str(source)]
            brought = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
            assert brought.returncode == 0, brought.stderr[-2000:]
            for share in (0.2, 0.6):
                wanted = COUNT * share
                assert wait_until(lambda: client.count(index=alias)["count"] >= wanted, 900, poll=1.0)  # noqa: B023
                committed_is_durable(settings, client)
            assert wait_until(lambda: all(lag.behind == 0 for lag in lags(settings)), 900, poll=1.0)
            assert run.poll() is None, ends_of_logs(tmp_path)
            total = account(settings, client, alias)
            assert total.whole, total
            assert total.raw == total.indexed == COUNT
            committed_is_durable(settings, client)
        client.close()
