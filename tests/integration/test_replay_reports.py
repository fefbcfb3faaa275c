"""A replay from reports: byte-identical, interrupted and gone on with, as a trial, promoted, and what is left of the
generation that still feeds it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from console.generations import registry
from console.generations.compare import Snapshot, compare
from console.supervisor import wait_until
from deploy.services import Services
from runtime import elastic, kafka
from runtime.settings import Settings, as_environment
from schemas.index import IndexName
from schemas.topics import GROUPED, REMARKS, STORIES
from tests.builders import SPEAKER
from tests.cli import done, remarkwire
from tests.integration.test_group_worker import decided, last, send, some_reports
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.integration

COUNT = 60


def numbered(settings: Settings, number: int) -> Settings:
    return registry.of_number(settings, number)


def interrupted_replay(settings: Settings, folder: Path) -> int:
    """Starts a replay and ends it once its workers run; gives its exit code."""
    command = [sys.executable, "-P", "-m", "console.main", "replay", "--from", "reports"]
    environment = {**os.environ, **as_environment(settings)}
    with (folder / "interrupted.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        started = settings.pipeline.data / "replay-g2" / "group-1-g2.log"
        assert wait_until(started.exists, 60), (folder / "interrupted.log").read_text()
        process.send_signal(signal.SIGTERM)
        return process.wait(60)


def test_replay_from_reports(services: Services, unique: str, tmp_path: Path) -> None:
    reports = some_reports(COUNT)
    with prepared(services, unique, tmp_path) as settings:
        client = elastic.client(settings)
        prefix = settings.pipeline.index_prefix
        with workers(settings, tmp_path, "group", "index") as supervisor:
            send(settings, reports)
            eventually(lambda: len(decided(settings)) == COUNT, "all decided", tmp_path, supervisor)
            indexed = IndexName("reports", 1, prefix).index
            eventually(
                lambda: client.indices.refresh(index=indexed) and client.count(index=indexed)["count"] == COUNT,
                "all indexed", tmp_path, supervisor,
            )  # fmt: skip

            assert interrupted_replay(settings, tmp_path) == 130
            assert "unfinished" in str(remarkwire(settings, "replay", "--from", "clean").exception)
            done(settings, "replay", "--from", "reports")
            second = numbered(settings, 2)
            assert second.pipeline.stages == ["group", "index"]
            for topic in (GROUPED, REMARKS, STORIES):
                assert last(second, topic) == last(settings, topic), topic.name
                assert last(second, topic), topic.name
            found = compare(client, prefix, Snapshot.take(client, prefix, 1), 2, None)
            assert (found.same, found.regrouped, found.new, found.gone) == (1.0, (), (), ())
            assert found.counts["reports"] == (COUNT, COUNT)

        since = reports[COUNT // 2].fetched.isoformat()
        done(settings, "replay", "--from", "reports", "--since", since, "--speaker", SPEAKER)
        client.indices.refresh(index=IndexName("reports", 3, prefix).index)
        assert client.count(index=IndexName("reports", 3, prefix).index)["count"] == COUNT // 2
        assert "trial" in str(remarkwire(settings, "promote", "3", "--yes").exception)
        done(settings, "prune", "3", "--yes")

        done(settings, "promote", "2", "--yes", "--sample", "0")
        assert registry.live(settings).pipeline.generation == 2
        done(settings, "prune", "--yes")
        rows = [json.loads(line) for line in done(settings, "generations", "--json").splitlines()]
        assert [(row["generation"], row["state"], row["stages"]) for row in rows] == [
            (1, "feeding", ["clean", "annotate", "dispatch"]), (2, "live", ["group", "index"]),
        ]  # fmt: skip
        topics = kafka.admin(settings).list_topics(timeout=10).topics
        own = {name.removeprefix(settings.pipeline.prefix) for name in topics if name.startswith(unique)}
        assert {"reports.g1", "articles.clean.g1", "articles.annotated.g1.dlq", "stories.g2"} <= own
        assert own.isdisjoint({"stories.g1", "reports.grouped.g1", "remarks.g1.dlq", "stories.g3", "reports.g3"})
        assert not client.indices.exists(index=IndexName("stories", 1, prefix).index)
        client.close()
