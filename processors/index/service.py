"""The ``index`` service: a loop between a Kafka consumer and the sink.

Offsets are committed only after their documents (or dead letters) are durable. While the sink is blocked the
partitions are paused and polling goes on. When partitions are revoked, and at the end, the sink is drained for a
bounded time; what is not done by then is not committed, and comes again.
"""

import random
import time
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from processors.index.batching import Limits
from processors.index.elastic import ElasticBulk
from processors.index.names import names
from processors.index.records import Reader, Record
from processors.index.sink import Bury, DeadLetter, Sink, Submit
from runtime import elastic, kafka, metrics, topics, unread
from runtime.forgotten import ForgottenIds
from runtime.health import Health, serve
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.settings import Settings
from runtime.steps import step
from runtime.unread import Unread
from runtime.version import VERSION
from runtime.watch import Watch
from schemas.dlq import dlq_headers
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable, Transient
from schemas.index import Names
from schemas.topics import INDEXED, dlq_name

STAGE = "index"
_POLL_SECONDS = 0.5
# Less than the ten seconds that container runtimes grant between SIGTERM and SIGKILL.
_DRAIN_SECONDS = 8.0
# As elasticsearch.helpers.parallel_bulk: so many are sent at once, and so many more wait for a free thread.
_THREADS = 4
_WAITING = 4
# How often it is looked whether an article was taken out.
_LOOK_SECONDS = 1.0
_log = logger(__name__)


def run(settings: Settings, stop: Stop) -> int:
    """Indexes until ``stop``; returns the exit code."""
    labels = names(settings.pipeline.gazetteer)
    health = Health()
    metrics.begin(STAGE, settings.pipeline.generation)
    client = elastic.client(settings)
    dead_letters = DeadLetters(kafka.Deliveries(kafka.producer(settings, service=True)))
    # Where the local queue has filled, librdkafka looks again after a second of its own choice: whoever reads fast
    # stands still for most of it.
    consumer = kafka.consumer(
        settings,
        kafka.group_id(settings, STAGE),
        service=True,
        queued_max_messages_kbytes=16_384,
        fetch_queue_backoff_ms=20,
    )
    forgotten = ForgottenIds(settings)
    with serve(settings.http, health), ThreadPoolExecutor(_THREADS, "bulk") as pool:
        sink = _sink(settings, ElasticBulk(client), dead_letters, pool.submit, labels, forgotten)
        loop = Loop(consumer, sink, health)
        read = [topics.names(settings, topic) for topic in INDEXED]
        watch = Watch(settings, STAGE, loop.partitions, lambda: excuse(sink.trouble), topics=read, unread=loop.unread)
        try:
            refreshed = 0.0

            def turned() -> None:
                nonlocal refreshed
                watch.turned()
                if time.monotonic() - refreshed >= _LOOK_SECONDS:
                    refreshed = time.monotonic()
                    forgotten.refresh()

            with watch.running():
                loop.run(read, stop, turned)
        except KafkaUnavailable as error:
            _log.error("index ends", why=str(error))
            return 1
        finally:
            # Not closed: see ``kafka.consumer``.
            loop.drop_consumer()
            del consumer
            forgotten.close()
            client.close()
    return 0


def excuse(trouble: Transient | None) -> str | None:
    """Why it need not be ended though nothing is committed: while Elasticsearch is away a restart would not help. Dead
    letters that are not delivered are no excuse: the broker is there (else the watch excuses it), so our producer may
    be what is broken, and the next process has another.
    """
    return str(trouble) if isinstance(trouble, ElasticsearchUnavailable) else None


def _sink(
    settings: Settings, bulk: ElasticBulk, bury: Bury, submit: Submit, labels: Names, forgotten: Container[str]
) -> Sink:
    pipeline, index = settings.pipeline, settings.index
    by_name = {topics.names(settings, topic): topic for topic in INDEXED}
    return Sink(
        Reader(by_name, pipeline.generation, pipeline.index_prefix, labels),
        bulk,
        bury,
        limits=Limits(index.batch_documents, index.batch_bytes, index.batch_seconds, _THREADS + _WAITING),
        max_attempts=index.max_attempts,
        random=random.random,
        submit=submit,
        forgotten=forgotten,
    )


