"""Which offset of a partition may be committed: work ends in any order, offsets are committed without a gap.

A committed offset says "everything before is done". So a record that is still at work holds back all that are behind
it, and a crash repeats them; nothing is lost.
"""

from collections import deque
from typing import Generic, TypeVar

from schemas.errors import KafkaUnavailable

Item = TypeVar("Item")


MADE_ANEW = (
    "the topic was deleted and made anew under the running service, or a broker lost its end; stop what reads and "
    "fills it, run `remarkwire setup`, and start again"
)
"""Why offsets go back, and what to do: `setup` commits a beginning for the groups whose offsets went with the topic."""


class TopicMadeAnew(KafkaUnavailable):
    """A record came whose offset is not behind those that are at work. What is at work is of a log that is gone, so
    nothing of it may be committed for the new one: the service ends.
    """


class InOrder(Generic[Item]):
    """Open records of one partition, in order of offset; ``where`` names it in errors. Not thread-safe."""

    def __init__(self, where: str = "a partition") -> None:
        self._where = where
        self._open: deque[tuple[int, Item]] = deque()
        self._done: set[int] = set()

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, offset: int, item: Item) -> None:
        """A record was taken. Offsets must grow; gaps (compaction, transactions) are fine. Raises ``TopicMadeAnew``
        where they do not.
        """
        if self._open and offset <= self._open[-1][0]:
            raise TopicMadeAnew(f"{self._where}: record {offset} came after record {self._open[-1][0]}: {MADE_ANEW}")
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
