"""What the bench of load fails for."""

from dataclasses import replace

import pytest

from tests.bench.load import Measured, unmet

# As measured: docs/performance.md.
WELL = Measured(
    10_000,
    memory={"clean": [409, 439], "annotate": [814, 902], "group": [151, 252], "index": [109, 121]},
    whole=True,
    ends={"clean": 0, "annotate": 0, "group": 0, "index": 0},
)


def test_a_run_that_keeps_it_all_is_told_so() -> None:
    assert unmet(WELL) == []


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (replace(WELL, whole=False), "the sum is not whole"),
        (replace(WELL, ends=WELL.ends | {"group": 1}), "group ended 1 times"),
        (replace(WELL, memory=WELL.memory | {"index": [109, 121, 150, 240]}), "index had 240 MiB, 209 would be flat"),
        (replace(WELL, memory=WELL.memory | {"group": [151, 252, 500]}), "group had 500 MiB, 365 would be flat"),
    ],
)
def test_what_it_does_not_keep_is_named(run: Measured, told: str) -> None:
    assert unmet(run) == [told]
