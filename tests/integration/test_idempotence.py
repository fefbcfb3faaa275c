"""Every message delivered twice, in bursts, gives the same indices as once: from raw to Elasticsearch."""

import datetime
import random
from pathlib import Path

import msgspec
import pytest
import zstandard

from console.accounting import account, lags
from console.demo import read
from console.demo.data import load_gold, url_of
from console.demo.read import Document
from deploy.services import Services
from ingest.identity import article_id
from runtime import elastic, kafka
from runtime.settings import AnnotateSettings, GroupSettings, Settings
from runtime.topics import names
from schemas import ImportedArticle, Outlet, RawArticle, Seq, epoch_ms, headers_of
from schemas.index import IndexRole, alias_of
from schemas.topics import RAW
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.integration

ROLES: tuple[IndexRole, ...] = ("articles", "reports", "remarks", "stories")
COUNT = 40


def raws() -> list[RawArticle]:
    """The first articles of the demo as imported rows, fetched a minute apart."""
    began = datetime.datetime.now(datetime.UTC).replace(microsecond=0) - datetime.timedelta(hours=1)
    out = []
    for number, article in enumerate(load_gold().articles[:COUNT]):
        identity = article_id(url_of(article))
        fetched = began + datetime.timedelta(minutes=number)
        row = ImportedArticle(
            id=article.id, title=article.title, text=article.text, outlet=article.outlet, url=url_of(article),
            published=article.published.isoformat(),
        )  # fmt: skip
        out.append(
            RawArticle(
                article_id=identity,
                seq=Seq(epoch_ms(fetched), identity),
                url=url_of(article),
                outlet=Outlet(id=article.outlet),
                fetched=fetched,
                media_type="application/json",
                body=zstandard.compress(msgspec.json.encode(row)),
            )
        )
    return out


def indices(services: Services, unique: str, folder: Path, records: list[RawArticle]) -> dict[str, list[Document]]:
    """What lies in the indices after these records went all the way."""
    sections = {
        "annotate": AnnotateSettings(embeddings=False),
        # Long enough that the order is that of `seq`, whatever the order of arrival, on a slow machine, too, where the
        # first article of each language waits for its models.
        "group": GroupSettings(reorder_seconds=45.0),
    }
    with prepared(services, unique, folder, **sections) as settings:
        client = elastic.client(settings)
        send(settings, records)
        alias = alias_of("articles", settings.pipeline.index_prefix)
        with workers(settings, folder, "clean", "annotate", "group", "index") as supervisor:
            eventually(
                lambda: account(settings, client, alias).whole and all(lag.behind == 0 for lag in lags(settings)),
                "everything indexed", folder, supervisor, seconds=240.0,
            )  # fmt: skip
        out = {role: read.documents(client, settings.pipeline.index_prefix, role) for role in ROLES}
        client.close()
    for documents in out.values():
        documents.sort(key=lambda doc: msgspec.json.encode(doc, order="sorted"))
    return out


def send(settings: Settings, records: list[RawArticle]) -> None:
    producer = kafka.Deliveries(kafka.producer(settings))
    for one in records:
        producer.send(names(settings, RAW), one.encode(), key=one.outlet.id, headers=headers_of(one, "fetch"))
    producer.flush()


def test_twice_is_as_once(services: Services, unique: str, tmp_path: Path) -> None:
    records = raws()
    once = indices(services, f"{unique}-a", tmp_path / "once", records)
    doubled = [one for one in records for _ in range(2)]
    bursts = doubled[:30] + records[5:20] * 2 + doubled[30:] + random.Random(1).sample(records, 15)
    twice = indices(services, f"{unique}-b", tmp_path / "twice", bursts)
    for role in ROLES:
        assert len(once[role]) == len(twice[role]), role
        assert once[role] == twice[role], role
    assert len(once["articles"]) == COUNT
    assert len(once["stories"]) > 3
