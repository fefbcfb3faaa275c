"""A replay while workers of both generations are killed, and a promotion that is killed half way."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from console.generations import registry
from console.generations.compare import Snapshot, compare
from deploy.services import Services
from runtime import steps
from runtime.settings import as_environment
from tests.cli import done
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
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
        # `replay` gives up a worker that ends again and again; the same command goes on.
        one.until(lambda: replay.poll() is not None, "replay ends", 240)
        if replay.returncode:
            again = command(one, "replay", "--from", "raw")
            one.until(lambda: again.poll() is not None, "replay goes on", 240)
            assert again.returncode == 0, one.log("replay")
        one.settle()

        for step, live in PROMOTION.items():
            one.break_at("command", f"{step} 1 kill")
            promote = command(one, "promote", "2", "--yes")
            assert promote.wait(120) == -signal.SIGKILL
            assert registry.live_number(one.client, unique) == live, "all aliases are on one generation"
        before = Snapshot.take(one.client, unique, 1)
        found = compare(one.client, unique, before, 2, None)
        assert not any((found.missing, found.gone, found.new, found.regrouped)), found
        assert found.same == 1.0, found.different
        done(one.direct, "rollback", "--yes")
        assert registry.live_number(one.client, unique) == 1, "the way back is known after a kill"
        one.send(made[50:])
        one.settle()
        one.assert_all_well(undisturbed)
