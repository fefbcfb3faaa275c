"""What the Faust workers share: one way to build an app, to send, and to run an agent without state."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import faust
from faust.transport.drivers import aiokafka
from faust.types import TP, EventT, TransportT

from processors.acknowledge import Acknowledger
from processors.tables import drop_damaged
from processors.unrecoverable import LastResort
from runtime import metrics
from runtime.kafka import MOST_UNPACKED_BYTES, check_files, group_id, member_id, sasl_user
from runtime.logging import logger
from runtime.settings import KafkaSettings, Settings
from runtime.steps import step
from runtime.topics import names
from runtime.version import VERSION
from schemas import Headers
from schemas.dlq import Origin, dlq_headers
from schemas.errors import DEFECTS, ProcessingFailed, RemarkwireError, SettingsError, Terminal
from schemas.message import Identified, Message, headers_of
from schemas.topics import DLQ_MAX_BYTES, Topic, dlq_name

log = logger(__name__)


class Consumer(aiokafka.Consumer):
    """A consumer that looks for a hanging stream only where there is one, and whose commits are steps.

    No stream reads the changelogs of a worker's own tables once they are recovered, and each write to a table moves
    their ends on: Faust would say of them again and again that they are not processed. ``processors.liveness`` has an
    eye on recovery and on every topic that is read.
    """

    def verify_event_path(self, now: float, tp: TP) -> None:
        if tp.topic not in self.app.tables.changelog_topics:
            super().verify_event_path(now, tp)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        stage = cast("App", self.app).stage
        step(f"{stage}.commit")
        done: bool = await super()._commit(offsets)
        if done:
            step(f"{stage}.committed")
        return done


class Transport(aiokafka.Transport):
    Consumer = Consumer


class App(faust.App):
    """A Faust app with threads that watch it; they begin when it starts, before its tables are recovered.
    ``stage``: the one whose worker it is.
    """

    watches: Sequence[threading.Thread] = ()
    stage: str = ""

    async def on_start(self) -> None:
        await super().on_start()
        for watch in self.watches:
            watch.start()

    def _new_transport(self) -> TransportT:
        return Transport(self.conf.broker_consumer, self)


def build_app(settings: Settings, stage: str) -> App:
    """A Faust app for ``stage``, with a state folder and a place in the group of its own."""
    kafka = settings.kafka
    session = kafka.session_timeout_ms / 1000
    app_id = group_id(settings, stage)
    folder = Path(settings.pipeline.data).absolute() / "tables" / f"{app_id}-{settings.pipeline.instance}"
    folder.mkdir(parents=True, exist_ok=True)
    drop_damaged(folder)
    app = App(
        app_id,
        broker=[f"kafka://{server.strip()}" for server in kafka.bootstrap_servers.split(",")],
        broker_credentials=_credentials(kafka),
        store="rocksdb://",
        Table=ConfirmedTable,
        datadir=folder,
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        topic_partitions=settings.pipeline.partitions,
        topic_replication_factor=kafka.replication_factor,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_session_timeout=session,
        broker_heartbeat_interval=max(0.3, session / 10),
        # A poll is delivered before the next, whatever its records cost: with 500 of a slow topic, another topic of the
        # same worker waited for longer than a standstill may last.
        broker_max_poll_records=100,
        broker_max_poll_interval=300.0,
        broker_commit_interval=1.0,
        broker_check_crcs=True,
        consumer_max_fetch_size=DLQ_MAX_BYTES,
        producer_max_request_size=MOST_UNPACKED_BYTES,
        producer_compression_type="zstd",
        stream_buffer_maxsize=128,
        stream_recovery_delay=0.5,
        stream_wait_empty=False,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=member_id(settings, app_id),
        table_cleanup_interval=3600.0,
        web_enabled=False,
        web_host="127.0.0.1",
    )
    app.stage = stage
    return app


class ConfirmedTable(faust.Table[Any, Any]):
    """A table whose changelog can be waited for.

    Faust forgets the futures of its changelog writes: one that fails is a warning in its log, and a flush of its
    producer gives up after a tenth of a second while the broker is slow. Both times the offset would be committed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unconfirmed: list[Awaitable[Any]] = []

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        future = super().send_changelog(*args, **kwargs)
        self._unconfirmed.append(future)
        return future

    def unconfirmed(self) -> list[Awaitable[Any]]:
        """Confirmations of the writes since the last call."""
        taken, self._unconfirmed = self._unconfirmed, []
        return taken


def _credentials(kafka: KafkaSettings) -> faust.SASLCredentials | faust.SSLCredentials | None:
    check_files(kafka)
    user = sasl_user(kafka)
    if user is not None:
        context = _tls(kafka) if kafka.security_protocol == "SASL_SSL" else None
        return faust.SASLCredentials(
            username=user[0], password=user[1], mechanism=kafka.sasl_mechanism, ssl_context=context
        )
    return faust.SSLCredentials(context=_tls(kafka)) if kafka.security_protocol == "SSL" else None


