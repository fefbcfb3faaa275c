"""Which dead letters a filter takes, and what their headers say."""

import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from console import dead_letters
from console.commands import dlq
from console.dead_letters import DeadLetter, Requeued, Waiting, Wanted, counted, find, of_one_record, requeue
from console.main import app
from console.times import moment
from ingest import exports
from runtime.settings import Settings
from schemas import Generation
from schemas.dlq import Origin, dlq_headers, read_letter
from schemas.errors import IndexRejected, InputError, SettingsError
from tests.fakes import record

DIED = datetime.datetime(2026, 6, 3, 11, 0, tzinfo=datetime.UTC)
ROLES = {"reports", "reports.g1", "reports.g1.dlq"}


def letter(
    handled: str | None = None, *, at: int = 4, offset: int = 7, stage: str = "index", value: bytes = b"{}"
) -> DeadLetter:
    headers = dlq_headers(
        [("ce_subject", b"article-1"), ("other", b"\xff")],
        IndexRejected("a field\nis wrong"),
        stage=stage,
        origin=Origin("reports.g1", 1, offset, 1000),
        attempts=3,
        version="0.1",
    )
    died = int(DIED.timestamp() * 1000)
    return DeadLetter(f"reports.g1.dlq/0/{at}", read_letter(headers), b"Q1", value, died, handled)


def test_headers_are_read_as_they_were_written() -> None:
    found = letter().letter
    assert (found.reason, found.error, found.message) == ("index_rejected", "IndexRejected", "a field is wrong")
    assert (found.stage, found.attempts, found.version) == ("index", 3, "0.1")
    assert found.origin == Origin("reports.g1", 1, 7, 1000)
    assert found.original == [("ce_subject", b"article-1"), ("other", b"\xff")]


def test_headers_of_somebody_else_are_no_error() -> None:
    found = read_letter([("dlq_offset", b"twelve"), ("x", b"y")])
    assert (found.reason, found.origin.offset, found.original) == ("unknown", -1, [("x", b"y")])


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(topic="reports"),
        Wanted(topic="reports.g1"),
        Wanted(reason="index_rejected", stage="index"),
        Wanted(since=DIED),
        Wanted(key="Q1"),
        Wanted(key="article-1"),
        Wanted(places=frozenset({"reports.g1.dlq/0/4", "x"})),
    ],
)
def test_a_letter_is_chosen_by_topic_reason_stage_time_key_or_place(wanted: Wanted) -> None:
    assert wanted.fits(letter(), ROLES)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(topic="stories"),
        Wanted(reason="index_rejected", stage="group"),
        Wanted(since=DIED + datetime.timedelta(seconds=1)),
        Wanted(key="Q2"),
        Wanted(places=frozenset({"reports.g1.dlq/0/5"})),
    ],
)
def test_what_does_not_fit(wanted: Wanted) -> None:
    assert not wanted.fits(letter(), ROLES)


def test_handled_letters_are_taken_only_where_they_are_asked_for() -> None:
    assert not Wanted(topic="reports").fits(letter("dropped"), ROLES)
    assert Wanted(handled=True).fits(letter("dropped"), ROLES)


def test_letters_of_one_record_are_sent_back_as_one_and_all_handled_by_that() -> None:
    first, second = letter(at=4), letter(at=5, offset=8)
    other_reader, unasked = letter(at=6, stage="dispatch"), letter(at=7, offset=9)
    waiting = [first, second, other_reader, unasked]
    assert of_one_record([first, second], waiting) == [[first, other_reader], [second]]
    assert of_one_record([other_reader], waiting) == [[other_reader, first]]


