"""A few examples of each target, the same in every run. What longer runs found is in test_found.py."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS, Target

EXAMPLES = {
    "messages": 300,
    "feeds": 150,
    "sitemaps": 200,
    "pages": 60,
    "statements": 120,
    "splices": 120,
    "constructions": 300,
    "files": 60,
    "addresses": 300,
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes(target: Target) -> None:
    @settings(
        max_examples=EXAMPLES[target.name], derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(target.inputs)
    def holds(value: object) -> None:
        target.check(value)

    holds()
