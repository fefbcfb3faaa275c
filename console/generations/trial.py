"""What a trial reads: a copy, chosen by time of fetching and speaker, in topics of its own, without what was forgotten.

The stages know nothing of trials: they read a smaller topic. The copy is not added to; a trial shows one moment.
"""

import contextlib
import datetime
from collections.abc import Callable, Container, Iterator
from typing import Any

from runtime import kafka
from runtime.forgotten import ForgottenIds
from runtime.records import fingerprint, records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Generation, Headers, header
from schemas.topics import ANNOTATED, READS, REPORTS, STARTS, Topic

Advance = Callable[[int, int | None], None]


def copy(settings: Settings, base: Settings, one: Generation, advance: Advance) -> int:
    """Copies from the topics of ``base`` to those of the trial; returns the number of records that it now has.

    A copy that was interrupted is gone on with: what is there already is left out.
    """
    with contextlib.closing(ForgottenIds(settings)) as forgotten:
        return _copies(settings, base, one, forgotten, advance)


def copies_from(one: Generation) -> Topic:
    """The topic whose records are chosen."""
    return READS[STARTS[one.start]][0]


def has_any(settings: Settings, base: Settings, one: Generation) -> bool:
    """Whether there is a record to copy: a trial of nothing shows nothing, and somebody has to remove it."""
    first = copies_from(one)
    with contextlib.closing(ForgottenIds(settings)) as forgotten:
        return any(True for _ in _wanted(base, first, lambda record, found: _fits(one, record, found, forgotten)))


def _fits(one: Generation, record: Any, headers: Headers, forgotten: Container[str]) -> bool:
    key = (record.key() or b"").decode(errors="replace")
    anybody = not one.speakers or copies_from(one) is not REPORTS
    return in_time(one, headers, forgotten) and (anybody or key in one.speakers)


def _copies(settings: Settings, base: Settings, one: Generation, forgotten: Container[str], advance: Advance) -> int:
    first = copies_from(one)
    if first is not REPORTS:
        return _copy(settings, base, first, lambda record, found: _fits(one, record, found, forgotten), advance)
    articles: set[str] = set()

    def wanted(record: Any, found: Headers) -> bool:
        fits = _fits(one, record, found, forgotten)
        if fits:
            articles.add(header(found, "ce_subject") or "")
        return fits

    count = _copy(settings, base, REPORTS, wanted, advance)
    _copy(settings, base, ANNOTATED, lambda _, found: header(found, "ce_subject") in articles, advance)
    return count


def in_time(one: Generation, headers: Headers, forgotten: Container[str] = frozenset()) -> bool:
    """Whether a record is of an article fetched between ``since`` (included) and ``until`` (not included), and not
    forgotten since.
    """
    when = header(headers, "ce_time")
    if (header(headers, "ce_subject") or "") in forgotten:
        return False
    if when is None or header(headers, "ce_type") == "remarkwire.mark":
        return False
    try:
        moment = datetime.datetime.fromisoformat(when)
    except ValueError:
        return False
    if moment.tzinfo is None:
        return False
    return (one.since is None or moment >= one.since) and (one.until is None or moment < one.until)


def _copy(
    settings: Settings, base: Settings, topic: Topic, wanted: Callable[[Any, Headers], bool], advance: Advance
) -> int:
    target = names(settings, topic)
    there = {fingerprint(record) for record in records(settings, target)}
    deliveries = kafka.Deliveries(kafka.producer(settings))
    seen = 0
    for record in _wanted(base, topic, wanted):
        seen += 1
        advance(seen, None)
        if (copied := fingerprint(record)) not in there:
            there.add(copied)
            deliveries.send(
                target, record.value(), key=record.key(), headers=kafka.headers(record), partition=record.partition()
            )
    deliveries.flush()
    return seen


def _wanted(base: Settings, topic: Topic, wanted: Callable[[Any, Headers], bool]) -> Iterator[Any]:
    for record in records(base, names(base, topic)):
        if record.value() is not None and wanted(record, kafka.headers(record)):
            yield record
