"""What the pipeline says of itself, measured from topics and indices and not from counters of processes.

Each interval: how far every stage is behind, how many records each topic has had, when each outlet last had an article,
and how full Elasticsearch's disks are; as gauges for Prometheus, and as documents of the pipeline index for the
dashboard. Beside that every dead letter and every skipped article becomes a document: ids and reasons, no content.
"""

import datetime
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from elasticsearch import Elasticsearch

from console import gauges
from console.generations import registry
from console.pipeline_index import Entry, PipelineIndex
from console.positions import Lag, feeders, lags
from runtime import kafka, metrics, topics
from runtime.health import Health
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.settings import Settings
from runtime.watch import Watch
from schemas import SkippedArticle, header
from schemas.dlq import PREFIX, Origin
from schemas.errors import ElasticsearchUnavailable, MessageError, SettingsError, Transient
from schemas.index import IndexName
from schemas.message import Headers
from schemas.topics import SKIPPED, TOPICS, dlq_name, is_dlq

_log = logger(__name__)

STAGE = "monitor"
_AT_ONCE = 500
# What librdkafka may hold of what is not yet looked at; 64 MB unless told. Nobody waits for us.
_QUEUED_KBYTES = 4_096
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 5.0
# So many digits fit into Elasticsearch's types, whichever they are.
_INTEGER, _LONG = 9, 18
# The end of the year 9999, the last of datetime's.
_LAST_MS = 253_402_300_799_000


def measured(
    found: Sequence[Lag], before: Mapping[str, int], moment: datetime.datetime, generation: int
) -> list[Entry]:
    """Lag of every stage, and how many records each topic has had; ``before``: the same as measured last, by topic."""
    stamp = f"{moment:%Y%m%dT%H%M%S}"
    common = {"time": moment.isoformat(timespec="milliseconds"), "generation": generation}
    entries = [
        Entry(
            f"lag-{lag.stage}-{lag.topic}-{stamp}",
            moment,
            {**common, "what": "lag", "stage": lag.stage, "topic": lag.topic, "value": lag.behind},
        )
        for lag in found
    ]
    for topic, end in ends(found).items():
        body = {**common, "what": "records", "topic": topic, "value": end}
        if topic in before:
            # A topic that was made anew begins at zero again.
            body["added"] = max(0, end - before[topic])
        entries.append(Entry(f"records-{topic}-{stamp}", moment, body))
    return entries


def ends(found: Sequence[Lag]) -> dict[str, int]:
    """Topic to the records that it has had."""
    return {lag.topic: lag.end for lag in found}


def dead_letter(headers: Headers, origin: Origin, generation: int) -> Entry:
    """A record of a dead-letter queue. ``origin`` is its own place there; the document says where it came from."""

    def said(name: str) -> str | None:
        return header(headers, PREFIX + name)

    body = {
        "what": "dead_letter",
        "stage": said("stage"),
        "topic": said("topic"),
        "reason": said("reason") or "unknown",
        "error": said("error"),
        "attempts": _number(said("attempts"), _INTEGER),
        "version": said("version"),
        "partition": _number(said("partition"), _INTEGER),
        "offset": _number(said("offset"), _LONG),
        "article_id": header(headers, "ce_subject"),
        "generation": generation,
    }
    return _event(origin, body)


def skipped(value: bytes | None, headers: Headers, origin: Origin, generation: int) -> Entry:
    """A record of ``articles.skipped``."""
    body: dict[str, Any] = {"what": "skipped", "topic": origin.topic, "generation": generation}
    try:
        message = SkippedArticle.decode(value, headers)
    except MessageError:
        body["reason"] = "unknown"
    else:
        body |= {"reason": message.reason, "article_id": message.article_id, "outlet_id": message.outlet.id}
    return _event(origin, body | {"stage": "clean", "partition": origin.partition, "offset": origin.offset})


