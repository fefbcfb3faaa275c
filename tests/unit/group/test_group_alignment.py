"""Statements of a story are divided into remarks by what they share on average, and anew when a report comes."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from processors.group.consequences.alignment import cluster
from processors.group.grouper import Grouper
from schemas import GroupedReport, Report
from tests.builders import BRIDGE, QUAY, report, source

VECTORS = [np.random.default_rng(seed).integers(-60, 60, 384).astype(np.int8).tobytes() for seed in range(6)]


def _clustered(strengths: dict[tuple[int, int], int], count: int, least: int) -> list[list[int]]:
    return cluster(range(count), lambda a, b: strengths.get((min(a, b), max(a, b)), 0), least)


def test_groups_join_by_their_mean_not_by_one_pair() -> None:
    chain = {(0, 1): 90, (2, 3): 80, (1, 2): 60}
    assert _clustered(chain, 4, 40) == [[0, 1], [2, 3]]
    assert _clustered({**chain, (0, 2): 50, (0, 3): 50, (1, 3): 50}, 4, 40) == [[0, 1, 2, 3]]


def test_nothing_that_is_less_alike_than_asked_joins() -> None:
    assert _clustered({(0, 1): 39}, 3, 40) == [[0], [1], [2]]
    assert _clustered({(0, 1): 40}, 3, 40) == [[0, 1], [2]]


def test_of_equal_pairs_the_first_joins() -> None:
    assert _clustered({(0, 1): 50, (1, 2): 50}, 3, 40) == [[0, 1], [2]]


def _remarks(*reports: Report) -> dict[str, list[str]]:
    grouper, last = Grouper("Q1"), {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, GroupedReport):
                last[message.article_id] = [u.remark_id for p in message.decision.parts for u in p.remarks]
    return last


def test_a_repetition_within_a_report_is_one_remark() -> None:
    one = report("a", QUAY[0], QUAY[1], BRIDGE[0], minute=0, vectors=[VECTORS[0], VECTORS[0], VECTORS[3]])
    first, again, other = _remarks(one)["a"]
    assert first == again != other


def test_remarks_of_reports_that_agree_have_the_ids_of_the_first() -> None:
    first = report("a", *QUAY, minute=0, vectors=VECTORS[:3], date="2026-01-12", occasion="interview")
    second = report("b", *QUAY, minute=20, vectors=VECTORS[:3], date="2026-01-12", occasion="interview")
    found = _remarks(first, second)
    assert found["a"] == found["b"]
    assert len(set(found["a"])) == 3


@given(st.integers(2, 12), st.randoms(use_true_random=False))
def test_where_all_pairs_are_alike_enough_there_is_one_group(count: int, chosen: random.Random) -> None:
    """So they need not be clustered."""
    strengths = {(a, b): chosen.randint(40, 90) for b in range(count) for a in range(b)}
    assert _clustered(strengths, count, 40) == [list(range(count))]
