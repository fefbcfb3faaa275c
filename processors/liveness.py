"""Ends a Faust worker that stands still, so that its supervisor starts it again.

Faust's consumer, its fetcher and the recovery of its tables can each stop without an error (its issues 175, 523, 532,
594, 596, 629), and a timer of the app does not start before recovery is done. So a thread of its own looks, and by
offsets alone: those that the broker has, asked by another client, against those that came.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from confluent_kafka import Consumer, KafkaException, TopicPartition
from faust.types import TP

from processors.acknowledge import Acknowledger, committed
from processors.faust_app import App
from processors.unrecoverable import die
from runtime import metrics
from runtime.kafka import looker
from runtime.logging import logger
from runtime.offsets import MADE_ANEW
from runtime.settings import Settings

log = logger(__name__)
_LOOK_SECONDS = 2.0
_ASK_TIMEOUT = 5.0

Phase = Literal["starting", "assigning", "recovering", "building", "running"]


@dataclass(frozen=True)
class Limits:
    """Seconds without a change, after which a worker asks again, or is given up.

    ``behind``: for a partition that stands while the worker reads others. Faust delivers what it fetched in order and
    waits at the first full queue, so the records of one topic stand behind those of another that takes its time.
    """

    ask: float = 5.0
    stuck: float = 20.0
    behind: float = 120.0
    recovering: float = 60.0
    joining: float = 120.0
    work: float = 600.0
    loop: float = 300.0
    commit: float = 120.0


@dataclass(frozen=True)
class Seen:
    """A look at a worker. ``position``: anything that changes while its phase makes progress; ``due``: by partition of
    the watched topics, the offset that must come next; ``at_work``: those whose agent is busy with the record before;
    ``committing``: what is committed, where an offset behind it is acknowledged.
    """

    phase: Phase
    position: Hashable = None
    due: Mapping[TP, int] = field(default_factory=dict)
    at_work: frozenset[TP] = frozenset()
    committing: Mapping[TP, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """Read again from ``due``."""

    tp: TP
    due: int


@dataclass(frozen=True)
class Gone:
    """The broker has no record before ``first`` any more (retention, or it was deleted): go on there."""

    tp: TP
    first: int


@dataclass(frozen=True)
class End:
    reason: str


Verdict = Ask | Gone | End

Busy = Callable[[], str | None]
"""What a stage itself still has to do before it works, in words that change as it goes on; None when it works."""


class Judge:
    """Decides from successive looks whether the worker stands still. Knows no clock: it is told the time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._phase: tuple[Phase, Hashable] | None = None
        self._phase_since = 0.0
        self._since: dict[TP, tuple[int, float, bool]] = {}
        # Since when a partition ends before what is due: a new leader may be behind for a moment. For longer it is
        # another log, whose records would be taken for some that were delivered before.
        self._cut: dict[TP, float] = {}
        self._moved = 0.0
        self._committed: dict[TP, tuple[int, float]] = {}

    def look(self, now: float, seen: Seen, ends: Mapping[TP, tuple[int, int]] | None) -> list[Verdict]:
        """``ends``: first and next offset by partition; None while the broker does not answer, which excuses all."""
        if ends is None or (seen.phase, seen.position) != self._phase:
            self._phase, self._phase_since = (seen.phase, seen.position), now
        if ends is None or seen.phase != "running":
            self._since.clear()
            self._cut.clear()
            self._committed.clear()
            limit = self._limits.recovering if seen.phase == "recovering" else self._limits.joining
            if seen.phase != "running" and now - self._phase_since > limit:
                return [End(f"{seen.phase} for {now - self._phase_since:.0f} s without a change")]
            return []
        verdicts = self._commits(now, seen.committing)
        if seen.at_work or any(tp in self._since and due != self._since[tp][0] for tp, due in seen.due.items()):
            self._moved = now
        for tp, due in seen.due.items():
            first, end = ends.get(tp, (0, 0))
            before, when, asked = self._since.get(tp, (-1, now, False))
            cut = self._cut.setdefault(tp, now) if due > end and tp in ends else self._cut.pop(tp, now)
            if now - cut > self._limits.ask:
                verdicts.append(
                    End(f"{tp.topic}, partition {tp.partition}: record {due} is due and there are {end}: {MADE_ANEW}")
                )
            elif due < first:
                verdicts.append(Gone(tp, first))
                self._since.pop(tp, None)
            elif due != before or due >= end:
                self._since[tp] = (due, now, False)
            elif tp in seen.at_work:
                if now - when > self._limits.work:
                    verdicts.append(End(f"{tp.topic}, partition {tp.partition}: the record before {due} is never done"))
            elif self._over(now, when, self._limits.stuck, self._limits.behind):
                verdicts.append(
                    End(f"{tp.topic}, partition {tp.partition}: no record arrives, {due} is due and there are {end}")
                )
            elif not asked and self._over(now, when, self._limits.ask, self._limits.behind / 2):
                self._since[tp] = (due, when, True)
                verdicts.append(Ask(tp, due))
        return verdicts

    def _over(self, now: float, since: float, alone: float, behind: float) -> bool:
        """Whether a partition has stood too long: since nothing of the worker moves, or while others do."""
        return now - max(since, self._moved) > alone or now - since > behind

    def _commits(self, now: float, committing: Mapping[TP, int]) -> list[Verdict]:
        """Faust's commits can stall behind a gap that it sees and that is none (its issue 596)."""
        self._committed = {tp: one for tp, one in self._committed.items() if committing.get(tp) == one[0]}
        verdicts: list[Verdict] = []
        for tp, offset in committing.items():
            _, since = self._committed.setdefault(tp, (offset, now))
            if now - since > self._limits.commit:
                where = f"{tp.topic}, partition {tp.partition}"
                verdicts.append(End(f"{where}: no offset behind {offset} is committed, though more is done"))
        return verdicts