def _tls(kafka: KafkaSettings) -> ssl.SSLContext:
    """As librdkafka does it: the brokers' certificates and names are checked."""
    try:
        context = ssl.create_default_context(cafile=str(kafka.ssl_ca) if kafka.ssl_ca else None)
        if kafka.ssl_certificate is not None:
            password = kafka.ssl_key_password
            context.load_cert_chain(
                kafka.ssl_certificate, kafka.ssl_key, password.get_secret_value() if password is not None else None
            )
    except OSError as error:  # an SSLError is one
        raise SettingsError(f"kafka: a certificate or key is no PEM, or its password is wrong: {error}") from error
    return context


def record_headers(event: EventT[Any]) -> Headers:
    """Headers of the event's record as pairs."""
    raw: Any = event.message.headers
    pairs = raw.items() if isinstance(raw, Mapping) else raw or []
    return [(str(key), value if isinstance(value, bytes) else b"") for key, value in pairs]


def append_ms(event: EventT[Any]) -> int:
    """Timestamp of the event's record in milliseconds; Faust keeps it as float seconds."""
    return round((event.message.timestamp or 0.0) * 1000)


def origin(event: EventT[Any]) -> Origin:
    message = event.message
    return Origin(message.topic, message.partition, message.offset, append_ms(event))


@dataclass(frozen=True)
class Packed:
    """A message as it goes to the broker; ``topic`` is the name there."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None


class Sender:
    """Sends messages to the topics of one generation; each call gives a future of the broker's confirmation."""

    def __init__(self, app: faust.App, settings: Settings, stage: str) -> None:
        self._app = app
        self._settings = settings
        self.stage = stage
        metrics.begin(stage, settings.pipeline.generation)
        self._topics: dict[str, Any] = {}

    def _topic(self, name: str) -> Any:
        if name not in self._topics:
            self._topics[name] = self._app.topic(name, key_serializer="raw", value_serializer="raw")
        return self._topics[name]

    def packed(self, topic: Topic, key: str, message: Message, partition: int | None = None) -> Packed:
        """The bytes of a message. Raises ``MessageTooLarge`` for what no reader would take."""
        identified: Identified = message  # type: ignore[assignment]
        value = message.sendable()
        name = names(self._settings, topic)
        return Packed(name, key.encode() if key else None, value, headers_of(identified, self.stage), partition)

    async def send(self, packed: Packed) -> Awaitable[Any]:
        future: Awaitable[Any] = await self._topic(packed.topic).send(
            key=packed.key, value=packed.value, headers=packed.headers, partition=packed.partition
        )
        metrics.OUTPUTS.labels(self.stage, packed.topic).inc()
        return future

    async def dead_letter(self, event: EventT[Any], error: RemarkwireError, attempts: int = 1) -> Awaitable[Any]:
        """Sends the record as it came to its topic's dead-letter queue."""
        where = origin(event)
        log.warning(
            "dead letter", topic=where.topic, partition=where.partition, offset=where.offset, reason=error.reason,
            error=str(error)[:500],
        )  # fmt: skip
        metrics.DEAD_LETTERS.labels(self.stage, error.reason).inc()
        key, value = event.message.key, event.message.value
        # aiokafka sends no record that has neither.
        null = key is None and value is None
        headers = dlq_headers(
            record_headers(event), error, stage=self.stage, origin=where, attempts=attempts, version=VERSION, null=null
        )
        return await self.send(Packed(dlq_name(where.topic), key, b"" if null else value, headers))


@dataclass(frozen=True)
class Outgoing:
    """A message on its way to a topic."""

    topic: Topic
    key: str
    message: Message


Work = Callable[[bytes | None, Headers], list[Outgoing]]


async def run_stateless(stream: Any, work: Work, acknowledger: Acknowledger, sender: Sender) -> None:
    """An agent's loop: each record through ``work`` (in a thread), what it gives to Kafka, what fails to the DLQ."""

    def packed(value: bytes | None, headers: Headers) -> list[Packed]:
        # Defects are caught here, in the thread: a RuntimeError of the loop around it (it ends) is no record's fault.
        try:
            return [sender.packed(out.topic, out.key, out.message) for out in work(value, headers)]
        except DEFECTS as error:
            log.exception("defect", stage=sender.stage)
            raise ProcessingFailed(f"{type(error).__name__}: {error}") from error

    with LastResort():
        async for event in stream.noack().events():
            if not acknowledger.taken(event):
                continue
            acknowledger.at_work = True
            step(f"{sender.stage}.consumed")
            try:
                with metrics.STAGE_SECONDS.labels(sender.stage).time():
                    outgoing = await asyncio.to_thread(packed, event.message.value, record_headers(event))
            except Terminal as error:
                caused = [await sender.dead_letter(event, error)]
                step(f"{sender.stage}.dead_letter")
            else:
                caused = [await sender.send(one) for one in outgoing]
                step(f"{sender.stage}.output")
            await acknowledger.done(event, caused)
            acknowledger.at_work = False


def on_rebalance(app: faust.App, *forget: Callable[[], None]) -> None:
    """Calls each of ``forget`` when partitions are taken away, which is how every rebalance begins.

    Faust then reads all that it is assigned again from the committed offsets, and skips what it had fetched before.
    Not on assignment: its signal may come after the first records, which would be forgotten and never come again.
    """

    async def handler(_app: Any, /, *_: Any, signal: Any = None, **__: Any) -> None:  # noqa: ARG001
        for call in forget:
            call()

    app.on_partitions_revoked.connect(handler)
