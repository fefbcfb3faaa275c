"""The sum that must be whole: articles in raw = indexed + skipped + dead-lettered + in flight.

It is computed from what lies in the topics and indices, never from counters of processes: those forget. An article is
dead-lettered here whatever was done about its letter, and letters of what was made of articles are in no sum:
``console.dead_letters`` has those that wait for somebody.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import ScanError, scan

from console.positions import Lag, lags
from runtime import kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import SkippedArticle, header
from schemas.dlq import UNKNOWN, read_letter
from schemas.errors import ElasticsearchUnavailable, MessageError
from schemas.message import epoch_ms
from schemas.topics import ANNOTATED, CLEAN, DLQ_DAYS, FORGOTTEN, RAW, SKIPPED, dlq_name

__all__ = ["Account", "Lag", "account", "lags"]


@dataclass(frozen=True)
class Account:
    """The sum over distinct article ids. ``unreadable``: records of raw that name no article, and how many of those
    lie in the dead-letter queue; none that is older than what such a queue keeps.
    """

    raw: int
    indexed: int
    skipped: int
    dead: int
    in_flight: int
    unreadable: int = 0
    unreadable_dead: int = 0
    skip_reasons: dict[str, int] = field(default_factory=dict)
    dead_reasons: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Nothing is under way and nothing is lost."""
        return (
            self.in_flight == 0
            and self.raw == self.indexed + self.skipped + self.dead
            and self.unreadable == self.unreadable_dead
        )


def account(settings: Settings, client: Elasticsearch, alias: str, now: datetime.datetime | None = None) -> Account:
    """Reads the headers of raw, skipped and dead-letter topics and the ids of the ``articles`` alias. Articles that
    were taken out (`remarkwire forget`) are in no sum. Raises ``ElasticsearchUnavailable`` where the ids cannot
    be read.
    """
    # A letter is younger than its record, so that of a younger record has not been removed yet.
    kept_since = epoch_ms((now or datetime.datetime.now(datetime.UTC)) - datetime.timedelta(days=DLQ_DAYS))
    raw: set[str] = set()
    unreadable: set[tuple[int, int]] = set()
    gone = {record.key() for record in records(settings, names(settings, FORGOTTEN)) if record.value() is not None}
    for message in records(settings, names(settings, RAW)):
        subject = header(kafka.headers(message), "ce_subject")
        if subject:
            if subject.encode() not in gone:
                raw.add(subject)
        elif message.timestamp()[1] >= kept_since:
            unreadable.add((message.partition() or 0, message.offset() or 0))
    skipped: dict[str, str] = {}
    for message in records(settings, names(settings, SKIPPED)):
        subject = header(kafka.headers(message), "ce_subject")
        if subject:
            skipped[subject] = _skip_reason(message.value())
    dead: dict[str, str] = {}
    unreadable_dead = set()
    for topic in (RAW, CLEAN, ANNOTATED):
        name = names(settings, topic)
        for message in records(settings, dlq_name(name)):
            found = kafka.headers(message)
            subject = header(found, "ce_subject")
            if subject:
                dead[subject] = header(found, "dlq_reason") or UNKNOWN
            elif topic is RAW:
                at = read_letter(found).origin
                unreadable_dead.add((at.partition, at.offset))
    indexed = set(_ids(client, alias))
    are_indexed = raw & indexed
    are_skipped = (raw & skipped.keys()) - are_indexed
    are_dead = (raw & dead.keys()) - are_indexed - are_skipped
    rest = raw - are_indexed - are_skipped - are_dead
    return Account(
        raw=len(raw),
        indexed=len(are_indexed),
        skipped=len(are_skipped),
        dead=len(are_dead),
        in_flight=len(rest),
        unreadable=len(unreadable),
        unreadable_dead=len(unreadable & unreadable_dead),
        skip_reasons=dict(Counter(skipped[i] for i in sorted(are_skipped))),
        dead_reasons=dict(Counter(dead[i] for i in sorted(are_dead))),
        missing=tuple(sorted(rest)[:20]),
    )


def _skip_reason(value: bytes | None) -> str:
    try:
        return SkippedArticle.decode(value).reason
    except MessageError:
        return "unknown"


def _ids(client: Elasticsearch, alias: str) -> Iterable[str]:
    try:
        client.indices.refresh(index=alias)
        for hit in scan(client, index=alias, query={"query": {"match_all": {}}}, _source=False, size=5000):
            yield hit["_id"]
    except NotFoundError:
        return
    except (ApiError, TransportError, ScanError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {alias}: {error}") from error
