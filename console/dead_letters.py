"""Dead letters: what lies in the queues, what of it was handled, and the two ways to handle one.

A dead-letter queue is a log: nothing is taken out of it but by its retention. That a letter was requeued or dropped is
remembered beside it, in the compacted topic ``dlq.handled``, under the letter's own place (topic, partition, offset).
"""

import dataclasses
import datetime
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from runtime import kafka
from runtime.records import exists, records, there
from runtime.settings import Settings
from runtime.topics import names
from schemas import Handled, Headers, header, headers_of
from schemas.dlq import Letter, read_letter
from schemas.errors import InputError, MessageError
from schemas.topics import HANDLED, TOPICS, dlq_name

How = Literal["requeued", "dropped"]
_AT_ONCE = 200


@dataclass(frozen=True)
class DeadLetter:
    """A letter where it lies: ``place`` is ``topic/partition/offset`` in the queue; ``died_ms`` since 1970 (UTC).

    Where the value was left out (``find``), ``digest`` stands for it.
    """

    place: str
    letter: Letter
    key: bytes | None
    value: bytes | None
    died_ms: int
    handled: str | None = None
    digest: bytes | None = None

    @property
    def article_id(self) -> str | None:
        return header(self.letter.original, "ce_subject")

    @property
    def queue(self) -> str:
        return self.place.rsplit("/", 2)[0]

    @property
    def shown_key(self) -> str:
        return "" if self.key is None else self.key.decode(errors="replace")

    @property
    def fingerprint(self) -> bytes:
        """The same for letters with the same value."""
        if self.digest is not None:
            return self.digest
        return b"" if self.value is None else hashlib.blake2b(self.value, digest_size=16).digest()

    def without_value(self) -> "DeadLetter":
        return dataclasses.replace(self, value=None, digest=self.fingerprint)


@dataclass(frozen=True)
class Requeued:
    """``letters`` may be more than ``records``: one record may have died in several readers."""

    records: int
    letters: int


@dataclass(frozen=True)
class Wanted:
    """Which letters: each field that is set must fit. ``topic`` is that of the dead record, by its role
    (``articles.clean``) or its whole name; ``since`` is the time of death; ``places`` name single letters.
    """

    topic: str | None = None
    reason: str | None = None
    stage: str | None = None
    since: datetime.datetime | None = None
    key: str | None = None
    places: frozenset[str] = frozenset()
    handled: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it says anything: a mistyped command must not requeue everything."""
        return bool(self.topic or self.reason or self.stage or self.since or self.key or self.places)

    def fits(self, dead: DeadLetter, roles: Iterable[str]) -> bool:
        """``roles``: names by which the letter's topic may be called."""
        letter = dead.letter
        return (
            (self.handled or dead.handled is None)
            and (self.topic is None or self.topic in roles)
            and (self.reason is None or self.reason == letter.reason)
            and (self.stage is None or self.stage == letter.stage)
            and (self.since is None or dead.died_ms >= self.since.timestamp() * 1000)
            and (self.key is None or self.key in {dead.shown_key, dead.article_id})
            and (not self.places or dead.place in self.places)
        )


@dataclass(frozen=True, order=True)
class Waiting:
    """How many letters of a kind wait for somebody. ``topic``: that of the dead records, by its whole name."""

    topic: str
    stage: str
    reason: str
    letters: int


def counted(found: Iterable[DeadLetter]) -> list[Waiting]:
    """Letters by topic, stage and reason."""
    kinds = Counter(
        (dead.queue.removesuffix(dlq_name("")), dead.letter.stage, dead.letter.reason)
        for dead in found
        if dead.handled is None
    )
    return sorted(Waiting(*kind, count) for kind, count in kinds.items())


def find(settings: Settings, wanted: Wanted, limit: int | None = None, *, values: bool = False) -> Iterator[DeadLetter]:
    """The letters of the generation's queues that fit, topic by topic, oldest first within a partition. They are read
    as they are asked for, and without their values unless ``values`` are wanted: a value may have megabytes, and a
    queue a month of them.
    """
    for dead in itertools.islice(_every(settings, wanted), limit):
        yield dead if values else dead.without_value()


