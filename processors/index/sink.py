"""The sink: ``add`` takes a record, ``advance`` sends what is due and takes the answers that have come, and only then
are offsets free to be committed. While requests are out, the next is filled; ``flush`` sends and waits for everything.

After a refusal ``blocked`` is true and ``wait`` says for how long; the loop around it pauses its partitions and keeps
polling, so that Kafka does not take the worker for dead. The documents that were refused, and no others, are sent
again.
"""

import contextlib
import functools
import time
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from processors.index.batching import Backoff, Limits
from processors.index.outcome import (
    Blocked,
    ItemAnswer,
    Outcome,
    RequestRefused,
    dead,
    is_failure,
    needs_somebody,
    outcome,
)
from processors.index.records import Document, Reader, Record, is_forgotten
from runtime import metrics
from runtime.logging import logger
from runtime.offsets import InOrder
from schemas.errors import DEFECTS, ElasticsearchUnavailable, MessageError, ProcessingFailed, RemarkwireError, Transient

_STAGE = "index"
_BACKOFF = Backoff()
# Seconds between two looks at requests that are out, while no records come.
_LOOK = 0.02
_READING = metrics.STAGE_SECONDS.labels(_STAGE)
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


class Answer(Protocol):
    """What a request will have come to; a ``concurrent.futures.Future`` is one."""

    def done(self) -> bool:
        """Whether it is there."""

    def result(self) -> Result:
        """Waits for it."""


class Submit(Protocol):
    """Begins to send, as ``Executor.submit`` does."""

    def __call__(self, send: Callable[[list[Document]], Result], documents: list[Document], /) -> Answer: ...


@dataclass(frozen=True)
class Sent:
    """An answer that came at once."""

    answer: Result

    def done(self) -> bool:
        return True

    def result(self) -> Result:
        return self.answer


def at_once(send: Callable[[list[Document]], Result], documents: list[Document], /) -> Answer:
    """Sends one request after the other."""
    return Sent(send(documents))