def test_letters_are_of_one_record_only_where_that_is_sure() -> None:
    """A topic that was made anew counts from zero again; a letter may name no offset."""
    for other in (letter(at=5, value=b"[]"), letter(at=5, offset=-1)):
        assert of_one_record([letter(), other], [letter(), other]) == [[letter()], [other]]
    nowhere = [letter(at=4, offset=-1), letter(at=5, offset=-1)]
    assert of_one_record(nowhere, nowhere) == [[nowhere[0]], [nowhere[1]]]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """The records of the queue of ``reports.g1``; all others are empty."""
    there: list[SimpleNamespace] = []
    monkeypatch.setattr(dead_letters, "there", lambda _: {"reports.g1.dlq"})
    monkeypatch.setattr(dead_letters, "handled", lambda _: {})
    monkeypatch.setattr(dead_letters, "records", lambda _, topic: (one for one in there if topic == "reports.g1.dlq"))
    return there


def lying(offset: int, value: bytes, *, origin: int) -> SimpleNamespace:
    headers = dlq_headers(
        [], IndexRejected("no"), stage="index", origin=Origin("reports.g1", 1, origin, 1000), attempts=1, version="0"
    )
    return record(topic="reports.g1.dlq", offset=offset, key=b"Q1", value=value, headers=headers)


def test_a_record_that_had_no_value_is_the_same_in_the_queue_of_every_client(queue: list[SimpleNamespace]) -> None:
    for offset, (value, null) in enumerate(((b"", True), (None, False))):
        headers = dlq_headers(
            [("x", b"y"), ("dlq_null", b"1")], IndexRejected("no"), stage="index",
            origin=Origin("reports.g1", 1, 5, 1000), attempts=1, version="0", null=null,
        )  # fmt: skip
        queue.append(record(topic="reports.g1.dlq", offset=offset, key=None, value=value, headers=headers))
    ours, theirs = find(Settings(), Wanted(), values=True)
    assert ours.value is theirs.value is None
    assert ours.letter.original == [("x", b"y")]
    assert [len(group) for group in of_one_record([ours], [theirs])] == [2]


def test_letters_are_read_one_by_one_and_without_their_values(queue: list[SimpleNamespace]) -> None:
    queue += [lying(0, b"one", origin=5), lying(1, b"one", origin=6), lying(2, b"two", origin=7)]
    first, same, other = find(Settings(), Wanted())
    assert first.value is same.value is other.value is None
    assert first.fingerprint == same.fingerprint != other.fingerprint
    assert [dead.value for dead in find(Settings(), Wanted(), values=True)] == [b"one", b"one", b"two"]

    def broken() -> bytes:
        raise AssertionError("nobody asked for this one")

    queue[1].value = broken
    assert next(find(Settings(), Wanted())).place == "reports.g1.dlq/0/0"
    assert len(list(find(Settings(), Wanted(), 1))) == 1


def test_records_are_sent_back_with_their_values(queue: list[SimpleNamespace], monkeypatch: pytest.MonkeyPatch) -> None:
    queue += [
        lying(0, b"one", origin=5),
        lying(1, b"one", origin=5),
        lying(2, b"two", origin=7),
        lying(3, b"x", origin=8),
    ]
    sent: list[tuple[str, bytes]] = []
    deliveries = SimpleNamespace(send=lambda topic, value, **_: sent.append((topic, value)), flush=lambda: None)
    monkeypatch.setattr(dead_letters.kafka, "producer", lambda _: None)
    monkeypatch.setattr(dead_letters.kafka, "Deliveries", lambda _: deliveries)
    monkeypatch.setattr(dead_letters, "_AT_ONCE", 1)
    chosen = list(find(Settings(), Wanted()))[:3:2]
    progress: list[tuple[int, int | None]] = []
    done = requeue(Settings(), chosen, lambda now, of: progress.append((now, of)))
    assert [value for topic, value in sent if topic == "reports.g1"] == [b"one", b"two"]
    assert (done.records, done.letters) == (2, 3)
    assert len([topic for topic, _ in sent if topic == "dlq.handled"]) == 3
    assert progress == [(1, 2), (2, 2)]


def test_letters_that_wait_are_counted_by_topic_stage_and_reason() -> None:
    found = [letter(), letter(at=5), letter(at=6, stage="group"), letter("requeued", at=7), letter("dropped", at=8)]
    assert counted(found) == [
        Waiting("reports.g1", "group", "index_rejected", 1),
        Waiting("reports.g1", "index", "index_rejected", 2),
    ]


