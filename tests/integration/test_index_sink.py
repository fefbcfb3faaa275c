"""The sink on running services, embedded and local: what is in the topics is in the indices. All is synthetic."""

import contextlib
import datetime
import gc
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from confluent_kafka import Consumer, TopicPartition
from elasticsearch import BadRequestError, Elasticsearch

from deploy.services import Kind, Services
from processors.index.service import STAGE, Loop, run
from processors.index.setup import NeedsNewGeneration, install
from runtime import elastic, kafka, topics
from runtime.lifecycle import Stop
from runtime.settings import ElasticsearchSettings, IndexSettings, KafkaSettings, PipelineSettings, Settings
from schemas import (
    AnnotatedArticle,
    Decision,
    GroupedReport,
    Message,
    Occasion,
    Outlet,
    Part,
    Remark,
    Story,
    header,
    headers_of,
)
from schemas.index import INDICES, IndexName, IndexRole, alias_of, document, index_template, mapping
from schemas.topics import ANNOTATED, GROUPED, INDEXED, REMARKS, STORIES, Topic, dlq_name
from tests.builders import clean_article

pytestmark = pytest.mark.integration

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
OUTLET = Outlet(id="example.org", name="Example Daily", country="GB", lang="en", kind="paper")
DEADLINE = 60.0


def article(article_id: str, visit: int = 1, lang: str = "en", text: str = "Synthetic text.") -> AnnotatedArticle:
    fetched = AT + datetime.timedelta(hours=visit)
    clean = clean_article(
        "Synthetic title", text, article_id, at=AT, fetched=fetched, revision=f"r{visit}", outlet=OUTLET, visit=visit
    )
    return AnnotatedArticle(article=clean, lang=lang)


def report(report_id: str, seq: int = 1) -> GroupedReport:
    return GroupedReport(
        decision=Decision(report_id=report_id, decision_seq=seq, parts=[Part(story_id="s", role="report")]),
        article_id="a",
        speaker_id="Q1",
        revision="r",
        fetched=AT,
        url="https://example.org/a",
        outlet=OUTLET,
        title="Synthetic title",
        lang="en",
    )


def remark(statement_id: str, seq: int = 1) -> Remark:
    return Remark(
        statement_id=statement_id,
        remark_id="m",
        story_id="s",
        report_id="a-Q1",
        article_id="a",
        speaker_id="Q58217",
        decision_seq=seq,
        role="report",
        url="https://example.org/a",
        outlet=OUTLET,
        fetched=AT,
        text="Synthetic words.",
        canonical="Synthetic words.",
        kind="direct",
        start=0,
        end=16,
        lang="en",
    )


def story(story_id: str, seq: int = 1, **changes: Any) -> Story:
    return Story(
        story_id=story_id,
        speaker_id="Q1",
        decision_seq=seq,
        updated=AT,
        title=f"Synthetic story {seq}",
        langs=["en"],
        **changes,
    )


TOPIC_OF = {AnnotatedArticle: ANNOTATED, GroupedReport: GROUPED, Remark: REMARKS, Story: STORIES}


@dataclass
class Worker:
    """The service in a thread; ``end`` stops it as SIGTERM does."""

    stop: Stop
    thread: threading.Thread
    codes: list[int] = field(default_factory=list)

    def end(self) -> None:
        self.stop.set()
        self.thread.join(DEADLINE)
        assert not self.thread.is_alive()


