"""Acknowledgement of events in order of offset, once everything that they caused is durable.

Faust acknowledges an event whose agent raised, and may commit past messages in flight (its issue 606). So agents take
events without acknowledgement, and ``Acknowledger`` acknowledges once the broker has confirmed what they caused.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import faust
from aiokafka.errors import KafkaError
from faust.types import TP, EventT

from processors.unrecoverable import die
from runtime import metrics
from runtime.logging import logger
from runtime.offsets import InOrder
from runtime.steps import step

log = logger(__name__)


def _nothing_committed(_tp: TP) -> int | None:
    return None


def _give_up(tp: TP, due: int) -> None:
    die(f"{tp.topic}, partition {tp.partition}: record {due} was left out")


class Acknowledger:
    """Acknowledges events in order of offset, after everything that they caused is durable."""

    def __init__(
        self,
        stage: str,
        open_at_most: int = 2000,
        *,
        first: Callable[[TP], int | None] = _nothing_committed,
        ask_again: Callable[[TP, int], None] = _give_up,
    ) -> None:
        """``first``: the committed offset of a partition, None where there is none; ``ask_again``: reads from there."""
        self.stage = stage
        # Set by an agent while it works on a record, which may take long and holds back the next one.
        self.at_work = False
        self._first = first
        self._ask_again = ask_again
        self._asked: dict[TP, int] = {}
        self._open: dict[TP, InOrder[EventT[Any]]] = {}
        # An event that was taken before partitions were reassigned is not in here any more: nothing is owed for it.
        self._owed: dict[EventT[Any], InOrder[EventT[Any]]] = {}
        self._next: dict[TP, int] = {}
        self._queue: asyncio.Queue[tuple[EventT[Any], list[Awaitable[Any]]]] = asyncio.Queue(open_at_most)
        # By partition the offset behind the last event that was acknowledged; Faust has to commit it.
        self._acknowledged: dict[TP, int] = {}
        self._task: asyncio.Task[None] | None = None

    def taken(self, event: EventT[Any]) -> bool:
        """An event was taken from its stream; its acknowledgement is owed. False: it was delivered before, pass on.

        After a restart Faust has been seen to deliver records twice, and to leave records out (its issues 596, 629).
        The topics of agents have no gaps, so one that shows is a loss: they are asked for again from there.
        """
        tp, offset = event.message.tp, event.message.offset
        if tp not in self._next:
            first = self._first(tp)
            self._next[tp] = offset if first is None else first
        wanted = self._next[tp]
        if offset < wanted:
            return False
        if offset > wanted:
            if self._asked.get(tp) != wanted:
                self._asked[tp] = wanted
                log.warning("records were left out", topic=tp.topic, partition=tp.partition, due=wanted, came=offset)
                self._ask_again(tp, wanted)
            return False
        self._asked.pop(tp, None)
        self._next[tp] = offset + 1
        metrics.RECORDS.labels(self.stage, event.message.topic).inc()
        in_order = self._open.setdefault(tp, InOrder())
        in_order.opened(offset, event)
        self._owed[event] = in_order
        return True

    def due(self, tp: TP) -> int | None:
        """The offset that must come next from this partition; None where none has come yet."""
        return self._next.get(tp)

    def acknowledged(self, tp: TP) -> int | None:
        """The offset that is to be committed; None where nothing was acknowledged since the partition came."""
        return self._acknowledged.get(tp)

    def go_on_at(self, tp: TP, first: int) -> None:
        """The broker has no record before ``first`` any more, so none can come."""
        self._next[tp] = max(first, self._next.get(tp, first))
        self._asked.pop(tp, None)

    async def done(self, event: EventT[Any], caused: list[Awaitable[Any]]) -> None:
        """The work on ``event`` is done; ``caused`` are confirmations to wait for. Waits where too many are open."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"{self.stage}-acknowledger")
            self._task.add_done_callback(_ended)
        await self._queue.put((event, caused))

    def forget(self) -> None:
        """Partitions were revoked: what is open comes again, from the committed offset."""
        self._open.clear()
        self._owed.clear()
        self._next.clear()
        self._asked.clear()
        self._acknowledged.clear()

    async def _run(self) -> None:
        while True:
            event, caused = await self._queue.get()
            try:
                for future in caused:
                    await future
                    step(f"{self.stage}.confirmation")
            except (KafkaError, OSError, RuntimeError) as error:
                die("a message could not be delivered", error)
            step(f"{self.stage}.confirmed")
            in_order = self._owed.pop(event, None)
            if in_order is not None:
                for offset, free in in_order.done(event.message.offset):
                    free.ack()
                    self._acknowledged[free.message.tp] = offset + 1
                step(f"{self.stage}.acknowledged")


def _ended(task: asyncio.Task[None]) -> None:
    """An acknowledger never ends by itself; without it nothing would be committed, and the agents would stand still."""
    if not task.cancelled():
        die("an acknowledger ended", task.exception())


def acknowledger_of(app: faust.App, stage: str, open_at_most: int = 2000) -> Acknowledger:
    """An acknowledger that asks the app's consumer for records that were left out."""
    asking: set[asyncio.Task[None]] = set()

    def ask_again(tp: TP, due: int) -> None:
        task = asyncio.ensure_future(app.consumer.seek(tp, due))
        asking.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(asking.discard)

    # Where nothing was committed, and for 0, Faust says None: the first record is due then.
    return Acknowledger(stage, open_at_most, first=lambda tp: committed(app, tp) or 0, ask_again=ask_again)


def committed(app: faust.App, tp: TP) -> int | None:
    """The committed offset with which the partition was assigned; None where there is none."""
    # Faust has no public name for what was committed when the partition was assigned.
    consumer: Any = app.consumer
    offset: int | None = consumer._committed_offset.get(tp)  # noqa: SLF001
    return offset
