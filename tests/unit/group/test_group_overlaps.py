"""Statements that are passed over without comparing their words could not have been alike; products take one thread."""

from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from processors.group.remarks.likeness import likeness
from processors.group.report.overlaps import Outlines, outline
from processors.group.report.rarity import Rarity
from processors.threads import one_thread

WORDS = st.frozensets(st.sampled_from([f"w{n}" for n in range(60)]), max_size=30)


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_statements_that_are_alike_by_their_words_are_never_passed_over(
    stored: list[frozenset[str]], given_words: frozenset[str]
) -> None:
    rarity = Rarity(40, {})
    outlines = Outlines([outline(words) for words in stored], stored)
    near, each = outlines.near(outline(given_words), given_words), outlines.near_each_other()
    for number, words in enumerate(stored):
        assert near[number] or likeness(given_words, words, rarity) == 0
        assert all(each[number, n] or likeness(words, other, rarity) == 0 for n, other in enumerate(stored))


def test_most_that_share_nothing_are_passed_over() -> None:
    stored = [frozenset(f"{n}w{i}" for i in range(18)) for n in range(50)]
    outlines = Outlines([outline(words) for words in stored], stored)
    assert outlines.near_each_other().sum() < 100
    assert outlines.near(outline(stored[7]), stored[7]).sum() < 10


def test_nothing_is_near_where_nothing_is_stored() -> None:
    assert not Outlines([], []).near(outline({"a", "b"}), frozenset({"a", "b"})).any()


def test_products_take_one_thread_only_within() -> None:
    def threads() -> list[int]:
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    before = threads()
    with one_thread():
        assert set(threads()) == {1}
    assert threads() == before
