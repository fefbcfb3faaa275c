"""Follows the small topic of overrides: all of it before the first report, then what is added.

What is read here decides nothing by itself: it is put into the log of ``reports``, and acts where it stands there
(docs/decisions/005-overrides-stand-in-the-log.md).
"""

from typing import Any

from confluent_kafka import Consumer, KafkaError, TopicPartition

from runtime import kafka
from runtime.kafka import headers
from runtime.logging import logger
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Override
from schemas.errors import MessageError
from schemas.topics import OVERRIDES

log = logger(__name__)


class OverridesTopic:
    """``current``: the overrides that hold, by id, as far as the topic is read. A tombstone takes one back."""

    def __init__(self, settings: Settings) -> None:
        """Reads the whole topic. Raises ``KafkaUnavailable``."""
        self._settings = settings
        self._topic = names(settings, OVERRIDES)
        self._next = 0
        self._client: Consumer | None = None
        self.current: dict[str, Override] = {}
        for record in records(settings, self._topic):
            self._take(record)

    def poll(self) -> None:
        """Takes what has been added, without waiting for more."""
        if self._client is None:
            self._client = kafka.consumer(self._settings, f"{self._settings.pipeline.prefix}remarkwire-overrides")
            self._client.assign([TopicPartition(self._topic, 0, self._next)])
        while (record := self._client.poll(0)) is not None:
            error = record.error()
            if error is None:
                self._take(record)
            elif error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's name for it
                log.warning("overrides cannot be read now", error=error.str())
                return

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _take(self, record: Any) -> None:
        self._next = max(self._next, record.offset() + 1)
        override_id = (record.key() or b"").decode(errors="replace")
        if record.value() is None:
            self.current.pop(override_id, None)
            return
        try:
            self.current[override_id] = Override.decode(record.value(), headers(record))
        except MessageError as error:
            # The rest of them still hold.
            log.warning("override left out", offset=record.offset(), reason=error.reason, error=str(error))
