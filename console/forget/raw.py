"""The records of articles in ``articles.raw``: which are there, and how they are removed."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec
from confluent_kafka import KafkaException, TopicPartition

from console.forget.interrupted import go_on
from console.forget.marks import known, mark
from ingest.identity import outlet_id
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.records import fingerprint, records
from runtime.settings import Settings
from runtime.topics import names
from schemas import RawArticle, header
from schemas.errors import InputError, KafkaUnavailable, MessageError
from schemas.topics import RAW

_TIMEOUT = 15.0


def find_articles(
    settings: Settings, ids: Mapping[str, str], outlets: Iterable[str], progress: Callable[[int, int | None], None]
) -> list[str]:
    """The ids that are in raw: those given, and all of the outlets. Raises ``InputError`` for one that is unknown, and
    for an outlet of which there is no article.

    ``ids``: with the word for each by which it was given, an address or the id itself. ``outlets``: by host, in any
    spelling, or by name.
    """
    wanted, hosts = set(ids), {outlet_id(one): one for one in outlets}
    found: set[str] = set()
    matched: set[str] = set()
    for record in records(settings, names(settings, RAW), lambda count: progress(count, None)):
        subject = header(kafka.headers(record), "ce_subject")
        if subject is None:
            continue
        if subject in wanted:
            found.add(subject)
        if hosts:
            try:
                outlet = outlet_id(RawArticle.decode(record.value(), kafka.headers(record)).outlet.id)
            except MessageError:
                continue
            if outlet in hosts:
                found.add(subject)
                matched.add(outlet)
    missing = sorted(wanted - found - known(settings).keys())
    if missing:
        by_id = any(ids[one] == one for one in missing)
        hint = "`--url` finds an article by its address" if by_id else "an article goes by its canonical link"
        raise InputError(f"{', '.join(ids[one] for one in missing)}: not in articles.raw; {hint}")
    if strange := [given for outlet, given in hosts.items() if outlet not in matched]:
        raise InputError(f"{', '.join(strange)}: no article of such an outlet is in articles.raw")
    return sorted(found | wanted)


def purge(settings: Settings, ids: Iterable[str], *, say: Callable[[str], None], stop: Stop) -> Counter[str]:
    """Removes the records of articles from ``articles.raw``. Returns what was removed and what was rewritten.

    Kafka deletes only from the beginning of a partition (DeleteRecords), and raw is a log without compaction. So every
    other record of a partition that has one of them is appended again, with its time, key and headers, and then
    everything before that is deleted. Readers get those records once more, and ``clean`` cleans them with today's
    profile of their outlet: a text that comes out otherwise is another revision. Nothing on a record tells that it was
    cleaned, or a copy of the log that is read from its beginning (a mirror, a group whose offsets were lost) would lack
    it. An interrupted purge has appended some: copies are told by their bytes and are not appended twice by the next.
    Raises ``Interrupted`` where ``stop`` asks to end before anything is deleted.
    """
    topic = names(settings, RAW)
    wanted = frozenset(ids)
    ends: dict[int, int] = {}
    affected: set[int] = set()
    for record in records(settings, topic):
        go_on(stop)
        ends[record.partition()] = record.offset() + 1
        if header(kafka.headers(record), "ce_subject") in wanted:
            affected.add(record.partition())
    # Cuts nothing; a broker that does not cut, or not for us, says so before anything is appended.
    _truncate(settings, [TopicPartition(topic, partition, 0) for partition in sorted(affected)])
    done: Counter[str] = Counter()
    deliveries = kafka.Deliveries(kafka.producer(settings))
    seen: set[tuple[int, bytes]] = set()
    for record in records(settings, topic):
        go_on(stop)
        partition = record.partition()
        if partition not in affected or record.offset() >= ends[partition]:
            continue
        found = kafka.headers(record)
        if header(found, "ce_subject") in wanted:
            done["removed"] += 1
        elif (identity := (partition, fingerprint(record))) not in seen:
            seen.add(identity)
            deliveries.send(
                topic, record.value(), key=record.key(), headers=found, partition=partition,
                timestamp_ms=record.timestamp()[1],
            )  # fmt: skip
            done["rewritten"] += 1
    deliveries.flush()
    go_on(stop)
    for partition in sorted(affected):
        say(f"{topic}, partition {partition}: everything before offset {ends[partition]} is deleted")
    _truncate(settings, [TopicPartition(topic, partition, ends[partition]) for partition in sorted(affected)])
    now = datetime.datetime.now(datetime.UTC)
    before = known(settings)
    mark(settings, [msgspec.structs.replace(before[one], purged=now) for one in sorted(wanted & before.keys())])
    return done


def _truncate(settings: Settings, upto: list[TopicPartition]) -> None:
    """Deletes what stands before an offset of each partition, in one request."""
    if not upto:
        return
    admin = kafka.admin(settings)  # must outlive its futures
    for at, future in admin.delete_records(upto, request_timeout=_TIMEOUT).items():
        try:
            future.result(timeout=2 * _TIMEOUT)
        except (KafkaException, TimeoutError) as error:
            raise KafkaUnavailable(
                f"{at.topic}, partition {at.partition}: the broker does not delete records "
                f"({error or 'no answer'}); the articles are forgotten, but still in this topic"
            ) from error
