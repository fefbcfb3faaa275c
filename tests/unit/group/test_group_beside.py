"""What stands beside a statement counts a little for what it is about."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.annotate.features.embedder import DIMENSIONS, pack_vector
from processors.group.report.beside import OWN, neighbours
from processors.group.vectors.store import Vectors
from schemas import Statement
from tests.builders import measured


def _at(start: int, end: int) -> Statement:
    return Statement(statement_id=f"{start}-{end}", start=start, end=end, text="x" * (end - start), kind="direct")


def _vector(number: int) -> bytes:
    made = np.random.default_rng(number).normal(size=DIMENSIONS).astype(np.float32)
    return pack_vector(made / np.linalg.norm(made))


def test_neighbours_count_the_less_the_farther_away_and_the_one_before_more() -> None:
    found = neighbours([_at(42, 80), _at(0, 40), _at(150, 190)])
    first, second, third = (dict(found[name]) for name in ("0-40", "42-80", "150-190"))
    assert OWN / 4 > second["0-40"] > first["42-80"] > first["150-190"] > 0
    assert third["42-80"] > second["150-190"] > 0


def test_what_stands_far_away_does_not_count() -> None:
    assert neighbours([_at(0, 40), _at(400, 440)]) == {"0-40": [], "400-440": []}
    assert neighbours([]) == {}


spans = st.tuples(st.integers(0, 2000), st.integers(1, 300)).map(lambda at: _at(at[0], at[0] + at[1]))


@given(st.lists(spans, max_size=30, unique_by=lambda s: s.statement_id), st.randoms(use_true_random=False))
def test_the_order_given_changes_nothing_and_a_statement_stays_itself(
    statements: list[Statement], chance: random.Random
) -> None:
    found = neighbours(statements)
    shuffled = list(statements)
    chance.shuffle(shuffled)
    assert neighbours(shuffled) == found
    assert all(sum(share for _, share in row) < OWN for row in found.values())


@pytest.fixture
def store() -> Vectors:
    found = Vectors(prior=24)
    for n in range(6):
        found.add(measured(f"s{n}", _vector(n)), ("en", "ru")[n % 2])
    return found


def test_a_quote_beside_a_sentence_is_nearer_to_that_sentence_elsewhere(store: Vectors) -> None:
    store.add(measured("elsewhere", _vector(0)), "en")
    rows = store.rows(["elsewhere", "s1"])
    beside = store.row("s0")
    assert beside is not None
    alone = store.propositions_in_context(rows, [[], []])[0, 1]
    assert store.propositions_in_context(rows, [[], [(beside, OWN // 5)]])[0, 1] > alone + 0.1


def test_without_neighbours_statements_are_compared_as_they_are(store: Vectors) -> None:
    rows = np.arange(6)
    assert store.propositions_in_context(rows, [[]] * 6).tobytes() == store.propositions(rows).tobytes()


@given(st.permutations(range(6)))
def test_the_same_bits_in_whatever_order_they_are_asked(order: list[int]) -> None:
    store = Vectors(prior=24)
    for n in range(6):
        store.add(measured(f"s{n}", _vector(n)), "en")
    beside = [[(n + 1, 20), (n - 1, 12)] if 0 < n < 5 else [] for n in range(6)]
    whole = store.propositions_in_context(np.arange(6), beside)
    asked = store.propositions_in_context(np.array(order), [beside[n] for n in order])
    assert asked.tobytes() == np.ascontiguousarray(whole[np.ix_(order, order)]).tobytes()
