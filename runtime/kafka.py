"""Connections to Kafka: producer, consumer and admin client of confluent-kafka, and the same settings for Faust.

All producers of ours partition by murmur2, as the Java client and aiokafka (so Faust) do; librdkafka's own default is
CRC32, and a key would be in one partition by the one and in another by the other.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from runtime.counts import counted
from runtime.logging import logger
from runtime.settings import KafkaSettings, Settings
from schemas.dlq import Origin
from schemas.errors import KafkaUnavailable, SettingsError
from schemas.message import Headers
from schemas.topics import DLQ_MAX_BYTES

_log = logger(__name__)
_Client = TypeVar("_Client")

PARTITIONER = "murmur2_random"
# Milliseconds for which a service that sends article after article gathers them: a request costs client and broker as
# much as what is in it. Nobody waits for it: flushing sends at once, and the next page is fetched or cleaned meanwhile.
GATHER_MS = 50
# Of a message before it is compressed, which is where clients look; brokers look at the compressed batch. What a
# stranger packed into eight megabytes may open to far more, and has to get into the queue of its topic all the same:
# who could not bury it would end at it for ever. What we make ourselves is bounded by ``Message.sendable``.
MOST_UNPACKED_BYTES = 1_000_000_000
# A consumer whose connections all break while it joins its group waits for the next refresh of metadata, which by
# librdkafka's default comes after five minutes: it throws its brokers away and begins again at the bootstrap servers
# (KIP-899), and nothing else makes it ask who leads its topics.
_REFRESH_MS = 5_000
# librdkafka would write to standard error by itself, several times a second while nobody answers. What a command meets
# is its own error; what a service meets, which runs on, ``Telling`` logs.
_QUIET = 0
_TOLD_AGAIN_SECONDS = 60.0


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """Librdkafka's settings that every client needs."""
    config: dict[str, Any] = {
        "bootstrap.servers": settings.bootstrap_servers,
        "security.protocol": settings.security_protocol.lower(),
        "broker.address.family": "v4",
        "log_level": _QUIET,
    }
    if (user := sasl_user(settings)) is not None:
        name, password = user
        config |= {"sasl.mechanism": settings.sasl_mechanism, "sasl.username": name, "sasl.password": password}
    check_files(settings)
    if settings.ssl_ca is not None:
        config["ssl.ca.location"] = str(settings.ssl_ca)
    if settings.ssl_certificate is not None and settings.ssl_key is not None:
        config |= {"ssl.certificate.location": str(settings.ssl_certificate), "ssl.key.location": str(settings.ssl_key)}
        if settings.ssl_key_password is not None:
            config["ssl.key.password"] = settings.ssl_key_password.get_secret_value()
    return config


def sasl_user(settings: KafkaSettings) -> tuple[str, str] | None:
    """User and password; None where the protocol is not SASL. Raises ``SettingsError`` where one is missing."""
    if not settings.security_protocol.startswith("SASL"):
        return None
    if not settings.sasl_username or settings.sasl_password is None:
        raise SettingsError("kafka: SASL needs kafka.sasl_username and REMARKWIRE_KAFKA__SASL_PASSWORD")
    return settings.sasl_username, settings.sasl_password.get_secret_value()


def check_files(settings: KafkaSettings) -> None:
    """Raises ``SettingsError`` where a certificate or key cannot be read, or one of a pair is missing."""
    for name in ("ssl_ca", "ssl_certificate", "ssl_key"):
        path = getattr(settings, name)
        if path is not None and not os.access(path, os.R_OK):
            raise SettingsError(f"kafka.{name}: {path} cannot be read; name a PEM file that this user may read")
    if (settings.ssl_certificate is None) != (settings.ssl_key is None):
        raise SettingsError("kafka: ssl_certificate and ssl_key go together; set both or none")


def producer(settings: Settings, *, service: bool = False, **extra: Any) -> Producer:
    """An idempotent producer that waits for all replicas. ``extra`` are librdkafka's settings, dots as underscores.

    That of a ``service`` logs what happens to its connections.
    """
    return made(
        Producer,
        connection(settings.kafka)
        | {
            "partitioner": PARTITIONER,
            "enable.idempotence": True,
            "acks": "all",
            "compression.type": "zstd",
            "linger.ms": 5,
            "message.max.bytes": MOST_UNPACKED_BYTES,
        }
        | ({"error_cb": Telling()} if service else {})
        | _dotted(extra),
    )


