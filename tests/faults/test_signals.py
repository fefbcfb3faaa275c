"""Workers that are asked to end in the middle, that are frozen and come back, and that come and go all the time."""

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from console.positions import lags
from deploy.services import Services
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, committed_but_not_durable
from tests.faults.world import STAGES, World, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]

SESSION_SECONDS = 6.0


def committed_by(one: World) -> Counter[str]:
    """What each stage has committed, of all that it reads."""
    found: Counter[str] = Counter()
    for lag in lags(one.direct):
        found[lag.stage] += lag.committed
    return found


def test_asked_to_end_in_the_middle(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    """They drain, commit and end well: with code 0 each time."""
    made, chosen = inputs(COUNT), random.Random(5)
    with world(breakable, unique, tmp_path) as one, one.workers() as supervisor:
        asked: Counter[str] = Counter()
        for number in range(6):
            # Each works: who is asked while it starts ends by the signal, and had begun nothing.
            before = committed_by(one)
            one.send(made[number * 8 : number * 8 + 4])
            one.until(lambda: all(committed_by(one)[stage] > before[stage] for stage in STAGES), "each works")  # noqa: B023
            one.send(made[number * 8 + 4 : number * 8 + 8])
            for stage in chosen.sample(STAGES, 2):
                os.kill(one.pid(stage), signal.SIGTERM)
                asked[stage] += 1
            one.until(lambda: supervisor.ends() == {stage: asked[stage] for stage in STAGES}, "they end")
            assert all(set(codes) <= {0} for codes in supervisor.exits().values()), supervisor.exits()
            assert committed_but_not_durable(one.direct, one.client) == []
        one.send(made[48:])
        one.settle()
        one.assert_all_well(undisturbed)
        assert "not drained in time" not in one.log("index")


@pytest.mark.parametrize("stage", STAGES)
def test_frozen_for_longer_than_the_session(
    stage: str, breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """Another worker has its partitions when it wakes up."""
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers(*STAGES, f"{stage}-2"):
        one.send(made[:20])
        one.until(lambda: one.indexed() > 3, "some are through")
        frozen = [one.pid(stage)]
        os.kill(frozen[0], signal.SIGSTOP)
        try:
            one.send(made[20:40])
            # Either it had the partition, and the second takes it, or the second had it all along.
            threading.Event().wait(SESSION_SECONDS + 4)
            one.until(lambda: one.indexed() > 15, "the other does the work")
        finally:
            os.kill(frozen[0], signal.SIGCONT)
        one.send(made[40:])
        one.settle()
        one.assert_all_well(undisturbed)


def test_frozen_with_more_partitions(breakable: Services, unique: str, tmp_path: Path) -> None:
    """Two workers of each stage share its partitions; while the first is frozen the second does all, and when it wakes
    up it commits nothing that is not his.
    """
    made = inputs(COUNT)
    both = [*STAGES, *(f"{stage}-2" for stage in STAGES)]
    with world(breakable, unique, tmp_path, partitions=4) as one, one.workers(*both):
        for number, stage in enumerate(STAGES):
            one.send(made[number * 14 : number * 14 + 7])
            one.until(lambda: one.indexed() > 0, "some are through")
            frozen = one.pid(stage)
            os.kill(frozen, signal.SIGSTOP)
            try:
                one.send(made[number * 14 + 7 : number * 14 + 14])
                threading.Event().wait(SESSION_SECONDS + 4)
                one.until(one.quiet, f"the other {stage} does all")
                assert committed_but_not_durable(one.direct, one.client) == []
            finally:
                os.kill(frozen, signal.SIGCONT)
        one.send(made[4 * 14 :])
        one.settle()
        one.assert_all_well(None)


@pytest.mark.parametrize("partitions", [1, 4])
def test_workers_come_and_go(
    partitions: int, breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    """With more partitions both workers of a stage have some. The order of decisions is another then, and with it the
    versions.
    """
    made, chosen = inputs(COUNT), random.Random(6)
    with world(breakable, unique, tmp_path, partitions=partitions) as one, one.workers() as supervisor:
        for number in range(10):
            one.send(made[number * 5 : number * 5 + 5])
            more = [f"{stage}-2" for stage in chosen.sample(STAGES, chosen.randint(1, 3))]
            less = chosen.choice(STAGES)
            names = [name for name in (*STAGES, *more) if name != less or f"{less}-2" in more]
            supervisor.reconcile([one.spec(name) for name in names])
            threading.Event().wait(3.0)
            if partitions > 1:
                assert committed_but_not_durable(one.direct, one.client) == []
        supervisor.reconcile([one.spec(name) for name in STAGES])
        one.send(made[50:])
        one.settle()
        one.assert_all_well(undisturbed if partitions == 1 else None)
