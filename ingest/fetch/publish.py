"""Where raw articles go: a port with one method, and Kafka behind it."""

import asyncio
import threading
from typing import Protocol, Self

from confluent_kafka import KafkaError, KafkaException, Message

from ingest.identity import host_of
from runtime import kafka
from runtime.forgotten import ForgottenIds
from runtime.metrics import OUTPUTS, RETRIES, SKIPPED
from runtime.settings import Settings
from runtime.steps import step
from runtime.topics import names
from schemas.article import RawArticle
from schemas.errors import KafkaUnavailable, TimeRefused
from schemas.message import headers_of
from schemas.topics import RAW

STAGE = "fetch"
_FLUSH_SECONDS = 30.0
_BESIDE_A_BAD_ONE = KafkaError._INVALID_DIFFERENT_RECORD  # noqa: SLF001 - librdkafka's name


class Publisher(Protocol):
    """Takes raw articles; returns once the delivery is confirmed."""

    async def publish(self, raw: RawArticle) -> bool:
        """Whether it was sent: what was taken out for good (`remarkwire forget`) is held back. Raises
        ``KafkaUnavailable`` where the delivery failed; it may then have happened or not. Raises ``MessageTooLarge``
        where the article fits into no message: it was not sent, and never can be; ``TimeRefused`` where its time is too
        far ahead of the broker's.
        """


class KafkaPublisher:
    """articles.raw, keyed by host. A context manager; use from one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._topic = names(settings, RAW)
        self._producer = kafka.producer(settings, service=True, linger_ms=kafka.GATHER_MS)
        self._forgotten = ForgottenIds(settings)
        self._closed = threading.Event()
        # Confirmations come only while somebody polls.
        self._thread = threading.Thread(target=self._poll, name="delivery-reports", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._producer.flush(_FLUSH_SECONDS)
        self._closed.set()
        self._thread.join()
        self._forgotten.close()

    def taken_out(self) -> set[str]:
        """The articles that were taken out for good, those of earlier calls left out. From the event loop, too."""
        self._forgotten.refresh()
        return self._forgotten.untold()

    async def publish(self, raw: RawArticle) -> bool:
        self._forgotten.refresh()
        if raw.article_id in self._forgotten:
            # Its page must not come back with the next visit.
            SKIPPED.labels("forgotten").inc()
            return False
        value = raw.sendable()
        # A broker refuses a batch as a whole; without the record that is to blame the others go through.
        while (error := await self._delivered(raw, value)) is not None and error.code() == _BESIDE_A_BAD_ONE:
            RETRIES.labels(STAGE, "batch").inc()
        if error is not None and error.code() == KafkaError.INVALID_TIMESTAMP:
            raise TimeRefused(
                f"{self._topic}: {raw.article_id}: {raw.fetched.isoformat()} is too far ahead of the broker's clock; "
                "look at the clocks of both machines, and at message.timestamp.after.max.ms of the topic"
            )
        if error is not None:
            raise KafkaUnavailable(f"{self._topic}: {raw.article_id}: {error.str()}")
        OUTPUTS.labels(STAGE, self._topic).inc()
        return True

    async def _delivered(self, raw: RawArticle, value: bytes) -> KafkaError | None:
        """Sends once; returns what the delivery failed of."""
        loop = asyncio.get_running_loop()
        delivered: asyncio.Future[KafkaError | None] = loop.create_future()

        def settle(error: KafkaError | None) -> None:
            if not delivered.done():
                delivered.set_result(error)

        def report(error: KafkaError | None, _message: Message) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, error)

        while True:
            try:
                self._producer.produce(
                    self._topic,
                    value,
                    key=key_of(raw),
                    headers=[*headers_of(raw, STAGE)],
                    timestamp=raw.time_ms,
                    on_delivery=report,
                )
            except BufferError:
                await asyncio.sleep(0.05)
                continue
            except KafkaException as error:
                raise KafkaUnavailable(f"{self._topic}: {raw.article_id}: {error}") from error
            break
        step("fetch.sent")
        return await delivered

    def _poll(self) -> None:
        while not self._closed.is_set():
            self._producer.poll(0.1)


def key_of(raw: RawArticle) -> str:
    """The host of the article's address; its outlet where it has none."""
    return host_of(raw.url) if raw.url else raw.outlet.id
