"""Takes articles out: what was published in error, or must go.

The order makes an interruption harmless, and the same call goes on: first the mark that keeps ``clean`` from making
anything of the article again, then what lies behind it in each generation, then what was made of it, and at last raw.
"""

import contextlib
import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from confluent_kafka import KafkaException, TopicPartition
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from console.dead_letters import DeadLetter, Wanted, drop, find
from console.generations import fill, lineage, registry
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Forgotten, Generation, Outlet, RawArticle, Report, header, headers_of
from schemas.errors import (
    ElasticsearchUnavailable,
    InputError,
    KafkaUnavailable,
    MessageError,
    SettingsError,
    Transient,
)
from schemas.index import IndexName, IndexRole
from schemas.message import FORGOTTEN_HEADER
from schemas.operations import StageName
from schemas.topics import FORGOTTEN, GROUPED, RAW, REMARKS, REPORTS, Topic

_TIMEOUT = 15.0

Say = Callable[[str], None]

_COMPACTED: tuple[tuple[Topic, IndexRole], ...] = ((GROUPED, "reports"), (REMARKS, "remarks"))


class Interrupted(Transient):
    """Somebody asked to end before all was done; the same call goes on."""


@dataclass
class Done:
    """What was removed, by kind, summed over articles and generations; ``before``: by earlier calls."""

    articles: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)


def find_articles(
    settings: Settings, ids: Mapping[str, str], outlets: Iterable[str], progress: Callable[[int, int | None], None]
) -> list[str]:
    """The ids that are in raw: those given, and all of the outlets. Raises ``InputError`` for one that is unknown.

    ``ids``: with the word for each by which it was given, an address or the id itself.
    """
    wanted, hosts = set(ids), set(outlets)
    found: set[str] = set()
    for record in records(settings, names(settings, RAW), lambda count: progress(count, None)):
        subject = header(kafka.headers(record), "ce_subject")
        if subject is None:
            continue
        if subject in wanted:
            found.add(subject)
        elif hosts:
            try:
                outlet = RawArticle.decode(record.value(), kafka.headers(record)).outlet.id
            except MessageError:
                continue
            if outlet in hosts:
                found.add(subject)
    missing = sorted(wanted - found - known(settings).keys())
    if missing:
        by_id = any(ids[one] == one for one in missing)
        hint = "`--url` finds an article by its address" if by_id else "an article goes by its canonical link"
        raise InputError(f"{', '.join(ids[one] for one in missing)}: not in articles.raw; {hint}")
    return sorted(found | wanted)


def known(settings: Settings) -> dict[str, Forgotten]:
    """The articles that were taken out, by id."""
    found: dict[str, Forgotten] = {}
    for record in records(settings, names(settings, FORGOTTEN)):
        if record.value() is None:
            found.pop((record.key() or b"").decode(errors="replace"), None)
            continue
        try:
            one = Forgotten.decode(record.value(), kafka.headers(record))
        except MessageError as error:
            # Its key alone takes the article out, for the services as well; only when and why is lost.
            key = (record.key() or b"").decode(errors="replace")
            logger(__name__).warning("mark of a forgotten article passed over", key=key, error=str(error)[:500])
            continue
        found[one.article_id] = one
    return found


def forget(
    settings: Settings, client: Elasticsearch, ids: Sequence[str], note: str, *, say: Say, wait: float, stop: Stop
) -> Done:
    """Removes the articles from every generation. ``wait``: seconds that each stage of each generation is given.

    Raises ``KafkaUnavailable`` where a stage does not move, and ``Interrupted`` where ``stop`` asks to end; the same
    call goes on later, and tells only of what it removes itself.
    """
    generations = [one for one in registry.read(settings).values() if one.stages]
    filling = lineage.unfinished({one.generation: one for one in generations})
    if filling is not None:
        raise SettingsError(
            f"generation {filling.generation} is being filled and decides nothing yet: let its replay end, or remove "
            f"it (remarkwire prune {filling.generation}), then forget"
        )
    now = datetime.datetime.now(datetime.UTC)
    before = known(settings)
    marks = {one: before.get(one) or Forgotten(article_id=one, at=now, note=note) for one in ids}
    _mark(settings, marks.values())
    wanted = frozenset(ids)
    removed: dict[str, Counter[str]] = {one: Counter() for one in ids}
    for one in generations:
        say(f"generation {one.generation}: what is under way")
        _pass(settings, one, fill.upstream(one), wait, stop)
    for topic in {names(registry.settings_of(settings, one), REPORTS) for one in generations}:
        _go_on(stop)
        say(f"{topic}: reports are taken back")
        with _noted(settings, marks, removed):
            _take_back(settings, topic, wanted, now, removed)
    for one in generations:
        theirs = registry.settings_of(settings, one)
        say(f"generation {one.generation}: others are decided again")
        _pass(settings, one, [stage for stage in one.stages if stage in {"group", "index"}], wait, stop)
        _go_on(stop)
        if "group" in one.stages:
            with _noted(settings, marks, removed):
                _bury(theirs, wanted, removed)
        if "index" in one.stages:
            _go_on(stop)
            with _noted(settings, marks, removed):
                _delete(client, theirs, wanted, removed)
        _drop_letters(theirs, wanted)
    earlier = sum((Counter(mark.removed) for mark in marks.values()), Counter[str]())
    return Done(len(ids), sum(removed.values(), Counter()), earlier)


