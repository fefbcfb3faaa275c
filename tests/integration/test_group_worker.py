"""The worker of ``group`` on real topics: order by the log, repeated records, kills, and a second reader."""

import datetime
import os
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from deploy.services import Services
from processors.group.grouper import Grouper
from processors.group.order import Reorder, not_ahead
from processors.group.worker import address
from runtime import kafka
from runtime.kafka import headers
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import GroupedReport, Mark, Override, Report, Ruling, Source, header, headers_of
from schemas.message import TYPE_PREFIX
from schemas.topics import GROUPED, OVERRIDES, REMARKS, REPORTS, STORIES, Topic
from tests.builders import SPEAKER, report
from tests.pipeline import dead_letters, eventually, prepared, put, values, workers

pytestmark = pytest.mark.integration

OUTPUTS = (GROUPED, REMARKS, STORIES)


def some_reports(count: int) -> list[Report]:
    """Reports of several occasions, some worded alike, some copied."""
    chosen = random.Random(7)
    made = []
    for number in range(count):
        day, variant = number // 6, number % 6
        words = f"Invented sentence {day} on matter {day * 3} says that plan {day} needs {day + 10} steps"
        text = words if variant % 3 == 0 else f"{words}, told in manner {variant} with {chosen.randint(1, 9)} asides"
        made.append(
            report(
                f"art{number:03}",
                text,
                minute=day * 1440 + variant * 10,
                outlet=f"o{variant}",
                date=f"2026-01-{12 + day}",
            )
        )
    return made


def send(settings: Settings, reports: list[Report], times: int = 1) -> None:
    producer = kafka.Deliveries(kafka.producer(settings))
    for one in reports:
        for _ in range(times):
            producer.send(names(settings, REPORTS), one.encode(), key=SPEAKER, headers=headers_of(one, "test"))
    producer.flush()


def last(settings: Settings, topic: Topic) -> dict[bytes, bytes]:
    """What compaction would leave: the last value of each key."""
    return {key: value for key, value in values(settings, topic) if key is not None and value is not None}


def by_key(pairs: Sequence[tuple[bytes | None, bytes | None]]) -> dict[bytes | None, list[bytes | None]]:
    """The values of each key in their order; keys spread over partitions, so only within a key is there one."""
    out: dict[bytes | None, list[bytes | None]] = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out


def decided(settings: Settings) -> set[str]:
    return {msgspec.json.decode(value, type=GroupedReport).article_id for value in last(settings, GROUPED).values()}


def grouping(settings: Settings) -> dict[str, tuple[frozenset[str], str]]:
    """For each article those in its story, and its role."""
    found = [msgspec.json.decode(value, type=GroupedReport) for value in last(settings, GROUPED).values()]
    main = {one.article_id: one.decision.parts[0] for one in found if one.decision.parts}
    return {
        article: (frozenset(a for a, other in main.items() if other.story_id == part.story_id), part.role)
        for article, part in main.items()
    }


APART, REACTION = "art015", "art020"
TOGETHER = {f"art{n:03}" for n in range(24)} - {APART, REACTION}


def some_overrides() -> list[Override]:
    """Of the first 24 of ``some_reports``: all are one story but one that is apart; one is a reaction."""
    made = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
    together = [f"{name}-{SPEAKER}" for name in sorted(TOGETHER)]
    return [
        Override(override_id="o1", kind="must_link", report_ids=together, made=made),
        Override(override_id="o2", kind="cannot_link", report_ids=[f"{APART}-{SPEAKER}", *together], made=made),
        Override(override_id="o3", kind="role", report_ids=[f"{REACTION}-{SPEAKER}"], role="reaction", made=made),
    ]


def say(settings: Settings, *overrides: Override) -> None:
    for one in overrides:
        put(settings, OVERRIDES, one.override_id, one)


