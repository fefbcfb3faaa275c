"""In which order reports are decided: by ``seq``, as far as the log itself allows, and the same on every reading.

A report may be overtaken on its way by one that was fetched later. So each is held for a short window, and what is
due is decided in order of ``seq``. Were the window measured by a clock, two readers of the same topic would decide in
different orders. Here time is what the log says: the append time of the records, which the broker stamps and which
never runs backwards within a partition (Kafka's ``LogAppendTime``; "stream time" in Kafka Streams' terms). When no
report follows, the worker appends a ``tick`` to its own partition and reads it back: quiet time becomes part of the
log too. A replay appends ``hold`` before it fills the topic and ``release`` after it: between the two everything is
sorted, however far apart the partitions of its source were.

A report whose ``seq`` lies before one that is already decided is late: it is decided as soon as it is read.
"""

import heapq
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from schemas import Mark, Seq

Item = TypeVar("Item")


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


class Reorder(Generic[Item]):
    """The held reports of one partition. Fed with every record in order of offset, gives what is due."""

    def __init__(self, window_ms: int, last: Seq | None = None) -> None:
        """``last``: the highest ``seq`` decided so far, from the table; ``window_ms`` in append time."""
        self._window = window_ms
        self._last = last
        self._held: list[_Held[Item]] = []
        self._now = 0
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
            heapq.heappush(self._held, _Held(seq, offset, self._now, item))
        return due

    def mark(self, mark: Mark, append_ms: int) -> list[Due[Item]]:
        """Takes a mark."""
        due = self._advance(append_ms)
        kind: Literal["tick", "hold", "release"] = mark.kind
        if kind == "hold":
            due += self._release(len(self._held))
            self._holding = True
        elif kind == "release":
            self._holding = False
            due += self._release(len(self._held))
        return due

    def _advance(self, append_ms: int) -> list[Due[Item]]:
        """Moves time forward and releases what is due: every held report that came a window ago, and with it what
        stands before it in ``seq``.
        """
        self._now = max(self._now, append_ms)
        if self._holding:
            return []
        ripe = [held for held in self._held if held.append_ms + self._window <= self._now]
        if not ripe:
            return []
        border = max(ripe)
        return self._release(sum(1 for held in self._held if held <= border))

    def _release(self, count: int) -> list[Due[Item]]:
        out = []
        for _ in range(count):
            held = heapq.heappop(self._held)
            out.append(Due(held.item, held.offset, late=self._is_late(held.seq)))
            self._last = held.seq if self._last is None else max(self._last, held.seq)
        return out

    def _is_late(self, seq: Seq) -> bool:
        return self._last is not None and seq < self._last
