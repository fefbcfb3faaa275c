"""What of a generation is removed, and what is said of consumer groups that a broker does not delete."""

import datetime
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from elasticsearch import ConnectionError as NoConnection

from console.commands import replay as commands
from console.generations import registry
from console.generations.lineage import follow, pruned
from console.generations.prune import Pruned, _drop_groups, _drop_topics, unfinished
from runtime import elastic, kafka
from runtime.settings import Settings
from schemas import Generation
from schemas.errors import ElasticsearchUnavailable
from schemas.topics import STAGES
from tests.cli import remarkwire

NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
FIRST = Generation(generation=1, made=NOW, state="ready", start="raw", stages=list(STAGES))


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


def having(*indices: str) -> Any:
    """A client of an Elasticsearch that has these indices."""
    return SimpleNamespace(indices=SimpleNamespace(exists=lambda *, index: index in indices), close=lambda: None)


def unreachable() -> Any:
    def exists(*, index: str) -> bool:
        raise NoConnection(index)

    return SimpleNamespace(indices=SimpleNamespace(exists=exists))


def test_what_an_interrupted_prune_has_left_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    second = follow(2, FIRST, "reports", NOW)
    feeding = {1: pruned(FIRST, ["clean", "annotate", "dispatch"]), 2: second}
    fed = ("articles.clean.g1", "articles.annotated.g1", "reports.g1", "reports.g1.dlq", "stories.g2")

    def left(known: dict[int, Generation], topics: tuple[str, ...], client: Any) -> list[int]:
        monkeypatch.setattr(kafka, "admin", lambda _: Admin({}, topics))
        return unfinished(Settings(), client, known)

    assert left({1: FIRST, 2: second}, (*fed, "stories.g1"), having("remarkwire-stories-g1")) == []
    assert left(feeding, fed, having("remarkwire-stories-g2")) == []
    assert left(feeding, (*fed, "stories.g1"), having()) == [1]
    assert left(feeding, fed, having("remarkwire-stories-g1")) == [1]
    assert left({1: pruned(FIRST, []), 2: pruned(second, [])}, (), having()) == []
    assert left({**feeding, 2: pruned(second, [])}, (), having()) == [1]
    with pytest.raises(ElasticsearchUnavailable):
        left(feeding, fed, unreachable())


def test_an_interrupted_prune_goes_on_with_the_same_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "read", lambda _: {1: pruned(FIRST, []), 2: follow(2, FIRST, "raw", NOW)})
    monkeypatch.setattr(registry, "live_number", lambda *_: 2)
    monkeypatch.setattr(kafka, "admin", lambda _: Admin({}, ("stories.g1", "stories.g2")))
    monkeypatch.setattr(elastic, "client", lambda _: having("remarkwire-stories-g2"))
    removed: list[int] = []

    def remove(_: Settings, __: Any, number: int, *, say: Any) -> Pruned:
        removed.append(number)
        return Pruned(("stories.g1",), (), (), ())

    monkeypatch.setattr(commands, "remove", remove)
    result = remarkwire(Settings(), "prune", "--yes")
    assert result.exit_code == 0
    assert removed == [1]
