"""How sure remarks are is fitted by a line in the log-odds."""

import math
import random

import pytest

from tests.quality.fit_confidence import fitted, line


def _told(base: float, slope: float, count: int = 4000) -> list[tuple[float, bool]]:
    chosen = random.Random(7)
    strengths = [chosen.uniform(0.5, 2.5) for _ in range(count)]
    return [(s, chosen.random() < 1 / (1 + math.exp(-(base + slope * (s - 1))))) for s in strengths]


def test_the_line_that_made_the_answers_is_found_again() -> None:
    assert line(_told(0.5, 2.0)) == pytest.approx((0.5, 2.0), abs=0.25)


def test_what_is_like_no_other_is_right_as_often_as_it_was() -> None:
    weights = fitted(
        {
            "remark": _told(1.0, 3.0),
            "remark_group": _told(-0.5, 2.0),
            "remark_alone": [(0.0, True)] * 19 + [(0.0, False)],
        }
    )
    assert weights["remark_alone"] == 0.95
    assert weights["remark"][0] > weights["remark_group"][0]
