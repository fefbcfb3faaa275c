"""The one place that says what must hold, whatever was done to the services.

1. Every input has exactly one fate by its id: indexed, skipped by a named reason, or dead-lettered by a named reason. A
   record that names no article has a dead letter that names its place.
2. What is indexed is what the topics say, and of several versions the highest.
3. What a stage has committed is durable: what follows from it lies in the next topic, in a dead-letter queue or in the
   index. This holds at every moment, so it is asked while things are being broken, too.
4. The indices are those of a run that nothing disturbed: documents and versions.

It reads topics and indices only, never what a process says of itself.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from console.positions import positions
from processors.index.names import names as labels
from processors.index.records import Reader, Record
from runtime import kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Context, Report, SkippedArticle, header
from schemas.errors import MessageError
from schemas.index import IndexRole, alias_of
from schemas.message import TYPE_PREFIX
from schemas.topics import (
    ANNOTATED,
    CLEAN,
    ENTRIES,
    GROUPED,
    INDEXED,
    RAW,
    REMARKS,
    REPORTS,
    SKIPPED,
    STORIES,
    Topic,
    dlq_name,
)

ROLES: dict[Topic, IndexRole] = {ANNOTATED: "articles", GROUPED: "reports", REMARKS: "remarks", STORIES: "stories"}
CHAIN = (RAW, CLEAN, ANNOTATED, REPORTS, GROUPED, REMARKS, STORIES)

Place = tuple[int, int]
"""Partition and offset."""

Indices = Mapping[IndexRole, Mapping[str, tuple[int, Any]]]
"""Of each index, by id: version and source."""


@dataclass(frozen=True)
class Dead:
    """The dead letters of a topic: the places they came from, each with its reasons, and the ids that they name."""

    places: Mapping[Place, set[str]]
    subjects: Mapping[str, set[str]]


@dataclass
class Verdict:
    """What was counted, and what is wrong; ``wrong`` is empty when all holds."""

    counts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def claim(self, holds: bool, text: str) -> None:
        if not holds:
            self.wrong.append(text)


def judge(settings: Settings, client: Elasticsearch, undisturbed: Indices | None, inputs: Collection[str]) -> Verdict:
    """All four, once nothing is under way. ``inputs``: the article ids that were put in."""
    verdict = Verdict()
    found = indices(settings, client)
    _fates(verdict, settings, found, inputs)
    _topics_are_indexed(verdict, settings, found)
    verdict.wrong += committed_but_not_durable(settings, client)
    for at in positions(settings):
        verdict.claim(
            at.committed == at.high, f"{at.stage} has committed {at.committed} of {at.topic}, {at.high} there"
        )
    if undisturbed is not None:
        verdict.wrong += differences(undisturbed, found)
    return verdict


def indices(settings: Settings, client: Elasticsearch) -> Indices:
    """All documents with their versions, through the aliases that readers use."""
    found: dict[IndexRole, dict[str, tuple[int, Any]]] = {}
    for role in ROLES.values():
        alias = alias_of(role, settings.pipeline.index_prefix)
        client.indices.refresh(index=alias)
        query = {"query": {"match_all": {}}, "version": True}
        found[role] = {hit["_id"]: (hit["_version"], hit["_source"]) for hit in scan(client, index=alias, query=query)}
    return found


def differences(before: Indices, after: Indices, at_most: int = 5) -> list[str]:
    """What is in one and not, or not so, in the other; some of each kind."""
    out = []
    for role, expected in before.items():
        there = after[role]
        missing, more = sorted(expected.keys() - there.keys()), sorted(there.keys() - expected.keys())
        other = sorted(key for key in expected.keys() & there.keys() if expected[key] != there[key])
        if missing or more or other:
            shown = [_difference(expected[key], there[key]) for key in other[:at_most]]
            out.append(f"{role}: missing {missing[:at_most]}, more {more[:at_most]}, {len(other)} differ: {shown}")
    return out


def _difference(before: tuple[int, Any], after: tuple[int, Any]) -> str:
    fields = {key for key in before[1].keys() | after[1].keys() if before[1].get(key) != after[1].get(key)}
    shown = {key: (before[1].get(key), after[1].get(key)) for key in sorted(fields)}
    return f"version {before[0]} and {after[0]}, {str(shown)[:600]}"


def _fates(verdict: Verdict, settings: Settings, found: Indices, inputs: Collection[str]) -> None:
    raw: set[str] = set()
    nameless: set[Place] = set()
    for record in records(settings, names(settings, RAW)):
        subject = header(kafka.headers(record), "ce_subject")
        raw |= {subject} if subject else set()
        nameless |= set() if subject else {_place(record)}
    skipped: dict[str, set[str]] = defaultdict(set)
    for record in records(settings, names(settings, SKIPPED)):
        message = SkippedArticle.decode(record.value(), kafka.headers(record))
        skipped[message.article_id].add(message.reason)
    buried = {topic: dead(settings, topic) for topic in (RAW, CLEAN, ANNOTATED)}
    by_id = {subject: reasons for one in buried.values() for subject, reasons in one.subjects.items()}
    verdict.claim(set(inputs) <= raw, f"never reached raw: {sorted(set(inputs) - raw)[:5]}")
    indexed = found["articles"].keys()
    verdict.claim(set(indexed) <= raw, f"indexed, and nobody put it in: {sorted(set(indexed) - raw)[:5]}")
    for one in sorted(raw):
        fates = [one in indexed, one in skipped, one in by_id]
        verdict.claim(sum(fates) == 1, f"{one}: indexed, skipped, dead are {fates}")
    lost = nameless - buried[RAW].places.keys()
    verdict.claim(not lost, f"records of raw that name no article and have no dead letter: {sorted(lost)[:5]}")
    named = {**skipped, **by_id}
    unnamed = [one for one, reasons in named.items() if not reasons or "unknown" in reasons]
    verdict.claim(not unnamed, f"without a named reason: {unnamed[:5]}")
    verdict.counts |= {
        "inputs": len(raw), "indexed": len(raw & indexed), "skipped": len(raw & skipped.keys()),
        "dead": len(raw & by_id.keys()), "nameless": len(nameless), **{role: len(docs) for role, docs in found.items()},
    }  # fmt: skip
    for reasons in named.values():
        for reason in reasons:
            verdict.reasons[reason] = verdict.reasons.get(reason, 0) + 1


def dead(settings: Settings, topic: Topic) -> Dead:
    places: dict[Place, set[str]] = defaultdict(set)
    subjects: dict[str, set[str]] = defaultdict(set)
    for letter in records(settings, dlq_name(names(settings, topic))):
        found = kafka.headers(letter)
        reason = header(found, "dlq_reason") or "unknown"
        places[int(header(found, "dlq_partition") or -1), int(header(found, "dlq_offset") or -1)].add(reason)
        if subject := header(found, "ce_subject"):
            subjects[subject].add(reason)
    return Dead(places, subjects)


def _topics_are_indexed(verdict: Verdict, settings: Settings, found: Indices) -> None:
    """Read with the sink's own reader: of each id the last record with the highest version is what is in the index."""
    by_name = {names(settings, topic): topic for topic in INDEXED}
    reader = Reader(by_name, settings.pipeline.generation, settings.pipeline.index_prefix, labels())
    for topic, role in ROLES.items():
        expected: dict[str, tuple[int, Any]] = {}
        buried = dead(settings, topic).places
        for record in records(settings, names(settings, topic)):
            if _place(record) in buried:
                continue
            try:
                document = reader.read(
                    Record(kafka.origin(record), record.key(), record.value(), kafka.headers(record))
                )
            except MessageError as error:
                verdict.claim(False, f"{topic.name}, {_place(record)}: no dead letter for what nobody reads: {error}")
                continue
            version = msgspec.json.decode(document.lines[0])["index"]["version"]
            if version >= expected.get(document.id, (-1, None))[0]:
                expected[document.id] = version, msgspec.json.decode(document.lines[1])
        verdict.wrong += [f"of what the topic says, {line}" for line in differences({role: expected}, found)]


