"""``clean`` as a service: articles.raw to articles.clean, articles.skipped or the dead-letter queue.

Records are worked on in a pool and sent on in the order in which they came; an offset is committed only when what
came of its record, and of all before it, is confirmed by the brokers.

The memories of the outlets (``outlets``) are kept here: a host's pages are in one partition, so whoever has the
partition is the only one that writes the host's profile. Profiles are sent before the offsets of the articles they
were learnt from are committed, and read back whenever partitions come.
"""

import contextlib
import datetime
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from ingest.clean.files import pool_size
from ingest.clean.page import clean_and_hash
from ingest.clean.pool import PagePool
from ingest.clean.profiles.outlets import Outlets
from ingest.clean.profiles.profile import NO_PROFILE, Profile
from runtime import kafka, unread
from runtime.forgotten import ForgottenIds
from runtime.health import Health, serve
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.metrics import DEAD_LETTERS, OUTPUTS, RECORDS, RETRIES, SKIPPED, begin, committed
from runtime.offsets import InOrder
from runtime.records import records
from runtime.settings import Settings
from runtime.steps import step
from runtime.topics import names
from runtime.unread import Unread
from runtime.version import VERSION
from runtime.watch import Watch
from schemas.article import CleanArticle, RawArticle
from schemas.dlq import Origin, dlq_headers
from schemas.errors import KafkaUnavailable, MessageError, Terminal, Transient
from schemas.message import MAX_MESSAGE_BYTES, Headers, header, headers_of
from schemas.outlet_profile import OutletProfile
from schemas.topics import CLEAN, PROFILES, RAW, dlq_name
from schemas.topics import SKIPPED as SKIPPED_TOPIC

STAGE = "clean"
_POLL_SECONDS = 0.05
_COMMIT_SECONDS = 1.0
_FLUSH_SECONDS = 60.0
# At the end. With the ten that the watch may take, less than the thirty that `remarkwire run` grants before SIGKILL.
_END_SECONDS = 15.0
_IN_FLIGHT_PER_WORKER = 32
_MAX_OPEN = 2000


@dataclass(frozen=True)
class Work:
    """What a worker gets: a record's value and headers, the shortest text that is an article, and the memory of its
    outlet.
    """

    value: bytes | None
    headers: Headers
    min_chars: int
    profile: Profile = NO_PROFILE


@dataclass(frozen=True)
class Output:
    """What a worker gives back: a message for articles.clean (``skip_reason`` None) or articles.skipped, and what the
    page teaches of its outlet.
    """

    value: bytes
    key: str
    headers: Headers
    skip_reason: str | None
    made: datetime.datetime
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Record:
    origin: Origin
    key: bytes | None
    value: bytes | None
    headers: Headers
    host: str
    future: Future[Output]


def clean_record(work: Work) -> Output:
    """One record of articles.raw. Raises ``MessageError`` or ``CleanError``: both end in the dead-letter queue.

    ``MessageTooLarge`` also where a small body opens to more text than a message holds.
    """
    raw = RawArticle.decode(work.value, work.headers)
    cleaned = clean_and_hash(raw, min_chars=work.min_chars, profile=work.profile)
    found = cleaned.article
    reason = None if isinstance(found, CleanArticle) else found.kind or found.reason
    return Output(found.sendable(), found.article_id, headers_of(found, STAGE), reason, found.fetched, cleaned.lines)


def run(settings: Settings, stop: Stop) -> int:
    """Serves until ``stop``; returns the exit code. Kafka's transient errors are retried by the client libraries;
    where they are fatal the process ends with 1, nothing is committed, and its supervisor starts it again.
    """
    log = logger(__name__)
    health = Health()
    with serve(settings.http, health):
        try:
            with _pool(settings) as pool, _Cleaner(settings, health, pool) as cleaner:
                watch = Watch(settings, STAGE, cleaner.partitions, topics=[names(settings, RAW)], unread=cleaner.unread)
                with watch.running():
                    while not stop:
                        cleaner.step()
                        watch.turned()
                    cleaner.drain(_END_SECONDS)
        except (Transient, KafkaException) as error:
            log.exception("clean ends", error=str(error))
            return 1
    return 0


def _host(message: Message) -> str:
    """The key of a raw record: the host of the article's address."""
    key = message.key()
    return key.decode("utf-8", errors="replace") if isinstance(key, bytes) else key or ""