def read_again(settings: Settings) -> dict[Topic, list[tuple[bytes, bytes]]]:
    """A second consumer of the reports topic: the same pure code, no Kafka behind it."""
    out: dict[Topic, list[tuple[bytes, bytes]]] = {topic: [] for topic in OUTPUTS}
    orders: dict[int, Reorder[Report]] = {}
    groupers: dict[str, Grouper] = {}
    for record in records(settings, names(settings, REPORTS)):
        partition = record.partition()
        order = orders.setdefault(partition, Reorder(round(settings.group.reorder_seconds * 1000)))
        when = record.timestamp()[1]
        kind = header(headers(record), "ce_type")
        ruling: Ruling | None = None
        if kind == TYPE_PREFIX + Ruling.TYPE:
            ruling = Ruling.decode(record.value(), headers(record))
            due = order.passed(when)
        elif kind == TYPE_PREFIX + Mark.TYPE:
            due = order.mark(Mark.decode(record.value(), headers(record)), when)
        else:
            one = not_ahead(Report.decode(record.value(), headers(record)), when)
            due = order.report(one, one.seq, record.offset(), when)
        for turn in due:
            grouper = groupers.setdefault(turn.item.speaker_id, Grouper(turn.item.speaker_id))
            source = Source(topic=names(settings, REPORTS), partition=partition, offset=turn.offset)
            for message in grouper.decide(turn.item, source, late=turn.late).outputs:
                topic, key = address(message)
                out[topic].append((key.encode(), message.encode()))
        if ruling is not None:
            grouper = groupers.setdefault(ruling.speaker_id, Grouper(ruling.speaker_id))
            source = Source(topic=names(settings, REPORTS), partition=partition, offset=record.offset())
            for message in grouper.rule(ruling, source).outputs:
                topic, key = address(message)
                out[topic].append((key.encode(), message.encode()))
    return out


def all_sent(settings: Settings) -> bool:
    """Whether what a decision sends behind itself (remarks, stories) is there, too: a worker that is stopped between
    the two sends it when it starts again.
    """
    again = read_again(settings)
    return all(last(settings, topic) == dict(again[topic]) for topic in OUTPUTS)


def test_reports_are_decided_and_a_second_reader_gives_the_same_bytes(
    services: Services, unique: str, tmp_path: Path
) -> None:
    with prepared(services, unique, tmp_path) as settings:
        reports = some_reports(60)
        shuffled = random.Random(3).sample(reports, len(reports))
        with workers(settings, tmp_path, "group") as supervisor:
            send(settings, shuffled[:30])
            eventually(lambda: len(decided(settings)) == 30, "first half decided", tmp_path, supervisor)
            send(settings, shuffled[30:])
            eventually(lambda: len(decided(settings)) == 60, "all decided", tmp_path, supervisor)
            eventually(lambda: all_sent(settings), "all sent", tmp_path, supervisor)
        again = read_again(settings)
        for topic in OUTPUTS:
            assert by_key(values(settings, topic)) == by_key(again[topic]), topic.name


def test_every_record_twice_gives_the_same_documents(services: Services, unique: str, tmp_path: Path) -> None:
    reports = some_reports(36)
    with prepared(services, unique, tmp_path / "once") as settings:
        with workers(settings, tmp_path / "once", "group") as supervisor:
            send(settings, reports)
            eventually(lambda: len(decided(settings)) == 36, "all decided", tmp_path / "once", supervisor)
            eventually(lambda: all_sent(settings), "all sent", tmp_path / "once", supervisor)
        once = {topic: last(settings, topic) for topic in OUTPUTS}
    with prepared(services, f"{unique}-twice", tmp_path / "twice") as settings:
        with workers(settings, tmp_path / "twice", "group") as supervisor:
            send(settings, reports, times=2)
            send(settings, reports[10:20], times=3)
            expected = 36 * 2 + 30
            eventually(
                lambda: len(values(settings, GROUPED)) >= expected, "all answered", tmp_path / "twice", supervisor
            )
        twice = {topic: last(settings, topic) for topic in OUTPUTS}
    assert twice == once


def test_a_killed_worker_changes_nothing(services: Services, unique: str, tmp_path: Path) -> None:
    reports = some_reports(90)
    with prepared(services, unique, tmp_path) as settings:
        with workers(settings, tmp_path, "group") as supervisor:
            for part in range(3):
                send(settings, reports[part * 30 : part * 30 + 30])
                eventually(lambda: len(decided(settings)) > part * 30, "some decided", tmp_path, supervisor)  # noqa: B023
                pid = supervisor.pid("group")
                if pid is not None:
                    os.kill(pid, signal.SIGKILL)
            eventually(lambda: len(decided(settings)) == 90, "all decided", tmp_path, supervisor)
            eventually(lambda: all_sent(settings), "all sent", tmp_path, supervisor)
        expected = read_again(settings)
        for topic in OUTPUTS:
            assert last(settings, topic) == dict(expected[topic]), topic.name


