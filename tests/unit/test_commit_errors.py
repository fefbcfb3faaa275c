"""Which failures of a commit end a worker: those that last."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from runtime.kafka import check_commit
from schemas.errors import KafkaUnavailable


@pytest.mark.parametrize("code", [KafkaError.FENCED_INSTANCE_ID, KafkaError._FATAL])
def test_who_lost_its_place_in_the_group_ends(code: int) -> None:
    with pytest.raises(KafkaUnavailable, match="another member"):
        check_commit(KafkaException(KafkaError(code)))


@pytest.mark.parametrize("code", [KafkaError.REBALANCE_IN_PROGRESS, KafkaError.NOT_COORDINATOR, KafkaError._TIMED_OUT])
def test_what_passes_is_left_to_the_next_commit(code: int) -> None:
    check_commit(KafkaException(KafkaError(code)))
