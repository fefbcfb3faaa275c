"""Which reports ``remarkwire override`` names, and what it says where it cannot."""

import datetime
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import NotFoundError
from rich.console import Console

from console import overriding
from console.commands.override import _table
from console.overriding import (
    MOST_REPORTS,
    Emptied,
    Found,
    IndexedReports,
    held,
    kept,
    kept_id,
    known,
    made,
    merged,
    split,
    with_role,
)
from runtime.settings import Settings
from schemas import Override
from schemas.errors import ElasticsearchUnavailable, InputError
from tests.cli import done

NOW = datetime.datetime(2026, 1, 20, 9, 30, 1, 500, tzinfo=datetime.UTC)


class Index:
    """Reports by id, with their story."""

    def __init__(self, **stories: str | None) -> None:
        self._found = {f"{name}-Q1": Found(f"{name}-Q1", story, "Q1") for name, story in stories.items()}

    def report(self, report_id: str) -> Found | None:
        return self._found.get(report_id)

    def members(self, story_id: str) -> list[Found]:
        return [one for one in self._found.values() if one.story_id == story_id]

    def emptied(self, story_id: str) -> Emptied | None:
        return {"s-old": Emptied("s-1"), "s-gone": Emptied(None)}.get(story_id)


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


def test_of_a_story_that_was_merged_away_it_is_said_where_its_reports_are() -> None:
    with pytest.raises(InputError, match=r"^s-old: this story has no reports any more \(merged into s-1\)$"):
        merged(INDEX, ["s-2", "s-old"])
    with pytest.raises(InputError, match=r"^s-gone: this story has no reports any more$"):
        merged(INDEX, ["s-2", "s-gone"])


def test_stories_that_are_empty_are_found_in_their_index() -> None:
    documents = {
        "news-stories": [{"story_id": "s-old", "merged_into": "s-1"}, {"story_id": "s-1"}],
        "news-reports": [{"report_id": "a-Q1", "story_id": "s-1", "speaker_id": "Q1"}],
    }

    def search(*, index: str, query: Any, size: int, sort: list[Any]) -> Any:
        ((field, value),) = query["term"].items()
        assert all(key in documents[index][0] for one in sort for key in one)
        return {"hits": {"hits": [{"_source": one} for one in documents[index] if one.get(field) == value]}}

    client: Any = SimpleNamespace(search=search, indices=SimpleNamespace(refresh=lambda *, index: None))
    reports = IndexedReports(client, "news")
    assert reports.emptied("s-old") == Emptied("s-1")
    assert reports.emptied("s-1") is None
    assert reports.emptied("s-2") is None
    assert reports.report("a-Q1") == Found("a-Q1", "s-1", "Q1")


def after(seconds: int) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


def test_an_override_that_holds_is_found_however_its_reports_are_ordered() -> None:
    merge, role = made("must_link", ["a-Q1", "b-Q1"], NOW), made("role", ["c-Q1"], NOW, role="copy")
    apart = made("cannot_link", ["c-Q1", "a-Q1", "d-Q1"], NOW)
    standing = [merge, role, apart]
    assert held(standing, made("must_link", ["b-Q1", "a-Q1"], after(9), note="another")) == merge.override_id
    assert held(standing, made("cannot_link", ["c-Q1", "d-Q1", "a-Q1"], after(9))) == apart.override_id
    assert held(standing, made("role", ["c-Q1"], after(9), role="copy")) == role.override_id
    for other in (
        made("must_link", ["a-Q1", "d-Q1"], after(9)),
        made("cannot_link", ["a-Q1", "c-Q1", "d-Q1"], after(9)),
        made("role", ["c-Q1"], after(9), role="report"),
    ):
        assert held(standing, other) is None


