"""Asks Kafka again while what keeps it from answering lasts but a moment."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from confluent_kafka import KafkaError, KafkaException
from tenacity import retry, retry_if_exception, stop_after_delay, wait_exponential

_SECONDS = 15.0
# A partition that was just made has no leader. A broker of which the client has let go, because all were lost, is one
# that it looks for anew.
NO_LEADER = frozenset({
    KafkaError._DESTROY_BROKER,  # noqa: SLF001
    KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 - librdkafka's names
    KafkaError._NOENT,  # noqa: SLF001 - "no leaders found"
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
})  # fmt: skip
# A coordinator that moves, or a broker that was too busy to say that it lives, is back in a moment.
NO_COORDINATOR = frozenset({
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
})  # fmt: skip
P = ParamSpec("P")
T = TypeVar("T")


def again_while(codes: frozenset[int], *, first: float = 0.1) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Makes a function be called again while Kafka answers with such an error, the first time after ``first`` seconds;
    what it answers in the end is raised.
    """

    def passes(error: BaseException) -> bool:
        return isinstance(error, KafkaException) and error.args[0].code() in codes

    return retry(
        retry=retry_if_exception(passes),
        stop=stop_after_delay(_SECONDS),
        wait=wait_exponential(first, max=1.0),
        reraise=True,
    )
