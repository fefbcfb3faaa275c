"""Offsets are committed without a gap, whatever the order in which work ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.offsets import InOrder, TopicMadeAnew


def test_a_record_at_work_holds_back_those_behind_it() -> None:
    open_: InOrder[str] = InOrder()
    for offset in (3, 4, 7):
        open_.opened(offset, str(offset))
    assert open_.done(4) == []
    assert open_.done(7) == []
    assert open_.done(3) == [(3, "3"), (4, "4"), (7, "7")]
    assert len(open_) == 0


@pytest.mark.parametrize("again", [0, 5])
def test_a_topic_that_begins_again_under_its_reader_is_named_with_what_to_do(again: int) -> None:
    open_: InOrder[None] = InOrder("stories.g1, partition 3")
    open_.opened(5, None)
    with pytest.raises(TopicMadeAnew, match=rf"stories.g1, partition 3: record {again} came after record 5.*setup"):
        open_.opened(again, None)


@given(st.permutations(list(range(12))))
def test_everything_is_freed_once_in_order(ends: list[int]) -> None:
    open_: InOrder[int] = InOrder()
    for offset in range(12):
        open_.opened(offset, offset)
    freed = [offset for end in ends for offset, _ in open_.done(end)]
    assert freed == list(range(12))
