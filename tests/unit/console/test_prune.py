"""What of a generation is removed, and what is said of consumer groups that a broker does not delete."""

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from console.generations.prune import _drop_groups, _drop_topics


class Admin:
    """A broker that answers the deletion of each group with an error, or with none; ``topics`` are those it has."""

    def __init__(self, answers: dict[str, int | None], topics: tuple[str, ...] = ()) -> None:
        self._answers = answers
        self.topics = set(topics)

    def list_topics(self, *, timeout: float) -> SimpleNamespace:
        return SimpleNamespace(topics=dict.fromkeys(self.topics))

    def delete_topics(self, names: list[str], *, operation_timeout: float) -> dict[str, Future[None]]:
        self.topics -= set(names)
        return {name: self._answer(None) for name in names}

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


def test_what_another_pipeline_has_under_a_longer_prefix_stays() -> None:
    others = ("wire.reports.g1", "wire.reports.g1.dlq", "staging.wire.stories.g1", "articles.raw", "reports.g11")
    ours = ("reports.g1", "reports.g1.dlq", "articles.raw.g1", "group.entries.g1", "stories.g1")
    admin: Any = Admin({}, others + ours)
    gone = _drop_topics(admin, "", 1, {"stories"})
    assert sorted(gone) == ["articles.raw.g1", "group.entries.g1", "reports.g1", "reports.g1.dlq"]
    assert admin.topics == {*others, "stories.g1"}
    assert _drop_topics(admin, "wire.", 1, set()) == ["wire.reports.g1", "wire.reports.g1.dlq"]
    assert "staging.wire.stories.g1" in admin.topics