def _pool(settings: Settings) -> PagePool[Work, Output]:
    workers = pool_size(settings.clean)
    return PagePool(clean_record, workers=workers, seconds=settings.clean.page_seconds, early=True)


class _Cleaner:
    def __init__(self, settings: Settings, health: Health, pool: PagePool[Work, Output]) -> None:
        self._health = health
        health.waiting("partitions to be assigned")
        begin(STAGE, settings.pipeline.generation)
        self._raw = names(settings, RAW)
        self._clean = names(settings, CLEAN)
        self._skipped = names(settings, SKIPPED_TOPIC)
        self._min_chars = settings.clean.min_chars
        self._most_waiting = pool_size(settings.clean) * _IN_FLIGHT_PER_WORKER
        self._pool = pool
        self._profiles = names(settings, PROFILES)
        self._settings = settings
        self._outlets: Outlets | None = None
        self._held: Message | None = None
        self._waiting: deque[_Record] = deque()
        self._open: dict[int, InOrder[None]] = {}
        self._committable: dict[int, int] = {}
        self.partitions = kafka.Assigned()
        self.unread = Unread()
        self._committed_at = time.monotonic()
        self._deliveries = kafka.Deliveries(kafka.producer(settings, service=True, linger_ms=kafka.GATHER_MS))
        self._forgotten = ForgottenIds(settings)
        self._consumer: Consumer = kafka.consumer(settings, kafka.group_id(settings, STAGE), service=True)
        self._consumer.subscribe([self._raw], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()
        self._forgotten.close()
        del self._consumer  # not closed: see ``kafka.consumer``

    def step(self) -> None:
        """Takes what has come, sends on what is done, commits what is durable."""
        full = len(self._waiting) >= self._most_waiting or sum(map(len, self._open.values())) >= _MAX_OPEN
        if self._held is not None and self._memories().may_begin(_host(self._held)):
            held, self._held = self._held, None
            self._take(held)
        elif full or self._held is not None:
            # The pause is short: the consumer must be polled for its group, and a page ends soon.
            with contextlib.suppress(TimeoutError):
                if self._waiting:
                    self._waiting[0].future.exception(timeout=_POLL_SECONDS)
        else:
            message = self._consumer.poll(0.0 if self._ready() else _POLL_SECONDS)
            if message is not None:
                self._take(message)
        while self._ready():
            self._send(self._waiting.popleft())
        self._deliveries.poll()
        if time.monotonic() - self._committed_at >= _COMMIT_SECONDS:
            self._forgotten.refresh()
            self._commit()

    def drain(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Finishes what was taken, waits for the brokers, for so many seconds at most, and commits."""
        while self._waiting:
            self._send(self._waiting.popleft())
        self._deliveries.flush(seconds)
        self._commit()

    def _ready(self) -> bool:
        return bool(self._waiting) and self._waiting[0].future.done()

    def _take(self, message: Any) -> None:
        if (error := message.error()) is not None:
            if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise KafkaUnavailable(f"topic {self._raw} does not exist; has `remarkwire setup` been run?")
            kafka.check(error)
            return
        host = _host(message)
        if not self._memories().may_begin(host):
            self._held = message
            return
        step("clean.consumed")
        origin = kafka.origin(message)
        self.unread.taken(origin.topic, origin.partition, origin.offset)
        RECORDS.labels(STAGE, self._raw).inc()
        value, headers = message.value(), kafka.headers(message)
        where = f"{origin.topic}, partition {origin.partition}"
        self._open.setdefault(origin.partition, InOrder(where)).opened(origin.offset, None)
        if header(headers, "ce_subject") in self._forgotten:
            # Taken out for good (`remarkwire forget`): nothing is made of it any more, in no generation.
            SKIPPED.labels("forgotten").inc()
            self._confirmation(origin)()
            return
        # What is too large is refused by its length alone; it need not travel to a worker.
        shown = value if value is None or len(value) <= MAX_MESSAGE_BYTES else bytes(MAX_MESSAGE_BYTES + 1)
        future = self._pool.submit(Work(shown, headers, self._min_chars, self._memories().begin(host)))
        self._waiting.append(_Record(origin, message.key(), value, headers, host, future))

    def _send(self, record: _Record) -> None:
        confirmed = self._confirmation(record.origin)
        try:
            output = record.future.result()
        except Terminal as error:
            self._memories().end(record.host)
            DEAD_LETTERS.labels(STAGE, error.reason).inc()
            logger(__name__).warning(
                "dead letter", reason=error.reason, error=str(error)[:500], partition=record.origin.partition,
                offset=record.origin.offset,
            )  # fmt: skip
            headers = dlq_headers(record.headers, error, stage=STAGE, origin=record.origin, attempts=1, version=VERSION)
            self._deliveries.send(
                dlq_name(self._raw), record.value, key=record.key, headers=headers, confirmed=confirmed
            )
            step("clean.dead_letter")
            return
        self._memories().end(record.host, output.key, output.lines, output.made)
        topic = self._clean if output.skip_reason is None else self._skipped
        if output.skip_reason is not None:
            SKIPPED.labels(output.skip_reason).inc()
        # The record's own time stays that of sending: retention counts from it, and a replay of old articles would lose
        # them at once. The event's time is in the headers.
        self._deliveries.send(topic, output.value, key=output.key, headers=output.headers, confirmed=confirmed)
        OUTPUTS.labels(STAGE, topic).inc()
        step("clean.output")

    def _confirmation(self, origin: Origin) -> Callable[[], None]:
        opened = self._open[origin.partition]

        def confirmed() -> None:
            # The same object: a partition that came back after a rebalance has a new one.
            for offset, _ in opened.done(origin.offset):
                if self._open.get(origin.partition) is opened:
                    self._committable[origin.partition] = offset + 1

        return confirmed

    def _memories(self) -> Outlets:
        """What is known of the outlets; read from the topic when partitions have come."""
        if self._outlets is None:
            found = {}
            for message in records(self._settings, self._profiles):
                if message.value() is None:
                    continue
                try:
                    state = OutletProfile.decode(message.value(), kafka.headers(message))
                except MessageError as error:
                    # What is lost is what was learnt of one outlet; its next version replaces the record.
                    logger(__name__).warning("profile passed over", key=_host(message), error=str(error)[:500])
                    continue
                found[state.outlet] = state
            self._outlets = Outlets(found.values())
        return self._outlets

    def _publish_memories(self) -> None:
        changed = self._outlets.changed() if self._outlets is not None else []
        for state in changed:
            self._deliveries.send(self._profiles, state.encode(), key=state.outlet, headers=headers_of(state, STAGE))
        if changed:
            # What the next owner of a partition finds must not be behind the offsets that it begins at.
            self._deliveries.flush(_FLUSH_SECONDS)
            step("clean.profiles")

    def _commit(self) -> None:
        self._committed_at = time.monotonic()
        self._publish_memories()
        if not self._committable:
            return
        step("clean.commit")
        offsets = [TopicPartition(self._raw, partition, offset) for partition, offset in self._committable.items()]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            kafka.check_commit(error)
            # A rebalance under way or a broker that changes: the offsets stay and are committed with the next.
            RETRIES.labels(STAGE, "commit").inc()
            logger(__name__).warning("commit failed, tried again with the next", error=str(error))
            return
        step("clean.committed")
        self._committable.clear()
        committed(STAGE)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.unread.begins(unread.committed(consumer, partitions))
        self.partitions.come(partitions)
        self._health.ready()

    def _revoked(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """The group takes partitions away: finish and commit first, so that the next owner repeats nothing."""
        self.drain()
        self._drop(partitions)
        # Others write the profiles of what they take over, and what comes back is to be read anew.
        self._outlets = None

    def _lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Partitions that are already somebody else's: what is at work for them is theirs to repeat."""
        self._drop(partitions)
        self._outlets = None

    def _drop(self, partitions: list[TopicPartition]) -> None:
        self._health.waiting("partitions to be assigned")
        self.partitions.gone(partitions)
        gone = {p.partition for p in partitions}
        if self._held is not None and self._held.partition() in gone:
            self._held = None
        for partition in gone:
            self._open.pop(partition, None)
            self._committable.pop(partition, None)
        for record in self._waiting:
            if record.origin.partition in gone:
                record.future.cancel()
                if self._outlets is not None:
                    self._outlets.end(record.host)
        self._waiting = deque(r for r in self._waiting if r.origin.partition not in gone)

    def _forget(self) -> None:
        for record in self._waiting:
            record.future.cancel()
        self._waiting.clear()
