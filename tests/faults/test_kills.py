"""SIGKILL of each service at each of its steps: consume, table write, changelog, output, bulk, dead letter, commit."""

import os
import random
import signal
from pathlib import Path

import pytest

from deploy.services import Services
from runtime.records import records
from runtime.topics import names
from schemas import OutletProfile
from schemas.topics import PROFILES as PROFILES_TOPIC
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, committed_but_not_durable
from tests.faults.world import STAGES, inputs, world
from tests.integration.test_ingest_clean import raw

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(1800)]

# In each round one step of every service, or two, and the passing at which it dies: of clean, annotate, group, index.
# Whether each step of the code is here is asked by unit/runtime/test_steps.py.
ROUNDS = [
    ("clean.consumed 3", "annotate.consumed 2, annotate.commit 1", "group.consumed 2", "index.consumed 4"),
    ("clean.output 2", "annotate.output 2", "group.decided 2", "index.bulk 2"),
    ("clean.dead_letter 1", "annotate.dead_letter 1", "group.dead_letter 1", "index.dead_letter 1"),
    ("clean.commit 1", "annotate.confirmed 2", "group.table 3", "index.answered 1"),
    ("clean.committed 1", "dispatch.output 2, annotate.committed 1", "group.stored 2", "index.commit 1"),
    ("clean.output 3", "dispatch.confirmed 2", "group.output 3, group.commit 1", "index.committed 1"),
    ("clean.consumed 3", "annotate.acknowledged 2", "group.confirmation 2", "index.buried 1"),
    ("clean.dead_letter 1", "annotate.confirmation 2, dispatch.dead_letter 1", "group.confirmed 2", "index.bulk 2"),
    ("clean.commit 1", "dispatch.consumed 2", "group.acknowledged 2", "index.answered 1"),
    ("clean.output 1", "dispatch.acknowledged 2, dispatch.confirmation 1", "group.committed 1", "index.consumed 5"),
]
PROFILES = "clean.profiles 1"
QUICK = ROUNDS[2:6:3]


def killed(breakable: Services, unique: str, folder: Path, undisturbed: Indices, rounds: list[tuple[str, ...]]) -> None:
    made = inputs(COUNT)
    portion = len(made) // (len(rounds) + 1)
    with world(breakable, unique, folder) as one, one.workers() as supervisor:
        for number, steps in enumerate(rounds):
            for stage, line in zip(STAGES, steps, strict=True):
                one.break_at(stage, *(f"{one_of} kill" for one_of in line.split(", ")))
            one.poison(number)
            one.send(made[number * portion : (number + 1) * portion])
            one.until(one.broken, f"round {number}: {[one.plan(stage).read_text() for stage in STAGES]}")
        one.send(made[len(rounds) * portion :])
        one.settle()
        assert min(supervisor.ends().values()) >= len(rounds), "each was killed in each round"
        assert one.assert_all_well(undisturbed)["indexed"] > COUNT / 2


def test_killed_at_some_steps(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    killed(breakable, unique, tmp_path, undisturbed, QUICK)


@pytest.mark.whole
def test_killed_at_every_step(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    killed(breakable, unique, tmp_path, undisturbed, ROUNDS)


@pytest.mark.whole
def test_killed_behind_the_profiles(breakable: Services, unique: str, tmp_path: Path) -> None:
    """The profile of an outlet is sent, the offsets of the articles that it was learnt from are not: they come again,
    and each is learnt from once.
    """
    with world(breakable, unique, tmp_path) as one:
        one.break_at("clean", f"{PROFILES} kill")
        with one.workers():
            one.send(raw(f"a{number}") for number in range(8))
            one.until(one.broken, "clean is killed")
            one.send(raw(f"a{number}") for number in range(8, 16))
            one.settle()
            assert one.assert_all_well(None)["indexed"] == 16
        profiles = [
            OutletProfile.decode(record.value()) for record in records(one.direct, names(one.direct, PROFILES_TOPIC))
        ]
        assert max(profile.learned for profile in profiles) == 16


@pytest.mark.whole
def test_killed_at_random_with_more_partitions(breakable: Services, unique: str, tmp_path: Path) -> None:
    """Of two workers of each stage, which share its partitions, one is killed at a time."""
    made, chosen = inputs(COUNT), random.Random(9)
    both = [*STAGES, *(f"{stage}-2" for stage in STAGES)]
    with world(breakable, unique, tmp_path, partitions=4) as one, one.workers(*both) as supervisor:
        one.send(made[:16])
        one.until(lambda: one.indexed() > 0, "some are through")
        for number in range(1, 4):
            one.send(made[number * 16 : number * 16 + 16])
            one.poison(number)
            for stage in STAGES:
                os.kill(one.pid(chosen.choice([stage, f"{stage}-2"])), signal.SIGKILL)
            done = one.indexed()
            one.until(lambda: one.indexed() > done or one.quiet(), "they go on")  # noqa: B023
            assert committed_but_not_durable(one.direct, one.client) == []
        one.send(made[64:])
        one.settle()
        assert sum(supervisor.ends().values()) >= 3 * len(STAGES)
        one.assert_all_well(None)