@dataclass
class Pipeline:
    """Topics and indices of one test."""

    settings: Settings
    client: Elasticsearch
    workers: list[Worker] = field(default_factory=list)

    def start(self, instance: str = "1") -> Worker:
        stop = Stop()
        pipeline = self.settings.pipeline.model_copy(update={"instance": instance})
        settings = self.settings.model_copy(update={"pipeline": pipeline})
        worker = Worker(stop, threading.Thread(target=lambda: worker.codes.append(run(settings, stop))))
        self.workers.append(worker)
        worker.thread.start()
        return worker

    @contextlib.contextmanager
    def running(self) -> Iterator[Worker]:
        worker = self.start()
        try:
            yield worker
        finally:
            worker.end()

    def send(self, *messages: Message) -> None:
        deliveries = kafka.Deliveries(kafka.producer(self.settings))
        for message in messages:
            name = topics.names(self.settings, TOPIC_OF[type(message)])
            key = document(message).id  # type: ignore[arg-type]
            deliveries.send(name, message.encode(), key=key, headers=headers_of(message, "test"))  # type: ignore[arg-type]
        deliveries.flush()

    def send_raw(self, topic: Topic, value: bytes | None, **headers: str) -> None:
        deliveries = kafka.Deliveries(kafka.producer(self.settings))
        as_bytes = [(key, text.encode()) for key, text in headers.items()]
        deliveries.send(topics.names(self.settings, topic), value, key=b"key", headers=as_bytes)
        deliveries.flush()

    def documents(self, role: IndexRole) -> dict[str, dict[str, Any]]:
        """Source and version by id, through the alias that readers use."""
        alias = alias_of(role, self.settings.pipeline.index_prefix)
        self.client.indices.refresh(index=alias)
        hits = self.client.search(index=alias, size=1000, version=True)["hits"]["hits"]
        return {hit["_id"]: hit["_source"] | {"_version": hit["_version"]} for hit in hits}

    def ids(self, role: IndexRole) -> set[str]:
        return set(self.documents(role))

    @contextlib.contextmanager
    def reader(self, group: str) -> Iterator[Consumer]:
        consumer = kafka.consumer(self.settings, group)
        try:
            yield consumer
        finally:
            consumer.close()

    def behind(self) -> int:
        """Records of the topics that the sink has not committed."""
        with self.reader(kafka.group_id(self.settings, STAGE)) as consumer:
            left = 0
            for topic in INDEXED:
                name = topics.names(self.settings, topic)
                partitions = [TopicPartition(name, one) for one in range(self.settings.pipeline.partitions)]
                for at in consumer.committed(partitions, timeout=10):
                    low, high = consumer.get_watermark_offsets(at, timeout=10, cached=False)
                    left += high - (at.offset if at.offset >= 0 else low)
            return left

    def dead(self, topic: Topic) -> list[Any]:
        name = dlq_name(topics.names(self.settings, topic))
        with self.reader("dead-letters") as consumer:
            consumer.assign([TopicPartition(name, 0, 0)])
            _, high = consumer.get_watermark_offsets(TopicPartition(name, 0), timeout=10, cached=False)
            found: list[Any] = []
            until(lambda: len(take(consumer, found)) >= high)
            return found


