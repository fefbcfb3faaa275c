"""Which dead letters a filter takes, and what their headers say."""

import datetime

import pytest
import typer
from typer.testing import CliRunner

from console.dead_letters import DeadLetter, Waiting, Wanted, counted, of_one_record
from console.main import app
from console.times import moment
from schemas.dlq import Origin, dlq_headers, read_letter
from schemas.errors import IndexRejected

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


@pytest.mark.parametrize("command", [["list"], ["requeue"], ["drop"]])
@pytest.mark.parametrize(("option", "known"), [("--stage", "annotate"), ("--reason", "index_rejected")])
def test_a_filter_that_no_letter_could_fit_is_refused(command: list[str], option: str, known: str) -> None:
    result = CliRunner().invoke(app, ["dlq", *command, option, "nonsense"])
    assert result.exit_code == 2
    assert "nonsense" in result.output
    assert known in result.output
