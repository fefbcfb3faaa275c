"""A replay beside `remarkwire run`: live traffic goes on, the new generation is promoted, rolled back, and the old one
pruned, and at no time is an article missing that the other generation has."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from console.accounting import account, lags
from console.generations import fill, registry
from console.supervisor import wait_until
from deploy.services import Kind, Services
from runtime import elastic, kafka
from runtime.settings import AnnotateSettings, GroupSettings, PipelineSettings, Settings
from schemas.index import alias_of
from tests.articles import articles, send
from tests.cli import done, remarkwire
from tests.e2e.test_run import ends_of_logs, running
from tests.pipeline import settings_for

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

BEFORE, DURING, AFTER = 140, 15, 5


def settings_of(services: Services, unique: str, folder: Path) -> Settings:
    return settings_for(
        services, unique, folder,
        pipeline=PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=4, data=folder),
        annotate=AnnotateSettings(embeddings=False),
        group=GroupSettings(reorder_seconds=4.0),
    )  # fmt: skip


def rows(settings: Settings) -> dict[int, dict[str, Any]]:
    lines = done(settings, "generations", "--json").splitlines()
    return {row["generation"]: row for row in map(json.loads, lines)}


@pytest.mark.timeout(900)
def test_replay_from_raw_beside_live_traffic(services: Services, unique: str, tmp_path: Path) -> None:
    settings = settings_of(services, unique, tmp_path)
    client = elastic.client(settings)
    alias = alias_of("articles", settings.pipeline.index_prefix)
    everything = articles(BEFORE + DURING + 2 * AFTER)
    before, rest = everything[:BEFORE], everything[BEFORE:]
    during, after, last = rest[:DURING], rest[DURING : DURING + AFTER], rest[DURING + AFTER :]

    def all_there(count: int) -> bool:
        live = registry.live(settings)
        return account(live, client, alias).indexed == count and all(lag.behind == 0 for lag in lags(live))

    ended = threading.Event()
    with running(settings, tmp_path, "--no-fetch") as run:
        assert wait_until(lambda: client.indices.exists_alias(name=alias).body, 60), ends_of_logs(tmp_path)
        # Held until all are there, as a replay holds its own: so the live generation decides in order, too, however
        # far the load of this machine sets its partitions apart.
        fill.mark(settings, "hold")
        send(settings, before)
        stages = fill.upstream(registry.read(settings)[1])
        assert fill.rounds(settings, stages, lambda _: None, pause=ended.wait, within=240.0), ends_of_logs(tmp_path)
        fill.mark(settings, "release")
        assert wait_until(lambda: all_there(BEFORE), 240, poll=1.0), ends_of_logs(tmp_path)

        def trickle() -> None:
            for one in during:
                send(settings, [one])
                ended.wait(0.3)

        thread = threading.Thread(target=trickle)
        thread.start()
        # The embedded broker never forgets a static member, so nobody would get the partitions of the second ones.
        count = "1" if services.kind is Kind.EMBEDDED else "2"
        done(settings, "replay", "--from", "raw", "--annotate", count, "--group", count)
        thread.join()
        assert registry.live(settings).pipeline.generation == 1, "readers see nothing of a replay"
        assert wait_until(lambda: all_there(BEFORE + DURING), 120, poll=1.0), ends_of_logs(tmp_path)
        assert wait_until(lambda: rows(settings)[2]["behind"] == 0, 120, poll=1.0), ends_of_logs(tmp_path)

        found = json.loads(done(settings, "promote", "2", "--compare", "--json", "--sample", "0"))
        assert found["missing"] == found["gone"] == found["new"] == found["regrouped"] == [], found
        assert found["compared"] > BEFORE * 2
        assert found["same"] >= 0.999, found["different"]

        assert remarkwire(settings, "promote", "2", answer="n\n").exit_code == 1
        assert registry.live(settings).pipeline.generation == 1
        done(settings, "promote", "2", answer="y\n")
        assert registry.live(settings).pipeline.generation == 2
        assert client.count(index=alias)["count"] == BEFORE + DURING

        send(settings, after)
        assert wait_until(lambda: all_there(BEFORE + DURING + AFTER), 120, poll=1.0), ends_of_logs(tmp_path)
        done(settings, "rollback", "--yes")
        assert registry.live(settings).pipeline.generation == 1
        assert wait_until(lambda: all_there(BEFORE + DURING + AFTER), 120, poll=1.0), "the old one was fed on"
        assert remarkwire(settings, "rollback", "--yes").exception is not None

        done(settings, "promote", "2", "--yes")
        assert remarkwire(settings, "prune", "2", "--yes").exception is not None, "the live one is never removed"
        done(settings, "prune", "--yes")
        assert set(rows(settings)) == {2}
        topics = kafka.admin(settings).list_topics(timeout=10).topics
        assert [name for name in topics if name.startswith(unique) and ".g1" in name] == []
        assert not client.indices.exists(index=f"{unique}-articles-g1")
        send(settings, last)
        assert wait_until(lambda: all_there(len(everything)), 120, poll=1.0), ends_of_logs(tmp_path)
        assert account(registry.live(settings), client, alias).whole
        assert run.poll() is None
    client.close()