def _event(origin: Origin, body: Mapping[str, Any]) -> Entry:
    # A producer gives a record whatever time it likes.
    moment = datetime.datetime.fromtimestamp(min(max(0, origin.timestamp_ms), _LAST_MS) / 1000, datetime.UTC)
    filled = {key: value for key, value in body.items() if value is not None}
    return Entry(
        f"{origin.topic}-{origin.partition}-{origin.offset}",
        moment,
        {"time": moment.isoformat(timespec="milliseconds"), **filled},
    )


def _number(text: str | None, digits: int) -> int | None:
    """None also for what its field does not hold: Elasticsearch would refuse the document each time."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > digits:
        return None
    return int(text)


class Monitor:
    """Measures, reads, writes, commits. One is enough; more share the dead letters and measure all alike.

    It watches generation ``number``; without one that which is live, wherever the aliases move. ``turned`` is called
    each time that its loop turns, while it waits for Elasticsearch, too.
    """

    def __init__(
        self,
        settings: Settings,
        consumer: Consumer,
        admin: AdminClient,
        client: Elasticsearch,
        health: Health,
        number: int | None = None,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self._turned = turned
        self._settings = settings
        self._number = number
        self._topics: list[str] = []
        # Topic to the generation that it was last watched for: records of one that is watched no longer still come.
        self._generations: dict[str, int] = {}
        self._consumer = consumer
        self._admin = admin
        self._client = client
        self._health = health
        self._index = PipelineIndex(client, settings)
        self._before: dict[str, int] = {}
        self._due = 0.0
        for what in ("lags", "outlets", "disks"):
            metrics.MEASURED.labels(what)  # shown as 0 until it is measured: what never was is stale, too
        # Why the last measurement failed.
        self._lacks: str | None = None

    def run(self, stop: Stop) -> None:
        """Until ``stop``. Raises ``KafkaUnavailable`` on a fatal error of the client, and ``SettingsError`` where
        generation ``number`` does not exist or was pruned; ``MessageError`` where that cannot be read at the start.
        """
        while not stop:
            self._step(stop)
            self._turned()

    def _step(self, stop: Stop) -> None:
        entries = self._measure() if time.monotonic() >= self._due else []
        offsets: dict[tuple[str, int], int] = {}
        for message in self._come():
            error = message.error()
            if error is not None:
                kafka.check(error)
                continue
            entries.append(self._read(message))
            offsets[message.topic() or "", message.partition() or 0] = (message.offset() or 0) + 1
        if entries and self._write(entries, stop):
            self._commit(offsets)

    def _come(self) -> Iterator[Any]:
        """What comes within a moment, one by one: a dead letter may be a page of megabytes, and many come at once."""
        until = time.monotonic() + _POLL_SECONDS
        for _ in range(_AT_ONCE):
            message = self._consumer.poll(max(0.0, until - time.monotonic()))
            if message is None:
                return
            yield message

    def _measure(self) -> list[Entry]:
        moment = datetime.datetime.now(datetime.UTC)
        found = self._look()
        if found is None:
            return []
        entries = measured(found, self._before, moment, self._settings.pipeline.generation)
        self._before = ends(found)
        return entries

    def _look(self, *, follow: bool = True) -> list[Lag] | None:
        """Shows the gauges; gives the lags, or None where not all can be had now. ``follow``: whatever is live now."""
        self._due = time.monotonic() + self._settings.monitor.interval_seconds
        try:
            if follow:
                self._watch(self._wanted())
            # Stages that another generation runs for this one are part of it, as in `remarkwire status`.
            found = [lag for part in (*feeders(self._settings), self._settings) for lag in lags(part, self._admin)]
            gauges.show(found)
            metrics.MEASURED.labels("lags").set_to_current_time()
            pipeline = self._settings.pipeline
            if "index" in pipeline.stages:
                gauges.outlets(self._client, IndexName("articles", pipeline.generation, pipeline.index_prefix).index)
            else:
                gauges.no_outlets()
            metrics.MEASURED.labels("outlets").set_to_current_time()
            gauges.disks(self._client)
            metrics.MEASURED.labels("disks").set_to_current_time()
        except Transient as error:
            self._lacks = str(error)
            self._health.waiting(self._lacks)
            _log.warning("not measured", error=self._lacks)
            return None
        self._lacks = None
        return found

    def _wanted(self) -> Settings:
        """The settings of the generation to watch now."""
        try:
            return registry.of_number(self._settings, self._number, pruned=False)
        except (SettingsError, ElasticsearchUnavailable, MessageError) as error:
            # Aliases that disagree will agree again, and lags are to be seen while Elasticsearch is away, too, or a
            # record of the list is bad; a number that nobody knows stays unknown.
            if self._number is not None and (isinstance(error, SettingsError) or not self._topics):
                raise
            _log.warning("the generation to watch is not known; watching the same", error=str(error))
            return self._settings

    def _watch(self, settings: Settings) -> None:
        """Reads the dead letters and skipped articles of a generation from now on. The group stays the same: what it
        has read of topics that another generation reads, too, it does not read again.
        """
        dead = [dlq_name(topics.names(settings, topic)) for topic in TOPICS if topic.dlq]
        wanted = [*dead, topics.names(settings, SKIPPED)]
        self._settings = settings
        self._generations |= dict.fromkeys(wanted, settings.pipeline.generation)
        if wanted != self._topics:
            self._consumer.subscribe(wanted)
            self._topics = wanted
            _log.info("watching", generation=settings.pipeline.generation)

    def _read(self, message: Any) -> Entry:
        origin, headers = kafka.origin(message), kafka.headers(message)
        generation = self._generations.get(origin.topic, self._settings.pipeline.generation)
        if is_dlq(origin.topic):
            return dead_letter(headers, origin, generation)
        return skipped(message.value(), headers, origin, generation)

    def _write(self, entries: Sequence[Entry], stop: Stop) -> bool:
        """Writes, however long that takes; False where the end was asked for first. Raises ``KafkaUnavailable`` where
        our place in the group is lost meanwhile: that is told once, and no record comes after it.
        """
        paused = False
        while not stop:
            try:
                self._index.write(entries, datetime.datetime.now(datetime.UTC))
            except ElasticsearchUnavailable as error:
                self._turned()
                self._health.waiting(str(error))
                _log.warning("not written, trying again", error=str(error))
                self._consumer.pause(self._consumer.assignment())
                paused = True
                if (message := self._consumer.poll(0)) is not None:  # keeps us a member
                    kafka.check(message.error())
                stop.wait(_RETRY_SECONDS)
                if time.monotonic() >= self._due:
                    # Lags are to be seen meanwhile. What is live is asked again when nothing waits: whoever subscribes
                    # to something else while paused gets partitions that are not.
                    self._look(follow=False)
                continue
            if paused:
                self._consumer.resume(self._consumer.assignment())
            if self._lacks is None:
                self._health.ready()
            else:
                self._health.waiting(self._lacks)
            return True
        return False

    def _commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        if offsets:
            done = [TopicPartition(topic, partition, offset) for (topic, partition), offset in offsets.items()]
            try:
                self._consumer.commit(offsets=done, asynchronous=False)
            except KafkaException as error:
                kafka.check_commit(error)
                _log.warning("commit failed", error=str(error))
                return
        metrics.committed(STAGE)


def run(settings: Settings, stop: Stop, health: Health, number: int | None = None) -> None:
    """The service, for generation ``number``, or for the live one."""
    from runtime import elastic

    consumer = kafka.consumer(
        settings, kafka.group_id(settings, STAGE), service=True, queued_max_messages_kbytes=_QUEUED_KBYTES
    )
    client = elastic.client(settings)
    # By its loop alone: what it has not read nobody waits for, and an alert says when it measures nothing.
    watch = Watch(settings, STAGE)
    try:
        with watch.running():
            Monitor(settings, consumer, kafka.admin(settings), client, health, number, watch.turned).run(stop)
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
    finally:
        del consumer  # not closed: see ``kafka.consumer``
        client.close()
