"""The worker of ``group``: holds reports until their turn, decides, stores and sends.

The table has one entry for each report, with the decision and the record that it was made on; all that is searched is
derived from it in memory when a partition is first used. A table write can reach the changelog before the outputs are
durable, and the other way round: both are repeated when the record comes again, because deciding is deterministic and
a stored decision is sent again as it was.
"""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

import faust
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from faust.types import EventT

from processors.acknowledge import acknowledger_of
from processors.faust_app import Sender, origin, record_headers
from processors.faust_app import append_ms as append_ms_of
from processors.group.grouper import Outcome
from processors.group.model import Model
from processors.group.order import Due, not_ahead
from processors.group.overrides import missing_rulings, speaker_of
from processors.group.partition import RULING_KEY, Partition, Progress, Stored, Waiting, stored_of
from processors.group.tables import Tables, size_of
from processors.group.values import puts_of
from processors.group.vectors.foreign import Foreign
from processors.group.vectors.space import Space, shipped_space
from processors.lease import Lease
from processors.unrecoverable import die
from runtime import metrics
from runtime.logging import logger
from runtime.settings import Settings
from runtime.steps import step
from runtime.topics import names
from schemas import GroupedReport, Mark, Override, Remark, Report, Ruling, Source, Story, header
from schemas.errors import DEFECTS, MessageError, MessageTooLarge, ProcessingFailed
from schemas.message import TYPE_PREFIX
from schemas.topics import GROUPED, REMARKS, REPORTS, STORIES, Topic

log = logger(__name__)
_MARK_TYPE = TYPE_PREFIX + Mark.TYPE
_RULING_TYPE = TYPE_PREFIX + Ruling.TYPE
_MEASURE_SECONDS = 30.0

Current = Callable[[], Mapping[str, Override]]
"""The overrides that hold, by id."""


