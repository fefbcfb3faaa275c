"""SIGKILL of each service at each of its steps: consume, table write, changelog, output, bulk, dead letter, commit."""

from pathlib import Path

import pytest

from deploy.services import Services
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
from tests.faults.world import STAGES, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults]

# In each round one step of every service; COUNT is the passing at which it dies.
ROUNDS = [
    {"clean": "clean.consumed 3", "annotate": "annotate.consumed 2", "group": "group.consumed 2", "index": "index.consumed 4"},
    {"clean": "clean.output 2", "annotate": "annotate.output 2", "group": "group.decided 2", "index": "index.bulk 2"},
    {"clean": "clean.dead_letter 1", "annotate": "annotate.dead_letter 1", "group": "group.dead_letter 1",
     "index": "index.dead_letter 1"},
    {"clean": "clean.commit 1", "annotate": "annotate.confirmed 2", "group": "group.table 3", "index": "index.answered 1"},
    {"clean": "clean.committed 1", "annotate": "dispatch.output 2", "group": "group.stored 2", "index": "index.commit 1"},
    {"clean": "clean.output 5", "annotate": "dispatch.confirmed 2", "group": "group.output 3", "index": "index.committed 1"},
    {"clean": "clean.consumed 5", "annotate": "annotate.acknowledged 2", "group": "group.confirmation 2",
     "index": "index.buried 1"},
    {"clean": "clean.commit 2", "annotate": "annotate.confirmation 2", "group": "group.confirmed 2", "index": "index.bulk 3"},
    {"clean": "clean.committed 2", "annotate": "dispatch.consumed 2", "group": "group.acknowledged 2",
     "index": "index.answered 2"},
    {"clean": "clean.output 1", "annotate": "dispatch.acknowledged 2", "group": "group.stored 3", "index": "index.consumed 9"},
]  # fmt: skip
QUICK = ROUNDS[2:6:3]


def killed(breakable: Services, unique: str, folder: Path, undisturbed: Indices, rounds: list[dict[str, str]]) -> None:
    made = inputs(COUNT)
    portion = len(made) // (len(rounds) + 1)
    with world(breakable, unique, folder) as one, one.workers() as supervisor:
        for number, steps in enumerate(rounds):
            for stage, line in steps.items():
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
