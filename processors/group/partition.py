"""What the worker of ``group`` has in memory for one partition, and how it is built from the tables."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from faust.types import EventT

from processors.group.grouper import Grouper
from processors.group.model import Model
from processors.group.order import Reorder
from processors.group.values import entry_of
from processors.group.vectors.space import Space
from runtime.logging import logger
from runtime.settings import Settings
from schemas import Entry, Report, Ruling, Said

log = logger(__name__)

# Rulings stand in the table beside the entries; no report id begins with this.
RULING_KEY = b"!ruling/"
_TELL_EVERY = 10_000


@dataclass(frozen=True)
class Waiting:
    """A report that waits for its turn, with the event whose acknowledgement is owed."""

    report: Report
    event: EventT[Any]


@dataclass
class Stored:
    """What the table has for one speaker."""

    entries: list[Entry] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


class Progress:
    """How far the building of one partition's state is."""

    def __init__(self, partition: int) -> None:
        self.partition, self.done, self.of = partition, 0, 0

    def __call__(self) -> None:
        self.done += 1
        if self.done % _TELL_EVERY == 0:
            log.info("state is being built", **self.__dict__)

    def __str__(self) -> str:
        return f"state of partition {self.partition} is being built, {self.done} of {self.of or '?'} entries"


class Partition:
    """What is in memory for one partition: the order, and the state of each of its speakers."""

    def __init__(
        self, stored: dict[str, Stored], settings: Settings, model: Model, space: Space, progress: Progress
    ) -> None:
        self._model, self._space = model, space
        last = max((entry.report.seq for one in stored.values() for entry in one.entries), default=None)
        self.order: Reorder[Waiting] = Reorder(round(settings.group.reorder_seconds * 1000), last)
        self._groupers: dict[str, Grouper] = {}
        for speaker_id, one in stored.items():
            self.reset(speaker_id, one, progress)
        self.last_read = time.monotonic()
        self.ticked = False
        # Marks of a hold that is not released: not acknowledged, or a restart in between would not know of them.
        self.holds: list[EventT[Any]] = []
        # Rulings that were put into the log and not read back yet.
        self.under_way: dict[str, Ruling] = {}

    def reset(self, speaker_id: str, stored: Stored, progress: Callable[[], None] = lambda: None) -> None:
        """Builds the state of one speaker again; what is held stays."""
        self._groupers[speaker_id] = Grouper.rebuild(
            speaker_id,
            stored.entries,
            model=self._model,
            rulings=stored.rulings,
            said=stored.said,
            progress=progress,
            space=self._space,
        )

    def grouper(self, speaker_id: str) -> Grouper:
        if speaker_id not in self._groupers:
            self._groupers[speaker_id] = Grouper(speaker_id, model=self._model, space=self._space)
        return self._groupers[speaker_id]

    @property
    def entries(self) -> int:
        """Reports of the window, of all its speakers."""
        return sum(grouper.size for grouper in self._groupers.values())

    def rulings(self) -> dict[str, Ruling]:
        """The rulings of all its speakers, those under way included."""
        found = {key: one for grouper in self._groupers.values() for key, one in grouper.rulings.items()}
        return found | self.under_way


def stored_of(entries: Iterable[tuple[bytes, bytes]], history: Iterable[bytes]) -> dict[int, dict[str, Stored]]:
    """The values of the two tables, by partition and speaker."""
    found: dict[int, dict[str, Stored]] = defaultdict(lambda: defaultdict(Stored))
    for key, value in entries:
        if key.startswith(RULING_KEY):
            ruling = Ruling.decode(value)
            if ruling.source is not None:
                found[ruling.source.partition][ruling.speaker_id].rulings.append(ruling)
            continue
        entry = entry_of(value)
        found[entry.source.partition][entry.report.speaker_id].entries.append(entry)
    for value in history:
        said = Said.decode(value)
        found[said.source.partition][said.speaker_id].said.append(said)
    return found
