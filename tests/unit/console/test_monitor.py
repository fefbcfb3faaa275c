"""What the monitor makes of what it reads: pure, and the same for the same record."""

import datetime
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError, TopicPartition
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from console.generations import registry
from console.main import app
from console.monitor import Monitor, dead_letter, ends, measured, skipped
from console.pipeline_index import Entry, oldest
from console.positions import Lag
from runtime import metrics
from runtime.health import Health
from runtime.lifecycle import Stop
from runtime.settings import Settings
from runtime.watch import EXIT_UNRECOVERABLE
from schemas import Generation
from schemas.dlq import Origin, dlq_headers
from schemas.errors import (
    CleanError,
    ElasticsearchUnavailable,
    InvalidMessage,
    KafkaUnavailable,
    RemarkwireError,
    SettingsError,
)
from schemas.index.pipeline import PIPELINE, pipeline_index, pipeline_template
from schemas.operations import StageName
from tests.fakes import record

NOW = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.UTC)
FIELDS = {field.name for field in PIPELINE}


def test_a_lag_is_what_is_not_yet_read_and_a_topic_counts_once() -> None:
    lags = [Lag("index", "remarks.g1", 3, 10), Lag("other", "remarks.g1", 10, 10)]
    found = [entry.body for entry in measured(lags, {"remarks.g1": 6}, NOW, 1)]
    assert [one["value"] for one in found if one["what"] == "lag"] == [7, 0]
    assert [(one["value"], one["added"]) for one in found if one["what"] == "records"] == [(10, 4)]
    assert all(one.keys() <= FIELDS for one in found)
    assert ends(lags) == {"remarks.g1": 10}


def test_the_first_measurement_knows_no_rate_and_a_topic_made_anew_has_none_below_zero() -> None:
    lags = [Lag("index", "remarks.g1", 3, 10)]
    assert all("added" not in entry.body for entry in measured(lags, {}, NOW, 1))
    assert measured(lags, {"remarks.g1": 99}, NOW, 1)[-1].body["added"] == 0


def test_a_dead_letter_says_where_it_came_from_and_nothing_of_its_content() -> None:
    origin = Origin("articles.raw", 2, 17, 5)
    headers = dlq_headers(
        [("ce_subject", b"a1")], CleanError("text of the page"), stage="clean", origin=origin, attempts=3, version="1.2"
    )
    entry = dead_letter(headers, Origin("articles.raw.dlq", 0, 4, 1_780_000_000_000), 1)
    assert entry.id == "articles.raw.dlq-0-4"
    assert entry.body == {
        "time": "2026-05-28T20:26:40.000+00:00",
        "what": "dead_letter",
        "stage": "clean",
        "topic": "articles.raw",
        "reason": "clean",
        "error": "CleanError",
        "attempts": 3,
        "version": "1.2",
        "partition": 2,
        "offset": 17,
        "article_id": "a1",
        "generation": 1,
    }


def test_records_that_cannot_be_read_are_events_all_the_same() -> None:
    assert dead_letter([], Origin("x.dlq", 0, 0, 0), 1).body["reason"] == "unknown"
    found = skipped(b"no json", [], Origin("articles.skipped.g1", 0, 0, 0), 1).body
    assert (found["reason"], found["stage"]) == ("unknown", "clean")
    assert found.keys() <= FIELDS


@pytest.mark.parametrize("timestamp_ms", [-(10**15), -1, 10**15, 2**63 - 1])
def test_whatever_time_a_record_bears_it_is_an_event(timestamp_ms: int) -> None:
    """A producer sets it; one beyond the calendar ended the monitor at each start."""
    time_of = dead_letter([], Origin("x.dlq", 0, 0, timestamp_ms), 1).body["time"]
    assert time_of[:4] == ("1970" if timestamp_ms < 0 else "9999")


@pytest.mark.parametrize("text", ["²", "--5", "-1", "", "x", "2147483648", "9" * 5000])
def test_numbers_that_no_field_holds_are_left_out(text: str) -> None:
    """One raised an error, which ended the monitor at each start; one that is too large no Elasticsearch takes."""
    headers = [("dlq_reason", b"clean"), ("dlq_attempts", text.encode()), ("dlq_partition", text.encode())]
    body = dead_letter(headers, Origin("x.dlq", 0, 0, 0), 1).body
    assert "attempts" not in body
    assert "partition" not in body
    assert body["reason"] == "clean"