def _mark(settings: Settings, every: Iterable[Forgotten]) -> None:
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for one in every:
        found = headers_of(one, "forget")
        deliveries.send(names(settings, FORGOTTEN), one.encode(), key=one.article_id, headers=found)
    deliveries.flush()


@contextlib.contextmanager
def _noted(settings: Settings, marks: Mapping[str, Forgotten], removed: Mapping[str, Counter[str]]) -> Iterator[None]:
    """Adds to the marks what was removed, however the step ends: the next call finds nothing of it to count."""
    try:
        yield
    finally:
        # Most steps of a call that is given again remove nothing: no client is made for these.
        if any(removed.values()):
            _mark(
                settings,
                [
                    msgspec.structs.replace(mark, removed=dict(Counter(mark.removed) + removed[article_id]))
                    for article_id, mark in marks.items()
                    if removed[article_id]
                ],
            )


def _go_on(stop: Stop) -> None:
    """What cannot be undone is not begun once somebody has asked to end."""
    if stop:
        raise Interrupted("interrupted; the same command goes on")


def _pass(settings: Settings, one: Generation, stages: Sequence[StageName], wait: float, stop: Stop) -> None:
    """Waits until all that is there now has gone through these stages of the generation, one after the other."""
    if one.trial:
        # A trial's stages have ended; what it has is deleted, and it is pruned soon.
        return
    theirs = registry.settings_of(settings, one)
    for stage in stages:
        _go_on(stop)
        if not fill.rounds(theirs, [stage], lambda _: None, pause=fill.patience(wait, stop), within=float("inf")):
            _go_on(stop)
            raise KafkaUnavailable(
                f"generation {one.generation}: {stage} has not done within {wait:g} s what is there for it; start it "
                "(`remarkwire run`), then give the same command again"
            )


def _take_back(
    settings: Settings, topic: str, ids: frozenset[str], now: datetime.datetime, removed: dict[str, Counter[str]]
) -> None:
    """An empty report for each that there was: ``group`` retracts it, and decides anew on those that it touched."""
    there: dict[tuple[str, str], Report] = {}
    for record in records(settings, topic):
        subject = header(kafka.headers(record), "ce_subject")
        if subject not in ids or record.key() is None:
            continue
        try:
            report = Report.decode(record.value(), kafka.headers(record))
        except MessageError:
            continue
        there[report.article_id, report.speaker_id] = report
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for (article_id, speaker_id), last in sorted(there.items()):
        if last.forgotten:
            continue
        # In the place of the last one, so that a generation that sorts what it holds has it after that.
        empty = Report(
            report_id=last.report_id, article_id=article_id, speaker_id=speaker_id, seq=last.seq, revision="",
            fetched=max(now, last.fetched), url="", outlet=Outlet(id=""), title="", visit=last.visit + 1,
            forgotten=True,
        )  # fmt: skip
        deliveries.send(
            topic, empty.encode(), key=speaker_id, headers=headers_of(empty, "forget"),
            confirmed=partial(removed[article_id].update, ["reports"]),
        )  # fmt: skip
    deliveries.flush()


def _bury(settings: Settings, ids: frozenset[str], removed: dict[str, Counter[str]]) -> None:
    """Tombstones for what the compacted topics have of the articles."""
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for topic, _ in _COMPACTED:
        name = names(settings, topic)
        for (key, subject), record in _last(settings, name, ids).items():
            if record.value() is not None:
                deliveries.send(
                    name, None, key=key, headers=[(FORGOTTEN_HEADER, b"1"), ("ce_subject", subject.encode())],
                    confirmed=partial(removed[subject].update, [f"records of {topic.name}"]),
                )  # fmt: skip
    deliveries.flush()


