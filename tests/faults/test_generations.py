"""A replay while workers of both generations are killed or frozen, while the broker or Elasticsearch is away, while the
disk is full; and a promotion that is killed half way.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from console.generations import registry
from console.generations.compare import Snapshot, compare
from console.positions import positions
from deploy.services import ELASTICSEARCH, KAFKA, Services
from runtime import steps
from runtime.settings import as_environment
from schemas.errors import Transient
from tests.cli import done
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
from tests.faults.test_signals import SESSION_SECONDS
from tests.faults.world import STAGES, World, inputs, world

PROMOTION = {"promote.noted": 1, "promote.flipped": 2}
"""At which steps `promote` is killed, and the generation that is live then."""

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]


def command(one: World, *arguments: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **as_environment(one.direct), steps.VARIABLE: str(one.plan("command"))}
    with (one.folder / "logs" / f"{arguments[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "console.main", *arguments], env=environment, stdout=log, stderr=log
        )


def kill_a_worker(replay: "subprocess.Popen[bytes]", chosen: random.Random) -> bool:
    try:
        children = psutil.Process(replay.pid).children()
        if children:
            chosen.choice(children).kill()
        return bool(children)
    except psutil.NoSuchProcess:
        return False


def worker(replay: "subprocess.Popen[bytes]", name: str) -> int | None:
    """The process of a worker that the replay has started (``group-2`` is the second), None where it does not run."""
    stage, _, number = name.partition("-")
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(replay.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                line = child.cmdline()
                if stage in line and number in {"", line[-1]}:
                    return child.pid
    return None


def at_work(one: World, stage: str) -> bool:
    """Whether this stage of generation 2 has committed something."""
    with contextlib.suppress(Transient):
        generations = registry.read(one.direct)
        if 2 in generations:
            found = [at for at in positions(registry.settings_of(one.direct, generations[2])) if at.stage == stage]
            return any(at.committed > 0 for at in found)
    return False


def broker_is_killed(one: World, replay: "subprocess.Popen[bytes]") -> None:
    """For longer than the session, and than the replay waits for one answer."""
    one.services.kill(KAFKA)
    threading.Event().wait(40.0)
    one.services.restart(KAFKA)


def elasticsearch_is_killed(one: World, replay: "subprocess.Popen[bytes]") -> None:
    one.services.kill(ELASTICSEARCH)
    log = one.folder / "replay-g2" / "index-g2.log"
    one.until(lambda: "sink waits" in log.read_text(errors="replace"), "the sink of generation 2 waits")
    one.services.restart(ELASTICSEARCH)


def workers_are_frozen(one: World, replay: "subprocess.Popen[bytes]") -> None:
    """For longer than their session: one of the two workers of each stage that has two, and the live ones."""
    frozen = [one.pid("group"), one.pid("annotate")]
    frozen += [pid for name in ("annotate-1", "group-1") if (pid := worker(replay, name)) is not None]
    assert len(frozen) == 4
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        threading.Event().wait(SESSION_SECONDS + 4)
    finally:
        for pid in frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(
    "fault", [broker_is_killed, elasticsearch_is_killed, workers_are_frozen], ids=lambda fault: fault.__name__
)
def test_replay_while_services_fail(
    fault: Callable[[World, "subprocess.Popen[bytes]"], None],
    breakable: Services,
    unique: str,
    tmp_path: Path,
    undisturbed: Indices,
) -> None:
    """It waits for them, and the same command goes on where it has ended."""
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers():
        one.send(made[:50])
        one.settle()
        replay = command(one, "replay", "--from", "raw", "--annotate", "2", "--group", "2")
        one.until(lambda: at_work(one, "clean"), "the replay is at work", poll=0.05)
        assert replay.poll() is None
        fault(one, replay)
        finished(one, replay)
        one.settle()
        assert_equal(one)
        one.send(made[50:])
        one.settle()
        one.assert_all_well(undisturbed)


def finished(one: World, replay: "subprocess.Popen[bytes]") -> None:
    """Waits for its end; where it gave up the same command goes on."""
    one.until(lambda: replay.poll() is not None, "replay ends", 300)
    print(f"replay: {replay.returncode}")
    if replay.returncode:
        again = command(one, "replay", "--from", "raw")
        one.until(lambda: again.poll() is not None, "replay goes on", 240)
        assert again.returncode == 0, one.log("replay")


def assert_equal(one: World) -> None:
    """Generation 2 has what generation 1 has."""
    before = Snapshot.take(one.client, one.direct.pipeline.index_prefix, 1)
    found = compare(one.client, one.direct.pipeline.index_prefix, before, 2, None)
    assert not any((found.missing, found.gone, found.new, found.regrouped)), found
    assert found.same == 1.0, found.different


def test_replay_and_promotion_under_kills(
    breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    made, chosen = inputs(COUNT), random.Random(12)
    with world(breakable, unique, tmp_path) as one, one.workers():
        one.send(made[:50])
        one.settle()
        replay = command(one, "replay", "--from", "raw")
        killed = 0
        while replay.poll() is None and killed < 5:
            threading.Event().wait(3.0)
            killed += kill_a_worker(replay, chosen)
            os.kill(one.pid(chosen.choice(STAGES)), signal.SIGKILL)
        assert killed > 0, "the replay was over before one of its workers was killed"
        # `replay` gives up a worker that ends again and again.
        finished(one, replay)
        one.settle()

        for step, live in PROMOTION.items():
            one.break_at("command", f"{step} 1 kill")
            promote = command(one, "promote", "2", "--yes")
            assert promote.wait(120) == -signal.SIGKILL
            assert registry.live_number(one.client, unique) == live, "all aliases are on one generation"
        assert_equal(one)
        done(one.direct, "rollback", "--yes")
        assert registry.live_number(one.client, unique) == 1, "the way back is known after a kill"
        one.send(made[50:])
        one.settle()
        one.assert_all_well(undisturbed)