class Worker:
    """The thin edge: events in, table writes and messages out."""

    def __init__(
        self,
        app: faust.App,
        settings: Settings,
        current: Current,
        model: Model,
        forgotten: Container[str],
        space: Space | None = None,
    ) -> None:
        self._app, self._settings, self._current, self._model = app, settings, current, model
        self._forgotten = forgotten
        self._space = space or shipped_space()
        self._foreign = Foreign(self._space)
        self._reports = names(settings, REPORTS)
        self._send = Sender(app, settings, "group")
        self.acknowledger = acknowledger_of(app, "group")
        self._partitions: dict[int, Partition] = {}
        self._building: dict[int, Progress] = {}
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._reading = asyncio.Lock()
        self._stored: dict[int, dict[str, Stored]] | None = None
        self._assignment = 0
        self.lease = Lease(settings.kafka.session_timeout_ms / 1000)
        self._measured = 0.0
        self._tables = Tables(app, settings)

    def forget(self) -> None:
        """Partitions were revoked: memory is built again from the table when the next record comes."""
        self._assignment += 1
        self._partitions.clear()
        self._stored = None
        self.acknowledger.forget()

    async def take(self, event: EventT[Any]) -> None:
        """One record of ``reports``: a report, a mark, or something that is neither."""
        self.lease.check()
        if not self.acknowledger.taken(event):
            return
        step("group.consumed")
        number = event.message.partition
        partition = await self._partition(number)
        if partition is None:
            return
        partition.last_read, partition.ticked = time.monotonic(), False
        headers, when = record_headers(event), append_ms_of(event)
        # Acknowledged after what is due before them.
        finished: list[EventT[Any]] = []
        ruling: Ruling | None = None
        try:
            if header(headers, "ce_type") == _MARK_TYPE:
                due = partition.order.mark(Mark.decode(event.message.value, headers), when)
                partition.holds.append(event)
                if not partition.order.holding:
                    finished, partition.holds = partition.holds, []
            elif header(headers, "ce_type") == _RULING_TYPE:
                ruling = Ruling.decode(event.message.value, headers)
                due = partition.order.passed(when)
            else:
                given = Report.decode(event.message.value, headers)
                if self._foreign.many_with(given):
                    log.warning(
                        "many vectors are of another model than the vector space, and taken for none; see that "
                        "group.vector_space is of annotate's model, and give replay --from clean for what came before",
                        model=str(self._space.model),
                        report=given.report_id,
                    )
                report = not_ahead(given, when)
                if report is not given:
                    log.warning("fetched by a clock that is ahead", report=report.report_id, said_ms=given.seq.ms)
                if report.article_id in self._forgotten and not report.forgotten:
                    # It stays in this log, and a replay reads it again. Where it was decided before the article was
                    # taken out, the empty report that `forget` sends takes it back, and tells of all that it touched.
                    due = partition.order.passed(when)
                    finished.append(event)
                else:
                    due = partition.order.report(Waiting(report, event), report.seq, event.message.offset, when)
        except MessageError as error:
            await self.acknowledger.done(event, [await self._send.dead_letter(event, error)])
            step("group.dead_letter")
            return
        for turn in due:
            await self._decide(partition, turn)
            if self._partitions.get(number) is not partition:
                # Reassigned meanwhile: the rest is its next owner's, who would not see what is decided here.
                return
        if ruling is not None:
            await self._rule(partition, ruling, event)
        for one in finished:
            await self.acknowledger.done(one, [])
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

    async def reconcile(self) -> None:
        """Puts into the log what the topic of overrides says and the log does not yet, and takes back what is gone.

        Done by whoever owns the partition, and again after a restart: nothing depends on who saw an override first.
        """
        wanted = self._current()
        speakers: dict[int, set[str]] = defaultdict(set)
        for speaker_id in filter(None, map(speaker_of, wanted.values())):
            speakers[self._partition_of(speaker_id)].add(speaker_id)
        for number, partition in list(self._partitions.items()):
            for ruling in missing_rulings(wanted, partition.rulings(), speakers[number]):
                partition.under_way[ruling.override_id] = ruling
                log.info("override goes into the log", override=ruling.override_id, holds=ruling.override is not None)
                sent = await self._send.send(self._send.packed(REPORTS, "", ruling, partition=number))
                try:
                    await sent
                except (KafkaError, RuntimeError) as error:
                    die("an override could not be put into the log", error)

    def _partition_of(self, speaker_id: str) -> int:
        # As our producers choose it (murmur2_random) and aiokafka does.
        return int(murmur2(speaker_id.encode()) & 0x7FFFFFFF) % self._settings.pipeline.partitions

    async def _decide(self, partition: Partition, turn: Due[Waiting]) -> None:
        report, event = turn.item.report, turn.item.event
        source = Source(topic=self._reports, partition=event.message.partition, offset=turn.offset)
        if turn.late and report.visit == 1:
            metrics.LATE.inc()
        grouper = partition.grouper(report.speaker_id)

        def work() -> Outcome:
            return grouper.decide(report, source, late=turn.late)

        await self._settle(partition, event, report.speaker_id, report.report_id, work)

    async def _rule(self, partition: Partition, ruling: Ruling, event: EventT[Any]) -> None:
        source = Source(topic=self._reports, partition=event.message.partition, offset=event.message.offset)
        grouper = partition.grouper(ruling.speaker_id)

        def work() -> Outcome:
            return grouper.rule(ruling, source)

        await self._settle(partition, event, ruling.speaker_id, None, work)
        # One that cannot be carried out stays under way, so that it is not put into the log again and again.
        if ruling.override_id in partition.grouper(ruling.speaker_id).rulings:
            partition.under_way.pop(ruling.override_id, None)

    async def _settle(
        self,
        partition: Partition,
        event: EventT[Any],
        speaker_id: str,
        report_id: str | None,
        work: Callable[[], Outcome],
    ) -> None:
        """Stores and sends what ``work`` brings about, on the record of ``event``."""
        try:
            with metrics.STAGE_SECONDS.labels("group").time():
                outcome = work()
            puts = puts_of(outcome)
            outgoing = [self._send.packed(*address(message), message) for message in outcome.outputs]
        except (MessageTooLarge, *DEFECTS) as error:
            log.exception("defect", stage="group", **origin(event).__dict__)
            failed = ProcessingFailed(f"{report_id or 'ruling'}: {type(error).__name__}: {error}")
            await self.acknowledger.done(event, [await self._send.dead_letter(event, failed)])
            await self._reset(partition, event.message.partition, speaker_id)
            return
        if not puts and report_id is not None:
            puts += self._tables.again(report_id.encode())
        if outcome.ruling is not None:
            puts.insert(0, (RULING_KEY + outcome.ruling.override_id.encode(), outcome.ruling.encode()))
        step("group.decided")
        self.lease.check()
        # Without an await between them, so that these are the confirmations of these writes.
        self._tables.store(puts, outcome)
        step("group.stored")
        caused = self._tables.unconfirmed()
        for packed in outgoing:
            caused.append(await self._send.send(packed))
            step("group.output")
        await self.acknowledger.done(event, caused)

    async def _reset(self, partition: Partition, number: int, speaker_id: str) -> None:
        """Builds the state of a speaker again, which a defect may have half changed, from the tables, which it did not
        change. In a thread, as in ``_partition``; the agent waits, so nothing is decided meanwhile.
        """
        if self._partitions.get(number) is not partition:
            return
        assignment = self._assignment
        values = await self._tables.values(lambda: assignment != self._assignment)
        if values is None:
            return

        def built() -> None:
            partition.reset(speaker_id, stored_of(*values)[number][speaker_id])

        await asyncio.to_thread(built)

    async def prepare(self) -> None:
        """Builds the state of each partition that is assigned, before its first record."""
        if not self._app.rebalancing:
            for number in self._assigned():
                await self._partition(number)

    def busy(self) -> str | None:
        """What keeps the worker from deciding; None when nothing does."""
        missing = [number for number in self._assigned() if number not in self._partitions]
        building = [progress for number, progress in self._building.items() if number in missing]
        done, of = sum(one.done for one in building), sum(one.of for one in building)
        metrics.REBUILT.set(1.0 if not missing else done / of if of else 0.0)
        if not missing:
            return None
        return ", ".join(map(str, building)) or f"state of {len(missing)} partitions is to be built"

    def measure(self) -> None:
        """Sizes of the tables, as gauges; that on disk now and then, since it takes a look at every file."""
        metrics.TABLE_ENTRIES.set(sum(one.entries for one in self._partitions.values()))
        if time.monotonic() - self._measured > _MEASURE_SECONDS:
            self._measured = time.monotonic()
            folder = Path(self._app.conf.datadir)
            metrics.TABLE_BYTES.set(sum(size_of(file) for file in folder.rglob("*")))

    def _assigned(self) -> list[int]:
        return sorted(tp.partition for tp in self._app.consumer.assignment() if tp.topic == self._reports)

    async def _partition(self, number: int) -> Partition | None:
        """The state of a partition, built where it is not there yet; None where the partition was lost meanwhile.

        Built in a thread: a worker that does not answer its group for so long would be thrown out of it.
        """
        async with self._locks[number]:
            if number in self._partitions:
                return self._partitions[number]
            started, assignment = time.monotonic(), self._assignment
            progress = self._building[number] = Progress(number)
            # What is read and built stays for days: no use looking for garbage in it again and again while it grows.
            gc.disable()
            try:
                stored = await self._stored_in(number)
                if stored is None:
                    return None
                progress.of = sum(len(one.entries) for one in stored.values())
                partition = await asyncio.to_thread(
                    Partition, stored, self._settings, self._model, self._space, progress
                )
            finally:
                gc.enable()
            if assignment != self._assignment:
                return None
            self._partitions[number] = partition
            if not set(self._assigned()) - self._partitions.keys():
                self._stored = None
            gc.freeze()
            log.info("state built", partition=number, entries=progress.of, seconds=round(time.monotonic() - started, 2))
            return partition

    async def _stored_in(self, number: int) -> dict[str, Stored] | None:
        """What the tables have of a partition, by speaker; None where partitions were lost meanwhile.

        Read once for all partitions, and kept until those that are assigned are built: to read it for each would take
        as long again for each. Of one that is not built nothing changes meanwhile.
        """
        async with self._reading:
            if self._stored is None:
                assignment = self._assignment
                values = await self._tables.values(lambda: assignment != self._assignment)
                stored = None if values is None else await asyncio.to_thread(stored_of, *values)
                if stored is None or assignment != self._assignment:
                    return None
                self._stored = stored
            return self._stored.get(number, {})


def address(message: GroupedReport | Remark | Story) -> tuple[Topic, str]:
    """Topic and key of what ``group`` sends."""
    match message:
        case GroupedReport():
            return GROUPED, message.decision.report_id
        case Remark():
            return REMARKS, message.statement_id
        case Story():
            return STORIES, message.story_id
