"""What was forgotten stays so in every replay, and where a generation is left that only feeds another."""

import json
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from console.generations import registry
from deploy.services import Services
from runtime import elastic, kafka
from runtime.records import records
from runtime.settings import AnnotateSettings, Settings
from runtime.topics import names
from schemas import header
from schemas.index import IndexName, IndexRole
from schemas.topics import ANNOTATED, GROUPED, REMARKS, REPORTS, Topic
from tests.articles import articles, send
from tests.cli import done, remarkwire
from tests.integration.test_forget import COUNT, ROLES, settled
from tests.pipeline import prepared, workers

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]


def indexed(client: Elasticsearch, settings: Settings, number: int, role: IndexRole) -> set[str]:
    """The articles that a generation's index has something of."""
    index = IndexName(role, number, settings.pipeline.index_prefix).index
    client.indices.refresh(index=index)
    found = client.search(index=index, query={"match_all": {}}, size=10_000)
    return {hit["_source"]["article_id"] for hit in found["hits"]["hits"]}


def subjects(settings: Settings, topic: Topic) -> set[str | None]:
    """The articles that a topic has records of, tombstones aside."""
    every = records(settings, names(settings, topic))
    return {header(kafka.headers(one), "ce_subject") for one in every if one.value() is not None}


def test_no_replay_brings_it_back(services: Services, unique: str, tmp_path: Path) -> None:
    made = articles(COUNT)
    first = made[0].article_id
    with prepared(services, unique, tmp_path, annotate=AnnotateSettings(embeddings=False)) as settings:
        client = elastic.client(settings)
        with workers(settings, tmp_path, "clean", "annotate", "group", "index") as supervisor:
            send(settings, made)
            settled(settings, client, tmp_path, supervisor, COUNT)
            before = {role: indexed(client, settings, 1, role) for role in ROLES}
            assert all(first in ids for ids in before.values())
            done(settings, "forget", first, "--yes")
            for topic in (ANNOTATED, REPORTS):
                assert first in subjects(settings, topic), "what a replay begins at still has it"

            trial = ["annotated", "--speaker", "Q58217"]
            for number, options in enumerate((trial, ["clean"], ["annotated"], ["reports"]), 2):
                done(settings, "replay", "--from", *options)
                theirs = registry.of_number(settings, number)
                for role in ROLES:
                    assert indexed(client, settings, number, role) == before[role] - {first}, (options, role)
                for topic in (GROUPED, REMARKS):
                    assert first not in subjects(theirs, topic), (options, topic.name)
                if options is trial:
                    assert first not in subjects(theirs, ANNOTATED), "a trial copies nothing of it"
                else:
                    found = json.loads(done(settings, "status", "--generation", str(number), "--json"))["account"]
                    assert (found["raw"], found["whole"]) == (COUNT - 1, True), options
                    compared = json.loads(done(settings, "promote", str(number), "--compare", "--json"))
                    assert (compared["missing"], compared["new"], compared["gone"]) == ([], [], []), options
        client.close()


def test_a_generation_that_only_feeds_another(services: Services, unique: str, tmp_path: Path) -> None:
    made = articles(COUNT)
    first = made[0].article_id
    with prepared(services, unique, tmp_path, annotate=AnnotateSettings(embeddings=False)) as settings:
        client = elastic.client(settings)
        with workers(settings, tmp_path, "clean", "annotate", "group", "index") as supervisor:
            send(settings, made)
            settled(settings, client, tmp_path, supervisor, COUNT)
        done(settings, "replay", "--from", "reports")
        done(settings, "promote", "2", "--yes")
        done(settings, "prune", "--yes")
        assert "no dead letters" in done(settings, "dlq", "list", "--generation", "1")
        fed = registry.of_number(settings, 1)
        with workers(fed, tmp_path, "clean", "annotate"), workers(registry.live(settings), tmp_path, "group", "index"):
            done(settings, "forget", first, "--yes")
        for role in ROLES:
            assert first not in indexed(client, settings, 2, role)

        live = json.loads(done(settings, "status", "--json"))
        assert (live["account"]["raw"], live["account"]["whole"]) == (COUNT - 1, True)
        prefix = settings.pipeline.prefix
        reading = [(lag["stage"], lag["topic"].removeprefix(prefix)) for lag in live["lags"]]
        assert reading[:4] == [
            ("clean", "articles.raw"), ("annotate", "articles.clean.g1"), ("dispatch", "articles.annotated.g1"),
            ("group", "reports.g1"),
        ]  # fmt: skip
        one = json.loads(done(settings, "status", "--generation", "1", "--json"))
        assert one["account"] is None, "it has no index, so there is no sum"
        assert [lag["stage"] for lag in one["lags"]] == ["clean", "annotate", "dispatch"]
        assert "feeds generation 2" in remarkwire(settings, "status", "--generation", "1").output
        assert remarkwire(settings, "status", "--generation", "1", "--check").exit_code != 0
        client.close()