class DeadLetters:
    """Sends dead letters to the queue of their topic and waits until they are durable."""

    def __init__(self, deliveries: kafka.Deliveries) -> None:
        self._deliveries = deliveries

    def __call__(self, letters: Sequence[DeadLetter], /) -> None:
        for letter in letters:
            record = letter.record
            headers = dlq_headers(
                record.headers,
                letter.error,
                stage=STAGE,
                origin=record.origin,
                attempts=letter.attempts,
                version=VERSION,
            )
            self._deliveries.send(dlq_name(record.origin.topic), record.value, key=record.key, headers=headers)
            step("index.dead_letter")
        self._deliveries.flush()
        step("index.buried")


class Loop:
    """Polls, adds, flushes, commits. ``pause`` waits the seconds that it is given."""

    def __init__(
        self,
        consumer: Consumer,
        sink: Sink,
        health: Health,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._consumer = consumer
        self._sink = sink
        self._health = health
        self._clock = clock
        self._pause = pause
        self.partitions = kafka.Assigned()
        self.unread = Unread()
        self._paused = False
        self._stopped = False

    def run(self, names: Sequence[str], stop: Stop, turned: Callable[[], None] = lambda: None) -> None:
        """Runs until ``stop``, then drains and commits; ``turned`` is called in each turn. Raises ``KafkaUnavailable``
        on a fatal error of the client.
        """
        self._health.waiting("partitions to be assigned")
        self._consumer.subscribe(
            list(names), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
        )  # fmt: skip
        while not stop:
            self.step()
            turned()
        self._drain()
        self._stopped = True

    def drop_consumer(self) -> None:
        """The consumer knows the loop by its callbacks; without this it would live on with it."""
        del self._consumer

    def step(self) -> None:
        """Takes at most one record; or sends and commits, when it is time."""
        wait = self._sink.wait()
        if wait == 0.0:
            self._advance(self._sink.advance)
        else:
            message = self._consumer.poll(_POLL_SECONDS if wait is None else min(wait, _POLL_SECONDS))
            if message is not None:
                self._take(message)
        if not self._sink.pending:
            # What was passed over is done without a request.
            self._commit()
        self._balance()

    def _take(self, message: Any) -> None:
        error = message.error()
        if error is not None:
            kafka.check(error)
            return
        step("index.consumed")
        origin = kafka.origin(message)
        self.unread.taken(origin.topic, origin.partition, origin.offset)
        self._sink.add(Record(origin, message.key(), message.value(), kafka.headers(message)))

    def _advance(self, how: Callable[[], None]) -> None:
        how()
        if self._sink.trouble is None:
            self._health.ready()
        else:
            self._health.waiting(str(self._sink.trouble))
        self._commit()

    def _commit(self) -> None:
        """Commits what is durable. A commit that fails is made up for by a later one, or the records come again."""
        offsets = self._sink.committable
        if not offsets:
            return
        step("index.commit")
        try:
            self._consumer.commit(
                offsets=[TopicPartition(topic, partition, offset) for (topic, partition), offset in offsets.items()],
                asynchronous=False,
            )
        except KafkaException as error:
            kafka.check_commit(error)
            metrics.RETRIES.labels(STAGE, "commit").inc()
            _log.warning("commit failed", error=str(error))
            return
        step("index.committed")
        self._sink.committed(offsets.items())
        metrics.committed(STAGE)

    def _balance(self) -> None:
        """Back-pressure: paused while the sink is blocked, so that a poll returns no records but keeps us a member."""
        if self._sink.blocked == self._paused:
            return
        partitions = self._consumer.assignment()
        if self._sink.blocked:
            self._consumer.pause(partitions)
        else:
            self._consumer.resume(partitions)
        self._paused = self._sink.blocked

    def _drain(self) -> None:
        """Flushes until nothing is pending, for a bounded time, and commits."""
        until = self._clock() + _DRAIN_SECONDS
        while (wait := self._drain_wait()) is not None and self._clock() + wait < until:
            self._pause(wait)
            self._advance(self._sink.flush)
        if self._sink.pending:
            _log.warning("not drained in time; these records come again", pending=self._sink.pending)
        self._commit()

    def _drain_wait(self) -> float | None:
        if not self._sink.pending:
            return None
        return (self._sink.wait() or 0.0) if self._sink.blocked else 0.0

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.unread.begins(unread.committed(consumer, partitions))
        self.partitions.come(partitions)
        # Pausing does not survive an assignment.
        self._paused = False
        self._health.ready()
        _log.info("assigned", partitions=len(partitions))

    def _revoked(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        # Closing the consumer revokes too, after the drain of the end.
        if not self._stopped:
            self._drain()
        self._lost(_consumer, partitions)

    def _lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.partitions.gone(partitions)
        self._sink.discard((one.topic, one.partition) for one in partitions)
        self._health.waiting("partitions to be assigned")
