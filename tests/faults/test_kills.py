"""SIGKILL of each service at each of its steps: consume, table write, changelog, output, bulk, dead letter, commit."""

from pathlib import Path

import pytest

from deploy.services import Services
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
from tests.faults.world import STAGES, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(1800)]

# In each round one step of every service, and the passing at which it dies: of clean, annotate, group, index.
ROUNDS = [
    ("clean.consumed 3", "annotate.consumed 2", "group.consumed 2", "index.consumed 4"),
    ("clean.output 2", "annotate.output 2", "group.decided 2", "index.bulk 2"),
    ("clean.dead_letter 1", "annotate.dead_letter 1", "group.dead_letter 1", "index.dead_letter 1"),
    ("clean.commit 1", "annotate.confirmed 2", "group.table 3", "index.answered 1"),
    ("clean.committed 1", "dispatch.output 2", "group.stored 2", "index.commit 1"),
    ("clean.output 3", "dispatch.confirmed 2", "group.output 3", "index.committed 1"),
    ("clean.consumed 3", "annotate.acknowledged 2", "group.confirmation 2", "index.buried 1"),
    ("clean.dead_letter 1", "annotate.confirmation 2", "group.confirmed 2", "index.bulk 2"),
    ("clean.commit 1", "dispatch.consumed 2", "group.acknowledged 2", "index.answered 1"),
    ("clean.output 1", "dispatch.acknowledged 2", "group.stored 3", "index.consumed 5"),
]
QUICK = ROUNDS[2:6:3]


def killed(breakable: Services, unique: str, folder: Path, undisturbed: Indices, rounds: list[tuple[str, ...]]) -> None:
    made = inputs(COUNT)
    portion = len(made) // (len(rounds) + 1)
    with world(breakable, unique, folder) as one, one.workers() as supervisor:
        for number, steps in enumerate(rounds):
            for stage, line in zip(STAGES, steps, strict=True):
                one.break_at(stage, f"{line} kill")
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
