"""`remarkwire dlq` on real queues: what is listed, sent back byte for byte, dropped, and not handled twice."""

import json
from pathlib import Path

import pytest

from deploy.services import Services
from runtime import kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Handled, header
from schemas.dlq import Origin, dlq_headers
from schemas.errors import InvalidMessage, NotJson, RemarkwireError
from schemas.topics import ANNOTATED, CLEAN, HANDLED, REPORTS, Topic, dlq_name
from tests.cli import done, remarkwire
from tests.pipeline import prepared

pytestmark = pytest.mark.integration

POISON = b"{no json \xff"


def dead(
    settings: Settings,
    topic: Topic,
    value: bytes | None,
    key: bytes | None,
    error: RemarkwireError,
    stage: str | None = None,
) -> None:
    name = names(settings, topic)
    headers = dlq_headers(
        [("ce_subject", b"article-1"), ("binary", b"\xfe\x00")],
        error, stage=stage or ("annotate" if topic is CLEAN else "group"), origin=Origin(name, 1, 5, 1),
        attempts=1, version="0",
    )  # fmt: skip
    deliveries = kafka.Deliveries(kafka.producer(settings))
    deliveries.send(dlq_name(name), value, key=key, headers=headers)
    deliveries.flush()


def listed(settings: Settings, *filters: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in done(settings, "dlq", "list", "--json", *filters).splitlines()]


def test_letters_are_listed_sent_back_and_dropped_once(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path) as settings:
        assert "no dead letters" in done(settings, "dlq", "list")
        dead(settings, CLEAN, POISON, b"k1", NotJson("not [bold]JSON[/bold]"))
        dead(settings, CLEAN, b"{}", b"k2", InvalidMessage("a field is missing"))
        dead(settings, REPORTS, None, None, NotJson("empty"))

        assert [one["reason"] for one in listed(settings)] == ["not_json", "invalid_message", "not_json"]
        assert [one["key"] for one in listed(settings, "--topic", "articles.clean", "--limit", "1")] == ["k1"]
        assert [one["key"] for one in listed(settings, "--stage", "annotate", "--reason", "invalid_message")] == ["k2"]
        assert len(listed(settings, "--since", "1h")) == 3
        assert listed(settings, "--since", "2100-01-01") == []
        assert len(listed(settings, "--key", "article-1")) == 3
        first = str(listed(settings, "--key", "k1")[0]["id"])
        assert "not [bold]JSON" in done(settings, "dlq", "show", first)
        whole = json.loads(done(settings, "dlq", "show", first, "--json"))
        assert (whole["bytes"], whole["offset"]) == (len(POISON), 5)

        assert remarkwire(settings, "dlq", "requeue").exit_code == 2, "everything only by --all"
        done(settings, "dlq", "requeue", first)
        again = remarkwire(settings, "dlq", "requeue", first)
        assert (again.exit_code, "was requeued before" in again.stderr) == (0, True)
        for action in ("requeue", "drop"):
            nowhere = remarkwire(
                settings, "dlq", action, first.rpartition("/")[0] + "/99", str(listed(settings)[0]["id"])
            )
            assert (nowhere.exit_code, "no such letter" in nowhere.stderr) == (1, True)
        assert remarkwire(settings, "dlq", "list", "--topic", "nonsense").exit_code == 2
        assert listed(settings, "--topic", dlq_name(names(settings, CLEAN))) != []
        (back,) = records(settings, names(settings, CLEAN))
        assert (back.value(), back.key(), back.partition()) == (POISON, b"k1", 1)
        assert kafka.headers(back) == [("ce_subject", b"article-1"), ("binary", b"\xfe\x00")]

        done(settings, "dlq", "drop", "--reason", "invalid_message", "--note", "a test")
        assert [one["topic"] for one in listed(settings)] == [names(settings, REPORTS)]
        done(settings, "dlq", "requeue", "--all")
        (empty,) = records(settings, names(settings, REPORTS))
        assert (empty.value(), empty.key(), empty.partition()) == (None, None, 1)
        assert listed(settings) == []
        assert [one["handled"] for one in listed(settings, "--handled")] == ["requeued", "dropped", "requeued"]

        notes = [Handled.decode(one.value()) for one in records(settings, names(settings, HANDLED))]
        assert [(one.how, one.reason, one.note) for one in notes] == [
            ("requeued", "not_json", ""), ("dropped", "invalid_message", "a test"), ("requeued", "not_json", ""),
        ]  # fmt: skip
        assert {one.article_id for one in notes} == {"article-1"}
        assert header(kafka.headers(back), "dlq_reason") is None


def test_a_letter_that_does_not_say_where_it_came_from_is_not_guessed(
    services: Services, unique: str, tmp_path: Path
) -> None:
    with prepared(services, unique, tmp_path) as settings:
        deliveries = kafka.Deliveries(kafka.producer(settings))
        deliveries.send(dlq_name(names(settings, CLEAN)), b"x", key=None)
        deliveries.flush()
        result = remarkwire(settings, "dlq", "requeue", "--all")
        assert "where it came from" in str(result.exception)
        assert list(records(settings, names(settings, CLEAN))) == []
        done(settings, "dlq", "drop", "--all")
        assert listed(settings) == []


def test_a_record_that_several_readers_gave_up_is_sent_back_once(
    services: Services, unique: str, tmp_path: Path
) -> None:
    with prepared(services, unique, tmp_path) as settings:
        for stage in ("dispatch", "index", "dispatch"):
            dead(settings, ANNOTATED, POISON, b"k1", NotJson("no"), stage)
        result = remarkwire(settings, "dlq", "requeue", "--stage", "index")
        assert "records sent back: 1; letters handled: 3" in result.stderr
        assert len(list(records(settings, names(settings, ANNOTATED)))) == 1
        assert listed(settings) == []
