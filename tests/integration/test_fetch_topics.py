"""What the fetcher reads of Kafka, and what ``export`` writes from it. All texts are synthetic."""

import asyncio
import datetime
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer

from deploy.services import Services
from ingest.exports import export
from ingest.fetch.publish import KafkaPublisher
from ingest.fetch.reported import KafkaReports
from ingest.identity import article_id
from ingest.imports import import_paths
from runtime import kafka
from runtime.settings import Settings
from runtime.topics import create, names
from schemas import Forgotten, Outlet, RawArticle, Seq
from schemas.message import Message, headers_of
from schemas.report import Context, Mark, Report, report_id
from schemas.topics import FORGOTTEN, RAW, REPORTS, Topic
from tests.builders import raw_article
from tests.pipeline import settings_for
from tests.press import Kept, page

pytestmark = pytest.mark.integration

DAY = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
SPEAKER = "Q1"


def sent(settings: Settings, topic: Topic, messages: list[Message], partition: int = 0) -> None:
    producer: Producer = kafka.producer(settings)
    for message in messages:
        producer.produce(
            names(settings, topic), message.encode(), key=message.subject, headers=headers_of(message, "test"),
            partition=partition, timestamp=message.time_ms,
        )  # fmt: skip
    assert producer.flush(30) == 0


def report(name: str, mentions: int = 1) -> Report:
    return Report(
        report_id=report_id(name, SPEAKER), article_id=name, speaker_id=SPEAKER, seq=Seq(1, name), revision="r",
        fetched=DAY, url=f"https://one.example/{name}", outlet=Outlet(id="one.example"), title="T",
        context=Context(mentions=mentions),
    )  # fmt: skip


def test_reports_tell_which_pages_to_visit_again(services: Services, unique: str, tmp_path: Path) -> None:
    settings = settings_for(services, unique, tmp_path)
    since = time.time() - 3600
    with KafkaReports(settings) as early:
        assert early.take({}, 1.0, since=since, to_end=True).article_ids == [], "the topic is not there yet"
    create(kafka.admin(settings), settings)
    sent(settings, REPORTS, [report("a"), Mark(kind="tick", sent_ms=1), report("b", mentions=0), report("c")])
    sent(settings, REPORTS, [report("d")], partition=1)
    with KafkaReports(settings) as reports:
        found = reports.take({}, 1.0, since=since, to_end=True)
        assert sorted(found.article_ids) == ["a", "c", "d"]
        assert reports.take({}, 2.0, since=since, to_end=True).article_ids == []
        sent(settings, REPORTS, [report("e")])
        assert reports.take({}, 3.0, since=since, to_end=True).article_ids == ["e"]
    known = {(topic, partition): end for topic, partition, end in found.offsets}
    assert len(known) == 2
    with KafkaReports(settings) as again:
        assert again.take(known, 1.0, since=since, to_end=True).article_ids == ["e"], "from where it was"


def test_what_was_taken_out_is_told_once_and_published_no_more(services: Services, unique: str, tmp_path: Path) -> None:
    settings = settings_for(services, unique, tmp_path)
    create(kafka.admin(settings), settings)
    one, two = raw(1, 0.0), raw(2, 0.0)
    sent(settings, FORGOTTEN, [Forgotten(article_id=one.article_id, at=DAY)])
    with KafkaPublisher(settings) as publisher:
        assert publisher.taken_out() == {one.article_id}, "those of before the start, too"
        assert publisher.taken_out() == set()
        sent(settings, FORGOTTEN, [Forgotten(article_id=two.article_id, at=DAY)])
        deadline = time.monotonic() + 30
        while not (later := publisher.taken_out()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert later == {two.article_id}
        assert [asyncio.run(publisher.publish(article)) for article in (one, two, raw(3, 0.0))] == [False, False, True]


def raw(number: int, hours: float) -> RawArticle:
    url = f"https://one.example/{number}"
    fetched = DAY + datetime.timedelta(hours=hours)
    minted = article_id(url)
    seq = Seq(int(fetched.timestamp() * 1000), minted)
    return raw_article(page(number), minted, seq=seq, url=url, outlet=Outlet(id="one.example"), fetched=fetched)


def test_a_time_range_is_exported_and_comes_back(services: Services, unique: str, tmp_path: Path) -> None:
    settings = settings_for(services, unique, tmp_path)
    create(kafka.admin(settings), settings)
    # Out of order, as imports are, and in both partitions.
    sent(settings, RAW, [raw(1, 0), raw(2, 30), raw(3, 1), raw(4, -5)])
    sent(settings, RAW, [raw(5, 2), raw(6, 48), raw(7, 3)], partition=1)
    # Forgotten, and not purged from the topic.
    sent(settings, FORGOTTEN, [Forgotten(article_id=raw(7, 3).article_id, at=DAY)])
    path = tmp_path / "range.warc.gz"
    assert export(settings, path, since=DAY, until=DAY + datetime.timedelta(hours=24)) == 3
    kept = Kept()
    import_paths([path], kept)
    expected = {number: raw(number, hours) for number, hours in ((1, 0), (3, 1), (5, 2))}
    assert {(r.article_id, r.fetched, r.seq, r.body) for r in kept.raw} == {
        (r.article_id, r.fetched, r.seq, r.body) for r in expected.values()
    }
    assert [p.name for p in tmp_path.glob("*.part")] == []