def test_what_is_no_report_is_a_dead_letter_and_the_rest_goes_on(
    services: Services, unique: str, tmp_path: Path
) -> None:
    with prepared(services, unique, tmp_path) as settings:
        good = some_reports(2)
        producer = kafka.Deliveries(kafka.producer(settings))
        topic = names(settings, REPORTS)
        wrong_version = [(k, b"9.0" if k == "schema_version" else v) for k, v in headers_of(good[0], "test")]
        poison = {
            "not_json": (b"{no json", headers_of(good[0], "test")),
            "invalid_message": (b'{"report_id": 1}', headers_of(good[0], "test")),
            "wrong_version": (good[0].encode(), wrong_version),
            "empty_message": (None, []),
            "message_too_large": (b"x" * 5_000_000, []),
        }
        producer.send(topic, good[0].encode(), key=SPEAKER, headers=headers_of(good[0], "test"))
        for value, found in poison.values():
            producer.send(topic, value, key=SPEAKER, headers=found)
        producer.send(topic, None, key=None)
        producer.send(topic, good[1].encode(), key=SPEAKER, headers=headers_of(good[1], "test"))
        producer.flush()
        with workers(settings, tmp_path, "group") as supervisor:
            eventually(lambda: len(decided(settings)) == 2, "both decided", tmp_path, supervisor)
            eventually(
                lambda: len(dead_letters(settings, REPORTS)) == len(poison) + 1, "dead letters", tmp_path, supervisor
            )
        letters = dead_letters(settings, REPORTS)
        (nothing,) = (letter for letter in letters if header(headers(letter), "dlq_null"))
        assert (nothing.key(), nothing.value()) == (None, b"")
        by_reason = {header(headers(letter), "dlq_reason"): letter for letter in letters if letter is not nothing}
        assert set(by_reason) == set(poison)
        for reason, (value, _) in poison.items():
            letter = by_reason[reason]
            assert (letter.value() or None) == value
            assert header(headers(letter), "dlq_topic") == topic
            assert header(headers(letter), "dlq_stage") == "group"
            assert header(headers(letter), "dlq_message")


def test_an_override_made_while_running_acts_survives_and_is_the_same_in_a_replay(
    services: Services, unique: str, tmp_path: Path
) -> None:
    reports, overrides = some_reports(36), some_overrides()

    def ruled(settings: Settings) -> bool:
        found = grouping(settings)
        together, _ = found["art000"]
        return together >= TOGETHER and APART not in together and found[REACTION][1] == "reaction"

    with prepared(services, unique, tmp_path / "live") as settings:
        with workers(settings, tmp_path / "live", "group") as supervisor:
            send(settings, reports[:24])
            eventually(lambda: len(decided(settings)) == 24, "first part decided", tmp_path / "live", supervisor)
            assert not ruled(settings)
            say(settings, *overrides)
            eventually(lambda: ruled(settings), "overrides act", tmp_path / "live", supervisor)
            pid = supervisor.pid("group")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            send(settings, reports[24:])
            eventually(lambda: len(decided(settings)) == 36, "all decided", tmp_path / "live", supervisor)
            eventually(lambda: all_sent(settings), "all sent", tmp_path / "live", supervisor)
        live = grouping(settings)
        assert ruled(settings)
        again = read_again(settings)
        for topic in OUTPUTS:
            assert last(settings, topic) == dict(again[topic]), topic.name
    with prepared(services, f"{unique}-replay", tmp_path / "replay") as settings:
        say(settings, *overrides)
        with workers(settings, tmp_path / "replay", "group") as supervisor:
            send(settings, reports)
            eventually(lambda: len(decided(settings)) == 36, "all decided", tmp_path / "replay", supervisor)
            eventually(lambda: ruled(settings), "overrides act", tmp_path / "replay", supervisor)
        assert grouping(settings) == live


def test_an_override_that_is_taken_back_leaves_nothing_behind(services: Services, unique: str, tmp_path: Path) -> None:
    reports, override = some_reports(24), some_overrides()[0]
    with prepared(services, unique, tmp_path) as settings, workers(settings, tmp_path, "group") as supervisor:
        send(settings, reports)
        eventually(lambda: len(decided(settings)) == 24, "all decided", tmp_path, supervisor)
        before = grouping(settings)
        say(settings, override)
        eventually(lambda: grouping(settings) != before, "the override acts", tmp_path, supervisor)
        producer = kafka.Deliveries(kafka.producer(settings))
        producer.send(names(settings, OVERRIDES), None, key=override.override_id)
        producer.flush()
        eventually(lambda: grouping(settings) == before, "it is taken back", tmp_path, supervisor)
