"""Ends a service that stands still, so that its supervisor starts it again: for the services that are loops of our own.

Two things are looked at from a thread beside the loop. Whether it turns: it must say so every now and then. And whether
it gets on: while its topics have records that are not committed, the committed offsets must move. A service that knows
why it waits (a cluster that is away) says so, and is not ended for it: it would not fare better after a restart. One
that was given no partition is looked at by all of its topics, and has twice the time: if nobody in its group gets on,
it may have none because it was fenced or never joined, which polling does not always tell.

``processors/liveness.py`` does the same for Faust workers, whose ways of standing still are others.
"""

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime import kafka, metrics
from runtime.logging import logger
from runtime.records import sound
from runtime.settings import Settings
from runtime.unread import Unread

EXIT_UNRECOVERABLE = 70  # EX_SOFTWARE
_ASK_TIMEOUT = 5.0
_TURN_SECONDS = 1.0
_log = logger(__name__)
T = TypeVar("T")

Committed = dict[tuple[str, int], int]
Ends = dict[tuple[str, int], tuple[int, int]]
Partitions = Callable[[], Iterable[tuple[str, int]]]
Waits = Callable[[], str | None]


def end(reason: str) -> NoReturn:
    """Ends the process at once, without commit: what is not committed comes again to the next worker."""
    _log.critical("the service stands still; it ends and must be started again", reason=reason)
    logging.shutdown()
    os._exit(EXIT_UNRECOVERABLE)


@dataclass(frozen=True)
class Look:
    """What is seen of a service at a moment: how often its loop has turned, what it waits for, and its group's offsets
    (None while the broker does not answer). ``behind``: records that are not committed. ``idle``: it has no partition,
    and the offsets are those of its whole group.
    """

    turns: int
    waits_for: str | None = None
    committed: Committed | None = None
    behind: int = 0
    idle: bool = False


class Judge:
    """Decides from successive looks whether a service stands still. Knows no clock: it is told the time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turns: tuple[int, float] | None = None
        self._moved: tuple[Committed, float] | None = None

    def look(self, now: float, seen: Look) -> str | None:
        """Why the service must end; None while it need not."""
        if self._turns is None or seen.turns != self._turns[0]:
            self._turns = seen.turns, now
        if now - self._turns[1] > self._seconds:
            return f"its loop has not turned for {now - self._turns[1]:.0f} s"
        excused = seen.waits_for is not None or seen.committed is None or not seen.behind
        if excused or self._moved is None or seen.committed != self._moved[0]:
            self._moved = seen.committed or {}, now
        elif now - self._moved[1] > self._seconds * (2 if seen.idle else 1):
            none = ", and no partition is assigned to it" if seen.idle else ""
            return f"{seen.behind} records wait and nothing was committed for {now - self._moved[1]:.0f} s{none}"
        return None


def _nothing() -> str | None:
    return None


class Watch:
    """A thread that looks while the context lasts. The loop calls ``turned``; ``partitions``: those that it reads now;
    ``topics``: those that it would read;
    ``unread``: told by the loop what it takes, so that the watch sees what was deleted before.
    """

    def __init__(
        self,
        settings: Settings,
        stage: str,
        partitions: Partitions = tuple,
        waits_for: Waits = _nothing,
        *,
        topics: Sequence[str] = (),
        unread: Unread | None = None,
        end: Callable[[str], object] = end,
        look_seconds: float = 2.0,
    ) -> None:
        self._settings, self._stage = settings, stage
        self._partitions, self._waits_for, self._topics, self._end = partitions, waits_for, topics, end
        self._unread = unread or Unread()
        for topic in topics if unread else ():
            metrics.DELETED_UNREAD.labels(stage, topic)  # there before it happens, for the alert
        self._pause = min(look_seconds, settings.pipeline.stuck_seconds / 4)
        self._turns = 0
        self._broker: Consumer | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="liveness", daemon=True)

    def turned(self) -> None:
        """The loop has turned once."""
        self._turns += 1

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._done.set()
            self._thread.join(2 * _ASK_TIMEOUT)

    def _run(self) -> None:
        judge = Judge(self._settings.pipeline.stuck_seconds)
        try:
            while not self._done.wait(self._pause):
                seen = self._look()
                reason = judge.look(time.monotonic(), seen)
                if reason is not None and not self._done.is_set():
                    self._end(reason)
                    return
        finally:
            if self._broker is not None:
                self._broker.close()

    def _look(self) -> Look:
        turns, waits_for = self._turns, self._waits_for()
        try:
            own = [TopicPartition(topic, partition) for topic, partition in self._partitions()]
            if not own and not self._topics:
                return Look(turns, waits_for, {}, 0)
            if self._broker is None:
                # Not before there is something to ask: the fetcher reads nothing.
                self._broker = kafka.looker(self._settings, kafka.group_id(self._settings, self._stage))
            self._unread.mark()
            committed, ends = _offsets(self._broker, own or _all(self._broker, self._topics))
        except (KafkaException, RuntimeError):
            # The broker is away, or the consumer was closed in between.
            return Look(turns, waits_for, None, 0)
        behind = sum(max(0, ends[at][1] - offset) for at, offset in committed.items())
        if own:
            self._tell_unread(ends, waits=waits_for is not None)
        metrics.BEHIND.labels(self._stage).set(behind if own else 0)
        return Look(turns, waits_for, committed, behind, idle=not own)

    def _tell_unread(self, ends: Ends, *, waits: bool) -> None:
        for (topic, partition), count in self._unread.look(ends, waits=waits).items():
            metrics.DELETED_UNREAD.labels(self._stage, topic).inc(count)
            _log.error(
                "records were deleted before they were read", topic=topic, partition=partition, records=count,
                first=ends[topic, partition][0],
            )  # fmt: skip


def _all(broker: Consumer, topics: Sequence[str]) -> list[TopicPartition]:
    """The partitions of topics, of those that exist."""
    found = [(topic, broker.list_topics(topic, timeout=_ASK_TIMEOUT).topics[topic]) for topic in topics]
    return [
        TopicPartition(topic, number) for topic, known in found if known.error is None for number in known.partitions
    ]


def _offsets(broker: Consumer, asked: list[TopicPartition]) -> tuple[Committed, Ends]:
    """What is committed of each partition, and its first and next offset. Raises ``KafkaException`` also where one
    alone cannot be told: as one with nothing committed it would pass for a standstill or for progress.
    """
    committed: Committed = {}
    ends: Ends = {}
    for at in sound(broker.committed(asked, timeout=_ASK_TIMEOUT)) if asked else ():
        low, high = broker.get_watermark_offsets(at, timeout=_ASK_TIMEOUT)
        ends[at.topic, at.partition] = low, high
        committed[at.topic, at.partition] = max(at.offset, low)
    return committed, ends


async def turning(work: Coroutine[Any, Any, T], turned: Callable[[], None]) -> T:
    """Runs ``work`` and says meanwhile that the event loop turns."""

    async def tell() -> None:
        while True:
            turned()
            await asyncio.sleep(_TURN_SECONDS)

    teller = asyncio.create_task(tell(), name="liveness")
    try:
        return await work
    finally:
        teller.cancel()
