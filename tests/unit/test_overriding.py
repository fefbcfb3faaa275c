"""Which reports ``remarkwire override`` names, and what it says where it cannot."""

import datetime

import pytest

from console.overriding import MOST_REPORTS, Found, counted, known, made, merged, split
from schemas.errors import InputError

NOW = datetime.datetime(2026, 1, 20, 9, 30, 1, 500, tzinfo=datetime.UTC)


class Index:
    """Reports by id, with their story."""

    def __init__(self, **stories: str | None) -> None:
        self._found = {f"{name}-Q1": Found(f"{name}-Q1", story, "Q1") for name, story in stories.items()}

    def report(self, report_id: str) -> Found | None:
        return self._found.get(report_id)

    def members(self, story_id: str) -> list[Found]:
        return [one for one in self._found.values() if one.story_id == story_id]


INDEX = Index(a="s-1", b="s-1", c="s-2", d=None)


def test_stories_are_merged_with_all_their_reports_by_whatever_id() -> None:
    assert merged(INDEX, ["s-1", "s-2"]) == ["a-Q1", "b-Q1", "c-Q1"]
    assert merged(INDEX, ["b-Q1", "c-Q1"]) == ["a-Q1", "b-Q1", "c-Q1"]
    assert merged(INDEX, ["s-2", "d-Q1"]) == ["c-Q1", "d-Q1"]


def test_one_story_cannot_be_merged() -> None:
    with pytest.raises(InputError, match="one story already"):
        merged(INDEX, ["a-Q1", "b-Q1"])


@pytest.mark.parametrize("named", ["s-3", "x-Q1"])
def test_an_unknown_id_is_named(named: str) -> None:
    with pytest.raises(InputError, match=f"^{named}: "):
        merged(INDEX, ["s-1", named])
    with pytest.raises(InputError, match=f"^{named}: "):
        split(INDEX, named, [])
    with pytest.raises(InputError, match=f"^{named}: "):
        split(INDEX, "a-Q1", [named])
    with pytest.raises(InputError, match=f"^{named}: "):
        known(INDEX, named)


def test_a_report_is_split_from_the_rest_of_its_story() -> None:
    assert split(INDEX, "b-Q1", []) == ["b-Q1", "a-Q1"]
    assert split(INDEX, "b-Q1", ["c-Q1"]) == ["b-Q1", "c-Q1"]
    with pytest.raises(InputError, match="only report"):
        split(INDEX, "c-Q1", [])


def test_a_report_is_split_from_others_than_itself_and_from_each_once() -> None:
    with pytest.raises(InputError, match="a-Q1: cannot be split from itself"):
        split(INDEX, "a-Q1", ["c-Q1", "a-Q1"])
    assert split(INDEX, "a-Q1", ["c-Q1", "b-Q1", "c-Q1"]) == ["a-Q1", "c-Q1", "b-Q1"]
    assert [counted(number) for number in (1, 2)] == ["1 report", "2 reports"]


def test_an_override_has_an_id_of_its_own_and_bounds() -> None:
    one = made("must_link", ["a-Q1", "b-Q1"], NOW)
    later = made("must_link", ["a-Q1", "b-Q1"], NOW + datetime.timedelta(microseconds=1))
    assert one.override_id != later.override_id
    assert one.made == NOW.replace(microsecond=0)
    with pytest.raises(InputError, match=str(MOST_REPORTS)):
        made("must_link", [f"{n}-Q1" for n in range(MOST_REPORTS + 1)], NOW)
    with pytest.raises(InputError, match="several speakers"):
        made("must_link", ["a-Q1", "a-Q2"], NOW)