def never() -> str | None:
    return None


def end_when_stuck(app: App, settings: Settings, acknowledgers: Mapping[str, Acknowledger], busy: Busy = never) -> None:
    """Watches once the app starts; ``acknowledgers`` by the name of the topic that each one's agent reads."""
    watch = _Watch(app, settings, acknowledgers, busy)
    for topic, acknowledger in acknowledgers.items():
        metrics.DELETED_UNREAD.labels(acknowledger.stage, topic)  # there before it happens, for the alert
    app.watches = [*app.watches, threading.Thread(target=watch.run, name="liveness", daemon=True)]


class _Watch:
    def __init__(self, app: App, settings: Settings, acknowledgers: Mapping[str, Acknowledger], busy: Busy) -> None:
        self._app, self._busy = app, busy
        self._acknowledgers = acknowledgers
        self._settings = settings
        self._limits = Limits(
            joining=max(120.0, 4 * settings.kafka.session_timeout_ms / 1000), loop=settings.pipeline.stuck_seconds
        )
        self._committed: dict[TP, int | None] = {}
        self._judge = Judge(self._limits)
        self._beat = time.monotonic()
        self._pause = threading.Event()

    def run(self) -> None:
        broker = looker(self._settings)
        while not self._pause.wait(_LOOK_SECONDS):
            loop: asyncio.AbstractEventLoop | None = getattr(self._app, "_loop", None)
            if self._app.should_stop or (loop is not None and loop.is_closed()):
                return
            if loop is not None and loop.is_running():
                self._call(loop, self._alive)
            if time.monotonic() - self._beat > self._limits.loop:
                die(f"the event loop does not answer for {self._limits.loop:.0f} s")
            seen = self._seen()
            ends = self._ends(broker, seen)
            for verdict in self._judge.look(time.monotonic(), seen, ends):
                self._act(verdict, loop)
            if ends is not None and seen.phase == "running":
                for stage, behind in self._behind(seen.due, ends).items():
                    metrics.BEHIND.labels(stage).set(behind)

    def _behind(self, due: Mapping[TP, int], ends: Mapping[TP, tuple[int, int]]) -> dict[str, int]:
        """Records of each stage that are not done."""
        found = {acknowledger.stage: 0 for acknowledger in self._acknowledgers.values()}
        for tp, (first, end) in ends.items():
            if tp in due:
                found[self._acknowledgers[tp.topic].stage] += max(0, end - max(first, due[tp]))
        return found

    def _alive(self) -> None:
        self._beat = time.monotonic()

    @staticmethod
    def _call(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:
            return  # closed in between: the worker is ending

    def _seen(self) -> Seen:
        app: Any = self._app
        recovery: Any = app.tables.recovery
        if app.in_recovery:
            return Seen("recovering", tuple(sorted(dict(recovery.active_offsets).items())))
        if not recovery.completed.is_set():
            return Seen("starting", app.rebalancing_count)
        if app.rebalancing:
            return Seen("assigning", app.rebalancing_count)
        if (under_way := self._busy()) is not None:
            return Seen("building", under_way)
        at_work: set[TP] = set()
        due: dict[TP, int] = {}
        committing: dict[TP, int] = {}
        for tp in app.consumer.assignment():
            acknowledger = self._acknowledgers.get(tp.topic)
            if acknowledger is not None:
                next_ = acknowledger.due(tp)
                due[tp] = next_ if next_ is not None else committed(app, tp) or 0
                if acknowledger.at_work:
                    at_work.add(tp)
                done, wanted = committed(app, tp), acknowledger.acknowledged(tp)
                if done != self._committed.get(tp):
                    self._committed[tp] = done
                    metrics.committed(acknowledger.stage)
                if wanted is not None and wanted > (done or 0):
                    committing[tp] = done or 0
        return Seen("running", due=due, at_work=frozenset(at_work), committing=committing)

    def _ends(self, broker: Consumer, seen: Seen) -> dict[TP, tuple[int, int]] | None:
        try:
            if not seen.due:
                broker.list_topics(next(iter(self._acknowledgers)), timeout=_ASK_TIMEOUT)
                return {}
            return {
                tp: broker.get_watermark_offsets(TopicPartition(tp.topic, tp.partition), timeout=_ASK_TIMEOUT)
                for tp in seen.due
            }
        except KafkaException:
            return None

    def _act(self, verdict: Verdict, loop: asyncio.AbstractEventLoop | None) -> None:
        match verdict:
            case End(reason):
                die(reason)
            case Ask(tp, due):
                log.warning("no record arrives, asking again", topic=tp.topic, partition=tp.partition, due=due)
                self._seek(loop, tp, due)
            case Gone(tp, first):
                acknowledger = self._acknowledgers[tp.topic]
                due_before = acknowledger.due(tp)
                if due_before is not None:
                    metrics.DELETED_UNREAD.labels(acknowledger.stage, tp.topic).inc(max(0, first - due_before))
                log.error(
                    "records were deleted before they were read", topic=tp.topic, partition=tp.partition,
                    due=due_before, first=first,
                )  # fmt: skip
                if loop is not None:
                    self._call(loop, lambda: self._acknowledgers[tp.topic].go_on_at(tp, first))
                    self._seek(loop, tp, first)

    def _seek(self, loop: asyncio.AbstractEventLoop | None, tp: TP, offset: int) -> None:
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(self._app.consumer.seek(tp, offset), loop)
