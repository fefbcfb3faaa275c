"""What is said of consumer groups that a broker does not delete."""

from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from console.generations.prune import _drop_groups


class Admin:
    """A broker that answers the deletion of each group with an error, or with none."""

    def __init__(self, answers: dict[str, int | None]) -> None:
        self._answers = answers

    def delete_consumer_groups(self, groups: list[str], *, request_timeout: float) -> dict[str, Future[None]]:
        return {group: self._answer(self._answers[group]) for group in groups}

    @staticmethod
    def _answer(code: int | None) -> Future[None]:
        future: Future[None] = Future()
        if code is None:
            future.set_result(None)
        else:
            future.set_exception(KafkaException(KafkaError(code)))
        return future


def test_only_groups_that_were_there_and_are_gone_count_as_removed() -> None:
    answers = {"group": None, "clean": KafkaError.NON_EMPTY_GROUP, "index": KafkaError.GROUP_ID_NOT_FOUND}
    admin: Any = Admin(answers)
    assert _drop_groups(admin, list(answers)) == ["group"]
