"""The sink: ``add`` takes a record, ``flush`` sends what is due, and only then are offsets free to be committed.

Nothing here waits. After a refusal ``blocked`` is true and ``wait`` says for how long; the loop around it pauses its
partitions and keeps polling, so that Kafka does not take the worker for dead. The documents that were refused, and no
others, are sent again.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from processors.index.batching import Backoff, Limits
from processors.index.outcome import Blocked, ItemAnswer, Outcome, RequestRefused, dead, needs_somebody, outcome
from processors.index.records import Document, Reader, Record, is_forgotten
from runtime import metrics
from runtime.logging import logger
from runtime.offsets import InOrder
from schemas.errors import ElasticsearchUnavailable, MessageError, RemarkwireError, Transient

_STAGE = "index"
_BACKOFF = Backoff()
_log = logger(__name__)

Partition = tuple[str, int]
Result = list[ItemAnswer] | ElasticsearchUnavailable | RequestRefused


class Bulk(Protocol):
    """Sends documents in one bulk request."""

    def __call__(self, documents: Sequence[Document], /) -> list[ItemAnswer]:
        """Answers in order. Raises ``ElasticsearchUnavailable`` or ``RequestRefused`` for the request as a whole."""


@dataclass(frozen=True)
class DeadLetter:
    """A record that is given up, and why."""

    record: Record
    error: RemarkwireError
    attempts: int


class Bury(Protocol):
    """Sends dead letters."""

    def __call__(self, letters: Sequence[DeadLetter], /) -> None:
        """Returns once all are durable. Raises ``KafkaUnavailable``."""


class AtOnce(Protocol):
    """Maps in order, as ``map`` does, or several at once, as ``Executor.map`` does."""

    def __call__(
        self, send: Callable[[list[Document]], Result], parts: list[list[Document]], /
    ) -> Iterable[Result]: ...  # fmt: skip


class Sink:
    """Not thread-safe: the loop, and the callbacks that its poll runs, share one thread. Requests run beside it."""

    def __init__(
        self,
        reader: Reader,
        bulk: Bulk,
        bury: Bury,
        *,
        limits: Limits,
        max_attempts: int,
        random: Callable[[], float],
        at_once: AtOnce = map,
        backoff: Backoff = _BACKOFF,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._bulk = bulk
        self._bury = bury
        self._limits = limits
        self._max_attempts = max_attempts
        self._at_once = at_once
        self._backoff = backoff
        self._random = random
        self._clock = clock
        self._open: dict[Partition, InOrder[None]] = {}
        self._free: dict[Partition, int] = {}
        self._fresh: list[Document] = []
        self._size = 0
        self._since = 0.0
        self._again: list[Document] = []
        self._dead: list[DeadLetter] = []
        self._failures = 0
        self._not_before = 0.0
        self._trouble: Transient | None = None

    @property
    def pending(self) -> int:
        """Records that are taken and not yet durable."""
        return len(self._fresh) + len(self._again) + len(self._dead)

    @property
    def blocked(self) -> bool:
        """Nothing more should be added until what was refused has gone through: back-pressure."""
        return self._trouble is not None

    @property
    def trouble(self) -> Transient | None:
        """Why it is blocked."""
        return self._trouble

    @property
    def committable(self) -> dict[Partition, int]:
        """Offsets to commit, by topic and partition: everything before them is durable."""
        return dict(self._free)

    def wait(self) -> float | None:
        """Seconds until ``flush`` has something to do: 0.0 now, None while there is nothing pending."""
        if not self.pending:
            return None
        now = self._clock()
        if self.blocked:
            return max(0.0, self._not_before - now)
        return self._limits.wait(len(self._fresh) + len(self._dead), self._size, now - self._since)

    def add(self, record: Record) -> None:
        """Takes a record. What cannot be read becomes a dead letter with the next ``flush``."""
        at = record.origin
        self._open.setdefault((at.topic, at.partition), InOrder()).opened(at.offset, None)
        if not self.pending:
            self._since = self._clock()
        metrics.RECORDS.labels(_STAGE, at.topic).inc()
        if is_forgotten(record):
            self._done(record)
            return
        try:
            document = self._reader.read(record)
        except MessageError as error:
            self._dead.append(DeadLetter(record, error, 1))
            return
        self._fresh.append(document)
        self._size += document.size

    def flush(self) -> None:
        """One attempt of everything that is pending. What is refused for now stays pending, and ``blocked`` is true."""
        documents, self._again, self._fresh, self._size = self._again + self._fresh, [], [], 0
        trouble: Transient | None = None
        parts = [[one.tried() for one in part] for part in self._limits.cut(documents)]
        for part, result in zip(parts, self._at_once(self._try, parts), strict=True):
            trouble = self._take(part, result) or trouble
        if self._dead:
            try:
                self._bury(self._dead)
            except Transient as error:
                trouble = error
            else:
                for letter in self._dead:
                    metrics.DEAD_LETTERS.labels(_STAGE, letter.error.reason).inc()
                    self._done(letter.record)
                self._dead = []
        self._settle(trouble)

    def committed(self, offsets: Iterable[tuple[Partition, int]]) -> None:
        """The offsets are committed; they need no commit again."""
        for partition, offset in offsets:
            if self._free.get(partition) == offset:
                del self._free[partition]

    def discard(self, partitions: Iterable[Partition]) -> None:
        """Forgets what is pending of partitions that are no longer ours; their next owner gets the records again."""
        gone = set(partitions)
        for partition in gone:
            self._open.pop(partition, None)
            self._free.pop(partition, None)
        self._fresh = [one for one in self._fresh if _of(one.record) not in gone]
        self._again = [one for one in self._again if _of(one.record) not in gone]
        self._dead = [one for one in self._dead if _of(one.record) not in gone]
        self._size = sum(one.size for one in self._fresh)
        if not self._again and not self._dead:
            self._failures, self._trouble = 0, None

    def _try(self, documents: Sequence[Document]) -> Result:
        """Sends one request. Runs beside others of its kind, so it changes nothing here."""
        try:
            return self._bulk(documents)
        except (ElasticsearchUnavailable, RequestRefused) as error:
            return error

    def _take(self, documents: list[Document], result: Result) -> Transient | None:
        """Settles the documents of one request. Returns what is to be waited for, if anything."""
        if isinstance(result, ElasticsearchUnavailable):
            self._again += documents
            return result
        if isinstance(result, RequestRefused):
            return self._halve(documents, result)
        refused: ItemAnswer | None = None
        for document, answer in zip(documents, result, strict=True):
            match outcome(answer, document.attempts, self._max_attempts):
                case Outcome.DONE:
                    metrics.OUTPUTS.labels(_STAGE, document.role).inc()
                    metrics.LATENCY.labels(document.role).observe(max(0.0, time.time() - document.time_ms / 1000))
                    self._done(document.record)
                case Outcome.AGAIN:
                    refused = answer
                    metrics.RETRIES.labels(_STAGE, str(answer.status)).inc()
                    self._again.append(document)
                case Outcome.DEAD:
                    self._give_up(document, answer)
        if refused is None:
            return None
        if needs_somebody(refused):
            return Blocked(f"Elasticsearch takes nothing until somebody acts: {refused}")
        return ElasticsearchUnavailable(f"Elasticsearch refuses for now: {refused}")

    def _halve(self, documents: list[Document], refusal: RequestRefused) -> Transient | None:
        """A request was refused as a whole: its halves go one after the other, down to the one at fault."""
        if len(documents) == 1:
            self._give_up(documents[0], str(refusal))
            return None
        half = len(documents) // 2
        trouble = self._take(documents[:half], self._try(documents[:half]))
        if trouble is not None:
            self._again += documents[half:]
            return trouble
        return self._take(documents[half:], self._try(documents[half:]))

    def _give_up(self, document: Document, why: ItemAnswer | str) -> None:
        error = dead(why, f"{document.role} {document.id}")
        self._dead.append(DeadLetter(document.record, error, document.attempts))

    def _done(self, record: Record) -> None:
        partition = _of(record)
        # A record of a partition that was discarded meanwhile is nobody's to commit.
        with contextlib.suppress(KeyError):
            freed = self._open[partition].done(record.origin.offset)
            if freed:
                self._free[partition] = freed[-1][0] + 1

    def _settle(self, trouble: Transient | None) -> None:
        if trouble is None:
            if self._trouble is not None:
                _log.info("sink goes on", after_attempts=self._failures)
            self._failures, self._trouble = 0, None
            metrics.BLOCKED.labels(_STAGE).set(0)
            return
        self._failures += 1
        metrics.BLOCKED.labels(_STAGE).set(1)
        delay = self._backoff.delay(self._failures, self._random)
        self._not_before = self._clock() + delay
        self._trouble = trouble
        metrics.RETRIES.labels(_STAGE, trouble.reason).inc()
        loud = isinstance(trouble, Blocked) or self._failures >= self._max_attempts
        say = _log.error if loud else _log.warning
        say("sink waits", why=str(trouble), attempts=self._failures, pending=self.pending, seconds=round(delay, 2))


def _of(record: Record) -> Partition:
    return record.origin.topic, record.origin.partition
