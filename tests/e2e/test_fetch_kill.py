"""The fetcher is killed at any moment, with SIGKILL: nothing is lost, what repeats has the same id."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.supervisor import wait_until
from deploy.services import Kind, start
from ingest.identity import article_id
from runtime import kafka
from runtime.settings import Settings, as_environment
from runtime.topics import create, names
from schemas import RawArticle
from schemas.topics import RAW
from tests.kafka_io import read
from tests.pipeline import settings_for
from tests.press import Answer, Press, page, settings_of, source

pytestmark = [pytest.mark.e2e, pytest.mark.faults]

ARTICLES = 60
KILLS = (3, 12, 25, 40, 55)


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def test_killed_at_any_moment(press: Press, tmp_path: Path) -> None:
    hosts = ("one.example", "two.example")
    for host in hosts:
        paths = [f"/{n}" for n in range(ARTICLES // 2)]
        press.feed(host, *paths, etag='"v1"')
        press.routes |= {f"{host}{path}": Answer(page(path)) for path in paths}
    sources = tmp_path / "sources.yaml"
    text = "".join(source(outlet=host, feeds=[f"http://{host}/rss"]) for host in hosts)
    sources.write_text(f"sources:{text}\n", encoding="utf-8")
    with start(Kind.EMBEDDED, data=tmp_path / "services") as services:
        fetching = settings_of(press, tmp_path).fetch.model_copy(update={"sources": sources})
        settings = settings_for(services, "kill", tmp_path, fetch=fetching)
        create(kafka.admin(settings), settings)
        for requests in KILLS:
            run = fetcher(settings)
            # The moment of the kill, by what the fetcher has done.
            assert wait_until(lambda: run.poll() is not None or articles_asked(press) >= requests, 60, poll=0.005)  # noqa: B023
            run.send_signal(signal.SIGKILL)
            run.wait()
        assert fetcher(settings).wait(60) == 0
        after = articles_asked(press)
        assert fetcher(settings).wait(60) == 0
        assert articles_asked(press) == after, "what is confirmed is not asked for again"
        ends = kafka.looker(settings)
        topic = names(settings, RAW)
        count = sum(ends.get_watermark_offsets(partition)[1] for partition in _partitions(settings, topic))
        ends.close()
        found = [RawArticle.decode(message.value()) for message in read(services, topic, count)]
    expected = {article_id(f"http://{host}/{n}") for host in hosts for n in range(ARTICLES // 2)}
    assert {raw.article_id for raw in found} == expected
    seqs = {(raw.article_id, raw.seq) for raw in found}
    assert len(seqs) == len(expected), "one that came twice has the same place in the order"
    assert {raw.visit for raw in found} == {1}


def fetcher(settings: Settings) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "console.main", "fetch", "--once"]
    environment = {**os.environ, **as_environment(settings)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def articles_asked(press: Press) -> int:
    return sum(hit.rpartition("/")[2].isdigit() for hit in [*press.hits])


def _partitions(settings: Settings, topic: str) -> list[object]:
    from confluent_kafka import TopicPartition

    found = kafka.admin(settings).list_topics(topic, timeout=10).topics[topic].partitions
    return [TopicPartition(topic, number) for number in found]