def test_an_override_that_a_later_one_contradicts_does_not_hold_and_is_taken_again() -> None:
    merge, role = made("must_link", ["a-Q1", "b-Q1"], NOW), made("role", ["c-Q1"], NOW, role="copy")
    standing = [
        merge, role, made("cannot_link", ["a-Q1", "b-Q1"], after(1)), made("role", ["c-Q1"], after(1), role="report"),
    ]  # fmt: skip
    assert held(standing, made("must_link", ["a-Q1", "b-Q1"], after(9))) is None
    assert held(standing, made("role", ["c-Q1"], after(9), role="copy")) is None


def test_what_is_noted_is_not_said_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    topic: dict[str, Override] = {}
    monkeypatch.setattr(overriding, "standing", lambda _: topic)
    monkeypatch.setattr(overriding, "put", lambda _, one: topic.update({one.override_id: one}))
    monkeypatch.setattr(overriding, "IndexedReports", lambda *_: INDEX)
    first, again = (done(Settings(), "override", "merge", "s-1", "s-2") for _ in range(2))
    (override_id,) = topic
    assert first.startswith(f"{override_id}: noted: 3 reports are one story; `group` acts on it")
    assert again == f"holds already as {override_id}; no second one was taken\n"


def test_a_report_is_split_from_the_rest_of_its_story() -> None:
    assert split(INDEX, "b-Q1", []) == ["b-Q1", "a-Q1"]
    assert split(INDEX, "b-Q1", ["c-Q1"]) == ["b-Q1", "c-Q1"]
    with pytest.raises(InputError, match="only report"):
        split(INDEX, "c-Q1", [])


def test_it_is_said_who_keeps_the_id_of_the_story() -> None:
    index = Index(a="s-1", b="s-1", c="s-1", d="s-2", e="s-2", f=None)
    assert kept_id(index, ["a-Q1", "b-Q1", "c-Q1"]) == "they keep s-1, and it gets another story's id"
    assert kept_id(index, ["d-Q1", "e-Q1"]) == "that one keeps s-2, and it gets another story's id"
    assert kept_id(index, ["a-Q1", "b-Q1"]) == "s-1 stays the id of the story that it is in"
    assert kept_id(index, ["a-Q1", "d-Q1"]) == kept_id(index, ["f-Q1", "a-Q1"]) == ""


def test_a_report_is_split_from_others_than_itself_and_from_each_once() -> None:
    with pytest.raises(InputError, match="a-Q1: cannot be split from itself"):
        split(INDEX, "a-Q1", ["c-Q1", "a-Q1"])
    assert split(INDEX, "a-Q1", ["c-Q1", "b-Q1", "c-Q1"]) == ["a-Q1", "c-Q1", "b-Q1"]


def test_only_what_has_an_original_is_made_a_copy() -> None:
    copied = SimpleNamespace(report=lambda report_id: Found(report_id, "s-1", "Q1", copy_of="b-Q1"))
    assert with_role(INDEX, "a-Q1", "reaction").report_id == "a-Q1"
    assert with_role(copied, "a-Q1", "copy").copy_of == "b-Q1"  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"a-Q1: was not found to have an original.*merge"):
        with_role(INDEX, "a-Q1", "copy")


def test_an_override_has_an_id_of_its_own_and_bounds() -> None:
    one = made("must_link", ["a-Q1", "b-Q1"], NOW)
    later = made("must_link", ["a-Q1", "b-Q1"], NOW + datetime.timedelta(microseconds=1))
    assert one.override_id != later.override_id
    assert one.made == NOW.replace(microsecond=0)
    with pytest.raises(InputError, match=str(MOST_REPORTS)):
        made("must_link", [f"{n}-Q1" for n in range(MOST_REPORTS + 1)], NOW)
    with pytest.raises(InputError, match="several speakers"):
        made("must_link", ["a-Q1", "a-Q2"], NOW)


MANY = made("must_link", [f"{number:032x}-Q1" for number in range(8)], NOW, note="one [evening]", by="[night] desk")


