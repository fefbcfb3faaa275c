"""Acknowledgement in order, across reassignments; what an agent does with what it cannot process."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from faust.types import TP

from processors import unrecoverable
from processors.acknowledge import Acknowledger
from processors.faust_app import Outgoing, Packed, Sender, run_stateless
from runtime.settings import Settings
from schemas import Mark, header
from schemas.errors import RemarkwireError
from schemas.message import MAX_MESSAGE_BYTES
from schemas.topics import REPORTS


class Event:
    """What the code uses of a Faust event."""

    def __init__(self, offset: int, value: bytes = b"") -> None:
        self.message = SimpleNamespace(
            tp=TP("reports", 0), topic="reports", partition=0, offset=offset, timestamp=1.0, key=None, value=value,
            headers=[],
        )  # fmt: skip
        self.acked = 0

    def ack(self) -> None:
        self.acked += 1


def confirmed() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_acknowledged_in_order_once_what_they_caused_is_durable() -> None:
    async def scenario() -> None:
        acknowledger = Acknowledger("test")
        events: list[Any] = [Event(offset) for offset in (3, 4)]
        for event in events:
            acknowledger.taken(event)
        open_: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await acknowledger.done(events[1], [confirmed()])
        await acknowledger.done(events[0], [open_])
        await settled()
        assert [event.acked for event in events] == [0, 0]
        open_.set_result(None)
        await settled()
        assert [event.acked for event in events] == [1, 1]

    asyncio.run(scenario())


def test_an_event_at_work_while_partitions_are_reassigned_is_not_acknowledged_and_stops_nothing() -> None:
    async def scenario() -> None:
        acknowledger = Acknowledger("test", open_at_most=2)
        stale: Any = Event(5)
        acknowledger.taken(stale)
        acknowledger.forget()
        await acknowledger.done(stale, [confirmed()])
        await settled()
        assert stale.acked == 0
        again: list[Any] = [Event(offset) for offset in (5, 6, 7, 8)]
        for event in again:
            acknowledger.taken(event)
        # The first is not done: that an earlier reading of it ended says nothing of this one.
        for event in again[1:]:
            await asyncio.wait_for(acknowledger.done(event, [confirmed()]), 5)
        await acknowledger.done(stale, [confirmed()])
        await settled()
        assert [event.acked for event in again] == [0, 0, 0, 0]
        await acknowledger.done(again[0], [confirmed()])
        await settled()
        assert [event.acked for event in again] == [1, 1, 1, 1]

    asyncio.run(scenario())


class Stream:
    def __init__(self, events: list[Event]) -> None:
        self._events = events

    def noack(self) -> "Stream":
        return self

    async def events(self) -> AsyncIterator[Event]:
        for event in self._events:
            yield event


class Sent(Sender):
    """Keeps what it is given to send."""

    def __init__(self) -> None:
        super().__init__(None, Settings(), "test")  # type: ignore[arg-type]
        self.letters: list[tuple[str, str | None, str | None]] = []

    async def send(self, packed: Packed) -> Awaitable[Any]:
        self.letters.append((packed.topic, header(packed.headers, "dlq_reason"), header(packed.headers, "dlq_message")))
        return confirmed()


def _raises(error: Exception) -> list[Outgoing]:
    raise error


def _odd_year() -> list[Outgoing]:
    # What its headers say of its time has no year that Python could write.
    return [Outgoing(REPORTS, "key", Mark(kind="tick", sent_ms=-(10**15)))]


def _too_large() -> list[Outgoing]:
    mark = Mark(kind="tick", sent_ms=1)
    return [Outgoing(REPORTS, "k", msgspec.structs.replace(mark, kind="x" * MAX_MESSAGE_BYTES))]


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (lambda: _raises(RuntimeError("generator raised StopIteration")), "processing_failed"),
        (lambda: _raises(AssertionError("a library's")), "processing_failed"),
        (lambda: _raises(msgspec.ValidationError("deep inside")), "processing_failed"),
        (lambda: datetime.datetime(2026, 1, 1) < datetime.datetime.now(datetime.UTC), "processing_failed"),  # noqa: DTZ001
        (_odd_year, "processing_failed"),
        (_too_large, "message_too_large"),
    ],
)
def test_what_one_record_does_is_its_own_fault_and_the_next_goes_on(work: Any, reason: str) -> None:
    async def scenario() -> None:
        poison, good = Event(0, b"poison"), Event(1, b"good")
        sent, acknowledger = Sent(), Acknowledger("test")
        await run_stateless(
            Stream([poison, good]), lambda value, _: work() if value == b"poison" else [], acknowledger, sent
        )
        await settled()
        assert [(topic, why) for topic, why, _ in sent.letters] == [("reports.dlq", reason)]
        assert [poison.acked, good.acked] == [1, 1]

    asyncio.run(scenario())


def test_what_is_nobodys_fault_for_ever_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    class DiedError(RemarkwireError):
        pass

    def die(reason: str, error: BaseException | None = None) -> None:
        raise DiedError(reason) from error

    async def scenario() -> None:
        event: Any = Event(0)
        await run_stateless(Stream([event]), lambda *_: _raises(OSError("disk full")), Acknowledger("test"), Sent())

    monkeypatch.setattr(unrecoverable, "die", die)
    with pytest.raises(DiedError):
        asyncio.run(scenario())


def test_records_that_are_left_out_are_asked_for_once_and_those_that_come_twice_passed_over() -> None:
    asked: list[tuple[TP, int]] = []
    acknowledger = Acknowledger("test", first=lambda _tp: 5, ask_again=lambda tp, due: asked.append((tp, due)))
    tp = TP("reports", 0)
    come: list[Any] = [Event(offset) for offset in (5, 8, 9, 6, 5, 7, 8)]
    assert [acknowledger.taken(event) for event in come] == [True, False, False, True, False, True, True]
    assert asked == [(tp, 6)]
    assert acknowledger.due(tp) == 9


def test_a_first_record_behind_the_committed_offset_is_a_loss_too() -> None:
    asked: list[int] = []
    acknowledger = Acknowledger("test", first=lambda _tp: 2, ask_again=lambda _tp, due: asked.append(due))
    late: Any = Event(4)
    assert not acknowledger.taken(late)
    assert asked == [2]
