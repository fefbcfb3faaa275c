"""Fills a generation: marks that hold its reports until all are there, and rounds that tell when that is.

Reports reach ``group`` over several partitions of the earlier topics, which a replay reads at full speed and far
apart. So ``hold`` stands first in each partition of the new ``reports``, and ``release`` follows when everything that
was there has come: between the two ``group`` sorts (docs/decisions/002).
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from console.positions import Position, positions
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.records import offsets, partitions
from runtime.settings import Settings
from runtime.topics import names
from schemas import Generation, Mark, headers_of
from schemas.errors import KafkaUnavailable
from schemas.operations import StageName
from schemas.report import MarkKind
from schemas.topics import REPORTS

log = logger(__name__)
# A round that takes longer is followed by another: what came meanwhile may be as far apart as before it.
ROUND_SECONDS = 30.0


def fills_reports(one: Generation) -> bool:
    """Whether it has reports of its own, which must be sorted; a replay from ``reports`` reads a log with an order."""
    return "dispatch" in one.stages or (one.trial and one.start == "reports")


def upstream(one: Generation) -> list[StageName]:
    """The stages before ``group`` that it runs itself."""
    return [stage for stage in one.stages if stage not in {"group", "index"}]


def mark(settings: Settings, kind: MarkKind) -> int:
    """Puts a mark into each partition of the generation's reports; ``hold`` only where nothing is, for it must stand
    first and once. Returns into how many.
    """
    name = names(settings, REPORTS)
    deliveries = kafka.Deliveries(kafka.producer(settings))
    looker = kafka.looker(settings)
    sent = 0
    try:
        for partition in partitions(looker, name):
            if kind == "hold" and offsets(looker, name, partition)[1]:
                continue
            message = Mark(kind=kind, sent_ms=round(time.time() * 1000))
            found = headers_of(message, "replay")
            deliveries.send(name, message.encode(), key=None, headers=found, partition=partition)
            sent += 1
        deliveries.flush()
    finally:
        looker.close()
    return sent


@dataclass(frozen=True)
class Progress:
    """Records that the stages have done, of those that there are."""

    done: int
    total: int

    @classmethod
    def of(cls, every: Iterable[Position]) -> "Progress":
        every = list(every)
        return cls(sum(at.committed - at.low for at in every), sum(at.high - at.low for at in every))


class Round:
    """Whether everything that was there has gone through the stages, one after the other.

    The end of a stage's topics is noted when the stages before it have passed theirs. What comes while a round is on
    its way belongs to the next.
    """

    def __init__(self, stages: Sequence[StageName]) -> None:
        self._left = list(stages)
        self._wanted: dict[tuple[str, int], int] | None = None

    @property
    def over(self) -> bool:
        return not self._left

    def look(self, every: Sequence[Position]) -> bool:
        """Takes where the stages are now; True when the round is over."""
        while self._left:
            ours = [at for at in every if at.stage == self._left[0]]
            if self._wanted is None:
                self._wanted = {(at.topic, at.partition): at.high for at in ours}
            if any(at.committed < self._wanted.get((at.topic, at.partition), 0) for at in ours):
                return False
            self._left.pop(0)
            self._wanted = None
        return True


Look = Callable[[Progress], None]


def rounds(
    settings: Settings,
    stages: Sequence[StageName],
    look: Look,
    *,
    within: float = ROUND_SECONDS,
    unanswered: float = 0.0,
    pause: Callable[[float], bool],
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Goes round until one round took at most ``within`` seconds. False where ``pause`` was told to end (True).

    Raises ``KafkaUnavailable`` where Kafka has not told for more than ``unanswered`` seconds how far the stages are.
    """
    client = kafka.admin(settings)
    began = answered = clock()
    current = Round(stages)
    while True:
        try:
            every = positions(settings, client)
        except KafkaUnavailable as error:
            if clock() - answered >= unanswered:
                raise
            log.warning("cannot tell how far the stages are, asks again", error=str(error))
        else:
            answered = clock()
            over = current.look(every)
            look(Progress.of(every))
            if over and clock() - began <= within:
                return True
            if over:
                began, current = clock(), Round(stages)
                continue
        if pause(1.0):
            return False


def patience(wait: float, stop: Stop) -> Callable[[float], bool]:
    """A pause that says to end when it has waited for so many seconds in all, or was asked to."""
    waited = 0.0

    def pause(seconds: float) -> bool:
        nonlocal waited
        waited += seconds
        return waited > wait or stop.wait(seconds)

    return pause