@pytest.mark.parametrize(("months", "first"), [(1, "2026.01"), (2, "2025.12"), (13, "2025.01")])
def test_months_that_are_kept(months: int, first: str) -> None:
    assert oldest(NOW, months) == first


def test_the_template_is_strict_and_takes_every_month() -> None:
    template = pipeline_template("p", 1)
    assert template.body["index_patterns"] == ["p-pipeline-*"]
    assert template.body["template"]["mappings"]["dynamic"] == "strict"
    assert pipeline_index("p", NOW) == "p-pipeline-2026.01"


@pytest.mark.parametrize("port", [0, None])
def test_the_command_says_where_metrics_are_served(port: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if port is None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    asked = []
    for cluster in ("check_kafka", "check_elasticsearch"):
        monkeypatch.setattr(f"runtime.access.{cluster}", lambda _, cluster=cluster: asked.append(cluster))
    monkeypatch.setattr("console.monitor.run", lambda *_: None)
    result = CliRunner().invoke(app, ["monitor"], env={"REMARKWIRE_HTTP__PORT": str(port)})
    assert result.exit_code == 0
    assert asked == ["check_kafka", "check_elasticsearch"]
    (line,) = result.stderr.splitlines()
    assert (f"http://127.0.0.1:{port}/metrics" in line) == bool(port)
    assert ("http.port is 0" in line) == (not port)


class _Letters:
    """A consumer with dead letters of full size, which notes how many of them are held at once."""

    def __init__(self, count: int) -> None:
        self.left, self.most = count, 0
        self.held: weakref.WeakSet[_Letter] = weakref.WeakSet()

    def poll(self, timeout: float) -> "_Letter | None":
        if not self.left:
            return None
        self.left -= 1
        letter = _Letter()
        self.held.add(letter)
        self.most = max(self.most, len(self.held))
        return letter


class _Letter:
    def error(self) -> None:
        return None


def test_dead_letters_are_looked_at_one_by_one() -> None:
    """Five hundred pages of megabytes in one batch are more than the monitor's limit of memory."""
    letters = _Letters(200)
    watching = Monitor(Settings(), letters, None, None, Health())  # type: ignore[arg-type]
    assert sum(letter.error() is None for letter in watching._come()) == 200
    assert letters.most <= 2


class _Subscriber:
    """A consumer that notes what it is to read, and has the records that it was made with."""

    def __init__(self, *records: object) -> None:
        self.subscribed: list[list[str]] = []
        self.records = list(records)
        self.committed: list[TopicPartition] = []

    def subscribe(self, wanted: list[str]) -> None:
        self.subscribed.append(wanted)

    def poll(self, timeout: float) -> object:
        return self.records.pop(0) if self.records else None

    def assignment(self) -> list[TopicPartition]:
        return []

    def pause(self, partitions: list[TopicPartition]) -> None:
        assert not partitions

    def resume(self, partitions: list[TopicPartition]) -> None:
        assert not partitions

    def commit(self, *, offsets: list[TopicPartition], asynchronous: bool) -> None:
        assert not asynchronous
        self.committed += offsets


class _Index:
    """An Elasticsearch that refuses what is written ``away`` times."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.written: list[Entry] = []

    def write(self, entries: list[Entry], now: datetime.datetime) -> None:
        if self.away:
            self.away -= 1
            raise ElasticsearchUnavailable("no answer")
        self.written += entries


def of_generation(number: int, stages: tuple[str, ...] = (), inputs: dict[str, int] | None = None) -> Settings:
    pipeline = {"generation": number, "inputs": inputs or {}} | ({"stages": list(stages)} if stages else {})
    return Settings(pipeline=pipeline)  # type: ignore[arg-type]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Callable[[Settings | RemarkwireError], None]:
    """One whose live generation can be set; each stage is one record behind on a topic with its generation's number."""
    live: list[Settings | RemarkwireError] = []

    def of_number(_: Settings, number: int | None, **__: bool) -> Settings:
        found = live[-1] if number is None else of_generation(number)
        if number == 9:
            raise SettingsError("generation 9 does not exist")
        if isinstance(found, RemarkwireError):
            raise found
        return found

    def lags(settings: Settings, _: object) -> list[Lag]:
        number = settings.pipeline.generation
        return [Lag(stage, f"t.g{number}", 0, 1, number) for stage in settings.pipeline.stages]

    monkeypatch.setattr(registry, "of_number", of_number)
    monkeypatch.setattr("console.monitor.lags", lags)
    monkeypatch.setattr("console.gauges.outlets", lambda *_: None)
    monkeypatch.setattr("console.gauges.disks", lambda *_: None)
    return live.append


def shown(stage: str, topic: str, generation: int = 1) -> float | None:
    labels = {"stage": stage, "topic": topic, "generation": str(generation)}
    return REGISTRY.get_sample_value("remarkwire_lag_records", labels)


def test_it_goes_on_with_the_generation_that_is_live(cluster: Callable[[Settings | RemarkwireError], None]) -> None:
    consumer = _Subscriber()
    watching = Monitor(Settings(), consumer, None, None, Health())  # type: ignore[arg-type]
    cluster(of_generation(1))
    assert {entry.body["generation"] for entry in watching._measure()} == {1}
    watching._measure()
    assert len(consumer.subscribed) == 1, "it stays with what it reads while nothing has moved"
    # From annotated: `clean` and `annotate` of generation 1 feed generation 2.
    cluster(of_generation(2, ("dispatch", "group", "index"), {"articles.clean": 1, "articles.annotated": 1}))
    entries = watching._measure()
    assert {entry.body["generation"] for entry in entries} == {2}
    assert {(one.body["stage"], one.body["topic"]) for one in entries if one.body["what"] == "lag"} == {
        ("clean", "t.g1"), ("annotate", "t.g1"), ("dispatch", "t.g2"), ("group", "t.g2"), ("index", "t.g2"),
    }  # fmt: skip
    assert {"reports.g2.dlq", "articles.annotated.g1.dlq", "articles.skipped.g2"} <= set(consumer.subscribed[-1])
    assert (shown("group", "t.g1"), shown("group", "t.g2", 2)) == (None, 1)
    assert shown("clean", "t.g1") == 1, "of the generation whose workers do it"
    cluster(of_generation(1))
    watching._measure()
    assert consumer.subscribed[-1] == consumer.subscribed[0], "after a rollback, too"


def test_late_records_of_a_topic_are_of_the_generation_it_was_read_for(
    cluster: Callable[[Settings | RemarkwireError], None],
) -> None:
    """librdkafka still gives records of topics that are no longer subscribed until the group has rebalanced."""
    watching = Monitor(Settings(), _Subscriber(), None, None, Health())  # type: ignore[arg-type]
    cluster(of_generation(1))
    watching._measure()
    cluster(of_generation(2, ("dispatch", "group", "index"), {"articles.clean": 1, "articles.annotated": 1}))
    watching._measure()

    def told(topic: str) -> tuple[object, object]:
        body = watching._read(record(topic=topic)).body
        return body["what"], body["generation"]

    assert told("articles.skipped.g1") == ("skipped", 1)
    assert told("reports.g1.dlq") == ("dead_letter", 1)
    assert told("articles.skipped.g2") == ("skipped", 2)
    assert told("articles.annotated.g1.dlq") == ("dead_letter", 2), "it feeds the second one"


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("the read aliases are on several generations"),
        ElasticsearchUnavailable("no answer"),
        InvalidMessage("generation: a record of the list that cannot be read"),
    ],
)
def test_what_is_live_not_being_known_moves_nothing(
    error: RemarkwireError, cluster: Callable[[Settings | RemarkwireError], None]
) -> None:
    consumer = _Subscriber()
    watching = Monitor(Settings(), consumer, None, None, Health())  # type: ignore[arg-type]
    cluster(of_generation(2))
    watching._measure()
    cluster(error)
    assert {entry.body["generation"] for entry in watching._measure()} == {2}
    assert len(consumer.subscribed) == 1
    started = Monitor(of_generation(3), _Subscriber(), None, None, Health())  # type: ignore[arg-type]
    assert {entry.body["generation"] for entry in started._measure()} == {3}, "at a start: that of the settings"


