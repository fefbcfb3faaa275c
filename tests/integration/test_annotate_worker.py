"""The worker of ``annotate`` and ``dispatch`` on real topics: an article in, a report out, poison aside."""

import datetime
from pathlib import Path

import pytest

from deploy.services import Services
from runtime import kafka
from runtime.kafka import headers
from runtime.settings import AnnotateSettings
from runtime.topics import names
from schemas import AnnotatedArticle, CleanArticle, Message, Report, header, headers_of
from schemas.topics import ANNOTATED, CLEAN, REPORTS, Topic
from tests.builders import clean_article
from tests.pipeline import dead_letters, eventually, prepared, put, values, workers

pytestmark = pytest.mark.integration

FETCHED = datetime.datetime(2026, 6, 3, 12, tzinfo=datetime.UTC)


def article(text: str, visit: int = 1, minutes: int = 0) -> CleanArticle:
    """A synthetic article; what it says was never said."""
    fetched = FETCHED + datetime.timedelta(minutes=minutes)
    return clean_article(
        "Lavrov speaks of ferries", text, "synthetic-1", at=FETCHED, fetched=fetched, revision=str(visit), visit=visit
    )


def test_an_article_becomes_annotations_and_a_report_and_is_taken_back(
    services: Services, unique: str, tmp_path: Path
) -> None:
    quoting = article("“Seven ferries will sail by autumn,” Foreign Minister Sergei Lavrov said in Ankara on Tuesday.")
    silent = article("The ferries will sail by autumn, the port of Ankara announced on Tuesday.", visit=2, minutes=5)
    silent = CleanArticle.decode(silent.encode().replace(b"Lavrov speaks of ferries", b"Seven ferries this autumn"))
    with prepared(services, unique, tmp_path, annotate=AnnotateSettings(embeddings=False)) as settings:
        with workers(settings, tmp_path, "annotate") as supervisor:
            put(settings, CLEAN, quoting.article_id, quoting)
            put(settings, CLEAN, silent.article_id, silent)
            eventually(lambda: len(values(settings, REPORTS)) == 2, "report and retraction", tmp_path, supervisor)
        first, second = (AnnotatedArticle.decode(value) for _, value in values(settings, ANNOTATED))
        assert first.lang == "en"
        assert [s.speaker_id for s in first.statements if s.kind == "direct"] == ["Q58217"]
        assert {entity.id for entity in first.entities} >= {"Q58217"}
        assert not any(s.speaker_id == "Q58217" for s in second.statements)
        reports = [Report.decode(value) for _, value in values(settings, REPORTS)]
        assert [key for key, _ in values(settings, REPORTS)] == [b"Q58217", b"Q58217"]
        assert [report.is_empty for report in reports] == [False, True]


@pytest.mark.parametrize(
    ("topic", "stage"), [(CLEAN, "annotate"), (ANNOTATED, "dispatch")], ids=["annotate", "dispatch"]
)
def test_poison_is_a_dead_letter_and_the_rest_goes_on(
    services: Services, unique: str, tmp_path: Path, topic: Topic, stage: str
) -> None:
    good: Message = article(
        "“Nine ferries will sail by winter,” Foreign Minister Sergei Lavrov said in Ankara on Monday."
    )
    if topic is ANNOTATED:
        good = AnnotatedArticle(article=good)  # type: ignore[arg-type]
    with prepared(services, unique, tmp_path, annotate=AnnotateSettings(embeddings=False)) as settings:
        name = names(settings, topic)
        found = headers_of(good, "test")  # type: ignore[arg-type]
        newer = [(k, b"2.0" if k == "schema_version" else v) for k, v in found]
        poison = [
            ("not_json", b"\xff\xfe<html>", found),
            ("invalid_message", b'{"article_id": []}', found),
            ("wrong_version", good.encode(), newer),
            ("empty_message", None, found),
            ("empty_message", b"", found),
            ("message_too_large", b"[" * 5_000_000, found),
        ]
        producer = kafka.Deliveries(kafka.producer(settings))
        for _, value, which in poison:
            producer.send(name, value, key="synthetic-1", headers=which)
        producer.send(name, None, key=None)
        poison.append(("empty_message", None, []))
        producer.flush()
        put(settings, topic, "synthetic-1", good)
        output = ANNOTATED if topic is CLEAN else REPORTS
        with workers(settings, tmp_path, "annotate") as supervisor:
            eventually(lambda: len(dead_letters(settings, topic)) == len(poison), "dead letters", tmp_path, supervisor)
            if topic is CLEAN:
                eventually(lambda: len(values(settings, output)) == 1, "the good one", tmp_path, supervisor)
        letters = dead_letters(settings, topic)
        reasons = sorted(header(headers(letter), "dlq_reason") or "" for letter in letters)
        assert reasons == sorted(reason for reason, _, _ in poison)
        assert {header(headers(letter), "dlq_stage") for letter in letters} == {stage}
        (nothing,) = (letter for letter in letters if header(headers(letter), "dlq_null"))
        assert (nothing.key(), nothing.value()) == (None, b"")
        letters.remove(nothing)
        by_offset = {int(header(headers(letter), "dlq_offset") or -1): letter.value() for letter in letters}
        assert [by_offset[n] or None for n in sorted(by_offset)] == [value or None for _, value, _ in poison[:-1]]
