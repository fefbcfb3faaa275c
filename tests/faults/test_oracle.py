"""The oracle itself, on topics and an index in memory: nothing is found where all is well, and each harm by name."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from console.positions import Position
from runtime.settings import Settings
from runtime.topics import names
from schemas import (
    AnnotatedArticle,
    Decision,
    GroupedReport,
    Headers,
    Message,
    Outlet,
    Report,
    Seq,
    Source,
    Statement,
    headers_of,
)
from schemas.dlq import Origin, dlq_headers
from schemas.errors import NotJson
from schemas.group_tables import Entry
from schemas.topics import ANNOTATED, CLEAN, ENTRIES, GROUPED, RAW, READS, REPORTS, Topic, dlq_name
from tests.builders import START, clean_article, raw_article
from tests.faults import oracle
from tests.faults.oracle import Indices, committed_but_not_durable, unlabelled

SPEAKER = "Q58217"
LATER = START + datetime.timedelta(minutes=5)
SETTINGS = Settings()


@dataclass(frozen=True)
class Record:
    """As confluent-kafka gives one, of partition 0."""

    at: int
    name: str
    shown: bytes | None
    told: Headers
    named: bytes = b"k"

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self.at

    def topic(self) -> str:
        return self.name

    def key(self) -> bytes:
        return self.named

    def value(self) -> bytes | None:
        return self.shown

    def headers(self) -> Headers:
        return self.told


@dataclass
class Logs:
    """Topics by name, and an index of articles and reports by id: all that two visits of an article brought about."""

    topics: dict[str, list[Record]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, value: bytes | None, headers: Headers, key: str = "k") -> int:
        log = self.topics.setdefault(name, [])
        log.append(Record(len(log), name, value, headers, key.encode()))
        return len(log) - 1

    def put(self, topic: Topic, message: Any, key: str = "k") -> None:
        self.add(names(SETTINGS, topic), message.encode(), headers_of(message, "test"), key)

    def bury(self, topic: Topic, stage: str, offset: int) -> None:
        origin = Origin(names(SETTINGS, topic), 0, offset, 0)
        error = NotJson("poison")
        headers = dlq_headers([], error, stage=stage, origin=origin, attempts=1, version="1")
        self.add(dlq_name(origin.topic), b"poison", headers)

    def poison(self, topic: Topic) -> int:
        return self.add(names(SETTINGS, topic), b"poison", [])

    def drop_last(self, topic: Topic) -> None:
        self.topics[names(SETTINGS, topic)].pop()

    def mget(self, *, index: str, ids: list[str], source: bool) -> dict[str, Any]:
        assert index
        assert not source
        return {
            "docs": [{"_id": one} | ({"_version": self.versions[one]} if one in self.versions else {}) for one in ids]
        }


def report_of(moment: datetime.datetime, visit: int) -> Report:
    return Report(
        report_id=f"a-{SPEAKER}", article_id="a", speaker_id=SPEAKER, seq=Seq(0, "a"), revision=f"r{visit}",
        fetched=moment, url="", outlet=Outlet(id="example.org"), title="t", statements=[statement()], visit=visit,
    )  # fmt: skip


def statement() -> Statement:
    return Statement(statement_id="s", start=0, end=1, text="x", kind="direct", speaker_id=SPEAKER)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Logs:
    made = Logs()
    for visit, moment in enumerate((START, LATER), 1):
        cleaned = clean_article("Title", "Text", at=moment, visit=visit)
        report = report_of(moment, visit)
        decision = Decision(report_id=report.report_id, decision_seq=visit)
        made.put(RAW, raw_article("page", fetched=moment, visit=visit))
        made.put(CLEAN, cleaned)
        made.put(ANNOTATED, AnnotatedArticle(article=cleaned, statements=[statement()]), "a")
        made.put(REPORTS, report, SPEAKER)
        entry = Entry(report=report, source=Source(topic="", partition=0, offset=0), decision=decision)
        made.add(names(SETTINGS, ENTRIES), entry.encode(), [], report.report_id)
        made.put(GROUPED, grouped(report, decision), report.report_id)
        made.versions = {"a": cleaned.time_ms, report.report_id: visit}

    def positions(_settings: Settings) -> list[Position]:
        ends = {topic: len(made.topics.get(names(SETTINGS, topic), [])) for topic in oracle.CHAIN}
        return [
            Position(stage, names(SETTINGS, topic), 0, ends[topic], 0, ends[topic])
            for stage, topics in READS.items()
            for topic in topics
        ]

    monkeypatch.setattr(oracle, "positions", positions)
    monkeypatch.setattr(oracle, "records", lambda _settings, name: made.topics.get(name, []))
    return made


def grouped(report: Report, decision: Decision) -> Message:
    return GroupedReport(
        decision=decision, article_id="a", speaker_id=SPEAKER, revision=report.revision, fetched=report.fetched, url="",
        outlet=report.outlet, title="t",
    )  # fmt: skip


def test_nothing_is_found_where_all_is_well(logs: Logs) -> None:
    for topic, stages in ((RAW, ["clean"]), (ANNOTATED, ["dispatch", "index"]), (REPORTS, ["group"])):
        offset = logs.poison(topic)
        for stage in stages:
            logs.bury(topic, stage, offset)
    assert committed_but_not_durable(SETTINGS, logs) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda logs: logs.drop_last(CLEAN), "clean has committed more of articles.raw"),
        (lambda logs: logs.drop_last(ANNOTATED), "annotate has committed more of articles.clean"),
        (lambda logs: logs.drop_last(REPORTS), "dispatch has committed more of articles.annotated"),
        (lambda logs: logs.drop_last(ENTRIES), "group has committed more of reports"),
        (lambda logs: logs.versions.update(a=logs.versions["a"] - 1), "index has committed articles.annotated"),
        (lambda logs: logs.versions.update({f"a-{SPEAKER}": 1}), "index has committed reports.grouped"),
        (lambda logs: logs.versions.pop("a"), "index has committed articles.annotated"),
        (lambda logs: logs.poison(RAW), "clean has committed records of articles.raw that name nothing"),
        (lambda logs: logs.poison(CLEAN), "annotate has committed records of articles.clean that name nothing"),
        (lambda logs: logs.poison(REPORTS), "group has committed records of reports that name nothing"),
        (
            lambda logs: logs.bury(ANNOTATED, "index", logs.poison(ANNOTATED)),
            "dispatch has committed records of articles.annotated that name nothing",
        ),
    ],
)
def test_each_harm_is_found(logs: Logs, harm: Callable[[Logs], object], told: str) -> None:
    """Of the second visit: the first has everything, so ids alone would find nothing."""
    harm(logs)
    (found,) = committed_but_not_durable(SETTINGS, logs)  # type: ignore[arg-type]
    assert found.startswith(told)


def labelled() -> Indices:
    report = {"role": "report", "roles": ["report"], "story_ids": ["s"], "retracted": False}
    remark = {"remark_id": "m", "role": "report", "report_id": f"a-{SPEAKER}", "story_id": "s"}
    return {
        "articles": {"a": (1, {"speaker_ids": [SPEAKER]}), "b": (1, {"speaker_ids": ["Q2"]}), "c": (1, {})},
        "reports": {f"a-{SPEAKER}": (1, report)},
        "remarks": {"w": (1, remark)},
        "stories": {"s": (1, {})},
    }


def test_what_has_its_labels_is_well() -> None:
    assert unlabelled([SPEAKER], labelled()) == []


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda found: found["reports"].clear(), ["article a", "remark w"]),
        (lambda found: found["reports"][f"a-{SPEAKER}"][1].update(retracted=True), ["article a"]),
        (lambda found: found["reports"][f"a-{SPEAKER}"][1].update(roles=["rumour"]), ["report a"]),
        (lambda found: found["stories"].clear(), ["report a", "remark w"]),
        (lambda found: found["remarks"]["w"][1].pop("role"), ["remark w"]),
    ],
)
def test_a_label_that_is_missing_is_found(harm: Callable[[Any], object], told: list[str]) -> None:
    found = labelled()
    harm(found)
    assert [line[: len(start)] for line, start in zip(unlabelled([SPEAKER], found), told, strict=True)] == told
