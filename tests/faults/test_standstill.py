"""Services that hang end themselves and say why; a worker that is building its state does not say that it is ready."""

import urllib.error
from pathlib import Path

import pytest

from deploy.services import Services
from runtime.settings import PipelineSettings
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
from tests.faults.proxy import KafkaProxy
from tests.faults.test_state import delete, tables
from tests.faults.world import World, inputs, world
from tests.unit.runtime.test_health import free_port
from tests.unit.runtime.test_health import get as answer_of

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]

STUCK_SECONDS = 12.0
# Where it hangs, and the reasons one of which it must give. What hangs in a commit neither turns nor commits; which of
# the two is over its time first depends on how long the records had waited before.
HANGS = {
    "clean": ("clean.output 3 hang", ["its loop has not turned for"]),
    "annotate": ("annotate.consumed 3 hang", ["the event loop does not answer for"]),
    "group": ("group.stored 2 hang", ["the event loop does not answer for"]),
    "index": ("index.commit 1 hang", ["its loop has not turned for", "records wait and nothing was committed for"]),
}


def test_each_service_hangs(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    made = inputs(COUNT)
    pipeline = PipelineSettings(
        prefix=f"{unique}.", index_prefix=unique, partitions=1, data=tmp_path, stuck_seconds=STUCK_SECONDS
    )
    with world(breakable, unique, tmp_path, pipeline=pipeline) as one:
        for stage, (line, _) in HANGS.items():
            one.break_at(stage, line)
        with one.workers() as supervisor:
            one.send(made)
            one.until(lambda: one.broken() and min(supervisor.ends().values()) > 0, "each hangs and ends", 180)
            one.settle()
        for stage, (_, reasons) in HANGS.items():
            assert any(reason in one.log(stage) for reason in reasons), stage
        one.assert_all_well(undisturbed)


def get(port: int, path: str) -> tuple[int, str]:
    try:
        return answer_of(port, path)
    except urllib.error.URLError:
        return 0, "no answer"


def gauge(text: str, name: str) -> float:
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


def ready(one: World, port: int) -> list[str]:
    """What the worker said that it waits for until it was ready."""
    waited: list[str] = []

    def look() -> bool:
        status, text = get(port, "/readyz")
        waited.extend([text.strip()] if status == 503 else [])
        return status == 200

    one.until(look, "ready", 90, poll=0.05)
    return waited


def test_ready_when_the_state_is_there(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    with world(breakable, unique, tmp_path) as one:
        one.send(inputs(COUNT))
        with one.workers():
            one.settle()
        delete(tables(one))
        port = free_port()
        with one.workers("group", REMARKWIRE_HTTP__PORT=str(port)):
            waited = ready(one, port)
            metrics = get(port, "/metrics")[1]
        assert any("tables recovered" in text for text in waited), waited
        assert gauge(metrics, "remarkwire_group_rebuilt") == 1.0
        assert gauge(metrics, "remarkwire_tables_recovering") == 0.0
        reports = len(undisturbed["reports"])
        assert 0 < gauge(metrics, "remarkwire_memory_bytes") < 2**31
        with one.workers("group", REMARKWIRE_HTTP__PORT=str(port)):
            ready(one, port)
            one.until(
                lambda: 0 < gauge(get(port, "/metrics")[1], "remarkwire_table_entries") <= reports, "table is measured"
            )
            assert gauge(get(port, "/metrics")[1], "remarkwire_table_bytes") > 0
            one.until(
                lambda: 'remarkwire_behind_records{stage="group"} 0.0' in get(port, "/metrics")[1], "all is done", 30
            )
        host, _, at = breakable.bootstrap_servers.partition(":")
        with KafkaProxy((host, int(at))) as proxy:
            # Close by, the broker may give them between two looks.
            proxy.change(latency=0.1)
            far = {"REMARKWIRE_KAFKA__BOOTSTRAP_SERVERS": proxy.address, "REMARKWIRE_HTTP__PORT": str(port)}
            for stage in ("clean", "annotate", "index"):
                with one.workers(stage, **far):
                    assert any("partitions" in text for text in ready(one, port)), stage
