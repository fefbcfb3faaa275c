"""What the table has of an entry, and what is read back of it."""

import random

import pytest
from msgspec.structs import replace

from processors.group.grouper import Grouper, Outcome
from processors.group.partition import stored_of
from processors.group.values import MOST_BYTES, entry_of, puts_of, value_of
from schemas import Entry, Evidence
from schemas.errors import InvalidMessage, MessageTooLarge
from schemas.message import MAX_MESSAGE_BYTES
from tests.builders import BRIDGE, QUAY, report, source


def entry(changes: int = 0, told: str = "") -> Entry:
    """One that changes so many other reports, each with the evidence ``told``."""
    made = Grouper("Q1").decide(report("a", *QUAY), source(0)).entry
    assert made is not None
    (part,) = made.decision.parts
    part = replace(part, evidence=[Evidence(feature="wording", value=told)])
    others = [replace(made.decision, report_id=f"b{number}-Q1", parts=[part]) for number in range(changes)]
    return replace(made, changes=others)


def test_an_entry_is_its_json() -> None:
    one = entry(changes=20)
    assert value_of(one) == one.encode()
    assert entry_of(value_of(one)) == one


def test_an_entry_that_changes_a_whole_large_story_is_compressed_and_read_back() -> None:
    one = entry(changes=1_000, told=" ".join(BRIDGE) * 30)
    assert MAX_MESSAGE_BYTES < len(one.encode()) < MOST_BYTES
    ((key, value),) = puts_of(Outcome(entry=one))
    assert len(value) < MAX_MESSAGE_BYTES / 10
    assert value == value_of(one)
    assert stored_of([(key, value)], [])[0]["Q1"].entries == [one]


def test_what_is_too_large_all_the_same_names_its_changes() -> None:
    with pytest.raises(MessageTooLarge, match=r"a-Q1#1: entry of .* with 1000 changes in other reports"):
        value_of(entry(changes=1_000, told="x" * 70_000))
    noise = random.Random(1).randbytes(5 * 1024 * 1024).hex()
    with pytest.raises(MessageTooLarge, match=r"with 1 changes .* compressed"):
        value_of(entry(changes=1, told=noise))


def test_a_compressed_value_that_is_no_entry_is_named() -> None:
    whole = value_of(entry(changes=1_000, told=" ".join(BRIDGE) * 30))
    with pytest.raises(InvalidMessage):
        entry_of(whole[:1000])