class Relay:
    """Passes connections on to a server; while it is down, it takes them and hangs up."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.refused = 0
        self._is_down = threading.Event()
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)

    def down(self) -> None:
        self._is_down.set()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def up(self) -> None:
        self._is_down.clear()

    def _serve(self) -> None:
        pumps = []
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_down.is_set():
                    self.refused += 1
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
                pumps += [threading.Thread(target=_pump, args=pair) for pair in ((client, server), (server, client))]
                for pump in pumps[-2:]:
                    pump.start()
        for pump in pumps:
            pump.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.down()
        self._thread.join()
        for one in self._open:
            one.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def take(consumer: Consumer, into: list[Any]) -> list[Any]:
    message = consumer.poll(0.2)
    if message is not None and message.error() is None:
        into.append(message)
    return into


def until(holds: Callable[[], bool]) -> None:
    """Looks until it holds; fails after a deadline."""
    end = time.monotonic() + DEADLINE
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end, "not within the deadline"
        pause.wait(0.1)


@pytest.fixture
def pipeline(services: Services, unique: str) -> Iterator[Pipeline]:
    settings = Settings(
        kafka=KafkaSettings(bootstrap_servers=services.bootstrap_servers, session_timeout_ms=6000),
        elasticsearch=ElasticsearchSettings(url=services.elasticsearch_url),
        pipeline=PipelineSettings(prefix=f"{unique}-", index_prefix=unique, partitions=2),
        index=IndexSettings(batch_seconds=0.2),
    )
    topics.create(kafka.admin(settings), settings)
    client = elastic.client(settings)
    install(client, settings)
    made = Pipeline(settings, client)
    yield made
    # Those that a test which failed has left running; else the run would wait for them without an end.
    for worker in made.workers:
        worker.end()
    client.close()
    # A client of Kafka that is in a cycle of references would go on looking for its broker after the services end.
    gc.collect()


def test_documents_arrive_in_their_indices(pipeline: Pipeline) -> None:
    pipeline.send(article("a"), article("b", lang="ru"), report("a-Q1"), remark("st"), story("s"))
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    assert pipeline.ids("articles") == {"a", "b"}
    assert pipeline.ids("reports") == {"a-Q1"}
    assert pipeline.ids("remarks") == {"st"}
    assert pipeline.documents("stories")["s"]["title_en"] == "Synthetic story 1"
    assert pipeline.documents("remarks")["st"]["speaker_name"] == "Sergey Lavrov"


def test_the_highest_version_wins_whatever_the_order(pipeline: Pipeline) -> None:
    pipeline.send(story("s", 3), story("s", 5), story("s", 4), article("a", visit=2), article("a", visit=1))
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    assert pipeline.documents("stories")["s"]["title"] == "Synthetic story 5"
    assert pipeline.documents("stories")["s"]["_version"] == 5
    assert pipeline.documents("articles")["a"]["revision"] == "r2"


def test_what_comes_twice_is_there_once(pipeline: Pipeline) -> None:
    messages = [article("a"), report("a-Q1"), remark("st"), story("s")]
    with pipeline.running():
        pipeline.send(*messages)
        until(lambda: pipeline.behind() == 0)
        before = {role: pipeline.documents(role) for role in INDICES}
        pipeline.send(*messages, *messages)
        until(lambda: pipeline.behind() == 0)
    assert {role: pipeline.documents(role) for role in INDICES} == before


def test_a_document_that_elasticsearch_refuses_is_a_dead_letter_and_the_rest_goes_on(pipeline: Pipeline) -> None:
    wrong = story("wrong", occasion=Occasion(date="no day"))
    pipeline.send(wrong, story("s"))
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    assert pipeline.ids("stories") == {"s"}
    [letter] = pipeline.dead(STORIES)
    headers = kafka.headers(letter)
    assert (letter.key(), letter.value()) == (b"wrong", wrong.encode())
    assert header(headers, "ce_subject") == "wrong"
    assert header(headers, "dlq_reason") == "index_rejected"
    assert "document_parsing_exception" in (header(headers, "dlq_message") or "")
    assert header(headers, "dlq_stage") == "index"
    assert header(headers, "dlq_topic") == topics.names(pipeline.settings, STORIES)


def test_what_is_no_message_is_a_dead_letter_with_its_reason(pipeline: Pipeline) -> None:
    pipeline.send_raw(STORIES, None)
    pipeline.send_raw(STORIES, b"")
    pipeline.send_raw(STORIES, b"no json")
    pipeline.send_raw(STORIES, b'{"story_id": 1}')
    pipeline.send_raw(STORIES, story("s").encode(), schema_version="9.0")
    pipeline.send_raw(STORIES, b'"' + b"x" * 5_000_000 + b'"')
    pipeline.send(story("s"))
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    reasons = sorted(header(kafka.headers(letter), "dlq_reason") or "" for letter in pipeline.dead(STORIES))
    assert reasons == [
        "empty_message",
        "empty_message",
        "invalid_message",
        "message_too_large",
        "not_json",
        "wrong_version",
    ]
    assert pipeline.ids("stories") == {"s"}


def test_nothing_is_committed_while_the_index_is_blocked_and_all_is_written_after(pipeline: Pipeline) -> None:
    name = IndexName("stories", 1, pipeline.settings.pipeline.index_prefix)
    pipeline.client.indices.delete(index=name.index)
    pipeline.send(*(story(f"s{n}") for n in range(20)), article("a"))
    with pipeline.running():
        until(lambda: pipeline.ids("articles") == {"a"})
        assert pipeline.behind() >= 20
        install(pipeline.client, pipeline.settings)
        until(lambda: pipeline.behind() == 0)
    assert len(pipeline.ids("stories")) == 20


def test_while_elasticsearch_is_away_nothing_is_committed_and_all_arrives_when_it_is_back(pipeline: Pipeline) -> None:
    address = urllib.parse.urlsplit(pipeline.settings.elasticsearch.url)
    with Relay((address.hostname or "", address.port or 0)) as relay:
        through = ElasticsearchSettings(url=f"http://127.0.0.1:{relay.port}", timeout_seconds=5)
        behind_relay = Pipeline(pipeline.settings.model_copy(update={"elasticsearch": through}), pipeline.client)
        with behind_relay.running():
            pipeline.send(story("before"))
            until(lambda: pipeline.behind() == 0)
            relay.down()
            pipeline.send(*(story(f"s{n}") for n in range(50)), *(article(f"a{n}") for n in range(50)))
            until(lambda: relay.refused > 0)
            assert pipeline.behind() == 100
            relay.up()
            until(lambda: pipeline.behind() == 0)
    assert len(pipeline.ids("stories")) == 51
    assert len(pipeline.ids("articles")) == 50


def test_what_is_not_done_when_the_service_ends_is_done_by_the_next(pipeline: Pipeline) -> None:
    address = urllib.parse.urlsplit(pipeline.settings.elasticsearch.url)
    with Relay((address.hostname or "", address.port or 0)) as relay:
        through = ElasticsearchSettings(url=f"http://127.0.0.1:{relay.port}", timeout_seconds=5)
        behind_relay = Pipeline(pipeline.settings.model_copy(update={"elasticsearch": through}), pipeline.client)
        relay.down()
        with behind_relay.running():
            pipeline.send(*(story(f"s{n}") for n in range(50)))
            until(lambda: relay.refused > 0)
    assert (pipeline.behind(), pipeline.ids("stories")) == (50, set())
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    assert len(pipeline.ids("stories")) == 50


def test_a_restart_goes_on_where_it_was_left(pipeline: Pipeline) -> None:
    pipeline.send(*(story(f"s{n}") for n in range(100)))
    worker = pipeline.start()
    pipeline.send(*(story(f"s{n}") for n in range(100, 200)))
    worker.end()
    assert worker.codes == [0]
    durable = len(pipeline.ids("stories"))
    assert 200 - pipeline.behind() <= durable
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    assert len(pipeline.ids("stories")) == 200


def test_two_workers_share_the_partitions(
    pipeline: Pipeline, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops: list[Loop] = []

    def watched(*given: Any) -> Loop:
        loops.append(Loop(*given))
        return loops[-1]

    monkeypatch.setattr("processors.index.service.Loop", watched)
    first = pipeline.start("1")
    pipeline.send(*(story(f"s{n}") for n in range(100)))
    second = pipeline.start("2")
    pipeline.send(*(story(f"s{n}") for n in range(100, 300)))
    until(lambda: pipeline.behind() == 0)
    until(lambda: [len(one.partitions()) for one in loops] == [4, 4])
    first.end()
    pipeline.send(*(story(f"s{n}") for n in range(300, 400)))
    if services.kind is Kind.EMBEDDED:
        # It never lets a session run out: the share of who has left waits for who comes back.
        pipeline.start("1")
    until(lambda: pipeline.behind() == 0)
    second.end()
    assert (first.codes, second.codes) == ([0], [0])
    assert len(pipeline.ids("stories")) == 400


def test_setup_may_be_run_again_and_again(pipeline: Pipeline) -> None:
    before = pipeline.client.indices.get_mapping(index=f"{pipeline.settings.pipeline.index_prefix}-*").body
    assert install(pipeline.client, pipeline.settings) == []
    assert pipeline.client.indices.get_mapping(index=f"{pipeline.settings.pipeline.index_prefix}-*").body == before


def test_a_new_generation_stands_beside_the_one_that_is_read(pipeline: Pipeline) -> None:
    prefix = pipeline.settings.pipeline.index_prefix
    second = pipeline.settings.model_copy(
        update={"pipeline": pipeline.settings.pipeline.model_copy(update={"generation": 2})}
    )
    assert install(pipeline.client, second) == [f"{prefix}-{role}-g2" for role in INDICES]
    for role in INDICES:
        read = pipeline.client.indices.get_alias(name=alias_of(role, prefix)).body
        assert list(read) == [f"{prefix}-{role}-g1"]


def test_a_changed_field_needs_a_new_generation(pipeline: Pipeline) -> None:
    name = IndexName("stories", 1, pipeline.settings.pipeline.index_prefix)
    fields = mapping("stories")["properties"] | {"reports": {"type": "keyword"}}
    fields.pop("copies")
    pipeline.client.indices.delete(index=name.index)
    pipeline.client.indices.delete_index_template(name=index_template(name.prefix, "stories").name)
    pipeline.client.indices.create(index=name.index, mappings={"dynamic": "strict", "properties": fields})
    with pytest.raises(NeedsNewGeneration, match=r"reports is type keyword, should be type integer.*remarkwire replay"):
        install(pipeline.client, pipeline.settings)
    assert "copies" not in pipeline.client.indices.get_mapping(index=name.index)[name.index]["mappings"]["properties"]


def test_a_new_field_reaches_an_index_that_is_there(pipeline: Pipeline) -> None:
    name = IndexName("stories", 1, pipeline.settings.pipeline.index_prefix)
    fields = mapping("stories")["properties"]
    fields.pop("copies")
    pipeline.client.indices.delete(index=name.index)
    pipeline.client.indices.delete_index_template(name=index_template(name.prefix, "stories").name)
    pipeline.client.indices.create(index=name.index, mappings={"dynamic": "strict", "properties": fields})
    assert install(pipeline.client, pipeline.settings) == []
    found = pipeline.client.indices.get_mapping(index=name.index)[name.index]["mappings"]["properties"]
    assert found["copies"] == {"type": "integer"}


@pytest.mark.parametrize(
    ("lang", "text", "query"),
    [
        ("en", "They negotiated for hours.", "negotiate"),
        ("ru", "Стороны провели переговоры.", "переговорами"),
        ("de", "Die Verhandlungen dauerten lange.", "Verhandlung"),
        ("uk", "Сторони провели переговори.", "переговори"),
    ],
)
def test_words_are_found_by_the_analyzer_of_their_language(
    pipeline: Pipeline, lang: str, text: str, query: str
) -> None:
    pipeline.send(article("a", lang=lang, text=text), article("b", lang="tr", text="Sentetik metin."))
    with pipeline.running():
        until(lambda: pipeline.behind() == 0)
    alias = alias_of("articles", pipeline.settings.pipeline.index_prefix)
    pipeline.client.indices.refresh(index=alias)
    found = pipeline.client.search(index=alias, query={"multi_match": {"query": query, "fields": ["text_*"]}})
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["a"]


def test_a_field_that_is_not_mapped_is_refused(pipeline: Pipeline) -> None:
    alias = IndexName("articles", 1, pipeline.settings.pipeline.index_prefix).write_alias
    with pytest.raises(BadRequestError):
        pipeline.client.index(index=alias, id="x", document={"unknown": 1})