def _last(settings: Settings, topic: str, ids: frozenset[str]) -> dict[tuple[bytes, str], Any]:
    """The last record of each key that is about one of the articles."""
    found: dict[tuple[bytes, str], Any] = {}
    for record in records(settings, topic):
        subject = header(kafka.headers(record), "ce_subject")
        if subject in ids and record.key() is not None:
            found[record.key(), str(subject)] = record
    return found


def _delete(client: Elasticsearch, settings: Settings, ids: frozenset[str], removed: dict[str, Counter[str]]) -> None:
    """The documents of the articles. The topics have been read past them, so nothing brings them back."""
    pipeline = settings.pipeline
    for role in ("articles", "reports", "remarks"):
        index = IndexName(role, pipeline.generation, pipeline.index_prefix).index
        try:
            client.indices.refresh(index=index)
            # Again until none is left: a search gives ten thousand at most.
            while there := list(_documents(client, index, ids)):
                for found, article_id in there:
                    # Gone already where the client asked again because the first answer was lost.
                    answer = client.options(ignore_status=404).delete(index=index, id=found)
                    if answer.get("result") == "deleted":
                        removed[article_id][f"documents of {role}"] += 1
                client.indices.refresh(index=index)
        except NotFoundError:
            continue
        except (ApiError, TransportError) as error:
            raise ElasticsearchUnavailable(f"Elasticsearch: {index}: {error}") from error


def _documents(client: Elasticsearch, index: str, ids: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Document id and article id of documents of the articles, up to ten thousand for each 500 of them."""
    every = sorted(ids)
    for start in range(0, len(every), 500):
        query = {"terms": {"article_id": every[start : start + 500]}}
        answer = client.search(index=index, query=query, size=10_000, source_includes=["article_id"])
        for hit in answer["hits"]["hits"]:
            yield hit["_id"], hit["_source"]["article_id"]


def _drop_letters(settings: Settings, ids: frozenset[str]) -> None:
    letters: list[DeadLetter] = [dead for dead in find(settings, Wanted()) if dead.article_id in ids]
    drop(settings, letters, "forgotten", lambda *_: None)


def purge(settings: Settings, ids: Iterable[str], *, say: Say, stop: Stop) -> Counter[str]:
    """Removes the records of articles from ``articles.raw``. Returns what was removed and what was rewritten.

    Kafka deletes only from the beginning of a partition (DeleteRecords), and raw is a log without compaction. So every
    other record of a partition that has one of them is appended again, with its time, key and headers, and then
    everything before that is deleted. Readers get those records once more, which changes nothing (at least once). An
    interrupted purge has appended some: copies are told by their id and are not appended twice by the next. Raises
    ``Interrupted`` where ``stop`` asks to end before anything is deleted.
    """
    topic = names(settings, RAW)
    wanted = frozenset(ids)
    ends: dict[int, int] = {}
    affected: set[int] = set()
    for record in records(settings, topic):
        _go_on(stop)
        ends[record.partition()] = record.offset() + 1
        if header(kafka.headers(record), "ce_subject") in wanted:
            affected.add(record.partition())
    # Cuts nothing; a broker that does not cut, or not for us, says so before anything is appended.
    _truncate(settings, [TopicPartition(topic, partition, 0) for partition in sorted(affected)])
    done: Counter[str] = Counter()
    deliveries = kafka.Deliveries(kafka.producer(settings))
    seen: set[tuple[int, str]] = set()
    for record in records(settings, topic):
        _go_on(stop)
        partition = record.partition()
        if partition not in affected or record.offset() >= ends[partition]:
            continue
        found = kafka.headers(record)
        identity = header(found, "ce_id")
        if header(found, "ce_subject") in wanted:
            done["removed"] += 1
        elif identity is None or (partition, identity) not in seen:
            seen.add((partition, identity or ""))
            deliveries.send(
                topic, record.value(), key=record.key(), headers=found, partition=partition,
                timestamp_ms=record.timestamp()[1],
            )  # fmt: skip
            done["rewritten"] += 1
    deliveries.flush()
    _go_on(stop)
    for partition in sorted(affected):
        say(f"{topic}, partition {partition}: everything before offset {ends[partition]} is deleted")
    _truncate(settings, [TopicPartition(topic, partition, ends[partition]) for partition in sorted(affected)])
    now = datetime.datetime.now(datetime.UTC)
    before = known(settings)
    _mark(settings, [msgspec.structs.replace(before[one], purged=now) for one in sorted(wanted & before.keys())])
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
