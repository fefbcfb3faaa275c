"""Bytes of a fuzzer in every topic that a service reads: each ends in a dead-letter queue, and all else goes on."""

from pathlib import Path

import pytest

from deploy.services import Services
from schemas.topics import ANNOTATED, CLEAN, GROUPED, RAW, REMARKS, REPORTS, STORIES
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices, dead
from tests.faults.world import inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]

TOPICS = (RAW, CLEAN, ANNOTATED, REPORTS, GROUPED, REMARKS, STORIES)
EACH = 40


def test_poison_in_every_topic(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one, one.workers() as supervisor:
        one.send(made[:30])
        for seed in range(EACH):
            one.poison(seed, TOPICS)
        one.send(made[30:])
        one.settle()
        one.assert_all_well(undisturbed)
        for topic in TOPICS:
            assert len(dead(one.direct, topic).places) >= EACH, topic.name
        assert max(supervisor.ends().values()) == 0, "nobody died of it"