@dataclass(frozen=True, eq=False)
class Request:
    """A request that is out. ``gone``: partitions that were lost since; what becomes of their documents is not ours."""

    documents: list[Document]
    answer: Answer
    gone: set[Partition] = field(default_factory=set)


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
        submit: Submit = at_once,
        backoff: Backoff = _BACKOFF,
        clock: Callable[[], float] = time.monotonic,
        forgotten: Container[str] = frozenset(),
    ) -> None:
        """``forgotten``: articles that were taken out; what the topics still have of them is passed over."""
        self._forgotten = forgotten
        self._reader = reader
        self._bulk = bulk
        self._bury = bury
        self._limits = limits
        self._max_attempts = max_attempts
        self._submit = submit
        self._backoff = backoff
        self._random = random
        self._clock = clock
        self._open: dict[Partition, InOrder[None]] = {}
        self._free: dict[Partition, int] = {}
        self._fresh: list[Document] = []
        self._size = 0
        self._since = 0.0
        self._out: deque[Request] = deque()
        self._flying = 0
        self._again: list[Document] = []
        self._dead: list[DeadLetter] = []
        self._failures = 0
        self._not_before = 0.0
        self._trouble: Transient | None = None

    @property
    def pending(self) -> int:
        """Records that are taken and not yet durable."""
        return len(self._fresh) + self._flying + len(self._again) + len(self._dead)

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
        """Seconds until ``advance`` has something to do: 0.0 now, None while there is nothing pending."""
        if not self.pending:
            return None
        if self.blocked:
            return max(0.0, self._not_before - self._clock())
        if self._out and self._out[0].answer.done():
            return 0.0
        gathered = len(self._fresh) + len(self._dead)
        due = self._limits.wait(gathered, self._size, self._clock() - self._since) if gathered else _LOOK
        return min(due, _LOOK) if self._out else due

    def add(self, record: Record) -> None:
        """Takes a record. What cannot be read becomes a dead letter when the batch is sent.

        Raises ``TopicMadeAnew``.
        """
        at = record.origin
        where = f"{at.topic}, partition {at.partition}"
        self._open.setdefault((at.topic, at.partition), InOrder(where)).opened(at.offset, None)
        if not self._fresh and not self._dead:
            self._since = self._clock()
        metrics.RECORDS.labels(_STAGE, at.topic).inc()
        if is_forgotten(record, self._forgotten):
            self._done(record)
            return
        try:
            with _READING.time():
                document = self._reader.read(record)
        except MessageError as error:
            self._dead.append(DeadLetter(record, error, 1))
            return
        except DEFECTS as error:
            _log.exception("defect", stage=_STAGE, **at.__dict__)
            failed = ProcessingFailed(f"{type(error).__name__}: {error}")
            self._dead.append(DeadLetter(record, failed, 1))
            return
        self._fresh.append(document)
        self._size += document.size

    def advance(self) -> None:
        """Takes the answers that have come, and sends what is due without waiting for its answer, unless as many
        requests as may be are out. After a refusal it is ``flush``.
        """
        if self.blocked:
            self.flush()
            return
        trouble = self._answers(wait=False)
        gathered = len(self._fresh) + len(self._dead)
        if trouble is None and gathered and not self._limits.wait(gathered, self._size, self._clock() - self._since):
            while trouble is None and len(self._out) >= self._limits.requests:
                trouble = self._take_one(self._out.popleft())
            if trouble is None:
                self._send()
                trouble = self._bury_dead()
        self._settle(trouble)

    def flush(self) -> None:
        """One attempt of everything that is pending, and its answers. What is refused for now stays pending, and
        ``blocked`` is true.
        """
        trouble = self._answers(wait=True)
        if trouble is not None and not self.blocked:
            # It was refused just now: not before its wait is over.
            self._settle(trouble)
            return
        self._send()
        trouble = self._answers(wait=True)
        buried = self._bury_dead()
        self._settle(trouble or buried)

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
        for request in self._out:
            request.gone.update(gone)
        if not self._again and not self._dead:
            self._calm()

    def _send(self) -> None:
        """Sends what was refused and what is new."""
        documents, self._again, self._fresh, self._size = self._again + self._fresh, [], [], 0
        for part in self._limits.cut(documents):
            tried = [one.tried() for one in part]
            self._out.append(Request(tried, self._submit(self._try, tried)))
            self._flying += len(tried)

    def _answers(self, *, wait: bool) -> Transient | None:
        """Takes all answers, or those that are there, in whatever order they come: a slow one holds up no other's
        documents, only the offsets behind it. Returns what is to be waited for.
        """
        taken = [request for request in self._out if wait or request.answer.done()]
        self._out = deque(request for request in self._out if request not in taken)
        trouble: Transient | None = None
        for request in taken:
            trouble = self._take_one(request) or trouble
        return trouble

    def _take_one(self, request: Request) -> Transient | None:
        result = request.answer.result()
        self._flying -= len(request.documents)
        if not request.gone:
            return self._take(request.documents, result)
        kept = [number for number, one in enumerate(request.documents) if _of(one.record) not in request.gone]
        documents = [request.documents[number] for number in kept]
        return self._take(documents, [result[number] for number in kept] if isinstance(result, list) else result)

    def _bury_dead(self) -> Transient | None:
        if not self._dead:
            return None
        try:
            self._bury(self._dead)
        except Transient as error:
            return error
        for letter in self._dead:
            metrics.DEAD_LETTERS.labels(_STAGE, letter.error.reason).inc()
            self._done(letter.record)
        self._dead = []
        return None

    def _try(self, documents: Sequence[Document]) -> Result:
        """Sends one request. Runs beside others of its kind, so it changes nothing here."""
        try:
            return self._bulk(documents)
        except (ElasticsearchUnavailable, RequestRefused) as error:
            return error

    def _take(self, documents: list[Document], result: Result) -> Transient | None:
        """Settles the documents of one request. Returns what is to be waited for, if anything."""
        if not documents:
            return None
        if isinstance(result, ElasticsearchUnavailable):
            self._again += documents
            return result
        if isinstance(result, RequestRefused):
            return self._halve(documents, result)
        refused: ItemAnswer | None = None
        written: Counter[str] = Counter()
        latency, now = functools.cache(metrics.LATENCY.labels), time.time()
        for sent, answer in zip(documents, result, strict=True):
            document = sent.failed() if is_failure(answer) else sent
            match outcome(answer, document.failures, self._max_attempts):
                case Outcome.DONE:
                    written[document.role] += 1
                    latency(document.role).observe(max(0.0, now - document.time_ms / 1000))
                    if document.published_ms is not None:
                        metrics.PUBLISHED_LATENCY.observe(max(0.0, now - document.published_ms / 1000))
                    self._done(document.record)
                case Outcome.AGAIN:
                    refused = answer
                    metrics.RETRIES.labels(_STAGE, str(answer.status)).inc()
                    self._again.append(document)
                case Outcome.DEAD:
                    self._give_up(document, answer)
        for role, count in written.items():
            metrics.OUTPUTS.labels(_STAGE, role).inc(count)
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
            self._calm()
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

    def _calm(self) -> None:
        """Nothing is waited for."""
        self._failures, self._trouble = 0, None
        metrics.BLOCKED.labels(_STAGE).set(0)


def _of(record: Record) -> Partition:
    return record.origin.topic, record.origin.partition
