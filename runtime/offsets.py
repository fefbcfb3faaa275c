"""Which offset of a partition may be committed: work ends in any order, offsets are committed without a gap.

A committed offset says "everything before is done". So a record that is still at work holds back all that are behind
it, and a crash repeats them; nothing is lost.
"""

from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class InOrder(Generic[Item]):
    """Open records of one partition, in order of offset. Not thread-safe."""

    def __init__(self) -> None:
        self._open: deque[tuple[int, Item]] = deque()
        self._done: set[int] = set()

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, offset: int, item: Item) -> None:
        """A record was taken. Offsets must grow; gaps (compaction, transactions) are fine."""
        if self._open and offset <= self._open[-1][0]:
            raise ValueError(f"offset {offset} after {self._open[-1][0]}")
        self._open.append((offset, item))

    def done(self, offset: int) -> list[tuple[int, Item]]:
        """The work on ``offset`` is durable. Returns what may be committed now, in order; commit last offset + 1."""
        self._done.add(offset)
        free = []
        while self._open and self._open[0][0] in self._done:
            first = self._open.popleft()
            self._done.discard(first[0])
            free.append(first)
        return free
