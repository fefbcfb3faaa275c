"""In which order reports are decided: by ``seq``, as far as the log itself allows, and the same on every reading.

A report may be overtaken on its way by one that was fetched later. So each is held for a short window, and what is
due is decided in order of ``seq``. Were the window measured by a clock, two readers of the same topic would decide in
different orders. Here time is what the log says: the append time of the records, which the broker stamps (Kafka's
``LogAppendTime``; "stream time" in Kafka Streams' terms). It is that broker's clock, which may be set back, or be
another's after a change of leader: a step back is no time that passed, and from there on time goes on. When no
report follows, the worker appends a ``tick`` to its own partition and reads it back: quiet time becomes part of the
log too. A replay appends ``hold`` before it fills the topic and ``release`` after it: between the two everything is
sorted, however far apart the partitions of its source were.

A report whose ``seq`` lies before one that is already decided is late: it is decided as soon as it is read. So one that
was stamped by a clock that is ahead would make all others late, and move the window in which reports are compared past
them, for as long as it is ahead. The append time tells that, too: see ``not_ahead``.
"""

import datetime
import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

import msgspec

from schemas import Mark, Report, Seq, epoch_ms

Item = TypeVar("Item")

# What clocks differ by; more is a mistake. ``remarkwire import`` measures archives by the same.
_AHEAD_MS = 24 * 60 * 60 * 1000


def not_ahead(report: Report, append_ms: int) -> Report:
    """The report, with times of its fetches that the log allows: nothing was fetched more than a day after its record
    was appended. What says so gets the append time instead. ``append_ms``: 0 or less where the record has none.
    """
    latest = append_ms + _AHEAD_MS
    if append_ms <= 0 or max(report.seq.ms, epoch_ms(report.fetched)) <= latest:
        return report
    appended = datetime.datetime.fromtimestamp(append_ms / 1000, datetime.UTC)
    return msgspec.structs.replace(
        report,
        seq=Seq(append_ms, report.seq.article_id) if report.seq.ms > latest else report.seq,
        fetched=appended if epoch_ms(report.fetched) > latest else report.fetched,
    )


@dataclass(frozen=True)
class Due(Generic[Item]):
    """A report whose turn it is."""

    item: Item
    offset: int
    late: bool


@dataclass(order=True)
class _Held(Generic[Item]):
    seq: Seq
    offset: int
    append_ms: int = field(compare=False)
    item: Item = field(compare=False)
    released: bool = field(default=False, compare=False)


class Reorder(Generic[Item]):
    """The held reports of one partition. Fed with every record in order of offset, gives what is due."""

    def __init__(self, window_ms: int, last: Seq | None = None) -> None:
        """``last``: the highest ``seq`` decided so far, from the table; ``window_ms`` in append time."""
        self._window = window_ms
        self._last = last
        self._held: list[_Held[Item]] = []  # a heap: the next in order of seq first
        self._came: deque[_Held[Item]] = deque()  # the same in order of append time; what is released already stays
        self._now = 0  # the sum of all steps forward
        self._appended = 0  # append time of the last record
        self._holding = False

    def __len__(self) -> int:
        return len(self._held)

    @property
    def holding(self) -> bool:
        return self._holding

    def report(self, item: Item, seq: Seq, offset: int, append_ms: int) -> list[Due[Item]]:
        """Takes a report; returns those that are due by its append time, in the order in which to decide them."""
        due = self._advance(append_ms)
        if self._is_late(seq) and not self._holding:
            due.append(Due(item, offset, late=True))
        else:
            held = _Held(seq, offset, self._now, item)
            heapq.heappush(self._held, held)
            self._came.append(held)
        return due

    def mark(self, mark: Mark, append_ms: int) -> list[Due[Item]]:
        """Takes a mark."""
        due = self._advance(append_ms)
        kind: Literal["tick", "hold", "release"] = mark.kind
        if kind == "hold":
            due += self._release()
            self._holding = True
        elif kind == "release":
            self._holding = False
            due += self._release()
        return due

    def passed(self, append_ms: int) -> list[Due[Item]]:
        """Takes note of a record that is neither report nor mark; what is due by its append time comes before it."""
        return self._advance(append_ms)

    def _advance(self, append_ms: int) -> list[Due[Item]]:
        """Moves time forward and releases what is due: every held report that came a window ago, and with it what
        stands before it in ``seq``.
        """
        # Not the highest append time: after a step back nothing would be due for as long as the step.
        self._now += max(0, append_ms - self._appended)
        self._appended = append_ms
        if self._holding:
            return []
        border: _Held[Item] | None = None
        while self._came and self._came[0].append_ms + self._window <= self._now:
            ripe = self._came.popleft()
            if not ripe.released and (border is None or border < ripe):
                border = ripe
        return self._release(border) if border is not None else []

    def _release(self, border: _Held[Item] | None = None) -> list[Due[Item]]:
        """All that is held up to ``border``, in order of ``seq``."""
        out = []
        while self._held and (border is None or self._held[0] <= border):
            held = heapq.heappop(self._held)
            held.released = True
            out.append(Due(held.item, held.offset, late=self._is_late(held.seq)))
            self._last = held.seq if self._last is None else max(self._last, held.seq)
        return out

    def _is_late(self, seq: Seq) -> bool:
        return self._last is not None and seq < self._last