def _every(settings: Settings, wanted: Wanted) -> Iterator[DeadLetter]:
    done = handled(settings)
    existing = there(settings)
    for topic in TOPICS:
        name = names(settings, topic)
        roles = {topic.name, name, dlq_name(name)}
        if not topic.dlq or (wanted.topic is not None and wanted.topic not in roles):
            continue
        # `prune` has removed some of the queues of a generation that only feeds others. What is there only once is
        # missing where nothing was set up, which the reading says.
        if dlq_name(name) not in existing and name != f"{settings.pipeline.prefix}{topic.name}":
            continue
        for record in records(settings, dlq_name(name)):
            at = kafka.origin(record)
            place = f"{at.topic}/{at.partition}/{at.offset}"
            before = done.get(place)
            letter = read_letter(kafka.headers(record))
            value = None if letter.null else record.value()
            dead = DeadLetter(
                place, letter, record.key(), value, at.timestamp_ms, None if before is None else before.how
            )
            if wanted.fits(dead, roles):
                yield dead


def handled(settings: Settings) -> dict[str, Handled]:
    """The letters that were handled, by place."""
    found: dict[str, Handled] = {}
    name = names(settings, HANDLED)
    if not exists(settings, name):
        return found
    for record in records(settings, name):
        try:
            one = Handled.decode(record.value(), kafka.headers(record))
        except MessageError:
            continue
        found[one.letter] = one
    return found


def requeue(settings: Settings, letters: Sequence[DeadLetter], progress: Callable[[int, int | None], None]) -> Requeued:
    """Sends each record back as it came: bytes, key, headers, topic and partition; once, however many letters it has.

    All letters of a record that wait are noted as handled, those that were not chosen too: every reader of its topic
    gets what is sent. They are noted after the brokers confirmed it. A crash in between sends some once more at the
    next call, which every stage takes (at least once). One transaction for both would leave gaps in the offsets of the
    topic, which the Faust workers take for lost records.
    """
    for dead in letters:
        at = dead.letter.origin
        if not at.topic or at.partition < 0:
            raise InputError(f"{dead.place}: its headers do not say where it came from; drop it instead")
    queues = sorted({dead.queue for dead in letters})
    waiting = (dead for queue in queues for dead in find(settings, Wanted(topic=queue)))
    groups = {group[0].place: group for group in of_one_record(letters, waiting)}
    deliveries = kafka.Deliveries(kafka.producer(settings))
    sent = noted = 0
    # Read once more, with their values, of which a few at a time are kept.
    places = frozenset(groups)
    first = (dead for queue in queues for dead in find(settings, Wanted(topic=queue, places=places), values=True))
    while part := list(itertools.islice(first, _AT_ONCE)):
        for dead in part:
            at = dead.letter.origin
            deliveries.send(at.topic, dead.value, key=dead.key, headers=dead.letter.original, partition=at.partition)
        deliveries.flush()
        for letter in (letter for dead in part for letter in groups[dead.place]):
            _note(deliveries, settings, letter, "requeued", "")
            noted += 1
        deliveries.flush()
        sent += len(part)
        progress(sent, len(groups))
    return Requeued(sent, noted)


def of_one_record(chosen: Sequence[DeadLetter], waiting: Iterable[DeadLetter]) -> list[list[DeadLetter]]:
    """The letters of each record of which one was chosen, in the order of the choice. Several readers may have given up
    one record, and each generation has readers of its own.
    """
    groups: dict[object, dict[str, DeadLetter]] = {}
    for dead in chosen:
        groups.setdefault(_record(dead), {})[dead.place] = dead
    for dead in waiting:
        if (group := groups.get(_record(dead))) is not None:
            group[dead.place] = dead
    return [list(group.values()) for group in groups.values()]


def _record(dead: DeadLetter) -> object:
    """What letters of one record have in common: where it was, and its bytes, for a topic that was made anew counts
    from zero again. A letter that names no offset is alone.
    """
    at = dead.letter.origin
    return dead.place if at.offset < 0 else (at.topic, at.partition, at.offset, dead.key, dead.fingerprint)


def drop(
    settings: Settings, letters: Sequence[DeadLetter], note: str, progress: Callable[[int, int | None], None]
) -> int:
    """Notes each letter as dropped. Returns how many."""
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for number, dead in enumerate(letters, 1):
        _note(deliveries, settings, dead, "dropped", note)
        progress(number, len(letters))
    deliveries.flush()
    return len(letters)


def _note(deliveries: kafka.Deliveries, settings: Settings, dead: DeadLetter, how: How, note: str) -> None:
    letter = dead.letter
    one = Handled(
        letter=dead.place,
        how=how,
        at=datetime.datetime.now(datetime.UTC),
        reason=letter.reason,
        stage=letter.stage,
        topic=letter.origin.topic,
        partition=letter.origin.partition,
        offset=letter.origin.offset,
        article_id=dead.article_id,
        note=note,
    )
    found: Headers = headers_of(one, "dlq")
    deliveries.send(names(settings, HANDLED), one.encode(), key=dead.place, headers=found)
