"""Records that are deleted before a stage has read them: retention, or somebody's hand, was faster.

Consumers go on at the first record that is left, and say nothing. A jump in the offsets alone proves nothing:
compaction and transactions leave gaps, too. So the stage notes its jumps, and its watch holds them against the first
offset that the broker still has; of a partition in which nothing is left no record comes, and the watch sees it stand.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.records import sound

At = tuple[str, int]
"""Topic and partition."""

_ASK_TIMEOUT = 5.0
# Of a compacted topic that is read from its beginning nearly every record is a jump; the watch looks every two seconds.
_MOST_JUMPS = 100_000


class Unread:
    """``begins`` and ``taken`` are called by the thread that polls, ``mark`` and ``look`` by the watch's."""

    def __init__(self) -> None:
        self._due: dict[At, int] = {}
        self._jumps: deque[tuple[At, int, int]] = deque(maxlen=_MOST_JUMPS)
        self._marked: list[tuple[At, int, int]] = []
        self._told: dict[At, int] = {}
        self._stood: dict[At, int] = {}

    def begins(self, committed: Mapping[At, int | None]) -> None:
        """Partitions come, which are read from these offsets on; None where there is none, or it is not known."""
        for at, offset in committed.items():
            if offset is None:
                self._due.pop(at, None)
            else:
                self._due[at] = offset

    def taken(self, topic: str, partition: int, offset: int) -> None:
        """A record came."""
        at = topic, partition
        due = self._due.get(at)
        if due is not None and offset > due:
            self._jumps.append((at, due, offset))
        self._due[at] = offset + 1

    def mark(self) -> None:
        """The broker is asked next: what jumps from now on is for the look after that."""
        while self._jumps:
            self._marked.append(self._jumps.popleft())

    def look(self, ends: Mapping[At, tuple[int, int]], *, waits: bool = False) -> dict[At, int]:
        """How many records of each partition were deleted unread since the last look. ``ends``: first and next offset,
        asked for after ``mark``; ``waits``: the stage does not poll now, and may have records from before.
        """
        lost: Counter[At] = Counter()
        for at, due, came in self._marked:
            if at in ends:
                lost[at] += self._gone(at, due, min(came, ends[at][0]))
        self._marked.clear()
        for at, (first, end) in ends.items():
            due = self._due.get(at, first)
            if due >= first or first < end or waits:
                self._stood.pop(at, None)
            elif self._stood.get(at) != due:
                # What librdkafka has fetched before may still come.
                self._stood[at] = due
            else:
                lost[at] += self._gone(at, due, first)
        return {at: count for at, count in lost.items() if count}

    def _gone(self, at: At, since: int, until: int) -> int:
        """The offsets between, those left out that were told before."""
        since = max(since, self._told.get(at, 0))
        self._told[at] = max(since, until)
        return max(0, until - since)


def committed(consumer: Consumer, partitions: Iterable[TopicPartition]) -> dict[At, int | None]:
    """What the consumer's group has committed of partitions that come; for its callback, which must not fail."""
    asked = [TopicPartition(one.topic, one.partition) for one in partitions]
    unknown: dict[At, int | None] = {(one.topic, one.partition): None for one in asked}
    try:
        found = sound(consumer.committed(asked, timeout=_ASK_TIMEOUT)) if asked else []
    except KafkaException:
        return unknown
    return unknown | {(one.topic, one.partition): one.offset for one in found if one.offset >= 0}
