"""``remarkwire export``: raw articles of a time range, as a WARC file."""

import datetime
import heapq
import time
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from ingest.warc import write_articles
from runtime import kafka
from runtime.beside import beside
from runtime.forgotten import ForgottenIds
from runtime.records import offsets, sound
from runtime.settings import Settings
from runtime.topics import names
from schemas.article import RawArticle, Seq
from schemas.errors import InputError, KafkaUnavailable, MessageError
from schemas.topics import RAW

_TIMEOUT = 30.0
# Records that are held for the merge, of all partitions together.
_HELD = 2000


def export(
    settings: Settings,
    path: Path,
    *,
    since: datetime.datetime,
    until: datetime.datetime,
    progress: Callable[[int, int | None], None] | None = None,
) -> int:
    """Writes the articles fetched from ``since`` to before ``until``, without those that were taken out; returns how
    many.

    The file is there as a whole or not at all, and one that is there gives way to articles only. Raises
    ``KafkaUnavailable``, and ``InputError`` where the file cannot be written, or where there is nothing to replace it.
    """
    try:
        with (
            beside(path) as part,
            part.open("wb") as file,
            closing(kafka.looker(settings)) as consumer,
            closing(ForgottenIds(settings)) as forgotten,
        ):
            found = articles(consumer, names(settings, RAW), since, until, forgotten, progress)
            count = write_articles(file, found, name=path.name, compress=path.name.endswith(".gz"))
            if not count and path.exists():
                raise InputError(f"{path}: is left as it was: no article was fetched in that time")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    return count


def articles(
    consumer: Consumer,
    topic: str,
    since: datetime.datetime,
    until: datetime.datetime,
    forgotten: Container[str] = frozenset(),
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[RawArticle]:
    """The articles of a topic that were fetched in a time range, in the order in which they came: by ``seq`` over all
    partitions, within each in its own order. Those that were ``forgotten`` may still be in it, and are left out.

    Imports carry the date of their fetch, so a partition is in no order of time: it is read from the first record of
    the range to its end. Of each some records are held.
    """
    ranges = _ranges(consumer, topic, since)
    log = _Log(consumer, topic, max(1, _HELD // max(1, len(ranges))))
    wanted = (_wanted(log.read(start, end), since, until, forgotten) for start, end in ranges)
    merged = heapq.merge(*map(_placed, wanted), key=lambda placed: placed[0])
    for count, (_, raw) in enumerate(merged, start=1):
        yield raw
        if progress is not None:
            progress(count, None)


def _wanted(
    messages: Iterator[Message], since: datetime.datetime, until: datetime.datetime, forgotten: Container[str]
) -> Iterator[RawArticle]:
    for message in messages:
        raw = _decoded(message.value())
        if raw is not None and since <= raw.fetched < until and raw.article_id not in forgotten:
            yield raw


def _placed(articles: Iterator[RawArticle]) -> Iterator[tuple[Seq, RawArticle]]:
    """Each with the highest ``seq`` of its partition so far: a later visit has that of the first, and came later."""
    highest: Seq | None = None
    for raw in articles:
        highest = raw.seq if highest is None else max(highest, raw.seq)
        yield highest, raw


class _Log:
    """Partitions of a topic, read side by side with one consumer, from each ``batch`` records at a time."""

    def __init__(self, consumer: Consumer, topic: str, batch: int) -> None:
        self._consumer = consumer
        self._topic = topic
        self._batch = batch
        self._reads: tuple[int, int] | None = None
        """The partition that the consumer has, and the offset that comes next."""

    def read(self, start: TopicPartition, end: int) -> Iterator[Message]:
        """The records of a partition from ``start`` to before ``end``."""
        at = start.offset
        while at < end:
            for message in self._some(start.partition, at, end):
                offset = message.offset() or 0
                at = offset + 1
                if offset >= end:
                    break
                yield message

    def _some(self, partition: int, at: int, end: int) -> list[Message]:
        """The next records of a partition, at least one."""
        if self._reads != (partition, at):
            self._consumer.assign([TopicPartition(self._topic, partition, at)])
        deadline = time.monotonic() + _TIMEOUT
        while True:
            try:
                # It waits for a full batch as long as it is let.
                batch = self._consumer.consume(self._batch, timeout=0.1)
            except KafkaException as error:
                raise KafkaUnavailable(f"{self._topic}: {error}") from error
            for message in batch:
                if (problem := message.error()) is not None:
                    raise KafkaUnavailable(f"{self._topic}: {problem.str()}")
            if batch:
                self._reads = partition, (batch[-1].offset() or 0) + 1
                return batch
            if time.monotonic() > deadline:
                raise KafkaUnavailable(f"{self._topic}: nothing came within {_TIMEOUT:.0f} s at offset {at} of {end}")


def _ranges(consumer: Consumer, topic: str, since: datetime.datetime) -> list[tuple[TopicPartition, int]]:
    """Where each partition begins to be of interest, and where it ends now."""
    try:
        found = consumer.list_topics(topic, timeout=_TIMEOUT).topics.get(topic)
        if found is None or found.error is not None:
            raise KafkaUnavailable(f"{topic}: there is no such topic; run `remarkwire setup`")
        moment = max(0, int(since.timestamp() * 1000))
        wanted = [TopicPartition(topic, number, moment) for number in sorted(found.partitions)]
        out = []
        for start in sound(consumer.offsets_for_times(wanted, timeout=_TIMEOUT)):
            first, end = offsets(consumer, topic, start.partition)
            if 0 <= start.offset < end:
                out.append((TopicPartition(topic, start.partition, max(first, start.offset)), end))
    except KafkaException as error:
        raise KafkaUnavailable(f"{topic}: {error}") from error
    return out


def _decoded(value: bytes | None) -> RawArticle | None:
    """None for what cannot be read, which `clean` has dead-lettered."""
    try:
        return RawArticle.decode(value)
    except MessageError:
        return None
