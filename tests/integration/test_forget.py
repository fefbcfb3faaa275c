"""`remarkwire forget`: an article is out of indices, topics, tables and raw, and what hung on it is decided again."""

import json
from pathlib import Path

import pytest

from console import forget
from console.accounting import account, lags
from console.demo import read
from console.generations import lineage, registry
from console.supervisor import Supervisor
from deploy.services import Services
from runtime import elastic, kafka
from runtime.records import records
from runtime.settings import AnnotateSettings, Settings
from runtime.topics import names
from schemas import header
from schemas.index import IndexRole, alias_of
from schemas.topics import ENTRIES, GROUPED, RAW, REMARKS
from tests.articles import articles, raw, send
from tests.cli import done, remarkwire
from tests.integration.test_group_worker import last
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.integration

COUNT = 20
ROLES: tuple[IndexRole, ...] = ("articles", "reports", "remarks")


def settled(settings: Settings, client: object, folder: Path, supervisor: Supervisor, count: int) -> None:
    alias = alias_of("articles", settings.pipeline.index_prefix)

    def over() -> bool:
        total = account(settings, client, alias)  # type: ignore[arg-type]
        return total.whole and total.raw == count and all(lag.behind == 0 for lag in lags(settings))

    eventually(over, f"{count} articles indexed", folder, supervisor)


def test_an_article_is_taken_out(services: Services, unique: str, tmp_path: Path) -> None:
    made = articles(COUNT)
    first, copied = made[0], made[1]
    secret = b"followed it with"
    with prepared(services, unique, tmp_path, annotate=AnnotateSettings(embeddings=False)) as settings:
        client = elastic.client(settings)
        prefix = settings.pipeline.index_prefix

        def of(article_id: str, role: IndexRole) -> list[dict[str, object]]:
            return [doc for doc in read.documents(client, prefix, role) if doc["article_id"] == article_id]

        with workers(settings, tmp_path, "clean", "annotate", "group", "index") as supervisor:
            send(settings, made)
            settled(settings, client, tmp_path, supervisor, COUNT)
            assert all(of(first.article_id, role) for role in ROLES)
            (before,) = of(copied.article_id, "reports")
            assert before["copy_of"] == f"{first.article_id}-Q58217"
            others = {doc["article_id"] for doc in read.documents(client, prefix, "articles")} - {first.article_id}

            assert "not in articles.raw" in str(remarkwire(settings, "forget", "nobody", "--yes").exception)
            assert remarkwire(settings, "forget", first.article_id, answer="n\n").exit_code == 1
            filling = lineage.follow(2, registry.read(settings)[1], "raw", made[0].fetched)
            registry.write(settings, filling)
            assert "being filled" in str(remarkwire(settings, "forget", first.article_id, "--yes").exception)
            assert forget.known(settings) == {}
            registry.write(settings, lineage.pruned(filling, []))
            found = json.loads(
                done(settings, "forget", "--url", first.url + "?utm_source=x", "--note", "a test", "--yes", "--json")
            )
            assert found["articles"] == 1
            assert found["removed"]["documents of articles"] == found["removed"]["reports"] == 1

            for role in ROLES:
                assert of(first.article_id, role) == [], role
            assert {doc["article_id"] for doc in read.documents(client, prefix, "articles")} == others
            (after,) = of(copied.article_id, "reports")
            assert (after["role"], after.get("copy_of")) == ("report", None), "it is the first now"
            for topic in (GROUPED, REMARKS):
                subjects = {
                    key: header(kafka.headers(record), "ce_subject")
                    for record in records(settings, names(settings, topic))
                    if (key := record.key()) is not None and record.value() is not None
                }
                there = last_values(settings, topic)
                assert first.article_id not in {subjects[key] for key, value in there.items() if value is not None}
            entry = last(settings, ENTRIES)[f"{first.article_id}-Q58217".encode()]
            assert b"We counted" not in entry
            assert first.url.encode() not in entry
            settled(settings, client, tmp_path, supervisor, COUNT - 1)

            # Neither a revisit nor a second delivery brings it back, and forgetting it twice is forgetting it once.
            send(settings, [first, raw(900, "A council", "x" * 300, first.fetched, made[-1].fetched)])
            settled(settings, client, tmp_path, supervisor, COUNT)
            assert of(first.article_id, "articles") == []
            again = json.loads(done(settings, "forget", first.article_id, "--purge", "--yes", "--json"))
            assert again["removed"] == {}
            assert again["removed_before"] == found["removed"]
            left = [header(kafka.headers(one), "ce_subject") for one in records(settings, names(settings, RAW))]
            assert first.article_id not in left
            assert len(left) == len(set(left)) == COUNT
            settled(settings, client, tmp_path, supervisor, COUNT)
            (kept,) = forget.known(settings).values()
            assert kept.purged is not None
            assert kept.note == "a test"
            assert kept.removed["reports"] == 1
            assert secret not in kept.encode()
        client.close()


def last_values(settings: Settings, topic: object) -> dict[bytes, bytes | None]:
    """The last value of each key, tombstones included."""
    found: dict[bytes, bytes | None] = {}
    for record in records(settings, names(settings, topic)):  # type: ignore[arg-type]
        if record.key() is not None:
            found[record.key()] = record.value()
    return found