def committed_but_not_durable(settings: Settings, client: Elasticsearch) -> list[str]:
    """What a stage has committed and what did not come of it; empty at every moment."""
    committed = {(at.stage, at.topic, at.partition): at.committed for at in positions(settings)}
    every = {topic: list(records(settings, names(settings, topic))) for topic in CHAIN}
    every[SKIPPED] = list(records(settings, names(settings, SKIPPED)))
    stored = {record.key() for record in records(settings, names(settings, ENTRIES))}
    buried = {topic: set(dead(settings, topic).places) for topic in CHAIN}

    def owed(stage: str, topic: Topic) -> list[Any]:
        """Committed records without a dead letter."""
        name = names(settings, topic)
        return [
            record
            for record in every[topic]
            if record.offset() < committed[stage, name, record.partition()]  # type: ignore[index]
            and _place(record) not in buried[topic]
        ]

    out: list[str] = []

    def expect(stage: str, topic: Topic, key: Callable[[Any], str | None], there: Collection[str]) -> None:
        lost = [one for record in owed(stage, topic) if (one := key(record)) is not None and one not in there]
        if lost:
            out.append(f"{stage} has committed more of {topic.name} than is durable: {lost[:5]}")

    expect("clean", RAW, _subject, {_subject(one) or "" for one in (*every[CLEAN], *every[SKIPPED])})
    expect("annotate", CLEAN, _subject, {_subject(one) or "" for one in every[ANNOTATED]})
    expect("group", REPORTS, _report_id, {one.decode() for one in stored if one} & {_key(r) for r in every[GROUPED]})
    for topic, role in ROLES.items():
        keys = sorted({_key(record) for record in owed("index", topic)})
        alias = alias_of(role, settings.pipeline.index_prefix)
        for at in range(0, len(keys), 1000):
            answer = client.mget(index=alias, ids=keys[at : at + 1000], source=False)
            lost = [one["_id"] for one in answer["docs"] if not one.get("found")]
            if lost:
                out.append(f"index has committed {topic.name}, and these are not in the index: {lost[:5]}")
    return out


def _place(record: Any) -> Place:
    return record.partition(), record.offset()


def _subject(record: Any) -> str | None:
    return header(kafka.headers(record), "ce_subject")


def _key(record: Any) -> str:
    return (record.key() or b"").decode(errors="replace")


def _report_id(record: Any) -> str | None:
    """The id of a report; None for what stands in the log beside them, and for an empty one, which takes back one that
    may never have been there.
    """
    if header(kafka.headers(record), "ce_type") != TYPE_PREFIX + Report.TYPE:
        return None
    report = Report.decode(record.value(), kafka.headers(record))
    return report.report_id if report.statements or report.context != Context() else None


__all__ = ["ROLES", "Indices", "Verdict", "committed_but_not_durable", "indices", "judge"]
