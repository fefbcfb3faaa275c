"""The cleaner on running services: each raw record ends as an article, as skipped, or as a dead letter. Synthetic."""

import contextlib
import datetime
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services import Kind, Services
from ingest.clean.service import STAGE, run
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.settings import Settings
from runtime.topics import create, names
from schemas import CleanArticle, OutletProfile, RawArticle, SkippedArticle, header, headers_of
from schemas.topics import CLEAN, PROFILES, RAW, SKIPPED, dlq_name
from tests.builders import raw_article
from tests.pipeline import dead_letters, eventually, prepared, values

pytestmark = pytest.mark.integration

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
TEXT = "The invented minister said on Tuesday that the invented bridge would open before the end of the year. " * 3
PAGE = f"<html><body><article><h1>Bridge</h1><p>{TEXT}</p></article></body></html>"


def raw(article: str, body: str = PAGE, **fields: object) -> RawArticle:
    return raw_article(body, article, fetched=AT, charset="utf-8", **fields)


@contextlib.contextmanager
def cleaning(settings: Settings) -> Iterator[list[int]]:
    """The service in a thread; afterwards the list holds its exit code."""
    stop, codes = Stop(), list[int]()
    thread = threading.Thread(target=lambda: codes.append(run(settings, stop)))
    thread.start()
    try:
        yield codes
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def committed(settings: Settings) -> int:
    """Sum of the committed offsets of all partitions."""
    from confluent_kafka import TopicPartition

    with contextlib.closing(kafka.consumer(settings, kafka.group_id(settings, STAGE))) as client:
        wanted = [TopicPartition(names(settings, RAW), p) for p in range(settings.pipeline.partitions)]
        return sum(max(0, found.offset) for found in client.committed(wanted, timeout=20))


def send(settings: Settings, *records: RawArticle) -> None:
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for record in records:
        deliveries.send(
            names(settings, RAW), record.encode(), key="example.org", headers=headers_of(record, "fetch"),
            timestamp_ms=record.time_ms,
        )  # fmt: skip
    deliveries.flush()


def test_every_record_ends_somewhere_and_offsets_follow(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path, clean={"workers": 2}) as settings:
        articles = [raw(f"a{n}") for n in range(40)]
        send(
            settings,
            *articles,
            raw("gone", status=404, visit=2),
            raw("short", "<html><body><p>Too little.</p></body></html>"),
        )
        deliveries = kafka.Deliveries(kafka.producer(settings))
        topic = names(settings, RAW)
        deliveries.send(topic, b"no json", key="k")
        deliveries.send(topic, b"", key="k")
        deliveries.send(topic, None, key="k")
        deliveries.send(topic, b"x" * 5_000_000, key="k")
        deliveries.send(topic, b"{}", key="k", headers=[("schema_version", b"9.0")])
        deliveries.send(topic, b"{}", key="k", headers=[("traceparent", b"00-1")])
        deliveries.send(topic, raw("torn", body="").encode().replace(b'"body":"', b'"body":"AAAA'), key="k")
        deliveries.flush()
        send(settings, raw("last"))
        total = 40 + 2 + 7 + 1
        with cleaning(settings) as codes:
            eventually(lambda: committed(settings) == total, "all committed", tmp_path)
        assert codes == [0]

        clean = {k: CleanArticle.decode(v) for k, v in values(settings, CLEAN)}
        assert set(clean) == {f"a{n}".encode() for n in range(40)} | {b"last"}
        assert clean[b"a7"].seq == articles[7].seq
        assert clean[b"a7"].text.startswith("The invented minister said")
        skipped = [SkippedArticle.decode(v) for _, v in values(settings, SKIPPED)]
        assert sorted((s.article_id, s.reason, s.visit) for s in skipped) == [
            ("gone", "gone", 2), ("short", "too_short", 1),
        ]  # fmt: skip
        letters = dead_letters(settings, RAW)
        reasons = sorted(header(kafka.headers(m), "dlq_reason") or "" for m in letters)
        assert reasons == [
            "clean", "empty_message", "empty_message", "invalid_message", "message_too_large", "not_json",
            "wrong_version",
        ]  # fmt: skip
        by_reason = {header(kafka.headers(m), "dlq_reason"): m for m in letters}
        assert by_reason["not_json"].value() == b"no json"
        assert len(by_reason["message_too_large"].value()) == 5_000_000
        assert header(kafka.headers(by_reason["invalid_message"]), "traceparent") == "00-1"
        assert header(kafka.headers(by_reason["not_json"]), "dlq_topic") == topic
        assert {m.topic() for m in letters} == {dlq_name(topic)}


