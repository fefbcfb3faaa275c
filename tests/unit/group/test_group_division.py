"""Where a story parts: how well each two reports go together, and the best cut of all."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.group.model import default_model
from processors.group.report.occasions import Features
from processors.group.stories.division import Table, best_cut, together
from tests.quality.fit_together import FITTED, Pairs, area, fitted

WEIGHTS = default_model().together
SIZES = (2, 1, 3)


def _features(**told: object) -> Features:
    return Features(moment_ms=0, statements=(), **told)  # type: ignore[arg-type]


def _table(*reports: Features, cosines: float = 0.0) -> Table:
    sizes = [1] * len(reports)
    return together(reports, sizes, np.full((len(reports), len(reports)), cosines), WEIGHTS)


def test_what_is_most_alike_and_what_both_cover_speak_for_one_occasion() -> None:
    cosines = np.zeros((6, 6))
    cosines[0, 2] = cosines[2, 0] = 0.7  # a statement of the first report, and the only one of the second
    found = together([_features()] * 3, SIZES, cosines, WEIGHTS)
    alike = WEIGHTS.bias + 0.7 * WEIGHTS.best + 0.4 * WEIGHTS.covered
    assert found[0, 1] == round(1000 * alike)
    assert found[0, 2] == found[1, 2] == round(1000 * WEIGHTS.bias)
    assert (found == found.T).all()
    assert not found.diagonal().any()


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [
        ({"kinds": frozenset({"interview"})}, {"scene_kinds": frozenset({"interview"})}, WEIGHTS.kind),
        ({"kinds": frozenset({"briefing"})}, {"kinds": frozenset({"briefing"})}, 0.0),  # anything is called so
        ({"kinds": frozenset({"interview"})}, {"kinds": frozenset({"forum"})}, WEIGHTS.kind_other),
        ({"kinds": frozenset({"talks"})}, {"kinds": frozenset({"press_conference"})}, 0.0),
        ({"places": frozenset({"Q64", "Q1"})}, {"places": frozenset({"Q64"})}, WEIGHTS.place),
        ({"counterparts": frozenset({"Q5"})}, {"counterparts": frozenset({"Q5"})}, WEIGHTS.counterpart),
        ({"media": frozenset({"Ekran"})}, {"media": frozenset({"Ekran"})}, WEIGHTS.medium),
        ({"dates": frozenset({"2026-01-02"})}, {"dates": frozenset({"2026-01-03"})}, WEIGHTS.date_other),
        ({"dates": frozenset({"2026-01-02"})}, {}, 0.0),
    ],
)
def test_what_two_reports_tell_of_their_occasions_counts(
    one: dict[str, object], other: dict[str, object], weight: float
) -> None:
    assert _table(_features(**one), _features(**other))[0, 1] == round(1000 * (WEIGHTS.bias + weight))


tables = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(-5000, 5000), min_size=n, max_size=n), min_size=n, max_size=n)
)


@given(tables, st.sampled_from([0.0, 1.5]), st.sampled_from([0.0, 0.4]))
def test_no_cut_is_better(rows: list[list[int]], alone: float, within: float) -> None:
    table = np.array(rows, dtype=np.int64)
    table = table + table.T
    np.fill_diagonal(table, 0)
    names = range(len(table))

    def mean(part: list[int]) -> float:
        pairs = [int(table[i, j]) for i, j in combinations(part, 2)]
        return sum(pairs) / len(pairs) if pairs else float("inf")

    def strength(part: list[int]) -> float:
        rest = [i for i in names if i not in part]
        close = min(max(min(mean(part), mean(rest)), 0), 3000)
        between = sum(within * close - int(table[i, j]) for i in part for j in rest)
        return between / (len(part) * len(rest)) ** 0.5 / 1000 - (alone if 1 in (len(part), len(rest)) else 0.0)

    part, found = best_cut(table, replace(WEIGHTS, alone=alone, within=within))
    assert 0 not in part
    assert found == pytest.approx(strength(part), abs=1e-6)
    every = [strength(list(chosen)) for size in range(1, len(table)) for chosen in combinations(names, size)]
    assert found == pytest.approx(max(every), abs=1e-6)


@pytest.mark.parametrize("count", [0, 1])
def test_one_report_is_not_cut(count: int) -> None:
    assert best_cut(np.zeros((count, count), dtype=np.int64), WEIGHTS) == ([], 0.0)


def test_weights_are_fitted_to_what_tells_pairs_apart() -> None:
    made = np.random.default_rng(3)
    rows = made.random((4000, len(FITTED)))
    one = made.random(4000) < 1 / (1 + np.exp(1.5 - 3 * rows[:, 0]))
    bias, best, *others = fitted([Pairs(rows[:1000], one[:1000]), Pairs(rows[1000:], one[1000:])])
    assert (bias, best) == (pytest.approx(-1.5, abs=0.3), pytest.approx(3, abs=0.3))
    assert others == pytest.approx([0.0] * len(others), abs=0.3)


@pytest.mark.parametrize(("scores", "found"), [([1, 2, 3, 4], 1.0), ([3, 4, 1, 2], 0.0), ([1, 1, 1, 1], 0.5)])
def test_the_area_is_how_often_a_pair_of_one_occasion_has_more(scores: list[float], found: float) -> None:
    assert area(np.array(scores, dtype=float), np.array([False, False, True, True])) == found