def test_a_list_that_cannot_be_read_does_not_end_a_pinned_one_that_was_found(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(of_generation(1))
    pinned = Monitor(Settings(), _Subscriber(), None, None, Health(), number=2)  # type: ignore[arg-type]
    pinned._measure()

    def unreadable(*_: object, **__: object) -> Settings:
        raise InvalidMessage("generation: a record of the list that cannot be read")

    monkeypatch.setattr(registry, "of_number", unreadable)
    assert {entry.body["generation"] for entry in pinned._measure()} == {2}
    with pytest.raises(InvalidMessage):
        Monitor(Settings(), _Subscriber(), None, None, Health(), number=2)._measure()  # type: ignore[arg-type]


def test_lags_are_shown_while_records_wait_to_be_written(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first article that is skipped while Elasticsearch is away must not hide how far behind all are."""
    monkeypatch.setattr("console.monitor._RETRY_SECONDS", 0)
    behind = iter(range(1, 100))
    monkeypatch.setattr("console.monitor.lags", lambda *_: [Lag("clean", "articles.raw", 0, next(behind))])
    settings = Settings(monitor={"interval_seconds": 1e-9})  # type: ignore[arg-type]
    cluster(settings)
    consumer, health = _Subscriber(record(topic="articles.skipped.g1", offset=7)), Health()
    watching = Monitor(settings, consumer, None, None, health)  # type: ignore[arg-type]
    watching._index = index = _Index(away=3)  # type: ignore[assignment]
    watching._step(Stop())
    assert shown("clean", "articles.raw") == 4
    assert [entry.body["value"] for entry in index.written if entry.body["what"] == "lag"] == [1]
    assert [(at.topic, at.offset) for at in consumer.committed] == [("articles.skipped.g1", 8)]
    assert health.waits_for is None


def test_what_is_live_is_followed_when_nothing_waits_to_be_written(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partitions that come of subscribing anew would not be paused: their records would be passed over."""
    monkeypatch.setattr("console.monitor._RETRY_SECONDS", 0)
    cluster(Settings(monitor={"interval_seconds": 1e-9}))  # type: ignore[arg-type]
    consumer = _Subscriber()
    watching = Monitor(Settings(), consumer, None, None, Health())  # type: ignore[arg-type]
    watching._index = _Index(away=3)  # type: ignore[assignment]
    entries = watching._measure()
    cluster(of_generation(2))
    watching._due = 0
    assert watching._write(entries, Stop())
    assert len(consumer.subscribed) == 1
    watching._measure()
    assert "articles.skipped.g2" in consumer.subscribed[-1]


def test_a_place_that_is_lost_while_records_wait_ends_it(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """librdkafka says it once; whoever passes over that polls for nothing ever after."""
    monkeypatch.setattr("console.monitor._RETRY_SECONDS", 0)
    cluster(of_generation(1))
    lost = SimpleNamespace(error=lambda: KafkaError(KafkaError._FATAL))
    consumer = _Subscriber(record(topic="reports.g1.dlq", offset=7), None, lost)
    watching = Monitor(Settings(), consumer, None, None, Health())  # type: ignore[arg-type]
    watching._index = _Index(away=1)  # type: ignore[assignment]
    with pytest.raises(KafkaUnavailable):
        watching._step(Stop())
    assert not consumer.committed


def test_it_is_not_ready_while_it_cannot_measure(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else it writes meanwhile: who asks is told what it waits for."""

    def away(*_: object) -> None:
        raise KafkaUnavailable("no coordinator")

    monkeypatch.setattr("console.monitor.lags", away)
    cluster(of_generation(1))
    health = Health()
    watching = Monitor(Settings(), _Subscriber(record(topic="reports.g1.dlq", offset=7)), None, None, health)  # type: ignore[arg-type]
    watching._index = index = _Index()  # type: ignore[assignment]
    watching._step(Stop())
    assert [entry.body["what"] for entry in index.written] == ["dead_letter"]
    assert health.waits_for == "no coordinator"


def test_each_kind_of_gauge_says_when_it_was_measured(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Elasticsearch lags are measured all the same: an alert that calls them unknown would be false."""

    def measured_at(what: str) -> float | None:
        return REGISTRY.get_sample_value("remarkwire_monitor_timestamp_seconds", {"what": what})

    def away(*_: object) -> None:
        raise ElasticsearchUnavailable("no node")

    metrics.MEASURED.clear()
    cluster(of_generation(1))
    watching = Monitor(Settings(), _Subscriber(), None, None, Health())  # type: ignore[arg-type]
    assert [measured_at(what) for what in ("lags", "outlets", "disks")] == [0, 0, 0], "what never was is stale"
    began = time.time()
    monkeypatch.setattr("console.gauges.outlets", away)
    watching._measure()
    assert (measured_at("lags") or 0) >= began
    assert (measured_at("outlets"), measured_at("disks")) == (0, 0)
    monkeypatch.setattr("console.gauges.outlets", lambda *_: None)
    watching._measure()
    assert min(measured_at(what) or 0 for what in ("lags", "outlets", "disks")) >= began


def test_a_generation_can_be_pinned(cluster: Callable[[Settings | RemarkwireError], None]) -> None:
    cluster(of_generation(1))
    pinned = Monitor(Settings(), _Subscriber(), None, None, Health(), number=2)  # type: ignore[arg-type]
    assert {entry.body["generation"] for entry in pinned._measure()} == {2}
    with pytest.raises(SettingsError, match="does not exist"):
        Monitor(Settings(), _Subscriber(), None, None, Health(), number=9)._measure()  # type: ignore[arg-type]


@pytest.mark.parametrize("stages", [[], ["clean", "annotate"]])
def test_one_that_was_pruned_cannot_be_pinned(stages: list[StageName], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it would ever be measured, and nothing would say why; what feeds another is shown with that one."""
    one = Generation(generation=1, made=NOW, state="pruned", start="raw", stages=stages)
    monkeypatch.setattr(registry, "read", lambda _: {1: one})
    monkeypatch.setattr("console.monitor.lags", lambda *_: [])
    pinned = Monitor(Settings(), _Subscriber(), None, None, Health(), number=1)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="1 was pruned; give another one"):
        pinned._measure()
    assert registry.of_number(Settings(), 1).pipeline.stages == stages, "other commands look at what is left"


def test_a_generation_without_an_index_has_no_outlets(
    cluster: Callable[[Settings | RemarkwireError], None],
) -> None:
    metrics.OUTLET_ARTICLES.labels("example.org").set(3)
    cluster(of_generation(1, ("clean", "annotate")))
    Monitor(Settings(), _Subscriber(), None, None, Health())._measure()  # type: ignore[arg-type]
    assert REGISTRY.get_sample_value("remarkwire_outlet_articles", {"outlet": "example.org"}) is None


def test_the_command_takes_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr("console.monitor.run", lambda *arguments: given.append(arguments[-1]))
    for arguments in ([], ["--generation", "3"]):
        assert CliRunner().invoke(app, ["monitor", *arguments]).exit_code == 0
    assert given == [None, 3]


def test_it_turns_while_it_waits_for_elasticsearch(
    cluster: Callable[[Settings | RemarkwireError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.monitor._RETRY_SECONDS", 0)
    cluster(of_generation(1))
    turns: list[int] = []
    consumer = _Subscriber(record(topic="reports.g1.dlq", offset=7))
    watching = Monitor(
        Settings(),
        consumer,
        None,
        None,
        Health(),
        turned=lambda: turns.append(1),  # type: ignore[arg-type]
    )
    watching._index = _Index(away=3)  # type: ignore[assignment]
    watching._step(Stop())
    assert len(turns) == 3


def test_where_it_hangs_it_ends_and_says_why() -> None:
    program = """
import threading
from console import monitor
from runtime.health import Health
from runtime.lifecycle import Stop
from runtime.logging import configure
from runtime.settings import *

monitor.Monitor._step = lambda *_: threading.Event().wait()
configure(LogSettings(format="json"), monitor.STAGE)
kafka = KafkaSettings(bootstrap_servers="127.0.0.1:1")
monitor.run(Settings(kafka=kafka, pipeline=PipelineSettings(stuck_seconds=0.2)), Stop(), Health())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == EXIT_UNRECOVERABLE, ended.stderr
    assert any("its loop has not turned for" in line for line in ended.stderr.splitlines())
