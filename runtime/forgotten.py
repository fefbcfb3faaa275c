"""The articles that were taken out, as a service sees them: all at its start, and those that come while it runs.

Every stage asks, not only the first: a replay begins at any of the logs behind it, and those keep what they have.
"""

from typing import Any

from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from runtime import kafka
from runtime.records import partitions, records
from runtime.settings import Settings
from runtime.topics import names
from schemas.topics import FORGOTTEN


class ForgottenIds:
    """Ids of articles; a tombstone in the topic takes one back. Whether one is in it any thread may ask; ``refresh``
    and ``close`` are for one thread only.
    """

    def __init__(self, settings: Settings) -> None:
        self._ids: set[str] = set()
        self._told: set[str] = set()
        self._topic = names(settings, FORGOTTEN)
        for record in records(settings, self._topic):
            self._take(record)
        self._consumer = kafka.looker(settings)
        every = partitions(self._consumer, self._topic)
        # From the beginning once more: nothing may be between the two readings, and what comes twice changes nothing.
        self._consumer.assign([TopicPartition(self._topic, p, OFFSET_BEGINNING) for p in every])

    def refresh(self) -> None:
        """Takes what has come since; waits for nothing."""
        while (record := self._consumer.poll(0.0)) is not None:
            if record.error() is None:
                self._take(record)

    def untold(self) -> set[str]:
        """Those that no call before this one gave."""
        untold = self._ids - self._told
        self._told = set(self._ids)
        return untold

    def close(self) -> None:
        self._consumer.close()

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._ids

    def _take(self, record: Any) -> None:
        article_id = (record.key() or b"").decode(errors="replace")
        if record.value() is None:
            self._ids.discard(article_id)
        else:
            self._ids.add(article_id)