def test_the_list_has_whole_ids_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overriding, "standing", lambda _: {MANY.override_id: MANY})
    listed = done(Settings(), "override", "list")
    assert all(report_id in listed for report_id in MANY.report_ids)
    assert "more" not in listed
    told = json.loads(done(Settings(), "override", "list", "--json"))
    assert told == {
        "override_id": MANY.override_id, "kind": "must_link", "role": None, "report_ids": MANY.report_ids,
        "made": "2026-01-20T09:30:01+00:00", "note": "one [evening]", "by": "[night] desk",
    }  # fmt: skip


def test_the_list_on_a_terminal_is_short_and_cuts_no_id() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(_table([MANY], 3))
    shown = console.export_text()
    assert "…" not in shown
    assert "and 5 more" in " ".join(shown.replace("│", " ").split())


def test_no_overrides_are_no_lines_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overriding, "standing", lambda _: {})
    assert done(Settings(), "override", "list", "--json") == ""
    assert done(Settings(), "override", "list") == "no overrides\n"


def test_before_the_setup_it_says_what_is_missing() -> None:
    class Client:
        indices = SimpleNamespace(refresh=lambda **_: None)

        def search(self, **_: Any) -> Any:
            meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "h", 1))
            raise NotFoundError("index_not_found_exception", meta, {})

    client: Any = Client()
    with pytest.raises(ElasticsearchUnavailable, match=r"x-reports: there is no such index; has `remarkwire setup`"):
        IndexedReports(client, "x").report("a-Q1")


def later(kind: Any, *names: str, minute: int, role: Any = None) -> Override:
    return made(kind, [f"{name}-Q1" for name in names], NOW + datetime.timedelta(minutes=minute), role=role)


@pytest.mark.parametrize(
    ("gone", "rest", "still"),
    [
        (later("must_link", "a", "b", minute=0), [later("must_link", "a", "b", "c", minute=1)], "ab"),
        (later("must_link", "a", "b", "c", minute=0), [later("must_link", "b", "c", minute=1)], "bc"),
        (
            later("must_link", "a", "b", minute=0),
            [later("must_link", "a", "c", minute=1), later("must_link", "c", "b", minute=2)],
            "ab",
        ),
        (later("must_link", "a", "b", minute=0), [later("must_link", "b", "c", minute=1)], ""),
        (later("must_link", "a", "b", minute=0), [later("cannot_link", "a", "b", minute=1)], ""),
        (later("cannot_link", "a", "b", "c", minute=0), [later("cannot_link", "b", "a", minute=1)], "b"),
        (later("cannot_link", "a", "b", minute=0), [later("cannot_link", "c", "b", minute=1)], ""),
        (
            later("role", "a", minute=1, role="copy"),
            [later("role", "a", minute=0, role="copy"), later("role", "b", minute=2, role="copy")],
            "a",
        ),
        (later("role", "a", minute=1, role="copy"), [later("role", "a", minute=0, role="report")], ""),
    ],
)
def test_what_others_keep_of_an_override_that_is_taken_back(gone: Override, rest: list[Override], still: str) -> None:
    found = kept(gone, rest)
    assert found.report_ids == {f"{name}-Q1" for name in still}
    expected = [one for one in rest if one.kind == gone.kind and still and set(one.report_ids) & set(gone.report_ids)]
    assert found.by == [one.override_id for one in expected]


def test_undo_says_what_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = later("must_link", "a", "b", minute=0), later("must_link", "a", "b", "c", minute=1)
    there = {one.override_id: one for one in (first, second)}
    monkeypatch.setattr(overriding, "standing", lambda _: dict(there))
    monkeypatch.setattr(overriding, "_send", lambda _, key, *__: there.pop(key))
    said = done(Settings(), "override", "undo", first.override_id)
    assert f"but 2 of its 2 reports are still joined by {second.override_id}" in said
    assert "still" not in done(Settings(), "override", "undo", second.override_id)