def test_times_as_people_give_them() -> None:
    now = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
    assert moment("90m", now) == datetime.datetime(2026, 6, 3, 10, 30, tzinfo=datetime.UTC)
    assert moment("2w", now) == datetime.datetime(2026, 5, 20, 12, 0, tzinfo=datetime.UTC)
    assert moment("2026-06-03") == datetime.datetime(2026, 6, 3, tzinfo=datetime.UTC)
    assert moment("2026-06-03T11:30+03:00") == datetime.datetime(2026, 6, 3, 8, 30, tzinfo=datetime.UTC)
    assert moment(None) is None
    with pytest.raises(typer.BadParameter, match="yesterday"):
        moment("yesterday")
    with pytest.raises(typer.BadParameter, match="9999"):
        moment("9999-12-31T23:59-05:00")


def test_an_export_is_of_a_time_as_people_give_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, datetime.datetime] = {}
    monkeypatch.setattr(exports, "export", lambda *_, since, until, progress: asked.update(b=since, e=until) or 3)
    result = CliRunner().invoke(app, ["export", str(tmp_path / "a.warc"), "--since", "7d", "--until", "2d"])
    assert result.exit_code == 0, result.output
    assert asked["e"] - asked["b"] == datetime.timedelta(days=5)


@pytest.mark.parametrize("span", [["--since", "1h", "--until", "2h"], ["--since", "9000-01-01"]])
def test_an_export_of_a_time_that_has_nothing_is_refused(span: list[str], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["export", str(tmp_path / "a.warc"), *span])
    assert result.exit_code == 2
    assert "--since" in result.output


def test_an_archive_is_replaced_by_who_says_so_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "export", lambda *_, **__: 3)
    path = tmp_path / "a.warc"
    path.write_bytes(b"an archive")
    result = CliRunner().invoke(app, ["export", str(path)])
    assert isinstance(result.exception, InputError)
    assert "--overwrite" in str(result.exception)
    assert CliRunner().invoke(app, ["export", str(path), "--overwrite"]).exit_code == 0


@pytest.mark.parametrize(("options", "code"), [(["--stage", "index"], 1), (["--all"], 0)])
@pytest.mark.parametrize("command", ["requeue", "drop"])
def test_a_filter_that_no_letter_fits_now_is_said(
    command: str, options: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dlq.registry, "of_number", lambda *_, **__: Settings())
    monkeypatch.setattr(dlq, "find", lambda *_, **__: iter(()))
    monkeypatch.setattr(dlq, "requeue", lambda *_: Requeued(0, 0))
    monkeypatch.setattr(dlq, "drop", lambda *_: 0)
    result = CliRunner().invoke(app, ["dlq", command, *options])
    assert (result.exit_code, "no dead letter that waits fits" in result.output) == (code, bool(code))


@pytest.mark.parametrize("command", [["list"], ["show", "reports.g1.dlq/0/4"], ["requeue", "--all"], ["drop", "--all"]])
def test_a_pruned_generation_has_no_letters_to_ask_for(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Generation(generation=1, made=DIED, state="pruned", start="raw", stages=[])
    monkeypatch.setattr(dlq.registry, "read", lambda _: {1: gone})
    result = CliRunner().invoke(app, ["dlq", *command, "--generation", "1"])
    assert isinstance(result.exception, SettingsError)
    assert "was pruned" in str(result.exception)


@pytest.mark.parametrize("command", [["list"], ["requeue"], ["drop"]])
@pytest.mark.parametrize(("option", "known"), [("--stage", "annotate"), ("--reason", "index_rejected")])
def test_a_filter_that_no_letter_could_fit_is_refused(command: list[str], option: str, known: str) -> None:
    result = CliRunner().invoke(app, ["dlq", *command, option, "nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output
    assert known in result.output
