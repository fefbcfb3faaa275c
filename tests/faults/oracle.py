"""The one place that says what must hold, whatever was done to the services.

1. Every input has exactly one fate by its id: indexed, skipped by a named reason, or dead-lettered by a named reason.
2. What is indexed is what the topics say, and of several versions the highest.
3. What a stage has committed is durable: what follows from each version of it lies in the next topic or in the index; a
   record that names no article has a dead letter of each stage that reads it, which names its place. This holds at
   every moment, so it is asked while things are being broken, too.
4. The indices are those of a run that nothing disturbed: documents and versions.
5. What is indexed is labelled: an article that quotes a watched speaker has its report, a report its role and stories,
   a remark its role, report and story.
6. No worker has had more memory than its stage may, its pool included.

It reads topics and indices, and what the machine says of the memory; never what a process says of itself.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

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
from schemas import AnnotatedArticle, Context, Report, SkippedArticle, header, report_id
from schemas.decision import Role
from schemas.dlq import UNKNOWN
from schemas.errors import MessageError
from schemas.group_tables import Entry
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
MOST_MIB = {"clean": 600, "annotate": 1100, "group": 300, "index": 250}
"""Of a worker with its children, in MiB: about twice what is seen in these tests (299, 551, 133 and 104), in which
names are not recognised. docs/performance.md has what they need under load.
"""

Place = tuple[int, int]
"""Partition and offset."""

Indices = Mapping[IndexRole, Mapping[str, tuple[int, Any]]]
"""Of each index, by id: version and source."""


@dataclass(frozen=True)
class Dead:
    """The dead letters of a topic: the places they came from, each with its reasons; the ids that they name; and by
    stage the places that it has buried, because a topic may have two readers.
    """

    places: Mapping[Place, set[str]]
    subjects: Mapping[str, set[str]]
    by_stage: Mapping[str, set[Place]]


@dataclass
class Verdict:
    """What was counted, and what is wrong; ``wrong`` is empty when all holds."""

    counts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def claim(self, holds: bool, text: str) -> None:
        if not holds:
            self.wrong.append(text)


def judge(
    settings: Settings,
    client: Elasticsearch,
    undisturbed: Indices | None,
    inputs: Collection[str],
    memory: Mapping[str, int],
) -> Verdict:
    """All of them, once nothing is under way. ``inputs``: the article ids that were put in; ``memory``: the most MiB
    that a worker of each stage has had.
    """
    verdict = Verdict()
    found = indices(settings, client)
    _fates(verdict, settings, found, inputs)
    _topics_are_indexed(verdict, settings, found)
    verdict.wrong += unlabelled(settings.pipeline.speakers, found)
    verdict.wrong += [
        f"{stage} has had {most} MiB, {MOST_MIB[stage]} are enough"
        for stage, most in memory.items()
        if most > MOST_MIB[stage]
    ]
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
    subjects = [_subject(record) for record in records(settings, names(settings, RAW))]
    raw = {subject for subject in subjects if subject}
    skipped: dict[str, set[str]] = defaultdict(set)
    for record in records(settings, names(settings, SKIPPED)):
        message = SkippedArticle.decode(record.value(), kafka.headers(record))
        skipped[message.article_id].add(message.reason)
    buried = {topic: dead(settings, topic) for topic in CHAIN}
    by_id = {
        subject: reasons for topic in (RAW, CLEAN, ANNOTATED) for subject, reasons in buried[topic].subjects.items()
    }
    verdict.claim(set(inputs) <= raw, f"never reached raw: {sorted(set(inputs) - raw)[:5]}")
    indexed = found["articles"].keys()
    verdict.claim(set(indexed) <= raw, f"indexed, and nobody put it in: {sorted(set(indexed) - raw)[:5]}")
    for one in sorted(raw):
        fates = [one in indexed, one in skipped, one in by_id]
        verdict.claim(sum(fates) == 1, f"{one}: indexed, skipped, dead are {fates}")
    named = {**skipped, **by_id}
    places = {(topic.name, place): reasons for topic, one in buried.items() for place, reasons in one.places.items()}
    unnamed = [one for one, reasons in [*named.items(), *places.items()] if not all(reasons) or UNKNOWN in reasons]
    verdict.claim(not unnamed, f"without a named reason: {unnamed[:5]}")
    verdict.counts |= {
        "inputs": len(raw), "indexed": len(raw & indexed), "skipped": len(raw & skipped.keys()),
        "dead": len(raw & by_id.keys()), "nameless": subjects.count(None),
        **{role: len(docs) for role, docs in found.items()},
    }  # fmt: skip
    for reasons in named.values():
        for reason in reasons:
            verdict.reasons[reason] = verdict.reasons.get(reason, 0) + 1


def dead(settings: Settings, topic: Topic) -> Dead:
    places: dict[Place, set[str]] = defaultdict(set)
    subjects: dict[str, set[str]] = defaultdict(set)
    by_stage: dict[str, set[Place]] = defaultdict(set)
    for letter in records(settings, dlq_name(names(settings, topic))):
        found = kafka.headers(letter)
        reason = header(found, "dlq_reason") or UNKNOWN
        place = int(header(found, "dlq_partition") or -1), int(header(found, "dlq_offset") or -1)
        places[place].add(reason)
        by_stage[header(found, "dlq_stage") or UNKNOWN].add(place)
        if subject := header(found, "ce_subject"):
            subjects[subject].add(reason)
    return Dead(places, subjects, by_stage)


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


def unlabelled(speakers: Collection[str], found: Indices) -> list[str]:
    """Articles, reports and remarks of the indices that lack what they are found by."""
    out = []
    reports, stories = found["reports"], found["stories"]
    for article, (_, body) in found["articles"].items():
        for speaker in set(speakers) & set(body.get("speaker_ids", [])):
            _, report = reports.get(report_id(article, speaker), (0, {"retracted": True}))
            if report["retracted"] or not report.get("role"):
                out.append(f"article {article} quotes {speaker} and has no report that says so")
    for key, (_, body) in reports.items():
        if (
            not set(body.get("roles", [])) <= set(get_args(Role))
            or not set(body.get("story_ids", [])) <= stories.keys()
        ):
            out.append(f"report {key}: roles {body.get('roles')}, stories {body.get('story_ids')}")
    for key, (_, body) in found["remarks"].items():
        known = body.get("report_id") in reports and body.get("story_id", "") in {"", *stories}
        if not body.get("remark_id") or body.get("role") not in get_args(Role) or not known:
            out.append(f"remark {key}: {[body.get(field) for field in ('remark_id', 'role', 'report_id', 'story_id')]}")
    return out[:20]


def committed_but_not_durable(settings: Settings, client: Elasticsearch) -> list[str]:
    """What a stage has committed and what did not come of it; empty at every moment."""
    committed: dict[tuple[str, str, int], int] = {
        (at.stage, at.topic, at.partition): at.committed for at in positions(settings)
    }
    every = {topic: list(records(settings, names(settings, topic))) for topic in CHAIN}
    every[SKIPPED] = list(records(settings, names(settings, SKIPPED)))
    entries = list(records(settings, names(settings, ENTRIES)))
    buried = {topic: dead(settings, topic).by_stage for topic in CHAIN}
    out: list[str] = []

    def owed(stage: str, topic: Topic) -> list[Any]:
        """Committed records that have no dead letter of the stage. What names nothing must have one."""
        found = [
            record
            for record in every[topic]
            if record.offset() < committed.get((stage, names(settings, topic), record.partition()), 0)
            and _place(record) not in buried[topic].get(stage, set())
        ]
        lost = [_place(record) for record in found if _subject(record) is None]
        if lost:
            out.append(
                f"{stage} has committed records of {topic.name} that name nothing, without a dead letter: {lost[:5]}"
            )
        return [record for record in found if _subject(record) is not None]

    def expect(stage: str, topic: Topic, due: Callable[[Any], Iterable[str]], there: Callable[[str], bool]) -> None:
        lost = [one for record in owed(stage, topic) for one in due(record) if not there(one)]
        if lost:
            out.append(f"{stage} has committed more of {topic.name} than is durable: {lost[:5]}")

    def versions(*topics: Topic) -> Callable[[str], bool]:
        return {_version(record) for topic in topics for record in every[topic]}.__contains__

    def dispatched(record: Any) -> list[str]:
        return _reports_due(AnnotatedArticle.decode(record.value(), kafka.headers(record)), settings.pipeline.speakers)

    grouped = {_key(record) for record in every[GROUPED]}
    stored = {_key(one): one for one in entries if one.value() is not None and _key(one) in grouped}
    latest = {key: Entry.decode(one.value()).report.time_ms for key, one in stored.items()}
    expect("clean", RAW, lambda record: [_version(record)], versions(CLEAN, SKIPPED))
    expect("annotate", CLEAN, lambda record: [_version(record)], versions(ANNOTATED))
    expect("dispatch", ANNOTATED, dispatched, versions(REPORTS))
    expect("group", REPORTS, _decided, lambda one: _is_decided(one, latest))
    for topic, role in ROLES.items():
        wanted: dict[str, int] = {}
        for record in owed("index", topic):
            wanted[_key(record)] = max(_number(_version(record)), wanted.get(_key(record), 0))
        alias, keys = alias_of(role, settings.pipeline.index_prefix), sorted(wanted)
        for at in range(0, len(keys), 1000):
            answer = client.mget(index=alias, ids=keys[at : at + 1000], source=False)
            lost = [one["_id"] for one in answer["docs"] if one.get("_version", -1) < wanted[one["_id"]]]
            if lost:
                out.append(
                    f"index has committed {topic.name}, and these, or this version, are not in the index: {lost[:5]}"
                )
    return out


def _reports_due(message: AnnotatedArticle, speakers: Collection[str]) -> list[str]:
    """Versions of the reports that there must be: of each watched speaker who is quoted, and after the first visit of
    all of them, since an empty one takes back what was there. Whoever is mentioned only may have one.
    """
    quoted = {one.speaker_id for one in message.statements}
    due = [one for one in speakers if one in quoted or message.article.visit > 1]
    return [f"{report_id(message.subject, one)}@{message.time_ms}" for one in due]


def _decided(record: Any) -> list[str]:
    """The version of a report; none for what stands in the log beside them, and for an empty one, which takes back one
    that may never have been there.
    """
    if header(kafka.headers(record), "ce_type") != TYPE_PREFIX + Report.TYPE:
        return []
    report = Report.decode(record.value(), kafka.headers(record))
    return [report.message_id] if report.statements or report.context != Context() else []


def _is_decided(version: str, latest: Mapping[str, int]) -> bool:
    """Whether the entry of a report that was sent is of this version or of a later one; ``latest``: their times."""
    return latest.get(version.rpartition("@")[0], -1) >= _number(version)


def _version(record: Any) -> str:
    """What tells a version of a message from the others: the id of what it is about, then ``@`` and the time of
    fetching or ``#`` and the number of the decision. By the header, which no reader of ours has interpreted.
    """
    return header(kafka.headers(record), "ce_id") or ""


def _number(version: str) -> int:
    return int(version.replace("#", "@").rpartition("@")[2])


def _place(record: Any) -> Place:
    return record.partition(), record.offset()


def _subject(record: Any) -> str | None:
    return header(kafka.headers(record), "ce_subject")


def _key(record: Any) -> str:
    return (record.key() or b"").decode(errors="replace")


__all__ = ["ROLES", "Indices", "Verdict", "committed_but_not_durable", "indices", "judge"]
