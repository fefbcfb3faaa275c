"""The worker of ``group``: a Faust agent that holds reports until their turn, decides, stores and sends.

The table has one entry for each report, with the decision and the record that it was made on; all that is searched is
derived from it in memory when a partition is first used. A table write can reach the changelog before the outputs are
durable, and the other way round: both are repeated when the record comes again, because deciding is deterministic and
a stored decision is sent again as it was.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

import faust
from aiokafka.errors import KafkaError
from faust.types import EventT

from processors.acknowledge import acknowledger_of
from processors.faust_app import (
    DEFECTS,
    ConfirmedTable,
    Sender,
    build_app,
    on_rebalance,
    origin,
    record_headers,
)
from processors.faust_app import append_ms as append_ms_of
from processors.group.grouper import Grouper, Outcome
from processors.group.model import Model, default_model
from processors.group.order import Due, Reorder
from processors.group.overrides import Overrides
from processors.liveness import end_when_stuck
from processors.unrecoverable import LastResort, die
from runtime import metrics
from runtime.logging import logger
from runtime.settings import Settings
from runtime.topics import names
from schemas import Entry, GroupedReport, Mark, Remark, Report, Source, Story, header
from schemas.errors import MessageError, MessageTooLarge, ProcessingFailed
from schemas.message import MAX_MESSAGE_BYTES, TYPE_PREFIX
from schemas.topics import ENTRIES, GROUPED, REMARKS, REPORTS, STORIES, Topic

log = logger(__name__)
_MARK_TYPE = TYPE_PREFIX + Mark.TYPE


@dataclass(frozen=True)
class _Waiting:
    """A report that waits for its turn, with the event whose acknowledgement is owed."""

    report: Report
    event: EventT[Any]


class _Partition:
    """What is in memory for one partition: the order, and the state of each of its speakers."""

    def __init__(self, entries: dict[str, list[Entry]], settings: Settings, model: Model, overrides: Overrides) -> None:
        self._model, self._overrides = model, overrides
        last = max((entry.report.seq for part in entries.values() for entry in part), default=None)
        self.order: Reorder[_Waiting] = Reorder(round(settings.group.reorder_seconds * 1000), last)
        self._groupers = {
            speaker: Grouper.rebuild(speaker, part, model=model, overrides=overrides)
            for speaker, part in entries.items()
        }
        self.last_read = time.monotonic()
        self.ticked = False
        # Marks of a hold that is not released: not acknowledged, or a restart in between would not know of them.
        self.holds: list[EventT[Any]] = []

    def reset(self, speaker_id: str, entries: list[Entry]) -> None:
        """Builds the state of one speaker again; what is held stays."""
        self._groupers[speaker_id] = Grouper.rebuild(speaker_id, entries, model=self._model, overrides=self._overrides)

    def grouper(self, speaker_id: str) -> Grouper:
        if speaker_id not in self._groupers:
            self._groupers[speaker_id] = Grouper(speaker_id, model=self._model, overrides=self._overrides)
        return self._groupers[speaker_id]


def build(settings: Settings, overrides: Overrides, model: Model | None = None) -> faust.App:
    """The app, not started. ``overrides``: all of them, read before the first report."""
    app = build_app(settings, "group")
    worker = _Worker(app, settings, overrides, model or default_model(window_days=settings.group.window_days))
    reports = app.topic(names(settings, REPORTS), key_serializer="raw", value_serializer="raw")

    @app.agent(reports, concurrency=1, name="group")
    async def group_agent(stream: Any) -> None:
        with LastResort():
            async for event in stream.noack().events():
                await worker.take(event)

    @app.timer(interval=max(0.05, settings.group.reorder_seconds / 4))  # type: ignore[untyped-decorator]
    async def tick() -> None:
        await worker.tick()

    on_rebalance(app, worker.forget)
    end_when_stuck(app, settings, {names(settings, REPORTS): worker.acknowledger})
    return app


class _Worker:
    """The thin edge: events in, table writes and messages out."""

    def __init__(self, app: faust.App, settings: Settings, overrides: Overrides, model: Model) -> None:
        self._settings, self._overrides, self._model = settings, overrides, model
        self._reports = names(settings, REPORTS)
        self._send = Sender(app, settings, "group")
        self.acknowledger = acknowledger_of(app, "group")
        self._partitions: dict[int, _Partition] = {}
        table = app.Table(
            "entries",
            partitions=settings.pipeline.partitions,
            changelog_topic=app.topic(names(settings, ENTRIES), key_serializer="raw", value_serializer="raw"),
            options={"driver": "rocksdict"},
            key_type=bytes,
            value_type=bytes,
        )
        self._table = cast("ConfirmedTable", table)

    def forget(self) -> None:
        """Partitions were revoked: memory is built again from the table when the next record comes."""
        self._partitions.clear()
        self.acknowledger.forget()

    async def take(self, event: EventT[Any]) -> None:
        """One record of ``reports``: a report, a mark, or something that is neither."""
        if not self.acknowledger.taken(event):
            return
        number = event.message.partition
        partition = self._partition(number)
        partition.last_read, partition.ticked = time.monotonic(), False
        headers, when = record_headers(event), append_ms_of(event)
        finished: list[EventT[Any]] = []
        try:
            if header(headers, "ce_type") == _MARK_TYPE:
                due = partition.order.mark(Mark.decode(event.message.value, headers), when)
                partition.holds.append(event)
                if not partition.order.holding:
                    finished, partition.holds = partition.holds, []
            else:
                report = Report.decode(event.message.value, headers)
                due = partition.order.report(_Waiting(report, event), report.seq, event.message.offset, when)
        except MessageError as error:
            await self.acknowledger.done(event, [await self._send.dead_letter(event, error)])
            return
        for turn in due:
            await self._decide(partition, turn)
            if self._partitions.get(number) is not partition:
                # Reassigned meanwhile: the rest is its next owner's, who would not see what is decided here.
                return
        for mark in finished:
            await self.acknowledger.done(mark, [])
        metrics.HELD.set(sum(len(p.order) for p in self._partitions.values()))

    async def tick(self) -> None:
        """Where reports wait and none follows, time is put into the log, once until it is read back."""
        now = time.monotonic()
        for number, partition in list(self._partitions.items()):
            quiet = now - partition.last_read >= self._settings.group.reorder_seconds
            if quiet and not partition.ticked and len(partition.order) and not partition.order.holding:
                partition.ticked = True
                mark = Mark(kind="tick", sent_ms=round(time.time() * 1000))
                sent = await self._send.send(self._send.packed(REPORTS, "", mark, partition=number))
                try:
                    await sent
                except (KafkaError, RuntimeError) as error:
                    die("a tick could not be delivered", error)  # nothing else would move what is held

    async def _decide(self, partition: _Partition, turn: Due[_Waiting]) -> None:
        report, event = turn.item.report, turn.item.event
        source = Source(topic=self._reports, partition=event.message.partition, offset=turn.offset)
        if turn.late:
            metrics.LATE.inc()
        grouper = partition.grouper(report.speaker_id)
        try:
            with metrics.STAGE_SECONDS.labels("group").time():
                outcome = grouper.decide(report, source, late=turn.late)
            puts = [(entry.report.report_id.encode(), _stored(entry)) for entry in _entries_of(outcome)]
            outgoing = [self._send.packed(*address(message), message) for message in outcome.outputs]
        except (MessageTooLarge, *DEFECTS) as error:
            log.exception("defect", stage="group", **origin(event).__dict__)
            failed = ProcessingFailed(f"{report.report_id}: {type(error).__name__}: {error}")
            # The state may be half changed; the table is not.
            partition.reset(report.speaker_id, self._entries(event.message.partition)[report.speaker_id])
            await self.acknowledger.done(event, [await self._send.dead_letter(event, failed)])
            return
        if outcome.entry is None:
            puts += self._again(report.report_id.encode())
        # Without an await between them, so that these are the confirmations of these writes.
        self._store(puts, outcome.expired)
        caused = self._table.unconfirmed()
        for packed in outgoing:
            caused.append(await self._send.send(packed))
        await self.acknowledger.done(event, caused)

    def _again(self, key: bytes) -> list[tuple[bytes, bytes]]:
        """A stored entry is put again with its record: after a kill the table on this machine may have it, and the
        changelog, from which the next owner of the partition reads, not.
        """
        stored = self._table.get(key)
        return [] if stored is None else [(key, stored)]

    def _store(self, puts: list[tuple[bytes, bytes]], expired: tuple[str, ...]) -> None:
        # What an expiring entry still says of others is put before the entry goes.
        for key, value in puts:
            self._table[key] = value
        for report_id in expired:
            self._table.pop(report_id.encode(), None)

    def _partition(self, number: int) -> _Partition:
        if number not in self._partitions:
            started = time.monotonic()
            entries = self._entries(number)
            self._partitions[number] = _Partition(entries, self._settings, self._model, self._overrides)
            count = sum(len(part) for part in entries.values())
            log.info("state built", partition=number, entries=count, seconds=round(time.monotonic() - started, 2))
        return self._partitions[number]

    def _entries(self, number: int) -> dict[str, list[Entry]]:
        """The table's entries of one partition, by speaker."""
        entries: dict[str, list[Entry]] = defaultdict(list)
        for value in self._table.values():
            entry = Entry.decode(value)
            if entry.source.partition == number:
                entries[entry.report.speaker_id].append(entry)
        return entries


def _entries_of(outcome: Outcome) -> list[Entry]:
    return [*outcome.kept, *([outcome.entry] if outcome.entry is not None else [])]


def _stored(entry: Entry) -> bytes:
    """The bytes for the table. Raises ``MessageTooLarge`` for what could not be read back."""
    value = entry.encode()
    if len(value) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(f"{entry.message_id}: entry of {len(value)} bytes, allowed are {MAX_MESSAGE_BYTES}")
    return value


def address(message: GroupedReport | Remark | Story) -> tuple[Topic, str]:
    """Topic and key of what ``group`` sends."""
    match message:
        case GroupedReport():
            return GROUPED, message.decision.report_id
        case Remark():
            return REMARKS, message.statement_id
        case Story():
            return STORIES, message.story_id