def test_outlet_profiles_are_made_and_survive_a_restart(services: Services, unique: str, tmp_path: Path) -> None:
    """Versions follow from the order of an outlet's articles; a second run goes on where the first one stopped."""
    with prepared(services, unique, tmp_path, clean={"workers": 2}) as settings:
        send(settings, *(raw(f"a{n}") for n in range(7)))
        with cleaning(settings):
            eventually(lambda: committed(settings) == 7, "all committed", tmp_path)
        send(settings, *(raw(f"a{n}") for n in range(7, 20)), raw("a3", visit=2))
        with cleaning(settings):
            eventually(lambda: committed(settings) == 21, "all committed", tmp_path)
        profiles = [OutletProfile.decode(v) for _, v in values(settings, PROFILES)]
        assert {profile.outlet for profile in profiles} == {"example.org"}
        last = max(profiles, key=lambda profile: profile.learned)
        assert (last.learned, last.version, last.pages) == (20, 5, 16)
        assert last.lines
        clean = [CleanArticle.decode(v) for _, v in values(settings, CLEAN)]
        used = {article.article_id: article.profile_version for article in clean if article.visit == 1}
        made_at = (3, 5, 8, 12, 16)
        assert used == {f"a{n}": sum(n >= count for count in made_at) or None for n in range(20)}


def test_a_replay_cleans_as_before_though_profiles_have_grown_since(
    services: Services, unique: str, tmp_path: Path
) -> None:
    """The version that a message names is the one that was known then, not the newest one."""
    appeal = "Support independent journalism: our readers pay for what we print, every contribution keeps us going. "

    def page(n: int) -> RawArticle:
        text = f"{TEXT}Report number {n} has words that no other one has: {chr(97 + n) * 7}."
        body = f"<article><h1>Bridge {n}</h1><p>{text}</p><p>{appeal * 2}</p></article>"
        return raw(f"a{n}", f"<html><body>{body}</body></html>")

    with prepared(services, unique, tmp_path, clean={"workers": 2}) as settings:
        send(settings, *(page(n) for n in range(6)))
        with cleaning(settings):
            eventually(lambda: committed(settings) == 6, "all committed", tmp_path)
        send(settings, *(page(n) for n in range(6, 20)))
        with cleaning(settings):
            eventually(lambda: committed(settings) == 20, "all committed", tmp_path)
        before = dict(values(settings, CLEAN))
        first, last = (CleanArticle.decode(before[key]) for key in (b"a0", b"a19"))
        assert (first.profile_version, last.profile_version) == (None, 5)
        assert appeal.strip() in first.text, "nothing was known of the outlet"
        assert appeal.strip() not in last.text, "it had recurred"

        again = settings.model_copy(update={"pipeline": settings.pipeline.model_copy(update={"generation": 2})})
        create(kafka.admin(again), again)
        with cleaning(again):
            eventually(lambda: committed(again) == 20, "all committed", tmp_path)
        assert dict(values(again, CLEAN)) == before
        assert len(before) == 20


def _as_instance(settings: Settings, name: str) -> Settings:
    return settings.model_copy(update={"pipeline": settings.pipeline.model_copy(update={"instance": name})})


def _fill(settings: Settings, count: int) -> None:
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for n in range(count):
        record = raw(f"a{n}")
        deliveries.send(names(settings, RAW), record.encode(), key=f"host{n % 7}", headers=headers_of(record, "fetch"))
    deliveries.flush()


def test_two_cleaners_share_the_partitions_and_a_stop_loses_nothing(
    services: Services, unique: str, tmp_path: Path
) -> None:
    with prepared(services, unique, tmp_path, clean={"workers": 1}) as settings:
        _fill(settings, 200)
        with cleaning(_as_instance(settings, "1")) as first:
            eventually(lambda: len(values(settings, CLEAN)) > 10, "the first works", tmp_path)
            with cleaning(_as_instance(settings, "2")) as second:
                eventually(lambda: len(values(settings, CLEAN)) > 60, "both work", tmp_path)
        assert (first, second) == ([0], [0])
        # Both again: the embedded Kafka keeps the place of a static member that is gone for minutes.
        with cleaning(_as_instance(settings, "1")), cleaning(_as_instance(settings, "2")):
            eventually(lambda: committed(settings) == 200, "all committed", tmp_path)
        keys = [k for k, _ in values(settings, CLEAN)]
        assert set(keys) == {f"a{n}".encode() for n in range(200)}
        if services.kind is Kind.LOCAL:
            # Stops and rebalances drain and commit first, so nothing was done twice. The embedded Kafka refuses the
            # commit of a member that is told to give up partitions.
            assert len(keys) == 200


def test_a_cleaner_whose_place_another_took_ends_and_the_other_does_the_work(
    services: Services, unique: str, tmp_path: Path
) -> None:
    if services.kind is not Kind.LOCAL:
        pytest.skip("the embedded Kafka does not fence static members")
    with prepared(services, unique, tmp_path, clean={"workers": 1}) as settings:
        _fill(settings, 200)
        with cleaning(settings) as first:
            eventually(lambda: len(values(settings, CLEAN)) > 10, "the first works", tmp_path)
            with cleaning(settings) as second:
                eventually(lambda: bool(first), "the first has ended", tmp_path)
                eventually(lambda: committed(settings) == 200, "all committed", tmp_path)
        assert (first, second) == ([1], [0])
        assert {k for k, _ in values(settings, CLEAN)} == {f"a{n}".encode() for n in range(200)}
