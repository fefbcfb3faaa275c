"""Which failures of a commit end a worker: those that last."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from runtime.kafka import check, check_commit
from schemas.errors import KafkaUnavailable


@pytest.mark.parametrize("code", [KafkaError.FENCED_INSTANCE_ID, KafkaError._FATAL])
def test_who_lost_its_place_in_the_group_ends(code: int) -> None:
    with pytest.raises(KafkaUnavailable, match=r"another member.* set another pipeline\.instance"):
        check_commit(KafkaException(KafkaError(code)))


@pytest.mark.parametrize("code", [KafkaError.REBALANCE_IN_PROGRESS, KafkaError.NOT_COORDINATOR, KafkaError._TIMED_OUT])
def test_what_passes_is_left_to_the_next_commit(code: int) -> None:
    check_commit(KafkaException(KafkaError(code)))


def test_a_member_that_was_fenced_is_told_what_to_set() -> None:
    fenced = KafkaError(KafkaError._FATAL, "Static consumer fenced by other consumer with same group.instance.id")
    with pytest.raises(KafkaUnavailable, match=r"set another pipeline\.instance"):
        check(fenced)
    with pytest.raises(KafkaUnavailable) as other:
        check(KafkaError(KafkaError._FATAL, "out of order sequence"))
    assert "pipeline.instance" not in str(other.value)


def test_a_fatal_error_ends_the_client_whether_or_not_it_is_marked_as_one() -> None:
    with pytest.raises(KafkaUnavailable):
        check(KafkaError(KafkaError._FATAL, "static consumer fenced", fatal=False))
    with pytest.raises(KafkaUnavailable):
        check(KafkaError(KafkaError._ALL_BROKERS_DOWN, "down", fatal=True))
    check(KafkaError(KafkaError._ALL_BROKERS_DOWN, "down", fatal=False))
    check(None)