def consumer(settings: Settings, group: str, *, service: bool = False, **extra: Any) -> Consumer:
    """A consumer that commits only what it is told to, and starts at the beginning of a topic.

    ``service`` and ``extra`` as for ``producer``.

    Who has subscribed drops it in the end (``del`` of the last reference) and does not close it. Closing serves a
    rebalance that is under way, and there librdkafka can wait without an end for an answer of its own (its issue 4041),
    with the GIL held, so that the whole process stands still. A static member leaves no group by closing anyway.
    """
    return made(
        Consumer,
        connection(settings.kafka)
        | {
            "group.id": group,
            "group.instance.id": member_id(settings, group),
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": settings.kafka.session_timeout_ms,
            "heartbeat.interval.ms": max(300, settings.kafka.session_timeout_ms // 10),
            "max.poll.interval.ms": 300_000,
            "topic.metadata.refresh.interval.ms": _REFRESH_MS,
            "fetch.message.max.bytes": DLQ_MAX_BYTES,
            "allow.auto.create.topics": False,
        }
        | ({"error_cb": Telling()} if service else {})
        | _dotted(extra),
    )


def looker(settings: Settings, group: str = "unused") -> Consumer:
    """A consumer that joins no group: for looking at offsets (those that ``group`` has committed among them), and for
    reading from where it is told to.
    """
    return made(Consumer, connection(settings.kafka) | {"group.id": group, "enable.auto.commit": False})


def admin(settings: Settings) -> AdminClient:
    return made(AdminClient, connection(settings.kafka))


def made(kind: Callable[[dict[str, Any]], _Client], config: dict[str, Any]) -> _Client:
    """A client of librdkafka. Raises ``SettingsError`` where it refuses its settings, such as a certificate that is no
    PEM: nothing has been sent then.
    """
    try:
        return kind(config)
    except KafkaException as error:
        raise SettingsError(f"kafka: {error.args[0].str().strip()}") from error


def group_id(settings: Settings, stage: str) -> str:
    """Consumer group of a stage; a generation has its own, so that a replay does not take records from the live one."""
    return f"{settings.pipeline.prefix}remarkwire-{stage}-g{settings.pipeline.generation}"


def member_id(settings: Settings, group: str) -> str:
    """Static membership (KIP-345): a worker that is killed and started again takes its place in the group at once,
    instead of waiting until the group has noticed that the old one is gone.
    """
    return f"{group}-{socket.gethostname()}-{settings.pipeline.instance}"


def origin(message: Message) -> Origin:
    return Origin(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        timestamp_ms=message.timestamp()[1],
    )


def headers(message: Message) -> Headers:
    """Headers of a record; a header without a value counts as empty."""
    found: Any = message.headers() or []
    return [(key, value if isinstance(value, bytes) else b"") for key, value in found]


_FENCED_ADVICE = (
    "another service with the same host name and pipeline.instance (or --instance) is a member of its group; end that "
    "one, or set another pipeline.instance"
)
_PLACE_LOST = frozenset({KafkaError.FENCED_INSTANCE_ID, KafkaError._FATAL})  # noqa: SLF001 - librdkafka's names


_UNREACHED = frozenset({
    KafkaError._TRANSPORT,  # noqa: SLF001 - librdkafka's names
    KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
    KafkaError._RESOLVE,  # noqa: SLF001
    KafkaError._TIMED_OUT,  # noqa: SLF001
})  # fmt: skip


def unavailable(settings: Settings, error: KafkaException) -> KafkaUnavailable:
    """What is to be raised for a client's error; with what to look at where no broker was reached."""
    address, reason = settings.kafka.bootstrap_servers, error.args[0]
    if reason.code() not in _UNREACHED:
        return KafkaUnavailable(f"Kafka at {address}: {error}")
    return KafkaUnavailable(
        f"Kafka at {address} does not answer: {reason.str()}; is kafka.bootstrap_servers right? What `remarkwire "
        'services up` started is named by: eval "$(remarkwire services env)"'
    )


def check_commit(error: KafkaException) -> None:
    """Raises ``KafkaUnavailable`` where a commit failed because another member has our place; that lasts, and whoever
    has the place does the work. What else a commit meets (a rebalance, a broker that changes) passes.
    """
    reason = error.args[0]
    if reason.code() in _PLACE_LOST:
        raise KafkaUnavailable(
            f"another member has this worker's place in its group: {error}; {_FENCED_ADVICE}"
        ) from error
    if reason.fatal():
        raise _fatal(reason) from error


def check(error: KafkaError | None) -> None:
    """Raises ``KafkaUnavailable`` for a fatal error that a client reports beside its records. Others (unknown topics,
    lost brokers) are logged: librdkafka goes on trying.

    What a consumer that was fenced reports has the code of a fatal error, but is not marked as one; after it no record
    comes any more.
    """
    if error is None:
        return
    if error.fatal() or error.code() == KafkaError._FATAL:  # noqa: SLF001
        raise _fatal(error)
    _log.warning("Kafka reports", error=error.str(), name=error.name())


class Telling:
    """Logs what a client meets beside its records, a kind of error at most once a minute. librdkafka calls it while the
    client is polled; what ends a client comes with its answers, too.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told: dict[str, float] = {}

    def __call__(self, error: KafkaError) -> None:
        now, name = self._now(), error.name()
        if now - self._told.get(name, -math.inf) >= _TOLD_AGAIN_SECONDS:
            self._told[name] = now
            _log.warning("Kafka reports", error=error.str(), name=name)


def _fatal(error: KafkaError) -> KafkaUnavailable:
    # Polling tells of a lost place by these words alone: the code is that of any fatal error.
    advice = f"; {_FENCED_ADVICE}" if "fenced" in error.str().lower() else ""
    return KafkaUnavailable(f"Kafka: {error.str()} ({error.name()}){advice}")


class Assigned:
    """The partitions that a consumer has now, as its callbacks tell; may be asked from any thread.

    ``Consumer.assignment`` is for the thread that polls: it waits for librdkafka's group without an end and holds the
    GIL meanwhile, so that beside a consumer that closes the whole process can stand still.
    """

    def __init__(self) -> None:
        self._partitions: frozenset[tuple[str, int]] = frozenset()

    def come(self, partitions: Iterable[TopicPartition]) -> None:
        self._partitions |= {(one.topic, one.partition) for one in partitions}

    def gone(self, partitions: Iterable[TopicPartition]) -> None:
        self._partitions -= {(one.topic, one.partition) for one in partitions}

    def __call__(self) -> list[tuple[str, int]]:
        """Topic and number of each, sorted."""
        return sorted(self._partitions)


class Deliveries:
    """Produces and counts confirmations: ``flush`` returns only when every message sent so far is durable."""

    def __init__(self, client: Producer) -> None:
        self._client = client
        self._failed: list[str] = []
        self._lock = threading.Lock()

    def send(
        self,
        topic: str,
        value: bytes | None,
        *,
        key: bytes | str | None,
        headers: Headers | None = None,
        timestamp_ms: int | None = None,
        partition: int | None = None,
        confirmed: Callable[[], None] | None = None,
    ) -> None:
        """Queues one message. Waits where the queue is full; raises ``KafkaUnavailable`` where it cannot be sent."""

        def report(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                with self._lock:
                    self._failed.append(f"{topic}: {error.str()} ({error.name()})")
            elif confirmed is not None:
                confirmed()

        options: dict[str, Any] = {"key": key, "headers": headers or [], "on_delivery": report}
        if timestamp_ms is not None:
            options["timestamp"] = timestamp_ms
        if partition is not None:
            options["partition"] = partition
        while True:
            try:
                self._client.produce(topic, value, **options)
            except BufferError:
                self._client.poll(0.1)
                continue
            except KafkaException as error:
                raise KafkaUnavailable(f"{topic}: {error}") from error
            break
        self._client.poll(0)

    def poll(self) -> None:
        """Runs delivery callbacks that are due; raises ``KafkaUnavailable`` where a delivery failed."""
        self._client.poll(0)
        self._raise_failed()

    def flush(self, seconds: float = 60.0) -> None:
        """Waits until all is confirmed; raises ``KafkaUnavailable`` where something failed or is still open."""
        left = self._client.flush(seconds)
        self._raise_failed()
        if left:
            raise KafkaUnavailable(f"{counted(left, 'message')} not confirmed within {seconds:.0f} s")

    def _raise_failed(self) -> None:
        with self._lock:
            failed, self._failed = self._failed, []
        if failed:
            raise KafkaUnavailable(f"{counted(len(failed), 'message')} not delivered, first: {failed[0]}")


def _dotted(extra: dict[str, Any]) -> dict[str, Any]:
    return {key.replace("_", "."): value for key, value in extra.items()}
