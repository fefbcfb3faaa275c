"""Workers whose clocks are set while they run."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.services import Services
from runtime.records import records
from runtime.settings import PipelineSettings
from runtime.topics import names
from schemas.topics import CLEAN
from tests.faults.clock import DAY, Clock
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, committed_but_not_durable
from tests.faults.world import STAGES, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(1800)]

STUCK_SECONDS = 30.0
LOOK = """
import datetime, sys, threading, time
for line in sys.stdin:
    began = time.monotonic()
    threading.Event().wait(0.2)
    assert threading.Lock().acquire(timeout=0.1)
    print(time.time(), datetime.datetime.now(datetime.UTC).timestamp(), time.monotonic() - began, flush=True)
"""


def test_the_clock_of_a_process_is_set(tmp_path: Path) -> None:
    """That it is so, in a process that does no more."""
    clock = Clock(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", LOOK], env=clock.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for shift in (0, DAY, -400 * DAY, 0):
            clock.set(shift)
            process.stdin.write("\n")
            process.stdin.flush()
            first, second, took = map(float, process.stdout.readline().split())
            for told in (first, second):
                assert abs(told - time.time() - shift) < 60
            assert 0.1 < took < 30
        process.stdin.close()


@pytest.mark.whole
def test_clocks_are_set_while_workers_run(
    breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """By a day, forward and back: no watch and no lease is misled, nobody ends, and the sum is the same."""
    made, clock = inputs(COUNT), Clock(tmp_path)
    pipeline = PipelineSettings(
        prefix=f"{unique}.", index_prefix=unique, partitions=1, data=tmp_path, stuck_seconds=STUCK_SECONDS
    )
    with (
        world(breakable, unique, tmp_path, pipeline=pipeline) as one,
        one.workers(*STAGES, **clock.environment) as supervisor,
    ):
        for number, shift in enumerate((0, DAY, -DAY, 3600, 0)):
            clock.set(shift)
            done = one.indexed()
            one.send(made[number * 12 : number * 12 + 12])
            one.until(lambda: one.indexed() > done, "they go on")  # noqa: B023
            assert committed_but_not_durable(one.direct, one.client) == []
        one.send(made[60:])
        one.settle()
        assert set(supervisor.ends().values()) == {0}, one.ends_of_logs()
        sent = [record.timestamp()[1] / 1000 - time.time() for record in records(one.direct, names(one.direct, CLEAN))]
        assert max(sent) > 0.9 * DAY, "its records have the time of its clock"
        assert min(sent) < -0.9 * DAY
        one.assert_all_well(undisturbed)


@pytest.mark.whole
def test_clocks_are_further_ahead_than_the_broker_takes(
    breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """Nothing is committed that could not be sent, and all goes on once the time is right."""
    made, clock = inputs(COUNT), Clock(tmp_path)
    with world(breakable, unique, tmp_path) as one, one.workers(*STAGES, **clock.environment):
        one.send(made[:20])
        one.settle()
        done = one.indexed()
        clock.set(5 * DAY)
        one.send(made[20:50])
        threading.Event().wait(30.0)
        assert committed_but_not_durable(one.direct, one.client) == []
        assert one.indexed() == done
        clock.set(0)
        one.send(made[50:])
        one.settle()
        one.assert_all_well(undisturbed)
